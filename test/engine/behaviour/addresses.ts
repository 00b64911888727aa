/** Edits of the parts of an address and of its URI, and anonymous forms (RFC 3323 4.1.1.3). */
import { describe } from "node:test";
import type { Edit } from "../../../grammar/model.ts";
import { edit, everyValue } from "../policy-builder.ts";
import { type EditCase, type MakeEngine, runEdits } from "./case.ts";
import { where } from "./fields.ts";

function edits(...of: readonly Edit[]): readonly ReturnType<typeof edit>[] {
  return of.map((one) => edit(one));
}

function anonymize(field: string): readonly ReturnType<typeof edit>[] {
  return edits({ kind: "anonymize", field, where: everyValue });
}

function parameters(of: "value" | "uri" | "number", field: string, ...names: readonly string[]) {
  return edits({ kind: "remove-parameters", of, field, names, where: everyValue });
}

const hosts = where({ kind: "host" }, { kind: "own" });

const anonymousForms: readonly EditCase[] = [
  {
    name: "From loses its name and URI and keeps its tag where it stands",
    actions: anonymize("From"),
    before: ['f: "Alice Liddell" <sip:alice@home1.example> ; x=1;tag=9fx'],
    after: ['f: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=9fx'],
  },
  {
    name: "a From without brackets gets them, and its parameters stay the field's (RFC 3261 20)",
    actions: anonymize("From"),
    before: ["From: sip:alice@home1.example;tag=9fx"],
    after: ['From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=9fx'],
  },
  {
    name: "an anonymous From is left as it is",
    actions: anonymize("From"),
    before: ["From: <sip:anonymous@anonymous.invalid>;tag=9fx"],
    after: ["From: <sip:anonymous@anonymous.invalid>;tag=9fx"],
  },
  {
    name: "a name beside the anonymous URI is not",
    actions: anonymize("From"),
    before: ["From: Alice <sip:anonymous@anonymous.invalid>;tag=9fx"],
    after: ['From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=9fx'],
  },
  {
    name: "a user beside the anonymous host is not",
    actions: anonymize("From"),
    before: ["From: <sip:alice@anonymous.invalid>;tag=9fx"],
    after: ['From: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=9fx'],
  },
  {
    name: "nor is a password, a port or a parameter",
    actions: anonymize("Diversion"),
    before: [
      "Diversion: <sip:anonymous:al@anonymous.invalid>, <sip:anonymous@anonymous.invalid:5061>",
      "Diversion: <sip:anonymous@anonymous.invalid;gr=al>, <sips:ANONYMOUS@anonymous.invalid>",
    ],
    after: [
      "Diversion: <sip:anonymous@anonymous.invalid>, <sip:anonymous@anonymous.invalid>",
      "Diversion: <sip:anonymous@anonymous.invalid>, <sips:ANONYMOUS@anonymous.invalid>",
    ],
  },
  {
    name: "entries of our own domains in History-Info, with index, mp and Reason (RFC 7044 10.1.2)",
    actions: edits({ kind: "anonymize", field: "History-Info", where: hosts }),
    before: [
      "History-Info: <sip:bob@home1.example>;index=1, <sip:carol@HOME1.example.?x=1&Reason=SIP%3Bcause%3D302&Privacy=history>;index=1.1;mp=1",
      "History-Info: <sip:dan@carrier-c.example>;index=1.1.1;rc=1.1",
    ],
    after: [
      "History-Info: <sip:anonymous@anonymous.invalid>;index=1, <sip:anonymous@anonymous.invalid?Reason=SIP%3Bcause%3D302>;index=1.1;mp=1",
      "History-Info: <sip:dan@carrier-c.example>;index=1.1.1;rc=1.1",
    ],
  },
  {
    name: "Diversion keeps its reason and loses what speaks of privacy (RFC 7544 3.2)",
    actions: anonymize("Diversion"),
    before: ["Diversion: <tel:+15553>;reason=unconditional;privacy=full"],
    after: ["Diversion: <sip:anonymous@anonymous.invalid>;reason=unconditional"],
  },
  {
    name: "of a Warning only the agent's name goes (RFC 3261 20.43)",
    actions: anonymize("Warning"),
    before: ['Warning: 304 alice-pc.home1.example:5060 "media, of alice", 399 - "b"'],
    after: ['Warning: 304 - "media, of alice", 399 - "b"'],
  },
];

const parts: readonly EditCase[] = [
  {
    name: "a display name goes with the blanks behind it",
    actions: edits({ kind: "remove-display-name", field: "Contact", where: everyValue }),
    before: [
      'Contact: "Al, B"  <sip:al@home1.example>;q=1, Bo <sip:bo@home1.example>, <sip:c@home1.example>',
    ],
    after: ["Contact: <sip:al@home1.example>;q=1, <sip:bo@home1.example>, <sip:c@home1.example>"],
  },
  {
    name: "a parameter goes with the semicolon before it (RFC 8497 7.2)",
    actions: parameters("value", "Session-ID", "logme"),
    before: ["Session-ID: ab30317f ;remote=00 ; LOGME", "X: ;logme"],
    after: ["Session-ID: ab30317f ;remote=00", "X: ;logme"],
  },
  {
    name: "a semicolon in quotes begins no parameter",
    actions: parameters("value", "Contact", "q"),
    before: ['Contact: <sip:a@x>;n="1;q=2";q=3;p=";q"'],
    after: ['Contact: <sip:a@x>;n="1;q=2";p=";q"'],
  },
  {
    name: "parameters of the URI stand inside the brackets",
    actions: parameters("uri", "Contact", "transport"),
    before: ["Contact: <sip:a@x;lr;Transport=tcp;x=1>;transport=udp", "Contact: sip:a@x;transport=udp"],
    after: ["Contact: <sip:a@x;lr;x=1>;transport=udp", "Contact: sip:a@x;transport=udp"],
  },
  {
    name: "header fields in a URI are rejoined behind the question mark",
    actions: edits({
      kind: "remove-uri-headers",
      field: "Refer-To",
      names: ["from", "p-asserted-identity"],
      except: false,
      where: everyValue,
    }),
    before: ["r: <sip:a@x?From=b&Replaces=1%402&%50-Asserted-Identity=c&Accept=d>"],
    after: ["r: <sip:a@x?Replaces=1%402&Accept=d>"],
    method: "REFER",
  },
  {
    name: "the question mark goes with the last one",
    actions: edits({
      kind: "remove-uri-headers",
      field: "Refer-To",
      names: [],
      except: true,
      where: everyValue,
    }),
    before: ["r: <sip:a@x;lr?From=b&Accept=d>"],
    after: ["r: <sip:a@x;lr>"],
    method: "REFER",
  },
  {
    name: "all but the named ones go",
    actions: edits({
      kind: "remove-uri-headers",
      field: "Refer-To",
      names: ["replaces"],
      except: true,
      where: everyValue,
    }),
    before: ["r: <sip:a@x?From=b&Replaces=1&Accept=d>"],
    after: ["r: <sip:a@x?Replaces=1>"],
    method: "REFER",
  },
  {
    name: "number parameters of tel URIs and inside users of sip URIs (TS 24.229 4.4.12)",
    actions: parameters("number", "every-uri", "cpc", "oli"),
    before: [
      "From: <tel:+15552;oli=0;cpc=payphone>;tag=q",
      "Contact: <sip:+15553;CPC=x;isub=2@home1.example;cpc=uri>;cpc=field",
    ],
    after: ["From: <tel:+15552>;tag=q", "Contact: <sip:+15553;isub=2@home1.example;cpc=uri>;cpc=field"],
  },
  {
    name: "parts that are set",
    actions: edits(
      {
        kind: "set-part",
        field: "Contact",
        part: { kind: "display-name" },
        text: 'B "x"',
        where: everyValue,
      },
      { kind: "set-part", field: "Contact", part: { kind: "user" }, text: "u", where: everyValue },
      { kind: "set-part", field: "Contact", part: { kind: "host" }, text: "h.example", where: everyValue },
      {
        kind: "set-part",
        field: "Contact",
        part: { kind: "parameter", name: "q" },
        text: "0.5",
        where: everyValue,
      },
    ),
    before: ["m: sip:a:pw@x:5070;q=1, <sip:x>, Al <sips:b@y;lr>;q"],
    after: [
      'm: "B \\"x\\"" <sip:u@h.example:5070>;q=0.5, "B \\"x\\"" <sip:u@h.example>;q=0.5, "B \\"x\\"" <sips:u@h.example;lr>;q=0.5',
    ],
  },
];

export function runAddresses(makeEngine: MakeEngine): void {
  describe("anonymous forms", () => runEdits(makeEngine, anonymousForms));
  describe("parts of addresses and URIs", () => runEdits(makeEngine, parts));
}
