/**
 * Finds the rules that ask for one host or user among thousands that ask for others: the
 * message's own hosts and users are looked up, instead of asking rule after rule.
 */
import type { Part } from "../../../grammar/model.ts";
import type { FieldTable } from "../../../wire/index.ts";
import { decodePercent, lowerCase, policyText } from "../../conditions/comparison-text.ts";
import { requestUriField } from "../../message/tree.ts";
import type { FieldShape } from "../binding/policy-reads.ts";
import type { MessageFacts } from "../message-facts.ts";
import { membersOf, type Residual } from "./residual.ts";

/** So many tests are asked one after the other: looking up costs as much. */
export const fewTests = 16;

const dot = 0x2e;
const percent = 0x25;

/** One of the conditions that must hold asks for one of these hosts or users. */
export interface Pick {
  readonly field: string;
  readonly part: "host" | "user";
  readonly texts: readonly string[];
}

/** Undefined where the condition asks for neither, or only in some cases. */
export function pickOf(holds: Residual, isAddress: (field: string) => boolean): Pick | undefined {
  if (typeof holds === "boolean") return undefined;
  for (const member of membersOf(holds)) {
    if (member.kind !== "atom" || member.atom.on !== "part") continue;
    const { field, part, test, quantifier } = member.atom;
    if (quantifier !== "any" || test.kind !== "among" || !isPicked(part)) continue;
    if (field !== requestUriField && !isAddress(field)) continue;
    return { field, part: part.kind, texts: test.texts.map((text) => formOf(part.kind, text)) };
  }
  return undefined;
}

function isPicked(part: Part): part is Part & { readonly kind: "host" | "user" } {
  return part.kind === "host" || part.kind === "user";
}

/** As `value-parts.ts` brings the policy's text to the form of the message's. */
function formOf(part: Pick["part"], text: string): string {
  return part === "host" ? lowerCase(policyText(text)) : decodePercent(policyText(text));
}

export class ValueIndex {
  private readonly field: number;
  private readonly shape: FieldShape;
  private readonly part: Pick["part"];
  private readonly places = new Map<string, number[]>();
  private readonly all: number[] = [];

  /** @param shape undefined for Request-URI */
  constructor({ field, part }: Pick, table: FieldTable, shape: FieldShape | undefined) {
    this.field = shape === undefined ? -1 : table.id(field);
    this.shape = shape ?? "address";
    this.part = part;
  }

  /** Places come in ascending order. */
  add(texts: readonly string[], place: number): void {
    this.all.push(place);
    for (const text of new Set(texts)) {
      const places = this.places.get(text);
      if (places === undefined) this.places.set(text, [place]);
      else places.push(place);
    }
  }

  /** The first place below `below` that holds among those which the message's values pick; else `below`. */
  first(facts: MessageFacts, below: number, holds: (place: number) => boolean): number {
    const { scan, uri, address } = facts;
    const { bytes } = scan;
    const found: string[] = [];
    if (this.field < 0) {
      if (scan.isRequest && uri.read(bytes, scan.uriStart, scan.uriEnd) && !this.note(facts, found)) {
        return firstOf(this.all, below, holds);
      }
    } else {
      const { values } = facts;
      for (let row = facts.firstRow(this.field); row >= 0; row = scan.nextRow(row)) {
        values.reset(bytes, scan.valueStart[row]!, scan.valueEnd[row]!, this.shape);
        while (values.next()) {
          if (!address.read(bytes, values.start, values.end)) continue;
          if (!uri.read(bytes, address.uriStart, address.uriEnd)) continue;
          if (!this.note(facts, found)) return firstOf(this.all, below, holds);
        }
      }
    }
    let first = below;
    for (const text of found) first = firstOf(this.places.get(text) ?? [], first, holds);
    return first;
  }

  /** Adds the part that the URI reader stands on; false where only the law can read it. */
  private note({ scan, uri }: MessageFacts, found: string[]): boolean {
    const { bytes } = scan;
    const isHost = this.part === "host";
    const start = isHost ? uri.hostStart : uri.userStart;
    let end = isHost ? uri.hostEnd : uri.userEnd;
    if (start < 0) return true;
    if (isHost && end > start && bytes[end - 1] === dot) end--;
    let text = "";
    for (let at = start; at < end; at++) {
      if (bytes[at] === percent) return false;
      text += String.fromCharCode(bytes[at]!);
    }
    found.push(isHost ? lowerCase(text) : text);
    return true;
  }
}

function firstOf(places: readonly number[], below: number, holds: (place: number) => boolean): number {
  for (const place of places) {
    if (place >= below) return below;
    if (holds(place)) return place;
  }
  return below;
}
