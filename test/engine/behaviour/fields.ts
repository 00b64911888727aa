/** Edits of header fields and of their values, to the byte. */
import { describe } from "node:test";
import type { Edit, ValueCondition } from "../../../grammar/model.ts";
import { edit, everyValue, origin, policy } from "../policy-builder.ts";
import { type EditCase, type MakeEngine, runEdits } from "./case.ts";

type ValueAtom = Extract<ValueCondition, { readonly kind: "atom" }>;

export function where(part: ValueAtom["part"], test: ValueAtom["test"]): ValueCondition {
  return { kind: "atom", part, test, origin };
}

function valueIs(...texts: readonly string[]): ValueCondition {
  return where({ kind: "value" }, { kind: "among", texts });
}

function removeValues(field: string, condition: ValueCondition): readonly ReturnType<typeof edit>[] {
  return [edit({ kind: "remove-values", field, where: condition })];
}

function remove(...fields: readonly string[]): readonly ReturnType<typeof edit>[] {
  return fields.map((field) => edit({ kind: "remove-field", field }));
}

function edits(...of: readonly Edit[]): readonly ReturnType<typeof edit>[] {
  return of.map((one) => edit(one));
}

const withTrace = {
  fields: [
    ...policy([]).fields,
    { name: "X-Corp-Trace", shape: "text", where: "both", category: "extension", source: "test" } as const,
  ],
};

const removals: readonly EditCase[] = [
  {
    name: "removes every row, in any case, folded and with blanks before the colon (RFC 3261 7.3.1)",
    actions: remove("P-Asserted-Identity"),
    before: [
      "p-asserted-identity   :\r\n <sip:ceo@home1.example>",
      "Subject: a",
      'P-ASSERTED-IDENTITY: "A, B" <sip:x@y>',
      "P%2DAsserted-Identity: <sip:z@y>",
    ],
    after: ["Subject: a", "P%2DAsserted-Identity: <sip:z@y>"],
  },
  {
    name: "removes compact forms (RFC 3261 7.3.3)",
    actions: remove("Subject", "Identity"),
    before: ["s: Lunch", "y: abc;info=<https://c/x>", "k: timer"],
    after: ["k: timer"],
  },
  {
    name: "leaves a message alone in which there is nothing to remove",
    actions: remove("Subject"),
    before: ["X-Subject: a", "Organization:   Home1 "],
    after: ["X-Subject: a", "Organization:   Home1 "],
  },
  {
    name: "removes all fields but the listed and the mandatory ones",
    actions: edits({ kind: "remove-other-fields", except: ["Via", "From", "To", "Contact"] }),
    before: ["X-Unknown: ;;,,;;", "m: <sip:al@10.1.1.1>", "Subject: a", "Content-Length: 0"],
    after: ["m: <sip:al@10.1.1.1>", "Content-Length: 0"],
  },
  {
    name: "removes a field that the policy declares",
    actions: remove("X-Corp-Trace"),
    before: ["x-corp-trace: 1, 2", "X-Other: 3"],
    after: ["X-Other: 3"],
    policy: withTrace,
  },
];

const values: readonly EditCase[] = [
  {
    name: "a kept value takes the separator that stood before it",
    actions: removeValues("Supported", valueIs("b")),
    before: ["Supported: a ,b;q,  c\t,\r\n d, b"],
    after: ["Supported: a ,b;q,  c\t,\r\n d"],
  },
  {
    name: "the first values of a row go with the separators behind them",
    actions: removeValues("Supported", valueIs("a", "b")),
    before: ["Supported: a ,b,  c, d"],
    after: ["Supported: c, d"],
  },
  {
    name: "a row goes with its last value, the field with its last row",
    actions: removeValues("Supported", valueIs("a", "b")),
    before: ["Supported: a", "X: 1", "k: b,c", "Supported: a ,b"],
    after: ["X: 1", "k: c"],
  },
  {
    name: "a field goes that has lost all its values",
    actions: removeValues("Proxy-Require", valueIs("privacy")),
    before: ["Proxy-Require: Privacy,", "Proxy-Require: PRIVACY, privacy", "X: 1"],
    after: ["X: 1"],
  },
  {
    name: "commas in quotes and in angle brackets separate nothing",
    actions: removeValues(
      "P-Asserted-Identity",
      where({ kind: "scheme" }, { kind: "among", texts: ["tel"] }),
    ),
    before: ['P-Asserted-Identity: "A, B" <sip:a,b@x>, <tel:+1>, "C\\", D" <sip:c@x>'],
    after: ['P-Asserted-Identity: "A, B" <sip:a,b@x>, "C\\", D" <sip:c@x>'],
  },
  {
    name: "the first sip or sips URI and the first tel URI stay (RFC 5876 4.5)",
    actions: edits({ kind: "remove-surplus", field: "P-Asserted-Identity" }),
    before: [
      "P-Asserted-Identity: <sip:a@carrier-c.example>, <sip:b@carrier-c.example>, <tel:+1>, <mailto:q@x>, <sips:a@carrier-c.example>",
    ],
    after: ["P-Asserted-Identity: <sip:a@carrier-c.example>, <tel:+1>"],
  },
  {
    name: "priv-values stand between semicolons",
    actions: removeValues("Privacy", valueIs("user")),
    before: ["Privacy: id ;USER; critical", "Privacy: user"],
    after: ["Privacy: id; critical"],
  },
];

const writing: readonly EditCase[] = [
  {
    name: "set writes one row in the place of the first, its name as it stands",
    actions: edits({ kind: "set-field", field: "Subject", text: "withheld" }),
    before: ["s :  Lunch", "X: 1", "Subject: Dinner"],
    after: ["s :  withheld", "X: 1"],
  },
  {
    name: "set adds a row behind the last where there is none",
    actions: edits({ kind: "set-field", field: "Privacy", text: "id" }),
    before: ["X: 1"],
    after: ["X: 1", "Privacy: id"],
  },
  {
    name: "set of what stands there already is no edit",
    actions: edits({ kind: "set-field", field: "Subject", text: "Lunch" }),
    before: ["s:Lunch"],
    after: ["s:Lunch"],
  },
  {
    name: "added rows stand behind the last header field, by name",
    actions: edits(
      { kind: "add-field", field: "X-B", text: "2" },
      { kind: "add-field", field: "X-A", text: "1" },
      { kind: "remove-field", field: "Subject" },
    ),
    before: ["X-Z: 0", "Subject: a"],
    after: ["X-Z: 0", "X-A: 1", "X-B: 2"],
  },
  {
    name: "text that is not ASCII leaves as it came, and is written in UTF-8",
    actions: edits({ kind: "set-field", field: "Organization", text: "Zürich" }),
    before: ["Subject: größer", "Organization: Köln"],
    after: ["Subject: größer", "Organization: Zürich"],
  },
];

const joins: readonly EditCase[] = [
  {
    name: "remove is stronger than anonymize, and anonymize than set",
    actions: edits(
      { kind: "set-field", field: "Reply-To", text: "<sip:x@y>" },
      { kind: "anonymize", field: "Reply-To", where: everyValue },
      { kind: "anonymize", field: "Organization", where: everyValue },
      { kind: "set-field", field: "Referred-By", text: "<sip:x@y>" },
      { kind: "anonymize", field: "Referred-By", where: everyValue },
      { kind: "remove-field", field: "Referred-By" },
    ),
    before: ["Reply-To: <sip:al@home1.example>", "b: <sip:al@home1.example>"],
    after: ["Reply-To: <sip:anonymous@anonymous.invalid>"],
  },
  {
    name: "a removed value is not made anonymous",
    actions: edits(
      { kind: "anonymize", field: "P-Asserted-Identity", where: everyValue },
      {
        kind: "remove-values",
        field: "P-Asserted-Identity",
        where: where({ kind: "scheme" }, { kind: "among", texts: ["tel"] }),
      },
    ),
    before: ["P-Asserted-Identity: <sip:al@home1.example>, <tel:+1>"],
    after: ['P-Asserted-Identity: "Anonymous" <sip:anonymous@anonymous.invalid>'],
  },
  {
    name: "a removed field absorbs what is asked of its values",
    actions: edits(
      { kind: "remove-field", field: "Contact" },
      { kind: "remove-display-name", field: "Contact", where: everyValue },
      { kind: "remove-parameters", field: "Contact", of: "value", names: ["q"], where: everyValue },
    ),
    before: ['Contact: "Al" <sip:al@home1.example>;q=1'],
    after: [],
  },
  {
    name: "what the anonymous form keeps can still be removed",
    actions: edits(
      { kind: "anonymize", field: "Diversion", where: everyValue },
      { kind: "remove-parameters", field: "Diversion", of: "value", names: ["counter"], where: everyValue },
    ),
    before: ["Diversion: <tel:+15553>;reason=unconditional;counter=2;privacy=full"],
    after: ["Diversion: <sip:anonymous@anonymous.invalid>;reason=unconditional"],
  },
];

export function runFields(makeEngine: MakeEngine): void {
  describe("removal of header fields", () => runEdits(makeEngine, removals));
  describe("removal of values", () => runEdits(makeEngine, values));
  describe("rows that are written", () => runEdits(makeEngine, writing));
  describe("several edits of one place", () => runEdits(makeEngine, joins));
}
