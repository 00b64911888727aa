/** Partners as a table for people: a fact a row, the dates below each other. */
import type { Network } from "../../grammar/model.ts";
import { dayOf, lastDayOf, leftText } from "../days.ts";
import type { DatedFiles } from "./dated-files.ts";
import { type PartnerRow, rowsOf } from "./partner-rows.ts";

/** Longer ones push the rest of their row to the right. */
const widestName = 32;
const widestText = 72;

export class PartnerTable {
  readonly #files: DatedFiles;
  readonly #at: number;
  #name = "partner".length;
  #text = 0;

  constructor(files: DatedFiles, at: number) {
    this.#files = files;
    this.#at = at;
  }

  /** Of every partner, before the first one is written: columns are as wide as they need. */
  measure(partner: Network): void {
    this.#name = Math.min(Math.max(this.#name, partner.name.length), widestName);
    for (const { text, term } of rowsOf(partner, this.#files))
      if (term !== undefined) this.#text = Math.min(Math.max(this.#text, text.length), widestText);
  }

  head(): string {
    return this.#line("partner", "has", "", "from", "to", "");
  }

  write(partner: Network): string {
    return rowsOf(partner, this.#files)
      .map((row, index) => this.#row(index === 0 ? partner.name : "", row))
      .join("");
  }

  #row(name: string, { what, text, term }: PartnerRow): string {
    if (term === undefined) return this.#line(name, what, text, "", "", "");
    return this.#line(name, what, text, dayOf(term.from), lastDayOf(term), leftText(term, this.#at));
  }

  #line(name: string, what: string, text: string, from: string, to: string, left: string): string {
    const cells = [name.padEnd(this.#name), what.padEnd(10), text.padEnd(this.#text), from.padEnd(10)];
    return `${[...cells, to.padEnd(10), left].join("  ").trimEnd()}\n`;
  }
}
