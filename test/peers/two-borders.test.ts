/** Calls through two borders in turn: each is the other's untrusted neighbour, and has its own network behind it. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { lastingPort } from "../lasting-port.ts";
import type { Ladder } from "./ladder.ts";
import { forked, subscription, unanswered, wholeCalls } from "./ladders.ts";
import { RunningBorder } from "./running-border.ts";
import { type Agent, type Calls, callAll } from "./sipp.ts";

describe("SIPp through two borders", () => {
  const homeBorder = new RunningBorder();
  const openBorder = new RunningBorder();
  let home: Agent;
  let open: Agent;

  before(async () => {
    home = { domain: "home1.example", port: await lastingPort() };
    open = { domain: "open-d.example", port: await lastingPort() };
    await homeBorder.choosePorts();
    await openBorder.choosePorts();
    const hops = (udp: number, tcp: number) => [`udp:127.0.0.1:${udp}`, `tcp:127.0.0.1:${tcp}`];
    const outside = (border: RunningBorder) =>
      hops(border.port("outside", "udp"), border.port("outside", "tcp"));
    await homeBorder.start({ home: hops(home.port, home.port), "open-d": outside(openBorder) });
    await openBorder.start({ home: hops(open.port, open.port), "open-d": outside(homeBorder) }, true);
  });
  after(async () => {
    assert.deepEqual([await homeBorder.stop(), await openBorder.stop()], [0, 0]);
  });

  /** Every call's last request came by both borders: the route of its dialog has them both. */
  const callThroughBoth = async (ladder: Ladder, calls: Omit<Calls, "count">): Promise<void> => {
    const borders = [homeBorder, openBorder].map((border) => ({ border, start: border.said.length }));
    await callAll(ladder, { ...calls, count: 4 });
    const lasts = new RegExp(`(allow|rewrite) +${ladder.last} `);
    for (const { border, start } of borders) await border.untilLines(4, lasts, start);
  };

  for (const transport of ["udp", "tcp"] as const) {
    for (const ladder of [...wholeCalls, forked, ...unanswered, subscription]) {
      it(`${ladder.name}, from home1.example over ${transport}`, () => {
        const border = homeBorder.port("inside", transport);
        return callThroughBoth(ladder, { caller: home, callee: open, transport, border });
      });
      it(`${ladder.name}, from open-d.example over ${transport}`, () => {
        const border = openBorder.port("inside", transport);
        return callThroughBoth(ladder, { caller: open, callee: home, transport, border });
      });
    }
  }
});
