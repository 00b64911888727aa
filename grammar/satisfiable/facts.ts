/** Facts that are neither header fields nor a connection: method, status, options, clock, handshake. */
import type { PolicyOption } from "../model.ts";
import type { FactLiteral } from "./connections.ts";
import type { NetworkGroup } from "./networks.ts";
import type { Literal, Side } from "./normal-form.ts";
import { never, type Solved, unknown } from "./texts.ts";

export interface StartLine {
  readonly message: "request" | "response";
  readonly method: string;
  readonly status: number;
  readonly emergency: boolean;
}

/** Methods to choose from where a condition only excludes some (RFC 3261 and its extensions). */
const methods: readonly string[] = [
  "INVITE",
  "BYE",
  "OPTIONS",
  "MESSAGE",
  "SUBSCRIBE",
  "NOTIFY",
  "REFER",
  "UPDATE",
  "X1",
];

export function solveStartLine(
  literals: readonly FactLiteral[],
  message: "request" | "response",
): Solved<StartLine> {
  let among: readonly string[] | undefined;
  const notAmong: string[] = [];
  let ranges: (readonly [number, number])[] = [[100, 699]];
  let emergency: boolean | undefined;
  for (const { atom, positive } of literals) {
    switch (atom.on) {
      case "message":
        if ((atom.is === message) !== positive) return never;
        break;
      case "method":
        if (positive)
          among = among === undefined ? atom.among : among.filter((one) => atom.among.includes(one));
        else notAmong.push(...atom.among);
        break;
      case "status":
        if (message === "request") {
          if (positive) return never;
        } else if (positive) {
          ranges = ranges.map(([from, to]) => [Math.max(from, atom.from), Math.min(to, atom.to)]);
        } else {
          ranges = ranges.flatMap(([from, to]) => [
            [from, Math.min(to, atom.from - 1)],
            [Math.max(from, atom.to + 1), to],
          ]);
        }
        break;
      case "emergency":
        if (positive && message === "response") return never;
        if (emergency === !positive) return never;
        emergency = positive;
        break;
      default:
        break;
    }
  }
  const method = (among ?? methods).find((one) => !notAmong.includes(one));
  const range = ranges.find(([from, to]) => from <= to);
  // The list of methods is open: where none of ours is left, another one may be.
  if (method === undefined) return among === undefined ? unknown : never;
  if (range === undefined) return never;
  return { verdict: "holds", witness: { message, method, status: range[0], emergency: emergency ?? false } };
}

/** Literals on options that the ends' own values decide are `decided`; the others are free. */
export function solveOptions(
  literals: readonly Literal[],
  options: ReadonlyMap<string, PolicyOption>,
  own: (name: string, side: Side) => string | undefined,
): Solved<ReadonlyMap<string, string>> {
  const free = new Map<string, readonly string[]>();
  for (const one of literals) {
    if (one.is !== "fact" || one.atom.on !== "option") continue;
    const { name, among } = one.atom;
    const fixed = own(name, one.side);
    if (fixed !== undefined) {
      if (among.includes(fixed) !== one.positive) return never;
    } else {
      const option = options.get(name);
      // The policy's own value first: a witness should need as few changes as can be.
      const values =
        free.get(name) ?? (option === undefined ? ["yes", "no"] : [option.value, ...option.values]);
      const left = values.filter((value) => among.includes(value) === one.positive);
      if (left.length === 0) return never;
      free.set(name, left);
    }
  }
  const chosen = [...free].flatMap(([name, values]): [string, string][] =>
    options.has(name) ? [[name, values[0]!]] : [],
  );
  return { verdict: "holds", witness: new Map(chosen) };
}

/** A time that meets what is said of the clock and of agreements. undefined: nothing is said. */
export function solveClock(
  literals: readonly Literal[],
  group: (side: Side) => NetworkGroup | undefined,
): Solved<number | undefined> {
  const spans: {
    readonly from: number;
    readonly until: number;
    readonly positive: boolean;
    readonly sure: boolean;
  }[] = [];
  for (const one of literals) {
    if (one.is !== "fact") continue;
    if (one.atom.on === "date") spans.push({ ...one.atom, positive: one.positive, sure: true });
    if (one.atom.on !== "agreement") continue;
    const at = group(one.side);
    if (at?.agreement === undefined) {
      // A network without an agreement, or a handshake: there the partner is not known.
      if (at !== undefined && one.positive) return never;
      continue;
    }
    const agreement = at.network.agreement!;
    spans.push({ ...agreement, positive: one.positive, sure: at.agreement !== "several" });
  }
  if (spans.length === 0) return { verdict: "holds", witness: undefined };
  const fits = (at: number, all: boolean): boolean =>
    spans.every(
      ({ from, until, positive, sure }) => (!all && !sure) || (at >= from && at < until) === positive,
    );
  const ends = spans.flatMap(({ from, until }) => [from, until]).filter(Number.isFinite);
  const moments = [...ends, ...ends.map((end) => end - 1), 0];
  const at = moments.find((one) => fits(one, true));
  if (at !== undefined) return { verdict: "holds", witness: at };
  return moments.some((one) => fits(one, false)) ? unknown : never;
}

export interface HandshakeWitness {
  readonly role: "server" | "client";
  readonly domainSought: string | undefined;
  readonly sni: string | undefined;
}

export function solveHandshake(literals: readonly FactLiteral[]): Solved<HandshakeWitness> {
  const roles = (["server", "client"] as const).filter((role) =>
    literals.every(({ atom, positive }) => atom.on !== "role" || (atom.is === role) === positive),
  );
  const domain = solveName(literals, "domain-sought");
  const sni = solveName(literals, "sni");
  if (domain === "never" || sni === "never") return never;
  // Only where we open the connection is a domain sought.
  const role = roles.find((one) => one === "client" || domain.text === undefined);
  if (role === undefined) return never;
  return { verdict: "holds", witness: { role, domainSought: domain.text, sni: sni.text } };
}

function solveName(
  literals: readonly FactLiteral[],
  on: "domain-sought" | "sni",
): { text: string | undefined } | "never" {
  let among: readonly string[] | undefined;
  const notAmong: string[] = [];
  for (const { atom, positive } of literals) {
    if (atom.on !== on) continue;
    const names = atom.among.map((one) => one.toLowerCase());
    if (positive) among = among === undefined ? names : among.filter((one) => names.includes(one));
    else notAmong.push(...names);
  }
  if (among === undefined) return { text: undefined };
  const text = among.find((one) => !notAmong.includes(one));
  return text === undefined ? "never" : { text };
}
