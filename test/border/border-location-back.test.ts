/** Where a response goes whose connection is gone, and whose sender can't be reached where it came from (RFC 3261 18.2.2, RFC 3263 5). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Phone } from "./phone.ts";
import { SmallZone } from "./small-zone.ts";
import { StartedBorder, writtenPolicy } from "./started-border.ts";
import { StreamHop, StreamPeer } from "./stream-peer.ts";
import { writeRequest, writeResponse } from "./written-messages.ts";

const policy = (declared: string): string => `language 1
policy "home and open-d"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network open-d {
  domain "open-d.example"
  address ${declared}
}
trust home
`;

describe("a response whose connection is gone", () => {
  for (const { declared, goes } of [
    { declared: "127.0.0.1/32", goes: true },
    { declared: "127.0.0.2/32", goes: false },
  ])
    it(`${goes ? "goes" : "does not go"} where the name in Via leads, an address that its network ${goes ? "declares" : "does not declare"}`, async () => {
      const home = await Phone.open("127.0.0.11");
      const back = await StreamHop.tcp();
      const zone = await SmallZone.serve([
        `_sip._tcp.proxy.open-d.example SRV 0 0 ${back.port} edge.open-d.example`,
        "edge.open-d.example A 127.0.0.1",
      ]);
      const border = await StartedBorder.start({
        engine: writtenPolicy(policy(declared)),
        listeners: ["inside udp", "outside tcp"],
        hops: { home: [`udp:127.0.0.11:${home.port}`] },
        dns: { servers: zone.servers },
      });
      try {
        const caller = await StreamPeer.tcp(border.port("outside", "tcp"));
        caller.send(
          writeRequest({
            uri: "sip:bob@home1.example",
            via: "SIP/2.0/TCP proxy.open-d.example;branch=z9hG4bKback",
            from: "<sip:ann@open-d.example>;tag=f",
            to: "<sip:bob@home1.example>",
          }),
        );
        const invite = await home.next();
        caller.close();
        await border.until(() => border.connections("tcp") === 0, "the end of the caller's connection");
        home.send(writeResponse(invite, "180 Ringing"), border.port("inside", "udp"));
        if (goes) {
          assert.match(await (await back.peer()).next(), /^SIP\/2\.0 180 Ringing\r\n/);
        } else {
          await border.until(() => border.messages.length === 2, "the response");
          const { outcome } = border.messages[1]!;
          assert.equal(outcome.kind, "dropped");
          assert.match("cause" in outcome ? outcome.cause : "", /^no way back to /);
          assert.equal(back.peers.length, 0);
        }
      } finally {
        await border.close();
        await zone.close();
        back.close();
        home.close();
      }
    });
});
