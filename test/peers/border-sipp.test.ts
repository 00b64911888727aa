/**
 * SIPp at both ends of `privet run`: each ladder over UDP and TCP, from home to open-d and back.
 *
 * The policy that ships refuses no method in either direction, REGISTER included: what a
 * registrar takes from outside is its own business. What open-d asks for a third network is
 * refused, since the border is no open relay.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { lastingPort } from "../lasting-port.ts";
import { alone, forked, relayed, subscription, unanswered, wholeCalls } from "./ladders.ts";
import { RunningBorder } from "./running-border.ts";
import { type Agent, type Calls, callAll, type PlainTransport } from "./sipp.ts";

const directions = ["from home to open-d", "from open-d to home"] as const;

describe("SIPp through the border", () => {
  const border = new RunningBorder();
  let home: Agent;
  let open: Agent;

  const calls = (direction: (typeof directions)[number], transport: PlainTransport): Calls =>
    direction === "from home to open-d"
      ? { caller: home, callee: open, transport, border: border.port("inside", transport) }
      : { caller: open, callee: home, transport, border: border.port("outside", transport) };

  before(async () => {
    home = { domain: "home1.example", port: await lastingPort() };
    open = { domain: "open-d.example", port: await lastingPort() };
    const hops = ({ port }: Agent) => [`udp:127.0.0.1:${port}`, `tcp:127.0.0.1:${port}`];
    await border.start({ home: hops(home), "open-d": hops(open) });
  });
  after(async () => {
    assert.equal(await border.stop(), 0);
  });

  for (const transport of ["udp", "tcp"] as const) {
    for (const direction of directions) {
      describe(`${direction} over ${transport}`, () => {
        for (const ladder of [...wholeCalls, forked, ...unanswered, ...alone, subscription]) {
          it(ladder.name, () => callAll(ladder, calls(direction, transport)));
        }
      });
    }

    // Each side's Record-Route row speaks that side's transport (RFC 5658 3).
    const calleeTransport = transport === "udp" ? "tcp" : "udp";
    for (const direction of directions) {
      for (const ladder of wholeCalls) {
        it(`${ladder.name}, ${direction}, over ${transport} and then ${calleeTransport}`, () =>
          callAll(ladder, { ...calls(direction, transport), calleeTransport }));
      }
    }

    for (const ladder of relayed) {
      it(`${ladder.name} from open-d over ${transport} is refused, and its ACK ends here`, async () => {
        const start = border.said.length;
        const target = "sip:carol@carrier-c.example";
        await callAll(ladder, { ...calls("from open-d to home", transport), target });
        // The last line of the test before, of another method, may come late.
        const refused = new RegExp(` ${ladder.method} .* answered 403 Forbidden`);
        await border.untilLines(4, refused, start);
        if (ladder.method === "INVITE") await border.untilLines(4, /absorb {2}ACK/, start);
        const lines = border.said.slice(start).trimEnd().split("\n");
        for (const line of lines.filter((one) => new RegExp(` (?:${ladder.method}|ACK) `).test(one)))
          assert.match(line, /answered 403 Forbidden|absorb {2}ACK/);
      });
    }
  }
});
