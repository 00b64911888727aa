/** The calls of the tour, each with what must come of it. */
import { type Agent, type Call } from "./agent.ts";
import { compose, fieldValues, newToken, startLine, viaOf } from "./sip-text.ts";
import type { World } from "./world.ts";

export interface Step {
  readonly title: string;
  /** What to look for. */
  readonly about: string;
  /** What did not come out as it should; empty: all is well. Rejects where nothing came at all. */
  run(world: World): Promise<readonly string[]>;
}

const host = "127.0.0.1";
const sdp = [
  "v=0",
  "o=alice 2890844526 2890844526 IN IP4 127.0.0.1",
  "s=-",
  "c=IN IP4 127.0.0.1",
  "t=0 0",
  "m=audio 49170 RTP/AVP 0",
  "",
].join("\r\n");

const alice = '"Alice" <sip:alice@home1.example>';
const identity = `P-Asserted-Identity: ${alice}`;
const location = "P-Access-Network-Info: 3GPP-E-UTRAN-FDD;utran-cell-id-3gpp=2340150000001";
const charging = "P-Charging-Vector: icid-value=1a2b3c;orig-ioi=home1.example";

export const steps: readonly Step[] = [
  {
    title: "A call to carrier-c, over TLS",
    about:
      "its NAPTR and SRV records ask for TLS. An agreement, TLS, and a certificate that names the partner: the identity may pass, and so may the wish for privacy",
    async run(world) {
      const call = await fromHome(
        world,
        "INVITE",
        "sip:bob@carrier-c.example",
        [identity, "Privacy: id"],
        sdp,
      );
      const invite = last(world.carrier, "INVITE");
      const problems = [
        ...expectStatus(call, "200"),
        ...expectField(invite, "P-Asserted-Identity", [alice]),
        ...expectField(invite, "Privacy", ["id"]),
      ];
      return [...problems, ...expectStatus({ final: await world.home.hangUp(call) }, "200")];
    },
  },
  {
    title: "The same call to open-d, over UDP",
    about: "no agreement, no TLS: who calls, from which cell, and who pays stay inside",
    async run(world) {
      const call = await fromHome(
        world,
        "INVITE",
        "sip:bob@open-d.example;transport=udp",
        [identity, "Privacy: id", location, charging],
        sdp,
      );
      const invite = last(world.open, "INVITE");
      const problems = [
        ...expectStatus(call, "200"),
        ...expectField(invite, "P-Asserted-Identity", []),
        ...expectField(invite, "P-Access-Network-Info", []),
        ...expectField(invite, "P-Charging-Vector", []),
        ...expectField(invite, "Privacy", ["id"]),
        ...(/SIP\/2\.0\/UDP/.test(fieldValues(invite, "Via")[0] ?? "") ? [] : ["it did not come over UDP"]),
      ];
      return [...problems, ...expectStatus({ final: await world.home.hangUp(call) }, "200")];
    },
  },
  {
    title: "A message to open-d, over TCP, from somebody who wants no name shown",
    about: "Privacy: user asks the border to act for the caller (RFC 3323 5.3)",
    async run(world) {
      const rows = [
        identity,
        "Privacy: user",
        "Subject: Lunch",
        "User-Agent: Softphone/1.0",
        "Organization: Home1",
      ];
      const sent = await fromHome(world, "MESSAGE", "sip:bob@open-d.example;transport=tcp", rows);
      const message = last(world.open, "MESSAGE");
      return [
        ...expectStatus(sent, "200"),
        ...(/anonymous\.invalid/.test(fieldValues(message, "From")[0] ?? "")
          ? []
          : ["From still shows the caller"]),
        ...["P-Asserted-Identity", "Subject", "User-Agent", "Organization", "Privacy"].flatMap((field) =>
          expectField(message, field, []),
        ),
        ...(/SIP\/2\.0\/TCP/.test(fieldValues(message, "Via")[0] ?? "") ? [] : ["it did not come over TCP"]),
      ];
    },
  },
  {
    title: "A caller from outside who claims to be somebody of ours",
    about:
      "nobody untrusted asserts an identity, and its own Privacy: none protects nothing forged (RFC 3325 5)",
    async run(world) {
      const rows = ["P-Asserted-Identity: <sip:ceo@home1.example>", "Privacy: none"];
      const connection = await world.open.open({
        transport: "udp",
        address: host,
        port: world.port("outside", "udp"),
      });
      const request = requestOf(
        "INVITE",
        "sip:bob@home1.example",
        `UDP ${host}:${world.open.port("udp")}`,
        '"CEO" <sip:ceo@open-d.example>',
        rows,
        sdp,
      );
      const call = await world.open.ask(connection, request);
      const problems = [
        ...expectStatus(call, "200"),
        ...expectField(last(world.home, "INVITE"), "P-Asserted-Identity", []),
      ];
      return [...problems, ...expectStatus({ final: await world.open.hangUp(call) }, "200")];
    },
  },
  {
    title: "carrier-c calls us, over TLS with its own certificate",
    about: "the partner opens the connection this time; its word on who calls is taken",
    async run(world) {
      const connection = await world.carrier.open(toSecure(world));
      const who = '"Carol" <sip:carol@carrier-c.example>';
      const sentBy = `TLS ${host}:${world.carrier.port("tls")}`;
      const request = requestOf(
        "INVITE",
        "sip:bob@home1.example",
        sentBy,
        who,
        [`P-Asserted-Identity: ${who}`],
        sdp,
      );
      const call = await world.carrier.ask(connection, request);
      const problems = [
        ...expectStatus(call, "200"),
        ...expectField(last(world.home, "INVITE"), "P-Asserted-Identity", [who]),
      ];
      return [...problems, ...expectStatus({ final: await world.carrier.hangUp(call) }, "200")];
    },
  },
  {
    title: "An impostor with a certificate that says carrier-c",
    about:
      "another authority signed it: the connection ends before a byte of SIP is read (TS 33.203 6.5, RFC 5922 7)",
    async run(world) {
      const before = world.home.received.length;
      const request = requestOf(
        "INVITE",
        "sip:bob@home1.example",
        `TLS ${host}:5061`,
        "<sip:carol@carrier-c.example>",
        [],
        sdp,
      );
      const answered = await world.impostor
        .open(toSecure(world))
        .then((connection) => world.impostor.ask(connection, request))
        .then(
          () => true,
          () => false,
        );
      return [
        ...(answered ? ["the impostor had an answer"] : []),
        ...(world.home.received.length > before ? ["the impostor's call reached home"] : []),
      ];
    },
  },
  {
    title: "A wish for privacy that can't be met",
    about: "header and critical: rather no call than one that shows too much (RFC 3323 5)",
    async run(world) {
      const before = world.open.received.length;
      const call = await fromHome(
        world,
        "INVITE",
        "sip:bob@open-d.example",
        [identity, "Privacy: header;critical"],
        sdp,
      );
      return [
        ...expectStatus(call, "500"),
        ...(world.open.received.length > before ? ["the call reached open-d"] : []),
      ];
    },
  },
  {
    title: "A stranger who wants to be carried to carrier-c",
    about: "the border is no relay between other networks: only a `transit` statement would let this pass",
    async run(world) {
      const connection = await world.open.open({
        transport: "tcp",
        address: host,
        port: world.port("outside", "tcp"),
      });
      const request = requestOf(
        "INVITE",
        "sip:bob@carrier-c.example",
        `TCP ${host}:${world.open.port("tcp")}`,
        "<sip:dave@open-d.example>",
        [],
        sdp,
      );
      return expectStatus(await world.open.ask(connection, request), "403");
    },
  },
];

/** Alice's own server sends it to the border's inside. */
async function fromHome(
  world: World,
  method: string,
  uri: string,
  rows: readonly string[],
  body = "",
): Promise<Call> {
  const connection = await world.home.open({
    transport: "udp",
    address: host,
    port: world.port("inside", "udp"),
  });
  return world.home.ask(
    connection,
    requestOf(method, uri, `UDP ${host}:${world.home.port("udp")}`, alice, rows, body),
  );
}

/** A request outside any dialog. `sentBy` is transport, blank, host and port. */
export function requestOf(
  method: string,
  uri: string,
  sentBy: string,
  from: string,
  rows: readonly string[],
  body = "",
): string {
  const contact = /<sip:([^@>]+)@/.exec(from)?.[1] ?? "someone";
  return compose(
    `${method} ${uri} SIP/2.0`,
    [
      `Via: ${viaOf(sentBy)}`,
      "Max-Forwards: 70",
      `From: ${from};tag=${newToken()}`,
      `To: <${uri.replace(/;.*/, "")}>`,
      `Call-ID: ${newToken()}@${host}`,
      `CSeq: 1 ${method}`,
      ...(method === "INVITE"
        ? [
            `Contact: <sip:${contact}@${sentBy.split(" ")[1]};transport=${sentBy.split(" ")[0]!.toLowerCase()}>`,
          ]
        : []),
      ...rows,
    ],
    body,
  );
}

function toSecure(world: World) {
  return {
    transport: "tls",
    address: host,
    port: world.port("outside", "tls"),
    domain: "home1.example",
  } as const;
}

function last(agent: Agent, method: string): string {
  return agent.received.findLast((message) => startLine(message)[0] === method) ?? "";
}

function expectStatus({ final }: Pick<Call, "final">, status: string): readonly string[] {
  const [, had, reason] = startLine(final);
  return had === status ? [] : [`the answer was ${had} ${reason}, not ${status}`];
}

function expectField(message: string, field: string, values: readonly string[]): readonly string[] {
  const had = fieldValues(message, field);
  const same = had.length === values.length && had.every((value, index) => value === values[index]);
  return same
    ? []
    : [
        `${field} arrived as ${had.length === 0 ? "nothing" : had.join(", ")}, not as ${values.join(", ") || "nothing"}`,
      ];
}
