/** Rows that an answer of the border must have beside those that it repeats. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { loadPolicy } from "../../border/index.ts";
import { valuesOf } from "./phone.ts";
import { network, smallPolicy } from "./small-policy.ts";
import { TwoPhones } from "./two-phones.ts";

const text = `language 1
policy "a border that knows no extension"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network open-d {
  domain "open-d.example"
}
trust home
rule refuse-unknown-proxy-require
  on request to open-d
  when Proxy-Require is present and not every value of Proxy-Require is one of privacy, sec-agree
  reject 420 "Bad Extension"
  because "RFC 3261 16.3"
`;

describe("an answer of the border", () => {
  let phones: TwoPhones | undefined;
  afterEach(() => phones?.close());

  it("420 names in Unsupported what Proxy-Require asks for and it lacks (RFC 3261 16.3 step 5)", async () => {
    const { policy, diagnostics } = loadPolicy("border.privet", { replace: () => text });
    if (policy === undefined) assert.fail(JSON.stringify(diagnostics));
    phones = await TwoPhones.start(policy);
    const more = [
      "Proxy-Require: Privacy, com.example.billing",
      "Proxy-Require: 100foo",
      "Subject: Any, and more",
    ];
    phones.home.send(phones.request({ branch: "e1", more }), phones.inside);
    const answer = await phones.home.next();
    assert.match(answer, /^SIP\/2\.0 420 Bad Extension\r\n/);
    assert.deepEqual(valuesOf(answer, "Unsupported"), ["com.example.billing, 100foo"]);
  });

  it("480 to a sips Request-URI that has no secure way warns with 380 (RFC 5630 5.3)", async () => {
    phones = await TwoPhones.start();
    const more = ["Subject: long enough for an answer that is not larger than the request"];
    phones.home.send(phones.request({ branch: "e2", uri: "sips:bob@open-d.example", more }), phones.inside);
    const answer = await phones.home.next();
    assert.match(answer, /^SIP\/2\.0 480 Temporarily Unavailable\r\n/);
    assert.deepEqual(valuesOf(answer, "Warning"), ['380 127.0.0.1 "SIPS Not Allowed"']);
  });

  it("480 to a sip Request-URI of a partner that is met over TLS alone warns with 381 (RFC 5630 5.3)", async () => {
    const carrier = network("carrier-c", { kind: "partner", tlsRequired: true });
    phones = await TwoPhones.start(smallPolicy([carrier]));
    const more = ["Subject: long enough for an answer that is not larger than the request"];
    phones.home.send(phones.request({ branch: "e3", uri: "sip:bob@carrier-c.example", more }), phones.inside);
    const answer = await phones.home.next();
    assert.match(answer, /^SIP\/2\.0 480 /);
    assert.deepEqual(valuesOf(answer, "Warning"), ['381 127.0.0.1 "SIPS Required"']);
  });

  it("513 refuses what is too long for one packet, where border.json says so (RFC 3261 18.1.1)", async () => {
    phones = await TwoPhones.start();
    const long = { more: [`Subject: ${"x".repeat(1_300)}`] };
    phones.home.send(phones.request({ branch: "e5", ...long }), phones.inside);
    assert.match(await phones.open.next(), /^INVITE /);
    const outcomes = phones.passages.map((passage) =>
      passage.kind === "message" ? passage.outcome : undefined,
    );
    assert.deepEqual(outcomes, [{ kind: "forwarded", oversize: true }]);
    await phones.restart(smallPolicy(), { oversize: "refuse" });
    phones.home.send(phones.request({ branch: "e6", ...long }), phones.inside);
    assert.match(await phones.home.next(), /^SIP\/2\.0 513 Message Too Large\r\n/);
    phones.home.send(phones.request({ branch: "e7" }), phones.inside);
    assert.match(await phones.open.next(), /^INVITE /);
  });

  it("leaves such rows out where it would be larger than the datagram that asked", async () => {
    phones = await TwoPhones.start();
    phones.home.send(phones.request({ branch: "e4", uri: "sips:bob@open-d.example" }), phones.inside);
    const answer = await phones.home.next();
    assert.match(answer, /^SIP\/2\.0 480 /);
    assert.deepEqual(valuesOf(answer, "Warning"), []);
  });
});
