/** Passages made by hand, and what a log says of them. */
import fc from "fast-check";
import type { HandshakePassage, Passage } from "../../../border/index.ts";
import {
  BorderLog,
  type BorderLogSettings,
  type MessagePassage,
  type PassageEnd,
} from "../../../border/index.ts";
import type { MessageDecision } from "../../../engine/index.ts";

export type Line = Readonly<Record<string, unknown>>;

const at = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

export const invite: readonly string[] = [
  "INVITE sip:+4930123@home1.example SIP/2.0",
  "Via: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bK1",
  'From: "Alice" <sip:alice@open-d.example>;tag=1',
  "To: <sip:+4930123@home1.example>",
  "Call-ID: 77@host-of-alice",
  "CSeq: 1 INVITE",
  "Max-Forwards: 70",
  "Content-Length: 0",
];

export function bytesOf(rows: readonly string[]): Uint8Array {
  return Buffer.from(`${rows.join("\r\n")}\r\n\r\n`);
}

function end(network: string, transport: "udp" | "tcp", address: string, port: number): PassageEnd {
  return { network, connection: { transport, remoteAddress: address }, transport, address, port };
}

export function messagePassage(facts: Partial<MessagePassage> = {}): MessagePassage {
  return {
    kind: "message",
    at,
    method: "INVITE",
    status: undefined,
    from: end("open-d", "udp", "192.0.2.7", 5060),
    to: end("home", "tcp", "198.51.100.1", 5070),
    outcome: { kind: "forwarded" },
    decision: messageDecision(),
    asked: undefined,
    received: bytesOf(invite),
    sent: undefined,
    ...facts,
  };
}

export function messageDecision(facts: Partial<MessageDecision> = {}): MessageDecision {
  return {
    kind: "message",
    verdict: "allow",
    status: undefined,
    reason: undefined,
    answeredBy: undefined,
    silent: false,
    closes: false,
    violation: undefined,
    from: { network: "open-d", trusted: false, because: "no trust" },
    to: { network: "home", trusted: true, because: "trust home" },
    rules: [{ name: "withhold", file: "p.privet", line: 3, because: "RFC 3325 7" }],
    edits: [{ field: "P-Asserted-Identity", action: "remove", rule: "withhold", because: "" }],
    marks: ["seen"],
    bytes: undefined,
    ...facts,
  };
}

export function handshakePassage(facts: Partial<HandshakePassage["decision"]> = {}): HandshakePassage {
  return {
    kind: "handshake",
    event: {
      kind: "handshake",
      role: "server",
      connection: { transport: "tls", listener: "outside", remoteAddress: "192.0.2.9" },
      at,
    },
    decision: {
      kind: "handshake",
      verdict: "reject",
      partner: undefined,
      identities: ["a.example"],
      reason: "it has expired",
      cause: "it has expired",
      rules: [],
      ...facts,
    },
  };
}

/** A log and the text that it has written. */
export function openLog(settings: Partial<BorderLogSettings> = {}): { log: BorderLog; text: () => string } {
  let written = "";
  const destination = {
    write: (line: string): void => {
      written += line;
    },
  };
  return { log: new BorderLog({ destination, level: "decisions", ...settings }), text: () => written };
}

export function logged(
  passages: readonly Passage[],
  settings: Partial<BorderLogSettings> = {},
): readonly Line[] {
  const { log, text } = openLog(settings);
  for (const passage of passages) log.log(passage);
  return readLines(text());
}

export function readLines(text: string): readonly Line[] {
  return text
    .split("\n")
    .slice(0, -1)
    .map((line): Line => JSON.parse(line));
}

/** Stands in no line by itself: network names, hexadecimal digits and our words have no such letters together. */
export const subscriberMark: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^zq[a-z0-9]{2,10}$/u),
  fc.stringMatching(/^ZQ[A-Z]{1,5}$/u),
  fc.stringMatching(/^\+4930[0-9]{5,9}$/u),
  fc.stringMatching(/^[\u738b\u5c0f\u660e]{2,3}$/u),
);

/** A message that has the mark wherever a subscriber may be named, and where nobody is expected. */
export function marked(one: string, method: string): readonly string[] {
  return [
    `${method} sip:${one}@${one}.example;p=${one}?Subject=${one} SIP/2.0`,
    `Via: SIP/2.0/UDP ${one}.example;branch=z9hG4bK${one}`,
    `From: "${one}" <sip:${one}@${one}.example>;tag=${one}`,
    `To: ${one} <tel:${one};phone-context=${one}.example>`,
    `Call-ID: ${one}@${one}`,
    `CSeq: 1 ${method}`,
    `Contact: <sips:${one}@${one}.example>;+sip.instance="<urn:uuid:${one}>"`,
    `P-Asserted-Identity: "${one}" <sip:${one}@${one}.example>`,
    `Privacy: ${one}`,
    `History-Info: <sip:${one}@x.example?Reason=${one}>;index=1`,
    `X-${one}: ${one}`,
    `Subject: ${one}`,
    "Content-Length: 0",
    "",
    `s=${one}`,
  ];
}

/** Words that quote it, as a cause may. */
export const quoting = (one: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom("", "'", "<sip:", "x", "“", "(", "no way to "),
      fc.constantFrom("", "'", ">", "@y", "”", ".example", " it is", ":5060"),
    )
    .map(([before, after]) => `can't read ${before}${one}${after}`);
