/** Heap over many dialogs: the engine keeps nothing of a message (TS 33.203 5.3 NOTE 1). */
import assert from "node:assert/strict";
import { compile, type MessageEvent } from "../../engine/index.ts";
import { clock, home, shipped, untrusted } from "./borders.ts";
import { callsOf } from "./invite.ts";

export interface HeapGrowth {
  readonly dialogs: number;
  /** Bytes of heap and of buffers outside it, before and after. */
  readonly before: number;
  readonly after: number;
}

export function heapOverDialogs(dialogs: number): HeapGrowth {
  const collect = globalThis.gc;
  assert.ok(collect !== undefined, "run with --expose-gc");
  const { policy, context } = shipped("ims-border");
  const engine = compile(policy, context);
  const from = home();
  const to = untrusted();
  // One message, written over for each dialog: branch, tag and Call-ID have eight digits each.
  const bytes = Buffer.from(callsOf(1)[0]!);
  const places = [...bytes.toString("latin1").matchAll(/00000000/g)].map(({ index }) => index);
  assert.equal(places.length, 3);
  let rewritten = 0;
  const decide = (dialog: number): void => {
    const number = String(dialog).padStart(8, "0");
    for (const place of places) bytes.write(number, place, "latin1");
    const event: MessageEvent = { kind: "message", bytes, framing: "stream", from, to, at: clock };
    if (engine.decide(event).verdict === "rewrite") rewritten++;
  };
  const warm = 50_000;
  for (let dialog = 0; dialog < warm; dialog++) decide(dialog);
  const before = settled(collect);
  for (let dialog = warm; dialog < warm + dialogs; dialog++) decide(dialog);
  const after = settled(collect);
  assert.equal(rewritten, warm + dialogs);
  return { dialogs, before, after };
}

function settled(collect: () => void): number {
  for (let again = 0; again < 4; again++) collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
