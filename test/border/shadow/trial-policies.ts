/** Policies for trials, and passages as the border tells of them. */
import assert from "node:assert/strict";
import { loadPolicy, type MessagePassage, type PassageEnd } from "../../../border/index.ts";
import { type ConnectionFacts, compile, type Engine, type NetworkEnd } from "../../../engine/index.ts";
import { textMessage } from "../phone.ts";

export const at: number = Date.UTC(2026, 5, 1, 12);

const networks = `network home {
  own
  domain "home1.example"
  listener "inside"
}
network open-d {
  domain "open-d.example"
  listener "outside"
}
trust home
`;

/** home is our own and trusted, open-d is not; `rules` say the rest. */
function policyText(rules: string, others: string = networks): string {
  return `language 1\npolicy "a trial"\n${others}${rules}`;
}

/** @param others in the place of networks and trust */
export function engineOf(rules: string, others: string = networks): Engine {
  const { policy, diagnostics, context } = loadPolicy("p.privet", {
    replace: (path) => (path === "p.privet" ? policyText(rules, others) : undefined),
  });
  assert.ok(policy !== undefined, JSON.stringify(diagnostics));
  return compile(policy, context);
}

/** Decides nothing. */
export function brokenEngine(error: Error): Engine {
  const { policy, fields } = engineOf("");
  const broken = (): never => {
    throw error;
  };
  return {
    policy,
    fields,
    networkOf: broken,
    decide: broken,
    enter: broken,
    leave: broken,
    refuses: broken,
    explain: broken,
  };
}

export const rule = (name: string, event: string, ...lines: readonly string[]): string =>
  [`rule ${name}`, `  on ${event}`, ...lines.map((line) => `  ${line}`), '  because "test"', ""].join("\n");

export const invite = (...rows: readonly string[]): string =>
  textMessage(
    "INVITE sip:bob@open-d.example SIP/2.0",
    "Via: SIP/2.0/UDP 127.0.0.1:5060;branch=z9hG4bK1",
    "Max-Forwards: 70",
    "From: <sip:alice@home1.example>;tag=1",
    "To: <sip:bob@open-d.example>",
    "Call-ID: c1@alice",
    "CSeq: 1 INVITE",
    "P-Asserted-Identity: <sip:alice@home1.example>",
    "Subject: hello",
    ...rows,
    "Content-Length: 0",
  );

type ConnectedEnd = PassageEnd & NetworkEnd;
type Facts = Omit<Partial<MessagePassage>, "from"> & { readonly from?: ConnectedEnd };

export function end(network: string, facts: Partial<ConnectionFacts> = {}): ConnectedEnd {
  const listener = network === "home" ? "inside" : "outside";
  const connection = { transport: "udp", listener, remoteAddress: "127.0.0.1", ...facts } as const;
  return { network, connection, transport: connection.transport, address: "127.0.0.1", port: 5060 };
}

/** What a border with that engine in force tells of a request from home to open-d. */
export function passageOf(engine: Engine, text: string, facts: Facts = {}): MessagePassage {
  const bytes = Buffer.from(text);
  const { from = end("home"), to = end("open-d") } = facts;
  const { connection } = end(to.network, to.connection);
  const asked = { kind: "message", bytes, framing: "datagram", at, from } as const;
  const decision = engine.decide({ ...asked, to: { network: to.network, connection } });
  return {
    kind: "message",
    at,
    method: "INVITE",
    status: undefined,
    from,
    to,
    outcome: { kind: "forwarded" },
    decision,
    asked,
    received: bytes,
    sent: undefined,
    ...facts,
  };
}

/** The same of a request that did not come further than the in gate. */
export function unroutedPassageOf(engine: Engine, text: string, facts: Facts = {}): MessagePassage {
  const whole = passageOf(engine, text);
  const { refused } = engine.enter(whole.asked!);
  const status = refused?.status ?? 404;
  return {
    ...whole,
    to: undefined,
    decision: refused,
    outcome: { kind: "answered", status, reason: "", cause: "" },
    ...facts,
  };
}
