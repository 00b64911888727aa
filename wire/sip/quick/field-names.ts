/**
 * The names of a field table for the quick reading. The memory has room for a few tables
 * (two policies that decide side by side have one each); the one that was not asked for
 * the longest makes room for another.
 */
import { bytesOf } from "../comparison.ts";
import type { FieldTable } from "../field-table.ts";
import { bestMultiplier, nameHash } from "../name-hash.ts";
import { kindsOf } from "../row-kinds.ts";
import {
  entryField,
  entryKind,
  entryLength,
  entryLetters,
  lettersSize,
  nameRegions,
  namesAt,
  namesSize,
  slotsAt,
} from "./layout.ts";

/** A region that holds a table's names. */
export interface LoadedNames {
  readonly table: FieldTable;
  /** Where the region begins. */
  readonly at: number;
  /** The entry of a name that the table lacks. */
  readonly unknown: number;
}

export class FieldNames {
  readonly #memory: DataView;
  /** The one that was asked for last stands last. */
  readonly #loaded: LoadedNames[] = [];

  constructor(memory: ArrayBuffer) {
    this.#memory = new DataView(memory);
  }

  /** The region of a table. */
  load(table: FieldTable): LoadedNames {
    const known = this.#loaded.findIndex((one) => one.table === table);
    if (known >= 0) {
      const [found] = this.#loaded.splice(known, 1);
      this.#loaded.push(found!);
      return found!;
    }
    const image = imageOf(table);
    const free = this.#loaded.length < nameRegions ? undefined : this.#loaded.shift();
    const at = free?.at ?? namesAt + this.#loaded.length * namesSize;
    const unknown = this.#write(image, at);
    const loaded = { table, at, unknown };
    this.#loaded.push(loaded);
    return loaded;
  }

  #write({ slots, multiplier, entries, isWhole }: Image, region: number): number {
    const memory = this.#memory;
    new Uint8Array(memory.buffer, region, namesSize).fill(0);
    memory.setUint32(region, slots.length - 1, true);
    memory.setUint32(region + 4, multiplier, true);
    memory.setUint32(region + 8, isWhole ? 1 : 0, true);
    const entriesAt = region + slotsAt + 4 * slots.length;
    for (const [slot, offset] of slots.entries()) {
      if (offset !== undefined) memory.setUint32(region + slotsAt + 4 * slot, entriesAt + offset, true);
    }
    for (const { offset, name, field, kind } of entries) {
      const at = entriesAt + offset;
      memory.setUint32(at + entryField, field, true);
      memory.setUint32(at + entryKind, kind, true);
      memory.setUint32(at + entryLength, name.length, true);
      for (let letter = 0; letter < name.length; letter++) {
        const code = name.charCodeAt(letter);
        const letters = at + entryLetters + (letter >> 4) * lettersSize + (letter & 15);
        if (code >= 0x61 && code <= 0x7a) memory.setUint8(letters, 0x20);
        memory.setUint8(letters + 16, 0xff);
        memory.setUint8(letters + 32, code);
      }
    }
    return entriesAt;
  }
}

interface Entry {
  readonly offset: number;
  /** In lower case; empty for the entry of unknown names. */
  readonly name: string;
  readonly field: number;
  readonly kind: number;
}

interface Image {
  /** Offsets of entries. */
  readonly slots: readonly (number | undefined)[];
  readonly multiplier: number;
  /** That of unknown names first. */
  readonly entries: readonly Entry[];
  /** All names of the table are here. */
  readonly isWhole: boolean;
}

/** Names in their slots, as many as a region has room for. Those that a table gives first are those of the standards. */
function imageOf(table: FieldTable): Image {
  const kinds = kindsOf(table);
  const entries: Entry[] = [{ offset: 0, name: "", field: 0, kind: kinds[0]! }];
  let end = entryLetters;
  let isWhole = true;
  for (let field = 1; field <= table.size && isWhole; field++) {
    for (const written of [table.name(field), table.compact(field)]) {
      if (written === undefined) continue;
      const name = written.toLowerCase();
      const behind = end + entryLetters + Math.ceil(name.length / 16) * lettersSize;
      isWhole = slotsAt + 4 * slotsFor(entries.length) + behind <= namesSize;
      if (!isWhole) break;
      entries.push({ offset: end, name, field, kind: kinds[field]! });
      end = behind;
    }
  }
  const named = entries.slice(1).map((entry) => ({ entry, letters: bytesOf(entry.name) }));
  const size = slotsFor(named.length);
  const mask = size - 1;
  const multiplier = bestMultiplier(
    named.map(({ letters }) => letters),
    mask,
  );
  const slots: (number | undefined)[] = Array.from({ length: size });
  for (const { entry, letters } of named) {
    let slot = nameHash(letters, 0, letters.length, multiplier) & mask;
    while (slots[slot] !== undefined) slot = (slot + 1) & mask;
    slots[slot] = entry.offset;
  }
  return { slots, multiplier, entries, isWhole };
}

/** A power of two, so that at least three of four slots are empty. */
function slotsFor(names: number): number {
  let size = 64;
  while (size < names * 4) size *= 2;
  return size;
}
