/** Connections that stand when the policy, or the time, no longer allows their handshake (TS 33.203 6.5). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { Engine } from "../../engine/index.ts";
import type { IssuingAuthority } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { makeRevocationList, writeList } from "../revocation-list.ts";
import { Phone } from "./phone.ts";
import { StartedBorder, writtenPolicy } from "./started-border.ts";
import { StreamHop, StreamPeer } from "./stream-peer.ts";
import { writeRequest } from "./written-messages.ts";

const host = "127.0.0.1";
const day = 86_400_000;
const minute = 60_000;
const root = makeAuthority("carrier root");
const otherRoot = makeAuthority("other root");
const own = makeCertificate("home1.example", otherRoot);
const carrier = makeCertificate("carrier-c.example", root);
const other = makeCertificate("partner-e.example", otherRoot);
const time = (at: number): string => new Date(at).toISOString();

interface Partners {
  readonly carrier?: boolean;
  readonly authority?: string;
  /** Of the agreement with carrier-c. */
  readonly from?: number;
  readonly until?: number;
  readonly usage?: "rfc5924" | "lenient";
  readonly refuses?: string;
  /** What the CRL of carrier-c's authority lists; undefined: nobody looks at one. */
  readonly revoked?: readonly IssuingAuthority[];
  /** nextUpdate of that CRL. */
  readonly listedUntil?: number;
}

const refusesStrangers = "unless certificate names partner and agreement in force";

/** Two partners; a handshake is refused where no agreement with one is in force. */
function policyWith({
  carrier: isListed = true,
  authority = "carrier.pem",
  from = Date.now() - day,
  until = Date.now() + day,
  usage = "rfc5924",
  refuses = refusesStrangers,
  revoked,
  listedUntil = Date.now() + day,
}: Partners = {}): Engine {
  const text = `language 1
policy "partners alone"
network home {
  own
  domain "home1.example"
  listener "inside"
}
${
  isListed
    ? `partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-1" from ${time(from)} to ${time(until)}
  authority "${authority}"
  extended-key-usage ${usage}
  ${revoked === undefined ? "" : 'revocation "carrier.crl"'}
}`
    : ""
}
partner partner-e {
  domain "partner-e.example"
  agreement "IWA-2" from ${time(Date.now() - day)} to ${time(Date.now() + day)}
  authority "other.pem"
}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
rule partners-alone
  on handshake
  ${refuses}
  reject "no interworking partner"
  because "TS 33.203 6.5"
`;
  return writtenPolicy(text, {
    "carrier.pem": root.certificate,
    "other.pem": otherRoot.certificate,
    "carrier.crl": writeList(makeRevocationList(root, { revoked: revoked ?? [], nextUpdate: listedUntil })),
  });
}

describe("a connection whose handshake was allowed", () => {
  let home: Phone;
  let hop: StreamHop;
  let border: StartedBorder;
  const peers: StreamPeer[] = [];

  beforeEach(async () => {
    home = await Phone.open();
    hop = await StreamHop.tls({ cert: carrier.certificate, key: carrier.privateKey });
  });
  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.close();
    hop.close();
    await border.close();
    home.close();
  });

  async function start(engine: Engine = policyWith()): Promise<void> {
    border = await StartedBorder.start({
      engine,
      listeners: ["inside udp", "outside tls"],
      hops: { home: [`udp:${host}:${home.port}`], "carrier-c": [`tls:${host}:${hop.port}`] },
      identity: own,
    });
  }

  async function partner(leaf: typeof carrier): Promise<StreamPeer> {
    const peer = await StreamPeer.tls(border.port("outside", "tls"), {
      cert: leaf.certificate,
      key: leaf.privateKey,
    });
    peers.push(peer);
    return peer;
  }

  let calls = 0;
  async function isHeard(peer: StreamPeer): Promise<void> {
    const callId = `judged-${++calls}`;
    const via = `SIP/2.0/TLS ${host};branch=z9hG4bK${callId}`;
    peer.send(writeRequest({ method: "OPTIONS", uri: "sip:bob@home1.example", via, callId }));
    assert.match(await home.next(), new RegExp(`Call-ID: ${callId}\r\n`));
  }

  const refused = () => border.handshakes.filter(({ decision }) => decision.verdict === "reject");

  it("is closed by a policy whose list lacks the partner, and told of; others' stay", async () => {
    await start();
    const [gone, stays] = [await partner(carrier), await partner(other)];
    await isHeard(gone);
    await isHeard(stays);
    border.adopt({ engine: policyWith({ carrier: false }), hops: { home: [`udp:${host}:${home.port}`] } });
    await gone.ended();
    await isHeard(stays);
    const [told, ...more] = refused();
    assert.equal(more.length, 0);
    assert.equal(told?.event.role, "server");
    assert.equal(told.decision.reason, "no interworking partner");
    assert.equal(
      told.decision.cause,
      "the policy is new: the certificate names carrier-c.example: no partner",
    );
  });

  it("stays with a policy that allows it, though it says other things", async () => {
    await start();
    const peer = await partner(carrier);
    await isHeard(peer);
    border.adopt({ engine: policyWith({ usage: "lenient" }) });
    border.adopt({ engine: policyWith() });
    await isHeard(peer);
    assert.deepEqual(refused(), []);
  });

  for (const [what, changed, cause] of [
    [
      "another authority of the partner",
      { authority: "other.pem" },
      "the policy is new: the certificate that names carrier-c is refused: its issuer CN=carrier root is missing",
    ],
    [
      "an agreement that has ended",
      { from: Date.now() - 2 * day, until: Date.now() - day },
      "the policy is new",
    ],
    [
      "a CRL that lists its certificate",
      { revoked: [carrier] },
      "the policy is new: the certificate that names carrier-c is refused: it is revoked (RFC 5280 6.3): carrier.crl lists it",
    ],
    ["a rule that refuses the version", { refuses: "when tls version is 1.3" }, "the policy is new"],
  ] as const) {
    it(`is closed by a policy with ${what}`, async () => {
      await start();
      const peer = await partner(carrier);
      await isHeard(peer);
      border.adopt({ engine: policyWith(changed) });
      await peer.ended();
      assert.equal(refused()[0]?.decision.cause, cause);
    });
  }

  it("that we opened is judged for the domain and the partner that were sought", async () => {
    await start();
    const request = (callId: string): string =>
      writeRequest({
        uri: "sip:carol@carrier-c.example",
        via: `SIP/2.0/UDP ${host}:${home.port};branch=z9hG4bK${callId}`,
        callId,
      });
    home.send(request("out-1"), border.port("inside", "udp"));
    const first = await hop.peer();
    assert.match(await first.next(), /Call-ID: out-1\r\n/);
    border.adopt({ engine: policyWith({ usage: "lenient" }) });
    home.send(request("out-2"), border.port("inside", "udp"));
    assert.match(await first.next(), /Call-ID: out-2\r\n/);
    border.adopt({ engine: policyWith({ authority: "other.pem" }) });
    await first.ended();
    const [told] = refused();
    assert.equal(told?.event.role, "client");
    assert.equal(told.event.domain, "carrier-c.example");
    assert.equal(told.event.partner, "carrier-c");
    home.send(request("out-3"), border.port("inside", "udp"));
    assert.match(await home.next(), /^SIP\/2\.0 503 /);
  });

  it("is closed within a minute once its agreement has ended", async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    try {
      const { now } = Date;
      await start(policyWith({ until: now() + 60 * minute }));
      const [ends, stays] = [await partner(carrier), await partner(other)];
      await isHeard(ends);
      mock.method(Date, "now", () => now() + 60 * minute);
      mock.timers.tick(minute);
      await ends.ended();
      await isHeard(stays);
      assert.deepEqual(
        refused().map(({ decision }) => decision.cause),
        ["judged again by the clock"],
      );
    } finally {
      mock.timers.reset();
      mock.restoreAll();
    }
  });

  it("is closed within a minute once the CRL that it hangs on has passed its nextUpdate", async () => {
    mock.timers.enable({ apis: ["setInterval"] });
    try {
      const { now } = Date;
      // RFC 5280 5.1.2.5: to the second.
      const nextUpdate = Math.ceil((now() + 60 * minute) / 1_000) * 1_000;
      await start(policyWith({ revoked: [], listedUntil: nextUpdate }));
      const [hangs, stays] = [await partner(carrier), await partner(other)];
      mock.method(Date, "now", () => nextUpdate + 999);
      mock.timers.tick(minute);
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      // It still counts, through that second.
      await isHeard(hangs);
      assert.deepEqual(refused(), []);
      mock.method(Date, "now", () => nextUpdate + 1_000);
      mock.timers.tick(minute);
      await hangs.ended();
      await isHeard(stays);
      const date = new Date(nextUpdate).toISOString().slice(0, 10);
      assert.deepEqual(
        refused().map(({ decision }) => decision.cause),
        [
          "judged again by the clock: the certificate that names carrier-c is refused: " +
            `whether it is revoked is not known: the CRL in carrier.crl ended on ${date}`,
        ],
      );
    } finally {
      mock.timers.reset();
      mock.restoreAll();
    }
  });

  it("counts for nothing when its peer comes again: policy, CRL and clock are asked anew", async () => {
    const listed = { revoked: [carrier] };
    const allowed: Partners = { revoked: [] };
    await start(policyWith(allowed));
    const comesAgain = async (): Promise<string | undefined> => {
      const count = border.handshakes.length;
      const peer = await partner(carrier);
      await border.until(() => border.handshakes.length > count, "a verdict");
      const { verdict, cause, partner: named } = border.handshakes[count]!.decision;
      if (verdict === "reject") await peer.ended();
      return named ?? cause ?? "refused by a rule";
    };
    const refusal = "the certificate that names carrier-c is refused: ";
    assert.equal(await comesAgain(), "carrier-c");
    for (const [changed, answer] of [
      [listed, `${refusal}it is revoked (RFC 5280 6.3): carrier.crl lists it`],
      [allowed, "carrier-c"],
      [{ authority: "other.pem" }, `${refusal}its issuer CN=carrier root is missing`],
      [{ carrier: false }, "the certificate names carrier-c.example: no partner"],
      [{ from: Date.now() - 2 * day, until: Date.now() - day }, "refused by a rule"],
      [{ refuses: "when tls version is 1.3" }, "refused by a rule"],
      [allowed, "carrier-c"],
    ] as const) {
      border.adopt({ engine: policyWith(changed) });
      // Those that stand are judged first, so that what follows is of a new one.
      await border.until(
        () => answer === "carrier-c" || border.connections("tls") === 0,
        "the end of the one before",
      );
      assert.equal(await comesAgain(), answer);
      assert.equal(await comesAgain(), answer);
    }
  });
});
