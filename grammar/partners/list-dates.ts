/** The dates of a list: few of them, many times. */
import { readDate } from "../reading/calendar.ts";

/** Dates that are remembered. */
const most = 4_096;

class ListDates {
  readonly #known = new Map<string, number | undefined>();

  /** As `readDate`. */
  read(text: string): number | undefined {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const date = readDate(text);
    if (this.#known.size >= most) this.#known.clear();
    this.#known.set(text, date);
    return date;
  }
}

export const listDates: ListDates = new ListDates();

/** As the schema of a list calls them. */
export const formats: Readonly<Record<string, (text: string) => boolean>> = {
  date: (text) => listDates.read(text) !== undefined,
};
