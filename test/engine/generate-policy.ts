/**
 * Random policies, as the checker would hand them over: every edit of the model, in rules,
 * treatments and trust statements.
 */
import type {
  Action,
  Atom,
  Condition,
  Edit,
  Fulfilment,
  Network,
  Origin,
  Policy,
  Rule,
  Trust,
} from "../../grammar/model.ts";
import { defaultTlsProfile } from "../../grammar/tls-vocabulary.ts";
import type { Dice } from "./dice.ts";
import {
  addressFields,
  always,
  anonymizable,
  condition,
  everyField,
  type Frame,
  fields,
  listFields,
  mandatory,
  originOf,
  removable,
  where,
  who,
  yes,
} from "./generate-condition.ts";

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
  if (dice.chance(82)) return dice.pick(edits)();
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
    () => ({
      kind: "drop-other-parts",
      except: dice.some(["application/sdp", "text/plain", "message/*"], 0, 2),
    }),
    () => ({ kind: "redact-sipfrag" }),
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
    revocations: [],
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
    tls: defaultTlsProfile,
  };
}
