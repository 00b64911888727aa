/** A next hop that is a strict router (RFC 3261 16.6 step 6). What one sends to us: own-route.test.ts. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { valuesOf } from "./phone.ts";
import { TwoPhones } from "./two-phones.ts";

describe("a Route whose first URI has no lr", () => {
  let phones: TwoPhones;
  before(async () => {
    phones = await TwoPhones.start();
  });
  after(() => phones.close());

  const sent = async (branch: string, uri: string, ...routes: readonly string[]): Promise<string> => {
    const more = routes.map((route) => `Route: ${route}`);
    phones.home.send(phones.request({ branch, uri, more }), phones.inside);
    return phones.open.next();
  };

  it("becomes the Request-URI, and the Request-URI the last Route", async () => {
    const invite = await sent(
      "r1",
      "sip:bob@open-d.example",
      "<sip:open-d.example>",
      "<sip:p2.open-d.example;lr>",
    );
    assert.match(invite, /^INVITE sip:open-d\.example SIP\/2\.0\r\n/);
    assert.deepEqual(valuesOf(invite, "Route"), ["<sip:p2.open-d.example;lr>", "<sip:bob@open-d.example>"]);
  });

  it("does so where it is the only value", async () => {
    const invite = await sent("r2", "sip:bob@open-d.example", "<sip:open-d.example>");
    assert.match(invite, /^INVITE sip:open-d\.example SIP\/2\.0\r\n/);
    assert.deepEqual(valuesOf(invite, "Route"), ["<sip:bob@open-d.example>"]);
  });

  it("does so where values share a row, and takes no header fields with it (RFC 3261 19.1.1)", async () => {
    const invite = await sent(
      "r3",
      "tel:+15551234",
      "<sip:open-d.example?Subject=x> , <sip:p2.open-d.example;lr>",
    );
    assert.match(invite, /^INVITE sip:open-d\.example SIP\/2\.0\r\n/);
    assert.deepEqual(valuesOf(invite, "Route"), ["<sip:p2.open-d.example;lr>", "<tel:+15551234>"]);
  });

  it("takes no method parameter with it (RFC 3261 19.1.1)", async () => {
    const invite = await sent("r5", "sip:bob@open-d.example", "<sip:open-d.example;method=BYE;x=y>");
    assert.match(invite, /^INVITE sip:open-d\.example;x=y SIP\/2\.0\r\n/);
  });

  it("is left alone where it has lr", async () => {
    const invite = await sent("r4", "sip:bob@open-d.example", "<sip:open-d.example;lr>");
    assert.match(invite, /^INVITE sip:bob@open-d\.example SIP\/2\.0\r\n/);
    assert.deepEqual(valuesOf(invite, "Route"), ["<sip:open-d.example;lr>"]);
  });
});
