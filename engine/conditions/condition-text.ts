/** Prints atoms in the words of the language (docs/language.md, *Conditions*). */
import type { AddressPrefix, Atom, Part, PartTest, Who } from "../../grammar/model.ts";

/** A word stands as it is, anything else in quotes. */
function word(text: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9-]*$/.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function oneOf(texts: readonly string[]): string {
  return texts.length === 1 ? texts[0]! : `one of ${texts.join(", ")}`;
}

function isText(texts: readonly string[], print: (text: string) => string = word): string {
  return `is ${oneOf(texts.map(print))}`;
}

/** As a rule's first line names ends. */
export function whoText(who: readonly Who[]): string {
  return whoNames(who).join(" or ");
}

function whoNames(who: readonly Who[]): readonly string[] {
  return who.map((one) => (one.kind === "network" ? one.name : one.kind));
}

function partText(part: Part): string {
  return "name" in part ? `${part.kind} ${part.name}` : part.kind;
}

function testText(test: PartTest): string {
  switch (test.kind) {
    case "present":
      return "is present";
    case "among":
      return isText(test.texts);
    case "starts-with":
      return `starts with ${oneOf(test.texts.map(quoted))}`;
    case "between":
      return `from ${test.from} to ${test.to}`;
    case "under":
      return `is under ${oneOf(test.domains.map(quoted))}`;
    case "own":
      return "is own";
  }
}

function prefixText({ address, length }: AddressPrefix): string {
  return address.includes("/") ? address : `${address}/${length}`;
}

const day = 86_400_000;

/** A day where the instant is its first, else the instant. */
function instantText(at: number): string {
  return new Date(at)
    .toISOString()
    .replace(/\.000Z$/, "Z")
    .replace(/T00:00:00Z$/, "");
}

/** The day that ends there, else the instant. */
function endText(until: number): string {
  return instantText(until % day === 0 ? until - day : until);
}

function dateText(from: number, until: number): string {
  if (from === -Infinity) return until === Infinity ? "any date" : `date before ${instantText(until)}`;
  if (until === Infinity) return `date after ${from % day === 0 ? endText(from) : instantText(from - 1)}`;
  return `date from ${instantText(from)} to ${endText(until)}`;
}

function countText(from: number, to: number): string {
  if (from === to) return `is ${from}`;
  return to === Infinity ? `at least ${from}` : from <= 0 ? `at most ${to}` : `from ${from} to ${to}`;
}

function statusText(from: number, to: number): string {
  if (from === to) return `status is ${from}`;
  return from % 100 === 0 && to === from + 99 ? `status is ${from / 100}xx` : `status from ${from} to ${to}`;
}

function version(tenths: number): string {
  return `1.${tenths - 10}`;
}

function versionText(from: number, to: number): string {
  if (from === to) return `tls version is ${version(from)}`;
  return to >= 13 ? `tls version at least ${version(from)}` : `tls version at most ${version(to)}`;
}

export function atomText(atom: Atom): string {
  switch (atom.on) {
    case "message":
    case "role":
      return atom.on === "role" ? `role is ${atom.is}` : atom.is;
    case "method":
      return `method ${isText(atom.among)}`;
    case "status":
      return statusText(atom.from, atom.to);
    case "emergency":
    case "resumed":
      return atom.on;
    case "in-dialog":
      return "in dialog";
    case "present":
      return `${atom.field} is present`;
    case "count":
      return `count of ${atom.field} ${countText(atom.from, atom.to)}`;
    case "sole":
      return `${atom.field} ${isText(atom.among)}`;
    case "part":
      return partAtomText(atom);
    case "body":
      return `body is ${atom.is}`;
    case "body-type":
      return `body has ${atom.type}`;
    case "end":
      return `${atom.side} ${oneOf(whoNames(atom.who))}`;
    case "secured":
      return "secured by tls";
    case "transport":
      return `transport ${isText(atom.among)}`;
    case "listener":
      return `listener ${isText(atom.among, quoted)}`;
    case "address":
      return `address within ${atom.within.map(prefixText).join(", ")}`;
    case "tls-version":
      return versionText(atom.from, atom.to);
    case "certificate":
      return "certificate is present";
    case "certificate-names":
      return `certificate names ${atom.who.length === 0 ? "partner" : oneOf(whoNames(atom.who))}`;
    case "certificate-part":
      return atom.part === "usage"
        ? `certificate usage has ${oneOf(atom.among.map(word))}`
        : `certificate ${atom.part} ${isText(atom.among, quoted)}`;
    case "agreement":
      return "agreement in force";
    case "option":
      return atom.among.length === 1 && atom.among[0] === "yes"
        ? `option ${atom.name}`
        : `option ${atom.name} ${isText(atom.among)}`;
    case "date":
      return dateText(atom.from, atom.until);
    case "domain-sought":
      return `domain sought ${isText(atom.among, quoted)}`;
    case "sni":
      return `sni ${isText(atom.among, quoted)}`;
  }
}

function partAtomText(atom: Extract<Atom, { readonly on: "part" }>): string {
  if (atom.part.kind === "value" && atom.quantifier === "any" && atom.test.kind === "among") {
    const { texts } = atom.test;
    return `${atom.field} has ${oneOf(texts.map(word))}`;
  }
  return `${atom.quantifier} ${partText(atom.part)} of ${atom.field} ${testText(atom.test)}`;
}
