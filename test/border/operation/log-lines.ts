/** Passages made by hand, and what a log says of them. */

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
