/** The reading of a head, by both readings. */
import assert from "node:assert/strict";
import { Scan } from "../../wire/index.ts";
import { carefulScan } from "../wire/careful-scan.ts";
import { table } from "../wire/messages.ts";
import type { Contestant } from "./clock.ts";

export function readings(messages: readonly Uint8Array[]): Contestant[] {
  const mask = messages.length - 1;
  const read = (name: string, scan: Scan): Contestant => {
    for (const message of messages) assert.ok(scan.read(message, "datagram"));
    return { name, run: (index) => scan.read(messages[index & mask]!, "datagram") };
  };
  return [read("read quickly", new Scan(table)), read("read with care", carefulScan(table))];
}
