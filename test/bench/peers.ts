/** The SIP packages of npm, each doing what it can: parse, or parse, delete fields, serialise. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type { Contestant } from "./clock.ts";
import { leaks, withheld } from "./invite.ts";

interface SipMessage {
  method: string;
  headers: Record<string, unknown>;
}

interface SipModule {
  parse(text: string): SipMessage | undefined;
  stringify(message: SipMessage): string;
}

interface DrachtioMessage {
  method: string;
  headers: Record<string, string>;
  toString(): string;
}

interface DrachtioModule {
  SipMessage: new (text: string) => DrachtioMessage;
}

interface BrowserMessage {
  method: string;
  getHeader(name: string): string | undefined;
}

interface JsSipParser {
  parseMessage(text: string, agent: object): BrowserMessage | undefined;
}

interface SipJsModule {
  Parser: { parseMessage(text: string, logger: object): BrowserMessage | undefined };
}

const require = createRequire(import.meta.url);
const sip: SipModule = require("sip");
const drachtio: DrachtioModule = require("drachtio-sip");
const jssip: JsSipParser = require("jssip/lib/Parser.js");
const { Parser: sipJs }: SipJsModule = await import(require.resolve("sip.js/lib/core/messages/parser.js"));

const lowered = withheld.map((name) => name.toLowerCase());
// drachtio-sip keys the fields that it knows in lower case, and all others as they came.
const spellings = [...lowered, ...withheld];
const silence: () => void = () => undefined;
const logger = { warn: silence, error: silence, log: silence, debug: silence };

/** As every server gets them, the messages come as bytes. */
function text(message: Uint8Array): string {
  return (message as Buffer).toString("latin1");
}

function present<T>(value: T | undefined): T {
  assert.ok(value !== undefined, "a peer can't read the INVITE");
  return value;
}

interface Peer {
  readonly name: string;
  readonly job: "parse" | "parse, delete, serialise";
  readonly run: (message: Uint8Array) => unknown;
}

const peers: readonly Peer[] = [
  { name: "sip", job: "parse", run: (message) => sip.parse(text(message)) },
  {
    name: "sip",
    job: "parse, delete, serialise",
    run: (message) => {
      const parsed = present(sip.parse(text(message)));
      for (const name of lowered) delete parsed.headers[name];
      return Buffer.from(sip.stringify(parsed), "latin1");
    },
  },
  { name: "drachtio-sip", job: "parse", run: (message) => new drachtio.SipMessage(text(message)) },
  {
    name: "drachtio-sip",
    job: "parse, delete, serialise",
    run: (message) => {
      const parsed = new drachtio.SipMessage(text(message));
      for (const name of spellings) delete parsed.headers[name];
      return Buffer.from(parsed.toString(), "latin1");
    },
  },
  { name: "jssip", job: "parse", run: (message) => jssip.parseMessage(text(message), {}) },
  { name: "sip.js", job: "parse", run: (message) => sipJs.parseMessage(text(message), logger) },
];

/** The peers over these messages. What each makes of the first is checked here, before any clock starts. */
export function peerContestants(messages: readonly Uint8Array[]): Contestant[] {
  for (const peer of peers) check(peer, messages[0]!);
  const mask = messages.length - 1;
  return peers.map(({ name, job, run }) => ({
    name: `${name}: ${job}`,
    run: (index) => run(messages[index & mask]!),
  }));
}

function check(peer: Peer, message: Uint8Array): void {
  const result = peer.run(message);
  if (peer.job === "parse") {
    assert.equal((result as { method: string }).method, "INVITE", `${peer.name} reads the method`);
    return;
  }
  const written = (result as Buffer).toString("latin1");
  assert.deepEqual(leaks(written), [], `${peer.name} takes the fields out`);
  assert.match(written, /\r\nCall-ID: a84b4c/i, `${peer.name} keeps the rest`);
}
