/** Prints atoms in the words of the language (docs/language.md, *Conditions*). */
import type { AddressPrefix, Atom, Part, PartTest, Who } from "../grammar/model.ts";

/** A word stands as it is, anything else in quotes. */
function word(text: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9.\-/*+]*$/.test(text) ? text : quoted(text);
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function isText(texts: readonly string[], print: (text: string) => string = word): string {
  return texts.length === 1 ? `is ${print(texts[0]!)}` : `is one of ${texts.map(print).join(", ")}`;
}

export function whoText(who: readonly Who[]): string {
  return who.map((one) => (one.kind === "network" ? one.name : one.kind)).join(" or ");
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
      return `starts with ${test.texts.map(quoted).join(" or ")}`;
    case "between":
      return `from ${test.from} to ${test.to}`;
    case "under":
      return `is under ${test.domains.map(quoted).join(" or ")}`;
    case "own":
      return "is own";
  }
}

function prefixText({ address, length }: AddressPrefix): string {
  return address.includes("/") ? address : `${address}/${length}`;
}

function instantText(at: number): string {
  return new Date(at).toISOString().replace(/\.000Z$/, "Z").replace(/T00:00:00Z$/, "");
}

function dateText(from: number, until: number): string {
  if (from === -Infinity) return `date before ${instantText(until)}`;
  if (until === Infinity) return `date after ${instantText(from - 1)}`;
  return `date from ${instantText(from)} to ${instantText(until - 1)}`;
}

function countText(from: number, to: number): string {
  if (from === to) return `is ${from}`;
  return to === Infinity ? `at least ${from}` : from <= 0 ? `at most ${to}` : `from ${from} to ${to}`;
}

function statusText(from: number, to: number): string {
  if (from === to) return `status is ${from}`;
  return from % 100 === 0 && to === from + 99 ? `status is ${from / 100}xx` : `status from ${from} to ${to}`;
}

function versionText(from: number, to: number): string {
  const version = (tenths: number): string => `1.${tenths - 10}`;
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
      return `${atom.side} ${whoText(atom.who)}`;
    case "secured":
      return "secured by tls";
    case "transport":
      return `transport ${isText(atom.among)}`;
    case "listener":
      return `listener ${isText(atom.among, quoted)}`;
    case "address":
      return `address within ${atom.within.map(prefixText).join(" or ")}`;
    case "tls-version":
      return versionText(atom.from, atom.to);
    case "certificate":
      return "certificate is present";
    case "certificate-names":
      return `certificate names ${atom.who.length === 0 ? "a partner" : whoText(atom.who)}`;
    case "certificate-part":
      return atom.part === "usage"
        ? `certificate usage has ${atom.among.map(word).join(" or ")}`
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
    return texts.length === 1
      ? `${atom.field} has ${word(texts[0]!)}`
      : `${atom.field} has one of ${texts.map(word).join(", ")}`;
  }
  return `${atom.quantifier} ${partText(atom.part)} of ${atom.field} ${testText(atom.test)}`;
}
