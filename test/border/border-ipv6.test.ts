/** Responses by Via over IPv6: `received` in both spellings, with and without `rport` (RFC 5118 4.5). */
import assert from "node:assert/strict";
import { networkInterfaces } from "node:os";
import { after, before, describe, it } from "node:test";
import { Border, defaultQueue } from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { smallPolicy } from "./small-policy.ts";

/** Containers often have no IPv6; then there is nothing to listen on. */
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === "::1"),
);

describe("a border with an IPv6 side", { skip: !hasIpv6 && "this machine has no IPv6 loopback" }, () => {
  let home: Phone;
  let open: Phone;
  let elsewhere: Phone;
  let border: Border;
  let inside = 0;
  let outside = 0;

  before(async () => {
    home = await Phone.open();
    open = await Phone.open("::1");
    elsewhere = await Phone.open("::1");
    border = new Border(compile(smallPolicy()), {
      secret: Buffer.alloc(16, 7),
      listeners: [
        { name: "inside", transport: "udp", address: "127.0.0.1", port: 0, host: "127.0.0.1" },
        { name: "outside", transport: "udp", address: "::1", port: 0, host: "::1" },
      ],
      networks: new Map([
        [
          "home",
          {
            hops: [{ transport: "udp", address: "127.0.0.1", port: home.port }],
            listener: undefined,
            numeric: false,
          },
        ],
      ]),
      queue: defaultQueue,
    });
    await border.listen();
    inside = border.sides[0]!.port;
    outside = border.sides[1]!.port;
  });
  after(async () => {
    await border.close();
    for (const phone of [home, open, elsewhere]) phone.close();
  });

  function request(via: string): string {
    return textMessage(
      "INVITE sip:bob@home1.example SIP/2.0",
      `Via: ${via}`,
      "Max-Forwards: 70",
      "From: <sip:x@open-d.example>;tag=t25",
      "To: <sip:bob@home1.example>",
      "Call-ID: case25-7f3a",
      "CSeq: 1 INVITE",
      "Content-Length: 0",
    );
  }

  function ok(invite: string, change: (via: string) => string): string {
    const [top, below] = valuesOf(invite, "Via");
    const rows = ["From", "To", "Call-ID", "CSeq"].map((field) => `${field}: ${valuesOf(invite, field)[0]}`);
    return textMessage(
      "SIP/2.0 200 OK",
      `Via: ${top}`,
      `Via: ${change(below!)}`,
      ...rows,
      "Contact: <sip:bob@[2001:db8::40]:5060>",
      "P-Asserted-Identity: <sip:bob.real@home1.example>",
      "Content-Length: 0",
    );
  }

  for (const [spelling, change] of [
    ["without brackets, as we wrote it", (via: string) => via],
    ["in brackets", (via: string) => via.replace("received=::1", "received=[::1]")],
  ] as const) {
    it(`go to received and rport, received ${spelling}`, async () => {
      open.send(request(`SIP/2.0/UDP [2001:db8::9:1]:5070;rport;branch=z9hG4bKc25`), outside, "::1");
      const invite = await home.next();
      assert.match(
        valuesOf(invite, "Via")[1]!,
        new RegExp(
          `^SIP/2.0/UDP \\[2001:db8::9:1\\]:5070;rport=${open.port};branch=z9hG4bKc25;received=::1$`,
        ),
      );
      home.send(ok(invite, change), inside);
      const response = await open.next();
      assert.deepEqual(valuesOf(response, "Via"), [change(valuesOf(invite, "Via")[1]!)]);
      assert.deepEqual(valuesOf(response, "Contact"), ["<sip:bob@[2001:db8::40]:5060>"]);
      assert.deepEqual(valuesOf(response, "P-Asserted-Identity"), []);
    });
  }

  it("go to the port of sent-by without rport (RFC 3261 18.2.2)", async () => {
    open.send(request(`SIP/2.0/UDP [2001:db8::9:1]:${elsewhere.port};branch=z9hG4bKc26`), outside, "::1");
    const invite = await home.next();
    home.send(
      ok(invite, (via) => via),
      inside,
    );
    assert.match(await elsewhere.next(), /^SIP\/2.0 200 OK\r\n/);
    assert.deepEqual(await open.silence(), []);
  });
});
