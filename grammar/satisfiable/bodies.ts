/** The body of a message: which parts it has. */
import type { FactLiteral } from "./connections.ts";
import { never, type Solved, unknown } from "./texts.ts";

/** Media types of the parts; empty where there is no body. */
export type BodyWitness = readonly string[];

const nestedTypes: readonly string[] = ["message/sip", "message/sipfrag"];
const encryptedTypes: readonly string[] = [
  "application/pkcs7-mime",
  "multipart/encrypted",
  "multipart/signed",
];

export function solveBody(literals: readonly FactLiteral[]): Solved<BodyWitness> {
  const wanted: string[] = [];
  const unwanted: string[] = [];
  const states = new Map<string, boolean>();
  for (const { atom, positive } of literals) {
    if (atom.on === "body-type") {
      (positive ? wanted : unwanted).push(atom.type.toLowerCase());
    } else if (atom.on === "body") {
      if (states.get(atom.is) === !positive) return never;
      states.set(atom.is, positive);
    }
  }
  const something = wanted.length > 0 || [...states.values()].includes(true);
  if (something && states.get("present") === false) return never;
  if (something && unwanted.includes("*/*")) return never;
  if (wanted.some((type) => unwanted.some((other) => covers(other, type)))) return never;
  if (states.get("nested") === false && wanted.some((type) => nestedTypes.includes(type))) return never;
  if (states.get("encrypted") === false && wanted.some((type) => encryptedTypes.includes(type))) return never;
  if (!something) return { verdict: "holds", witness: [] };
  // Multiparts of a kind, and such as can't be read, are not made up here.
  if (states.get("unreadable") === true || wanted.some((type) => type.startsWith("multipart/")))
    return unknown;

  const patterns = [...wanted];
  if (states.get("nested") === true && !wanted.some((type) => nestedTypes.includes(type)))
    patterns.push("message/sipfrag");
  if (states.get("encrypted") === true && !wanted.some((type) => encryptedTypes.includes(type))) {
    patterns.push("application/pkcs7-mime");
  }
  if (patterns.length === 0) patterns.push("*/*");
  const types: string[] = [];
  for (const pattern of patterns) {
    const type = candidatesOf(pattern).find(
      (one) =>
        !unwanted.some((other) => covers(other, one)) &&
        (states.get("nested") !== false || !nestedTypes.includes(one)) &&
        (states.get("encrypted") !== false || !encryptedTypes.includes(one)),
    );
    if (type === undefined) return unknown;
    if (!types.includes(type)) types.push(type);
  }
  return { verdict: "holds", witness: types };
}

function covers(pattern: string, type: string): boolean {
  return (
    pattern === "*/*" || pattern === type || (pattern.endsWith("/*") && type.startsWith(pattern.slice(0, -1)))
  );
}

function candidatesOf(pattern: string): string[] {
  if (pattern === "*/*") return ["application/sdp", "text/plain", "image/png"];
  if (!pattern.endsWith("/*")) return [pattern];
  const main = pattern.slice(0, -1);
  return ["application/sdp", "text/plain", "image/png"]
    .filter((type) => type.startsWith(main))
    .concat(`${main}x1`);
}
