/**
 * The classes of `characters.ts` for the quick reading, which asks sixteen bytes at once:
 * a class is two tables by the halves of a byte, and a byte is named by the class where
 * its two entries share a bit. Eight bits are enough for any set of ASCII characters,
 * since there are eight upper halves: those with the same lower halves share a bit.
 */
import * as characters from "../characters.ts";
import { classesAt, classSize } from "./layout.ts";

/** In the order in which the module takes them (`assembly/bytes.ts`). The first ones name their members. */
const members = [
  characters.token,
  characters.schemeCharacter,
  characters.hostCharacter,
  characters.addressCharacter,
];
/** These name the bytes that end a run, none of which is above 0x7f. */
const runs = [
  characters.quoted,
  characters.valueText,
  characters.wordList,
  characters.nameText,
  characters.parameterText,
  characters.callIdText,
  characters.uriUser,
  characters.uriParameter,
  characters.uriHeaders,
];

/** Writes all classes into the shared memory. */
export function loadClasses(memory: Uint8Array): void {
  const named = [...members.map((table) => namesOf(table, 1)), ...runs.map((table) => namesOf(table, 0))];
  for (const [index, bytes] of named.entries()) memory.set(halvesOf(bytes), classesAt + index * classSize);
}

function namesOf(table: Uint8Array, value: number): number[] {
  return Array.from(table.keys()).filter((byte) => table[byte] === value);
}

/** The tables by lower and by upper half. */
function halvesOf(bytes: readonly number[]): Uint8Array {
  const halves = new Uint8Array(classSize);
  const lowersByUpper = Array.from({ length: 8 }, (_, upper) =>
    bytes.filter((byte) => byte >> 4 === upper).map((byte) => byte & 15),
  );
  const patterns = [...new Set(lowersByUpper.map(String))].filter((pattern) => pattern !== "");
  for (const [upper, lowers] of lowersByUpper.entries()) {
    const bit = 1 << patterns.indexOf(String(lowers));
    for (const lower of lowers) {
      halves[lower]! |= bit;
      halves[16 + upper] = bit;
    }
  }
  return halves;
}
