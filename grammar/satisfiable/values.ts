/** One value of a header field, or the Request-URI: parts that meet tests, and its text. */
import type { Part, PartTest, ValueCondition } from "../model.ts";
import type { FieldShape } from "../vocabulary.ts";
import { caseRuleOf, never, type Solved, solveText, type TextLiteral, testHolds, unknown } from "./texts.ts";

export interface ValueLiteral {
  readonly part: Part;
  readonly test: PartTest;
  readonly positive: boolean;
}

/** What the text of a value is made of. Absent parts are undefined. */
interface ValueParts {
  head: string | undefined;
  displayName: string | undefined;
  scheme: string | undefined;
  user: string | undefined;
  number: string | undefined;
  host: string | undefined;
  readonly parameters: Map<string, string>;
  readonly uriParameters: Map<string, string>;
  readonly numberParameters: Map<string, string>;
  readonly uriHeaders: Map<string, string>;
}

export interface ValueKind {
  /** `uri` is the Request-URI. */
  readonly shape: FieldShape | "uri";
  /** A value that the field may have where nothing is asked of it. */
  readonly plain: string;
  readonly ownDomains: readonly string[];
}

/** A value that meets all literals. */
export function solveValue(literals: readonly ValueLiteral[], kind: ValueKind): Solved<string> {
  const byPart = new Map<string, { part: Part; literals: TextLiteral[] }>();
  for (const { part, test, positive } of literals) {
    const key = keyOf(part);
    const group = byPart.get(key) ?? { part, literals: [] };
    group.literals.push({ test, positive });
    byPart.set(key, group);
  }
  const texts = new Map<string, string>();
  let undecided = false;
  for (const [key, group] of byPart) {
    const { part } = group;
    const solved = solveText(group.literals, {
      part,
      ownDomains: kind.ownDomains,
      plain: plainTexts(part, kind),
    });
    if (solved.verdict === "never") return never;
    if (solved.verdict === "unknown") undecided = true;
    else if (solved.witness !== undefined) texts.set(key, solved.witness);
  }
  if (undecided) return unknown;
  const text = compose(texts, kind);
  if (text === undefined) return unknown;
  const parts = partsOf(text, kind.shape);
  if (parts === undefined) return unknown;
  const all = literals.every(
    ({ part, test, positive }) =>
      testHolds(test, partText(parts, part, kind.shape), caseRuleOf(part), kind.ownDomains) === positive,
  );
  return all ? { verdict: "holds", witness: text } : unknown;
}

/** Branches of a condition on one value: each is a list of literals that must all hold. */
export function branchesOf(
  condition: ValueCondition,
  positive: boolean,
): readonly (readonly ValueLiteral[])[] {
  switch (condition.kind) {
    case "atom":
      return [[{ part: condition.part, test: condition.test, positive }]];
    case "not":
      return branchesOf(condition.of, !positive);
    case "and":
    case "or": {
      const all = (condition.kind === "and") === positive;
      const parts = condition.of.map((one) => branchesOf(one, positive));
      if (!all) return parts.flat();
      return parts.reduce<readonly (readonly ValueLiteral[])[]>(
        (left, right) => left.flatMap((a) => right.map((b) => [...a, ...b])),
        [[]],
      );
    }
  }
}

function keyOf(part: Part): string {
  return "name" in part ? `${part.kind} ${part.name}` : part.kind;
}

function plainTexts(part: Part, kind: ValueKind): string[] {
  switch (part.kind) {
    case "value":
      return [kind.plain];
    case "uri":
      return ["sip:alice@host.example"];
    case "display-name":
      return ["Alice", "Bob"];
    case "scheme":
      return ["sip", "sips", "tel", "urn"];
    case "user":
      return ["alice", "bob"];
    case "number":
      return ["+15550100", "+15550199"];
    case "host":
      return ["host.example", "other.example"];
    default:
      return ["x1", "x2"];
  }
}

const isAddress = (shape: FieldShape | "uri"): boolean =>
  shape === "address" || shape === "addresses" || shape === "uri";

/** The text of a value with these parts; undefined where that is not plain to do. */
function compose(texts: ReadonlyMap<string, string>, kind: ValueKind): string | undefined {
  const named = (prefix: string): [string, string][] =>
    [...texts]
      .filter(([key]) => key.startsWith(`${prefix} `))
      .map(([key, text]) => [key.slice(prefix.length + 1), text]);
  const parameters = named("parameter")
    .map(([name, text]) => `;${name}=${text}`)
    .join("");
  const whole = texts.get("value");
  if (!isAddress(kind.shape)) return (whole ?? kind.plain) + parameters;
  if (whole !== undefined) return whole + parameters;

  let uri = texts.get("uri");
  if (uri === undefined) {
    const [user, number, host] = [texts.get("user"), texts.get("number"), texts.get("host")];
    const scheme = texts.get("scheme") ?? (number !== undefined && host === undefined ? "tel" : "sip");
    const numberParameters = named("number-parameter")
      .map(([name, text]) => `;${name}=${text}`)
      .join("");
    const uriParameters = named("uri-parameter")
      .map(([name, text]) => `;${name}=${text}`)
      .join("");
    const uriHeaders = named("uri-header")
      .map(([name, text]) => `${name}=${text}`)
      .join("&");
    const behind = uriParameters + (uriHeaders === "" ? "" : `?${uriHeaders}`);
    if (scheme === "tel") {
      if (user !== undefined || host !== undefined || behind !== "") return undefined;
      uri = `tel:${number ?? "+15550100"}${numberParameters}`;
    } else if (scheme === "sip" || scheme === "sips") {
      if (numberParameters !== "" && number === undefined && user === undefined) {
        uri = `${scheme}:+15550100${numberParameters}@${host ?? "host.example"}${behind}`;
      } else {
        uri = `${scheme}:${user ?? number ?? "alice"}${numberParameters}@${host ?? "host.example"}${behind}`;
      }
    } else {
      if (user !== undefined || host !== undefined || number !== undefined || behind !== "") return undefined;
      uri = scheme === "urn" ? "urn:service:sos" : `${scheme}:x1`;
    }
  }
  if (kind.shape === "uri") return parameters === "" ? uri : undefined;
  const name = texts.get("display-name");
  return `${name === undefined ? "" : `"${name}" `}<${uri}>${parameters}`;
}

/** Reads the texts that `compose` writes, and plain ones like them; undefined for all others. */
function partsOf(text: string, shape: FieldShape | "uri"): ValueParts | undefined {
  const parts: ValueParts = {
    head: undefined,
    displayName: undefined,
    scheme: undefined,
    user: undefined,
    number: undefined,
    host: undefined,
    parameters: new Map(),
    uriParameters: new Map(),
    numberParameters: new Map(),
    uriHeaders: new Map(),
  };
  if (shape === "text") return { ...parts, head: text };
  if (/[\\%]/.test(text)) return undefined;
  if (!isAddress(shape)) {
    const match = /^([^;"<>]*)((?:;[^;="<>\s]+(?:=[^;="<>\s]*)?)*)$/.exec(text);
    if (match === null) return undefined;
    readParameters(match[2]!, ";", parts.parameters);
    return { ...parts, head: match[1]!.trim() };
  }
  const match =
    shape === "uri"
      ? ["", "", "", text, ""]
      : /^((?:"([^"]*)"\s*)?<([^<>"]+)>)((?:;[^;="<>\s]+(?:=[^;="<>\s]*)?)*)$/
          .exec(text)
          ?.map((group) => group ?? "");
  if (match === undefined) return undefined;
  const uri = shape === "uri" ? text : match[3]!;
  const scheme = /^([a-z][a-z0-9+.-]*):(.+)$/i.exec(uri);
  if (scheme === null) return undefined;
  if (shape !== "uri") readParameters(match[4]!, ";", parts.parameters);
  const read: ValueParts = {
    ...parts,
    head: shape === "uri" ? uri : match[1]!,
    displayName: shape !== "uri" && match[2] !== "" ? match[2] : undefined,
    scheme: scheme[1]!,
  };
  return readUri(read, scheme[1]!.toLowerCase(), scheme[2]!) ? read : undefined;
}

function readUri(parts: ValueParts, scheme: string, rest: string): boolean {
  if (scheme === "tel") {
    const match = /^([^;?]+)((?:;[^;?]+)*)$/.exec(rest);
    if (match === null) return false;
    const digits = digitsOf(match[1]!);
    parts.number = /^\+?[0-9a-f*#]+$/i.test(digits) ? digits : undefined;
    readParameters(match[2]!, ";", parts.numberParameters);
    return true;
  }
  if (scheme !== "sip" && scheme !== "sips") return true;
  const match = /^(?:([^@?]+)@)?([^;?:@]+)(?::\d+)?((?:;[^;?]+)*)(?:\?(.+))?$/.exec(rest);
  if (match === null) return false;
  parts.user = match[1];
  parts.host = match[2];
  readParameters(match[3]!, ";", parts.uriParameters);
  readParameters(match[4] === undefined ? "" : `&${match[4]}`, "&", parts.uriHeaders);
  const semicolon = (match[1] ?? "").indexOf(";");
  const number = semicolon < 0 ? match[1] : match[1]!.slice(0, semicolon);
  if (number !== undefined && /^\+?[\d*#]+$/.test(digitsOf(number))) {
    parts.number = digitsOf(number);
    if (semicolon >= 0) readParameters(match[1]!.slice(semicolon), ";", parts.numberParameters);
  }
  return true;
}

const digitsOf = (number: string): string => number.replaceAll(/[().-]/g, "");

function readParameters(text: string, separator: string, into: Map<string, string>): void {
  for (const one of text.split(separator).slice(1)) {
    const equals = one.indexOf("=");
    into.set(
      (equals < 0 ? one : one.slice(0, equals)).toLowerCase(),
      equals < 0 ? "" : one.slice(equals + 1),
    );
  }
}

function partText(parts: ValueParts, part: Part, shape: FieldShape | "uri"): string | undefined {
  switch (part.kind) {
    case "value":
      return parts.head;
    case "uri":
      return shape === "uri" ? parts.head : /<([^>]*)>/.exec(parts.head ?? "")?.[1];
    case "display-name":
      return parts.displayName;
    case "scheme":
    case "user":
    case "number":
    case "host":
      return parts[part.kind];
    case "parameter":
      return parts.parameters.get(part.name);
    case "uri-parameter":
      return parts.uriParameters.get(part.name);
    case "number-parameter":
      return parts.numberParameters.get(part.name);
    case "uri-header":
      return parts.uriHeaders.get(part.name);
  }
}

/** Can some value meet the condition (or its denial)? */
export function solveWhere(
  where: ValueCondition,
  positive: boolean,
  kind: ValueKind,
): "holds" | "never" | "unknown" {
  let undecided = false;
  for (const literals of branchesOf(where, positive)) {
    const { verdict } = solveValue(literals, kind);
    if (verdict === "holds") return "holds";
    if (verdict === "unknown") undecided = true;
  }
  return undecided ? "unknown" : "never";
}
