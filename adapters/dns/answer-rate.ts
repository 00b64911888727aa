/**
 * How many answers go over UDP, where a source may be forged: so many a second to one network, and
 * so many in all. Of those beyond a network's share every second one is cut short, which is no
 * larger than its question: a resolver whose network somebody forges asks again over TCP.
 */
export interface AnswerLimits {
  /** A second to one network: 24 bits of IPv4, 56 of IPv6. As many may come at once. */
  readonly answers: number;
  /** A second to everybody. */
  readonly total: number;
}

/** What becomes of one more question. */
export type Verdict = "answer" | "cut" | "share" | "total";

/** Of more, those that came first are forgotten, and begin anew; `total` holds all the same. */
const mostSources = 65_536;
const cutOneOf = 2;

class Bucket {
  readonly #perSecond: number;
  #left: number;
  #at: number;
  /** Refused so far. */
  refused = 0;

  constructor(perSecond: number, at: number) {
    this.#perSecond = perSecond;
    this.#left = perSecond;
    this.#at = at;
  }

  take(at: number): boolean {
    const filled = (Math.max(0, at - this.#at) * this.#perSecond) / 1000;
    this.#left = Math.min(this.#perSecond, this.#left + filled);
    this.#at = at;
    if (this.#left < 1) {
      this.refused++;
      return false;
    }
    this.#left--;
    return true;
  }
}

export class AnswerRate {
  readonly #limits: AnswerLimits;
  readonly #sources = new Map<string, Bucket>();
  #total: Bucket | undefined;

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
  }

  /** `at` in milliseconds, never set back. */
  take(address: string, at: number): Verdict {
    const source = networkOf(address);
    let bucket = this.#sources.get(source);
    if (bucket === undefined) {
      if (this.#sources.size >= mostSources) this.#sources.delete(this.#sources.keys().next().value!);
      bucket = new Bucket(this.#limits.answers, at);
      this.#sources.set(source, bucket);
    }
    if (!bucket.take(at)) return bucket.refused % cutOneOf === 0 ? "cut" : "share";
    this.#total ??= new Bucket(this.#limits.total, at);
    return this.#total.take(at) ? "answer" : "total";
  }
}

/** As the system writes addresses: 24 bits of IPv4, 56 of IPv6. */
export function networkOf(address: string): string {
  if (!address.includes(":")) return address.slice(0, address.lastIndexOf("."));
  const [front = "", back] = address.split("%", 1)[0]!.split("::");
  const groups = front === "" ? [] : front.split(":");
  if (back !== undefined) {
    const behind = back === "" ? [] : back.split(":");
    // An IPv4 address at the end stands for two groups.
    const length = behind.length + (back.includes(".") ? 1 : 0);
    while (groups.length + length < 8) groups.push("0");
    groups.push(...behind);
  }
  const [a, b, c, d = "0"] = groups;
  return `${a}:${b}:${c}:${Number.parseInt(d, 16) >> 8}`;
}
