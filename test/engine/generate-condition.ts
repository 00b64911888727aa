/** Random conditions: every atom, part and test of the model, on fields and ends that `generate-event.ts` uses. */
import type { Atom, Condition, Origin, Part, PartTest, ValueCondition, Who } from "../../grammar/model.ts";
import { type FieldRow, fieldRows } from "../../grammar/vocabulary.ts";
import type { Dice } from "./dice.ts";

const midYear = Date.UTC(2026, 6, 1);
export const yes: Condition = { kind: "and", of: [] };
export const always: ValueCondition = { kind: "and", of: [] };

export const fields: readonly FieldRow[] = [
  ...fieldRows,
  { name: "X-Corp-Trace", shape: "text", where: "both", category: "extension", source: "test" },
];
const rowOf = new Map(fields.map((row) => [row.name, row]));

export const addressFields: readonly string[] = [
  "P-Asserted-Identity",
  "From",
  "To",
  "Contact",
  "History-Info",
  "Diversion",
  "Referred-By",
  "Reply-To",
  "Refer-To",
  "Route",
  "Record-Route",
  "P-Preferred-Identity",
  "Remote-Party-ID",
];
export const listFields: readonly string[] = [
  "P-Asserted-Identity",
  "Contact",
  "History-Info",
  "Diversion",
  "Reason",
  "Warning",
  "Privacy",
  "Proxy-Require",
  "Supported",
  "Require",
  "Accept",
  "Geolocation",
  "Identity",
];
const valueFields = [
  "Reason",
  "Warning",
  "Accept",
  "Identity",
  "P-Charging-Vector",
  "P-Access-Network-Info",
  "Geolocation-Routing",
];
const textFields = ["Subject", "Organization", "User-Agent", "Server", "X-Corp-Trace", "Date"];
export const removable: readonly string[] = [
  ...new Set([...listFields, ...valueFields, ...textFields, ...addressFields]),
].filter((name) => rowOf.get(name)!.mandatory !== true);
export const anonymizable: readonly string[] = fields
  .filter((row) => row.anonymous !== undefined)
  .map((row) => row.name);
export const everyField: readonly string[] = [
  ...new Set([...addressFields, ...listFields, ...valueFields, ...textFields]),
];
export const mandatory: readonly string[] = fields
  .filter((row) => row.mandatory === true)
  .map((row) => row.name);

/** What a rule may read and do at its gate. */
export interface Frame {
  readonly dice: Dice;
  readonly gate: "in" | "out";
  line: number;
}

export function originOf(frame: Frame): Origin {
  frame.line += 1;
  return { file: "generated.privet", line: frame.line, column: 1, length: 1 };
}

export function who(dice: Dice): Who {
  const kinds = ["anyone", "trusted", "untrusted", "untrusted", "partner", "own", "foreign"] as const;
  if (dice.chance(70)) return { kind: dice.pick(kinds) };
  return { kind: "network", name: dice.pick(["home", "ims-b", "carrier-c", "open-d", "stranger"]) };
}

function connectionAtom(dice: Dice): Atom {
  const atoms: readonly (() => Atom)[] = [
    () => ({ on: "secured", by: "tls" }),
    () => ({ on: "transport", among: dice.some(["udp", "tcp", "tls"], 1, 2) }),
    () => ({ on: "listener", among: [dice.pick(["inside", "outside", "zb"])] }),
    () => ({ on: "address", within: [{ address: "192.0.2.0", bytes: [192, 0, 2, 0], length: 24 }] }),
    () => ({ on: "tls-version", from: 12, to: dice.pick([12, 13]) }),
    () => ({ on: "resumed" }),
    () => ({ on: "certificate", is: "present" }),
    () => ({ on: "certificate-names", who: dice.chance(50) ? [] : [who(dice)] }),
    () => ({ on: "certificate-part", part: "issuer", among: ["CN=ca"] }),
    () => ({ on: "agreement" }),
    () => ({ on: "option", name: "trust-ims-networks", among: [dice.pick(["yes", "no"])] }),
    () => ({ on: "option", name: "keep-id", among: ["yes"] }),
    () => ({ on: "date", from: dice.chance(50) ? midYear : -Infinity, until: Infinity }),
    () => ({ on: "date", from: -Infinity, until: midYear }),
  ];
  return dice.pick(atoms)();
}

function partOf(dice: Dice, field: string): Part {
  const shape = field === "Request-URI" ? "address" : rowOf.get(field)!.shape;
  if (shape === "text" || shape === "tokens" || shape === "priv-values") return { kind: "value" };
  const parameter = {
    kind: "parameter",
    name: dice.pick(["q", "screen", "reason", "counter", "privacy", "tag", "cause", "index", "expires"]),
  } as const;
  if (shape === "value" || shape === "values") return dice.chance(50) ? { kind: "value" } : parameter;
  return dice.pick<Part>([
    { kind: "value" },
    { kind: "display-name" },
    { kind: "uri" },
    { kind: "scheme" },
    { kind: "user" },
    { kind: "number" },
    { kind: "host" },
    { kind: "host" },
    parameter,
    { kind: "uri-parameter", name: dice.pick(["transport", "iotl", "lr", "cpc", "gr"]) },
    { kind: "number-parameter", name: dice.pick(["cpc", "oli", "phone-context"]) },
    { kind: "uri-header", name: dice.pick(["privacy", "subject", "reason"]) },
  ]);
}

const texts: Readonly<Record<Part["kind"], readonly string[]>> = {
  value: [
    "id",
    "none",
    "privacy",
    "SIP",
    "timer",
    "x",
    "yes",
    "<sip:alice@home1.example>",
    "Lunch, at noon",
    "399",
  ],
  "display-name": ["Alice", "Smith, Bob", "Alice Bob"],
  uri: ["sip:alice@home1.example", "tel:+12125551212", "sip:%61lice@home1.example", "urn:service:sos"],
  scheme: ["sip", "sips", "tel", "urn"],
  user: ["alice", "bob", "anonymous", "a;b", "+12125551212"],
  number: ["+12125551212", "911", "4711"],
  host: ["home1.example", "anonymous.invalid", "pbx.home1.example", "192.0.2.10", "[2001:db8::1]"],
  parameter: ["0.7", "full", "yes", "unconditional", "1", "99", "302", "no-answer"],
  "uri-parameter": ["tcp", "homeA-homeB", "operator", "x", "phone"],
  "number-parameter": ["payphone", "62", "1", "+1"],
  "uri-header": ["history", "x", "none", "SIP;cause=302"],
};

function testOf(dice: Dice, part: Part): PartTest {
  const words = texts[part.kind];
  switch (dice.below(part.kind === "host" ? 6 : 4)) {
    case 0:
      return { kind: "present" };
    case 1:
      return { kind: "among", texts: dice.some(words, 1, 2) };
    case 2:
      return { kind: "starts-with", texts: [dice.pick(words).slice(0, 1 + dice.below(4))] };
    case 3:
      return part.kind === "number" || part.kind === "parameter"
        ? { kind: "between", from: 0, to: 300 }
        : { kind: "among", texts: [dice.pick(words)] };
    case 4:
      return { kind: "under", domains: ["home1.example"] };
    default:
      return { kind: "own" };
  }
}

function messageAtom(dice: Dice): Atom {
  const field = dice.pick(everyField);
  const atoms: readonly (() => Atom)[] = [
    () => ({ on: "message", is: dice.pick(["request", "response"]) }),
    () => ({ on: "method", among: dice.some(["INVITE", "BYE", "ACK", "MESSAGE"], 1, 2) }),
    () => ({ on: "status", from: 180, to: dice.pick([180, 299, 499]) }),
    () => ({ on: "emergency" }),
    () => ({ on: "in-dialog" }),
    () => ({ on: "present", field }),
    () => ({ on: "present", field: "Privacy" }),
    () => ({ on: "count", field, from: dice.below(3), to: dice.pick([1, 2, Infinity]) }),
    () => ({ on: "sole", field: "Privacy", among: ["none"] }),
    () => ({ on: "sole", field, among: [dice.pick(texts.value)] }),
    () => ({
      on: "part",
      field: "Privacy",
      quantifier: dice.pick(["any", "every"]),
      part: { kind: "value" },
      test: { kind: "among", texts: [dice.pick(["id", "user", "history", "critical"])] },
    }),
    () => partAtom(dice, dice.pick([...everyField, "Request-URI"])),
    () => partAtom(dice, dice.pick(addressFields)),
    () => ({ on: "body", is: dice.pick(["present", "encrypted", "nested", "unreadable"]) }),
    () => ({ on: "body-type", type: dice.pick(["application/sdp", "application/*", "message/sipfrag"]) }),
  ];
  return dice.pick(atoms)();
}

function partAtom(dice: Dice, field: string): Atom {
  const part = partOf(dice, field);
  return {
    on: "part",
    field,
    quantifier: dice.pick(["any", "any", "every"]),
    part,
    test: testOf(dice, part),
  };
}

export function condition(frame: Frame, depth: number): Condition {
  const { dice } = frame;
  const shape = dice.below(depth === 0 ? 2 : 6);
  if (shape >= 4)
    return { kind: dice.pick(["and", "or"]), of: dice.times(1, 3, () => condition(frame, depth - 1)) };
  if (shape === 3) return { kind: "not", of: condition(frame, depth - 1) };
  const side = frame.gate === "in" ? "from" : dice.pick(["from", "to"] as const);
  const atom: Atom = dice.chance(12)
    ? { on: "end", side, who: [who(dice)] }
    : dice.chance(20)
      ? connectionAtom(dice)
      : messageAtom(dice);
  return { kind: "atom", atom, origin: originOf(frame) };
}

export function where(frame: Frame, field: string, depth: number = 1): ValueCondition {
  const { dice } = frame;
  if (dice.chance(30)) return always;
  if (depth > 0 && dice.chance(25))
    return { kind: dice.pick(["and", "or"]), of: dice.times(1, 2, () => where(frame, field, depth - 1)) };
  if (depth > 0 && dice.chance(15)) return { kind: "not", of: where(frame, field, depth - 1) };
  const part = partOf(dice, field);
  return { kind: "atom", part, test: testOf(dice, part), origin: originOf(frame) };
}
