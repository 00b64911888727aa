/** Runs of bytes in the quick reading: each class holds what `characters.ts` says, wherever a run stands. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scan } from "../../wire/index.ts";
import * as characters from "../../wire/sip/characters.ts";
import { loadClasses } from "../../wire/sip/quick/byte-classes.ts";
import { classesAt, classSize } from "../../wire/sip/quick/layout.ts";
import { carefulScan, isReadQuickly, readAlike } from "./careful-scan.ts";
import { message, table } from "./messages.ts";

const scan = new Scan(table);
const careful = carefulScan(table);

describe("the classes of the quick reading", () => {
  it("knows the members of each class", () => {
    // Those in the first line are named; of the others, the bytes that end a run.
    const { token, schemeCharacter, hostCharacter, addressCharacter } = characters;
    const { quoted, valueText, wordList, nameText, parameterText } = characters;
    const { callIdText, uriUser, uriParameter, uriHeaders } = characters;
    const classes = [
      ...[token, schemeCharacter, hostCharacter, addressCharacter].map((members) => [members, 1] as const),
      ...[quoted, valueText, wordList, nameText, parameterText].map((members) => [members, 0] as const),
      ...[callIdText, uriUser, uriParameter, uriHeaders].map((members) => [members, 0] as const),
    ];
    const memory = new Uint8Array(classesAt + classes.length * classSize);
    loadClasses(memory);
    for (const [index, [members, named]] of classes.entries()) {
      const halves = memory.subarray(classesAt + index * classSize, classesAt + (index + 1) * classSize);
      for (let byte = 0; byte < 256; byte++) {
        const isNamed = (halves[byte & 15]! & halves[16 + (byte >> 4)]!) !== 0;
        assert.equal(isNamed, members[byte] === named, `class ${index}, byte ${byte}`);
      }
    }
  });

  it("passes over the members of a class at each of sixteen places", () => {
    const { token, hostCharacter, addressCharacter, schemeCharacter, text, quoted, wordList } = characters;
    const { callIdText, nameText, uriUser, uriParameter, uriHeaders, parameterText, valueText } = characters;
    // `without` are members that mean something else in the frame.
    const frames: readonly [frame: (run: string) => string, members: Uint8Array, without?: string][] = [
      [(run) => `${run}: x`, token],
      [(run) => `Via: SIP/2.0/${run} a`, token],
      [(run) => `Via: SIP/2.0/UDP ${run};branch=z9hG4bKa`, hostCharacter],
      [(run) => `To: <sip:a@[${run}]>`, addressCharacter],
      [(run) => `Route: <x${run}:x>`, schemeCharacter],
      [(run) => `Subject: ${run}`, text],
      [(run) => `To: "${run}" <sip:a@b>`, quoted],
      [(run) => `Supported: ${run}`, wordList],
      [(run) => `Call-ID: ${run}`, callIdText],
      [(run) => `To: ${run} <sip:a@b>`, nameText, ":"],
      [(run) => `To: <sip:${run}@b>`, uriUser],
      [(run) => `To: <sip:a@b;${run}>`, uriParameter],
      [(run) => `To: <sip:a@b?${run}>`, uriHeaders],
      [(run) => `Route: <sip:a@b>;${run}`, parameterText],
      [(run) => `Authorization: ${run}`, valueText],
    ];
    for (const [frame, members, without = ""] of frames) {
      for (let byte = 0; byte < 256; byte++) {
        const character = String.fromCharCode(byte);
        if (members[byte] === 0 || without.includes(character)) continue;
        for (let place = 0; place < 16; place++) {
          const run = `${"a".repeat(place)}${character}${"b".repeat(17 - place)}`;
          assert.ok(isReadQuickly(message({ rows: [frame(run)] })), `${frame(run)} ${byte}`);
        }
      }
    }
  });

  it("says the same of each byte at each of sixteen places", () => {
    // A host name, a token, a text: each byte in it at each place, with the border of sixteen bytes before and behind it.
    const frames: readonly ((run: string) => Uint8Array)[] = [
      (run) => message({ rows: [`Via: SIP/2.0/UDP ${run};branch=z9hG4bKa`] }),
      (run) => message({ rows: [`${run}: x`] }),
      (run) => message({ rows: [`Subject: ${run}`] }),
      (run) => message({ rows: [`Call-ID: ${run}`] }),
      (run) => message({ rows: [`Supported: ${run}`] }),
      (run) => message({ rows: [`To: "${run}" <sip:a@b>`] }),
      (run) => message({ rows: [`To: ${run} <sip:a@b>`] }),
      (run) => message({ rows: [`To: <sip:${run}@b>`] }),
      (run) => message({ rows: [`To: <sip:a@b;${run}>`] }),
      (run) => message({ rows: [`To: <sip:a@b>;${run}`] }),
      (run) => message({ rows: [`To: <sip:a@b?${run}>`] }),
      (run) => message({ rows: [`To: <sip:a@[${run}]>`] }),
      (run) => message({ rows: [`Contact: <${run}:x>`] }),
      (run) => message({ rows: [`Authorization: ${run}`] }),
    ];
    for (const frame of frames) {
      for (let byte = 0; byte < 256; byte++) {
        for (let place = 0; place < 16; place++) {
          const input = frame(`${"a".repeat(place)}${String.fromCharCode(byte)}${"b".repeat(17 - place)}`);
          readAlike(scan, careful, input, "datagram");
        }
      }
    }
  });
});
