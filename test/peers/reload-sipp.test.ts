/** Calls of SIPp while `privet run` takes one version of its policy after the other. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { lastingPort } from "../lasting-port.ts";
import { wholeCalls } from "./ladders.ts";
import { RunningBorder } from "./running-border.ts";
import { type Agent, SippCalls } from "./sipp.ts";

/** Changes nothing but a mark of what passes. */
const marked = (name: string): string => `
rule ${name}
  on message to foreign
  mark ${name}
  because "house rule"
`;
const broken = `
rule broken
  on message to untrusted
  remove Subjekt
`;

describe("SIPp while the border is reloaded", () => {
  const border = new RunningBorder();
  let home: Agent;
  let open: Agent;

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
    it(`over ${transport}, every call goes as if nothing had been`, async () => {
      const calls = await SippCalls.start(wholeCalls[0]!, {
        caller: home,
        callee: open,
        transport,
        border: border.port("inside", transport),
        rate: 10,
        count: "endless",
      });
      const start = border.said.length;
      const callsEnded = (count: number): Promise<void> => border.untilLines(count, / 200 BYE /, start);
      const taken: boolean[] = [];
      for (const [index, addition] of [
        marked("first"),
        marked("second"),
        broken,
        marked("third"),
        "// nothing but a comment\n",
      ].entries()) {
        await callsEnded(10 * (index + 1));
        taken.push(await border.reload(addition));
      }
      await callsEnded(60);
      calls.finish();
      await calls.succeed();
      assert.deepEqual(taken, [true, true, false, true, true]);
    });
  }
});
