/**
 * Random policies, as the checker would hand them over: every atom, part, test and edit
 * of the model, on fields and ends that `generate-event.ts` uses.
 */
import type {
  Action,
  Atom,
  Condition,
  Edit,
  Fulfilment,
  Network,
  Origin,
  Part,
  PartTest,
  Policy,
  Rule,
  Trust,
  ValueCondition,
  Who,
} from "../../grammar/model.ts";
import { type FieldRow, fieldRows } from "../../grammar/vocabulary.ts";
import type { Dice } from "./dice.ts";

const midYear = Date.UTC(2026, 6, 1);
const yes: Condition = { kind: "and", of: [] };
const always: ValueCondition = { kind: "and", of: [] };

const fields: readonly FieldRow[] = [
  ...fieldRows,
  { name: "X-Corp-Trace", shape: "text", where: "both", category: "extension", source: "test" },
];
const rowOf = new Map(fields.map((row) => [row.name, row]));

const addressFields = [
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
const listFields = [
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
const removable = [...new Set([...listFields, ...valueFields, ...textFields, ...addressFields])].filter(
  (name) => rowOf.get(name)!.mandatory !== true,
);
const anonymizable = fields.filter((row) => row.anonymous !== undefined).map((row) => row.name);
const everyField = [...new Set([...addressFields, ...listFields, ...valueFields, ...textFields])];
const mandatory = fields.filter((row) => row.mandatory === true).map((row) => row.name);

/** What a rule may read and do at its gate. */
interface Frame {
  readonly dice: Dice;
  readonly gate: "in" | "out";
  line: number;
}

function originOf(frame: Frame): Origin {
  frame.line += 1;
  return { file: "generated.privet", line: frame.line, column: 1, length: 1 };
}

function who(dice: Dice): Who {
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

function condition(frame: Frame, depth: number): Condition {
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

function where(frame: Frame, field: string, depth = 1): ValueCondition {
  const { dice } = frame;
  if (dice.chance(30)) return always;
  if (depth > 0 && dice.chance(25))
    return { kind: dice.pick(["and", "or"]), of: dice.times(1, 2, () => where(frame, field, depth - 1)) };
  if (depth > 0 && dice.chance(15)) return { kind: "not", of: where(frame, field, depth - 1) };
  const part = partOf(dice, field);
  return { kind: "atom", part, test: testOf(dice, part), origin: originOf(frame) };
}

function edit(frame: Frame): Edit {
  const { dice } = frame;
  const address = dice.pick(addressFields);
  const list = dice.pick(listFields);
  const everyUri = dice.chance(40);
  const edits: readonly (() => Edit)[] = [
    () => ({ kind: "remove-field", field: dice.pick(removable) }),
    () => ({ kind: "remove-field", field: dice.pick(removable) }),
    () => ({
      kind: "remove-field",
      field: dice.pick(["P-Asserted-Identity", "Privacy", "History-Info", "Contact"]),
    }),
    () => ({ kind: "remove-values", field: list, where: where(frame, list) }),
    () => ({ kind: "remove-values", field: list, where: where(frame, list) }),
    () => ({ kind: "remove-surplus", field: "P-Asserted-Identity" }),
    () => ({
      kind: "remove-parameters",
      field: address,
      of: "value",
      names: dice.some(["q", "screen", "privacy", "reason", "expires"], 1, 2),
      where: where(frame, address),
    }),
    () =>
      everyUri
        ? { kind: "remove-parameters", field: "every-uri", of: "uri", names: ["iotl"], where: always }
        : {
            kind: "remove-parameters",
            field: dice.pick([address, "Request-URI"]),
            of: "uri",
            names: dice.some(["iotl", "transport", "gr"], 1, 2),
            where: always,
          },
    () =>
      everyUri
        ? {
            kind: "remove-parameters",
            field: "every-uri",
            of: "number",
            names: ["cpc", "oli"],
            where: always,
          }
        : {
            kind: "remove-parameters",
            field: address,
            of: "number",
            names: ["cpc"],
            where: where(frame, address),
          },
    () => ({
      kind: "remove-uri-headers",
      field: address,
      names: ["privacy", "subject"],
      except: dice.chance(30),
      where: where(frame, address),
    }),
    () => ({ kind: "remove-display-name", field: address, where: where(frame, address) }),
    () => ({ kind: "anonymize", field: dice.pick(anonymizable), where: always }),
    () => {
      const field = dice.pick(anonymizable);
      return { kind: "anonymize", field, where: where(frame, field) };
    },
    () => ({
      kind: "add-field",
      field: dice.pick(["X-Corp-Trace", "Reason"]),
      text: dice.pick(["SIP;cause=503", "x"]),
    }),
    () => ({ kind: "set-field", field: "Organization", text: "Border" }),
    () => ({ kind: "set-field", field: "X-Corp-Trace", text: "set" }),
  ];
  if (dice.chance(88)) return dice.pick(edits)();
  const rare: readonly (() => Edit)[] = [
    () => ({
      kind: "remove-other-fields",
      except: [...new Set([...mandatory, ...dice.some(everyField, 3, 12)])],
    }),
    () => ({
      kind: "set-part",
      field: address,
      part: { kind: "host" },
      text: "border.example",
      where: where(frame, address),
    }),
    () => ({
      kind: "set-part",
      field: address,
      part: { kind: "display-name" },
      text: "Border",
      where: where(frame, address),
    }),
    () => ({ kind: "drop-body" }),
    () => ({ kind: "drop-parts", type: dice.pick(["application/pidf+xml", "application/*"]) }),
    () => ({ kind: "drop-named-parts", field: "Geolocation" }),
    () => ({ kind: "redact-sdp", lines: dice.some(["o", "s", "i"], 1, 3) }),
  ];
  return dice.pick(rare)();
}

function action(frame: Frame, treatment: string | undefined): Action {
  const { dice } = frame;
  const common = {
    condition: dice.chance(70) ? yes : condition(frame, 1),
    because: `clause ${frame.line}`,
    treatment,
    origin: originOf(frame),
  };
  if (treatment !== undefined && dice.chance(6))
    return { ...common, kind: "needs", capability: "media-relay" };
  if (treatment !== undefined && dice.chance(8)) return { ...common, kind: "excepted", edit: edit(frame) };
  if (treatment === undefined && dice.chance(8))
    return { ...common, kind: "mark", name: dice.pick(["seen", "partial-x"]) };
  if (treatment === undefined && dice.chance(5))
    return {
      ...common,
      kind: "reject",
      status: dice.pick([403, 433, 480]),
      reason: dice.pick(["No", "Anonymity Disallowed"]),
    };
  return { ...common, ...edit(frame) };
}

function namesMethod(of: Condition): boolean {
  if (of.kind === "atom") return of.atom.on === "method";
  return of.kind === "not" ? namesMethod(of.of) : of.of.some(namesMethod);
}

function rule(frame: Frame, name: string): Rule {
  const { dice, gate } = frame;
  const own: Action[] = dice.times(0, 2, () => action(frame, undefined));
  const fulfilments: Fulfilment[] = [];
  if (gate === "out" && dice.chance(35)) {
    own.push({
      kind: "honour-privacy",
      condition: dice.chance(80) ? yes : condition(frame, 1),
      because: "RFC 3323 5",
      treatment: undefined,
      origin: originOf(frame),
    });
  }
  if (gate === "out" && dice.chance(50)) {
    for (const privValue of dice.some(["user", "header", "id", "history", "session"], 1, 3)) {
      const treatment = `${privValue}-privacy`;
      const asked: Condition = {
        kind: "atom",
        atom: {
          on: "part",
          field: "Privacy",
          quantifier: "any",
          part: { kind: "value" },
          test: { kind: "among", texts: [privValue] },
        },
        origin: originOf(frame),
      };
      const first = own.length;
      const edits = dice
        .times(0, 2, () => action(frame, treatment))
        .map((one): Action => ({ ...one, condition: { kind: "and", of: [asked, one.condition] } }));
      own.push(...edits);
      fulfilments.push({
        treatment,
        privValue,
        condition: asked,
        actions: edits.map((_, at) => first + at),
        keepWhen: dice.chance(25) ? yes : { kind: "or", of: [] },
      });
    }
  }
  if (own.length === 0) own.push(action(frame, undefined));
  const when = dice.chance(35) ? yes : condition(frame, 2);
  return {
    name,
    gate,
    message: dice.pick(["both", "both", "both", "request", "response"]),
    from: gate === "in" || dice.chance(20) ? dice.times(1, 2, () => who(dice)) : undefined,
    to: gate === "in" ? undefined : dice.times(1, 2, () => who(dice)),
    condition: when,
    actions: own,
    fulfilments,
    namesMethod: namesMethod(when),
    because: `rule ${name}`,
    origin: originOf(frame),
  };
}

function networks(): Map<string, Network> {
  const base = {
    own: false,
    domains: [],
    listeners: [],
    addresses: [],
    agreement: undefined,
    authorities: [],
    extendedKeyUsage: "rfc5924",
    sharesHost: false,
    tlsRequired: false,
    options: new Map<string, string>(),
    origin: { file: "generated.privet", line: 1, column: 1, length: 1 },
  } as const;
  const all: readonly Network[] = [
    { ...base, name: "home", kind: "network", own: true, domains: ["home1.example"], listeners: ["inside"] },
    {
      ...base,
      name: "ims-b",
      kind: "network",
      domains: ["ims-b.example"],
      listeners: ["zb"],
      addresses: [{ address: "192.0.2.0", bytes: [192, 0, 2, 0], length: 24 }],
      options: new Map([["keep-id", "no"]]),
    },
    {
      ...base,
      name: "carrier-c",
      kind: "partner",
      domains: ["carrier-c.example"],
      agreement: { name: "IWA-1", from: Date.UTC(2026, 0, 1), until: Date.UTC(2028, 0, 1) },
    },
    { ...base, name: "open-d", kind: "network", domains: ["open-d.example"] },
    { ...base, name: "stranger", kind: "stranger" },
  ];
  return new Map(all.map((network) => [network.name, network]));
}

function trust(frame: Frame): Trust[] {
  const { dice } = frame;
  const atom = (one: Atom): Condition => ({ kind: "atom", atom: one, origin: originOf(frame) });
  const both = { incoming: true, outgoing: true, fields: undefined };
  const statements: Trust[] = [
    { ...both, who: [{ kind: "network", name: "home" }], condition: yes, origin: originOf(frame) },
    {
      ...both,
      who: [{ kind: "partner" }],
      condition: {
        kind: "and",
        of: [
          atom({ on: "secured", by: "tls" }),
          atom({ on: "certificate-names", who: [] }),
          atom({ on: "agreement" }),
        ],
      },
      origin: originOf(frame),
    },
  ];
  if (dice.chance(60)) {
    const partial = dice.chance(50) ? dice.some(removable, 1, 5) : undefined;
    statements.push({
      who: [{ kind: "network", name: dice.pick(["ims-b", "open-d"]) }],
      incoming: dice.chance(70),
      outgoing: dice.chance(70),
      fields: partial,
      condition: dice.chance(50) ? yes : atom({ on: "option", name: "trust-ims-networks", among: ["yes"] }),
      origin: originOf(frame),
    });
  }
  return statements;
}

export function generatePolicy(dice: Dice): Policy {
  const frame: Frame = { dice, gate: "out", line: 0 };
  const option = (
    name: string,
    value: string,
    values: readonly string[],
  ): [string, { name: string; value: string; values: readonly string[]; origin: Origin }] => [
    name,
    { name, value, values, origin: originOf(frame) },
  ];
  const rules = dice
    .times(1, 7, () => dice.pick(["in", "out", "out"] as const))
    .map((gate, at) => rule({ ...frame, gate, line: at * 1000 }, `rule-${at}`));
  return {
    language: 1,
    title: "generated",
    file: "generated.privet",
    files: ["generated.privet"],
    fields,
    networks: networks(),
    options: new Map([
      option("trust-ims-networks", dice.pick(["yes", "no"]), ["yes", "no"]),
      option("keep-id", dice.pick(["yes", "no"]), ["yes", "no"]),
      option("broken-signature", dice.pick(["remove", "remove", "refuse"]), ["remove", "refuse"]),
    ]),
    trust: trust(frame),
    rules,
    transits: [],
    assertions: [],
    tests: [],
    publications: [],
    testClock: undefined,
  };
}
