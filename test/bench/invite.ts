/** The INVITE that everybody gets: 20 header fields, a body of SDP, 1.2 kB. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";

/** Header fields that must not reach an untrusted network (TS 33.203 5.4, TS 24.229 4.4 and 5.10). */
export const withheld: readonly string[] = [
  "P-Asserted-Identity",
  "P-Access-Network-Info",
  "P-Charging-Vector",
];

const invite = readFileSync(join(packageRoot, "test/bench/invite.sip"), "latin1");

/**
 * The INVITE of many calls: the same but for branch, tag and Call-ID, which keep their
 * length. Each has its own memory, as datagrams have.
 */
export function callsOf(count: number): Uint8Array[] {
  return Array.from({ length: count }, (_, call) => {
    const number = String(call).padStart(8, "0");
    const text = invite
      .replace("z9hG4bK7a41c2d9e", `z9hG4bK7${number}`)
      .replace("tag=1928301774", `tag=19${number}`)
      .replace("a84b4c76e66710", `a84b4c${number}`);
    if (text.length !== invite.length) throw new Error("a call's INVITE must keep its length");
    return Buffer.from(text, "latin1");
  });
}

/** What of the header fields in `withheld` still stands in a message; empty is right. */
export function leaks(message: string): string[] {
  const lines = message.toLowerCase().split("\r\n");
  return withheld.filter((name) => lines.some((line) => line.startsWith(`${name.toLowerCase()}:`)));
}

/** The INVITE without the rows of `withheld`, all other bytes as they came. */
export function stripped(message: Uint8Array): string {
  return Buffer.from(message)
    .toString("latin1")
    .split(/(?<=\r\n)/)
    .filter((line) => !withheld.some((name) => line.startsWith(`${name}:`)))
    .join("");
}
