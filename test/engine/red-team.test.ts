/**
 * Attempts to get past the policies that ship: an identity or a location out to an
 * untrusted network, a forged one in. Each is decided by the compiled engine and by the
 * interpreter; what must not arrive is looked for in the bytes that leave.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { compile, type Engine, interpret, type MessageDecision } from "../../engine/index.ts";
import { Scan } from "../../wire/index.ts";
import { readShipped } from "../policies/shipped-policies.ts";
import { textOf } from "./messages.ts";

type End = "home" | "open-d" | "stranger";

interface Draft {
  readonly start?: string;
  readonly from?: string;
  readonly to?: string;
  readonly rows?: readonly string[];
  readonly body?: string;
}

const invite = "INVITE sip:bob@open-d.example SIP/2.0";

function messageOf({ start = invite, from, to, rows = [], body = "" }: Draft): Uint8Array {
  const method = /^sip\//i.test(start) ? "INVITE" : start.split(" ")[0];
  const lines = [
    start,
    "Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK1",
    "Max-Forwards: 70",
    from ?? "From: <sip:al@home1.example>;tag=1",
    to ?? "To: <sip:bob@open-d.example>",
    "Call-ID: a@192.0.2.10",
    `CSeq: 1 ${method}`,
    ...rows,
    "",
    body,
  ];
  return Buffer.from(lines.join("\r\n"), "latin1");
}

const addresses = { home: "198.51.100.4", "open-d": "203.0.113.9", stranger: "203.0.113.200" } as const;

function enginesOf(file: string): readonly Engine[] {
  const { policy, context } = readShipped(file);
  assert.ok(policy !== undefined);
  return [compile(policy, context), interpret(policy, context)];
}

const ims = enginesOf("ims-border.privet");
const strict = enginesOf("strict-border.privet");
const both = [...ims, ...strict];

function endOf(network: End) {
  const listener = network === "home" ? "inside" : "outside";
  return { network, connection: { transport: "udp", listener, remoteAddress: addresses[network] } } as const;
}

function decide(engine: Engine, draft: Draft, from: End = "home", to: End = "open-d"): MessageDecision {
  return engine.decide({
    kind: "message",
    bytes: messageOf(draft),
    framing: "datagram",
    from: endOf(from),
    to: endOf(to),
    at: Date.UTC(2026, 10, 24, 10),
  });
}

/** Neither allowed nor rewritten does a message let the secret out; what leaves can be read. */
function keeps(engines: readonly Engine[], draft: Draft, from: End = "home", to: End = "open-d"): void {
  for (const engine of engines) {
    const { bytes } = decide(engine, draft, from, to);
    assert.ok(!textOf(bytes).includes("SECRET"), textOf(bytes));
    if (bytes !== undefined) assert.ok(new Scan(engine.fields).read(bytes, "datagram"));
  }
}

/** The row that leaves as the only one of its name. */
function rowOf(decision: MessageDecision, name: string): string | undefined {
  const rows = textOf(decision.bytes)
    .split("\r\n\r\n")[0]!
    .split(/\r\n(?![ \t])/);
  const found = rows.filter((row) => row.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  assert.ok(found.length <= 1);
  return found[0];
}

describe("an asserted identity does not reach an untrusted network", () => {
  const spellings: readonly (readonly [string, string])[] = [
    ["as it is usual", "P-Asserted-Identity: <sip:SECRET@h>"],
    ["in small letters, with no blank", "p-asserted-identity:<sip:SECRET@h>"],
    ["blanks before the colon, a fold behind it", "P-ASSERTED-IDENTITY \t : \r\n <sip:SECRET@h>"],
    ["commas and brackets in quotes", 'P-Asserted-Identity: "a,<b" <sip:x@h>,"c\\"" <tel:SECRET>'],
    ["no brackets", "P-Asserted-Identity: sip:x@h;p=SECRET"],
    ["a scheme that nobody knows", "P-Asserted-Identity: <x:SECRET>"],
    ["no address", "P-Asserted-Identity: SECRET"],
    ["a quote that does not end", 'P-Asserted-Identity: "SECRET'],
    ["empty elements", "P-Asserted-Identity: ,,<sip:SECRET@h>,,"],
    ["a no-break space behind the name", "P-Asserted-Identity\xa0: <sip:SECRET@h>"],
    ["a vertical tab behind the name", "P-Asserted-Identity\x0b: <sip:SECRET@h>"],
    ["a value that is very long", `P-Asserted-Identity: <sip:SECRET${"a".repeat(30_000)}@h>`],
  ];
  const starts = [
    invite,
    "invite sip:b@c SIP/2.0",
    "ACK sip:b@c SIP/2.0",
    "CANCEL sip:b@c SIP/2.0",
    "PRACK sip:b@c SIP/2.0",
    "SIP/2.0 200 OK",
    "sip/2.0 180 Ringing",
  ];
  // RFC 3323 4.2: `none` counts where it stands alone. RFC 3325 7 then lets the identity pass.
  const privacies = [
    [],
    ["Privacy: id"],
    ['Privacy: "id"'],
    ["Privacy:id;;user"],
    ["Privacy:\r\n id"],
    ["Privacy: none;id"],
    ["Privacy: none", "Privacy: id"],
    ["Privacy: none", "Privacy: none"],
    ["Privacy: none,id"],
    ["Privacy: none x"],
    ["Privacy: none=1"],
    ["Privacy: none\r\n id"],
    ["Privacy: none;critical"],
  ];
  for (const [why, row] of spellings) {
    it(why, () => {
      for (const start of starts) keeps(both, { start, rows: [row] });
      for (const privacy of privacies) keeps(both, { rows: [row, ...privacy] });
    });
  }

  it("in a thousand rows, or behind a thousand", () => {
    const row = "P-Asserted-Identity: <sip:SECRET@h>";
    keeps(both, { rows: Array.from({ length: 1_000 }, () => row) });
    keeps(both, { rows: [...Array.from({ length: 1_000 }, (_, index) => `X-${index}: y`), row] });
  });

  it("in the URI of a Contact or a transfer (RFC 3261 19.1.5)", () => {
    for (const header of [
      "P-Asserted-Identity",
      "%50-asserted-identity",
      "P%2DAsserted-Identity",
      "Geolocation",
      "Cellular-Network-Info",
      "P-Associated-URI",
    ]) {
      for (const uri of [
        `sip:b@h?${header}=SECRET`,
        `sip:h?${header}=SECRET%40x`,
        `sip:b@h;lr?Replaces=1&${header}=SECRET`,
        `sip:b@h?&${header}=SECRET&Replaces=1`,
      ]) {
        for (const name of ["Contact", "m", "Refer-To", "r"]) keeps(both, { rows: [`${name}: <${uri}>`] });
      }
    }
  });
});

describe("what a caller hides stays hidden", () => {
  it("his name and address, however he writes them (RFC 3323 4.1.1.3)", () => {
    for (const from of [
      'From:\r\n "a\\"SECRET" <sip:x@h>\r\n ;tag=1;x=SECRET',
      "f: SECRET <sip:x@h>;tag=1",
      "From: sip:SECRET@h;tag=1",
      "From: tel:SECRET;tag=1",
      "From: <sip:anonymous@anonymous.invalid;x=SECRET>;tag=1",
      'From: "SECRET" <sip:anonymous@anonymous.invalid>;tag=1',
      "From: <sip:anonymous:SECRET@anonymous.invalid>;tag=1",
      "From: <sip:anonymous@anonymous.invalid?Subject=SECRET>;tag=1",
      "From: Anonymous <sip:anonymous@anonymous.invalid>;tag=1;epid=SECRET",
    ]) {
      for (const privacy of ["user", "USER", "id;user", "user, id"])
        keeps(both, { from, rows: [`Privacy: ${privacy}`] });
    }
  });

  it("a diversion of which one of two words asks it (RFC 7544 3.2)", () => {
    keeps(both, { rows: ["Diversion: <sip:SECRET@h>;privacy=off;privacy=full"] });
    keeps(both, { rows: ['Diversion: "SECRET" <sip:a@h> ; PRIVACY = "full";x=SECRET'] });
  });

  it("an entry of the history of which one of two words asks it (RFC 7044 10.1.2)", () => {
    for (const headers of [
      "Privacy=none&Privacy=history",
      "%50rivacy=%68istory",
      "Reason=x&privacy=HISTORY",
      "Privacy=",
    ]) {
      keeps(both, { rows: [`History-Info: <sip:SECRET@home1.example?${headers}>;index=1`] });
    }
  });

  // TS 24.229 4.4.12, 7.2A.20; RFC 3261 20: without brackets a parameter is the field's.
  const categories: readonly (readonly [string, string])[] = [
    ["<sip:+1;cpc=payphone@h>;tag=1", "<sip:+1@h>;tag=1"],
    ["<sip:+1;%63PC=payphone;x=y@h;oli=1;lr>;tag=1", "<sip:+1;x=y@h;lr>;tag=1"],
    ["<sip:+1@h;cpc=payphone;user=phone>;tag=1", "<sip:+1@h;user=phone>;tag=1"],
    ["<TEL:+1;oli=62;phone-context=+1>;tag=1", "<TEL:+1;phone-context=+1>;tag=1"],
    ["tel:+1;cpc=payphone;tag=1", "tel:+1;tag=1"],
    ["<tel:+1>;verstat=x;tag=1", "<tel:+1>;tag=1"],
  ];
  for (const [from, left] of categories) {
    it(`the category of ${from}`, () => {
      for (const engine of ims)
        assert.equal(rowOf(decide(engine, { from: `From: ${from}` }), "From"), `From: ${left}`);
    });
  }
});

describe("a location does not reach an untrusted network", () => {
  const location = "<presence>SECRET</presence>";
  const session = "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n";
  const part = `Content-Type: application/pidf+xml\r\n\r\n${location}\r\n`;
  const mixed = `${session}--b\r\n${part}--b--\r\n`;
  const bodies: readonly (readonly [string, string, string])[] = [
    ["as the whole body", "Application/PIDF+XML ;charset=utf-8", location],
    ["behind a fold in the type", "application\r\n /\r\n pidf+xml", location],
    ["as a part", 'multipart/mixed;x="boundary=z";BOUNDARY="\\b"', mixed],
    ["with LF for line ends", "multipart/mixed;boundary=b", mixed.replaceAll("\r\n", "\n")],
    ["with two boundaries", "multipart/mixed;boundary=c;boundary=b", mixed],
    ["with the boundary of RFC 2231", "multipart/mixed;boundary*0=b", mixed],
    ["with no close", "multipart/mixed;boundary=b", mixed.replace("--b--", "")],
    ["behind the close", "multipart/mixed;boundary=b", `${session}--b--\r\n--b\r\n${part}--b--\r\n`],
    [
      "in a multipart inside",
      "multipart/mixed;boundary=b",
      `--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\n${part}--c--\r\n--b--\r\n`,
    ],
    [
      "in one with the same boundary",
      "multipart/mixed;boundary=b",
      `--b\r\nContent-Type: multipart/mixed;boundary=b\r\n\r\n--b\r\n${part}--b--\r\n--b--\r\n`,
    ],
    ["under a signature", "multipart/signed;boundary=b", mixed],
    ["of a type that can't be read", "multipart/mixed;boundary=b", mixed.replace("pidf+xml", "pidf+xml (x)")],
    [
      "with two types",
      "multipart/mixed;boundary=b",
      mixed.replace("Content-Type: application/p", "c: a/b\r\nContent-Type: application/p"),
    ],
    ["in the 67th part", "multipart/mixed;boundary=b", `${session.repeat(66)}--b\r\n${part}--b--\r\n`],
  ];
  for (const [why, type, body] of bodies) {
    it(why, () => {
      for (const start of [
        invite,
        "ACK sip:b@c SIP/2.0",
        "SIP/2.0 200 OK",
        "INVITE urn:service:sosx SIP/2.0",
      ]) {
        keeps(both, { start, rows: [`Content-Type: ${type}`], body });
        keeps(both, { start, rows: [`c: ${type}`, `l: ${body.length}`], body });
      }
    });
  }

  it("whatever type its part claims, where Geolocation names it (RFC 2392, RFC 2045 7)", () => {
    for (const [pointer, name] of [
      ["<cid:loc@h>", "Content-ID: <loc@h>"],
      ["cid:loc@h", "content-id :\r\n <loc@h>"],
      ["<CID:l%6fc%40h>;x", "Content-ID: <loc@h>"],
      ["<sip:x@y>, <cid:loc@h>", "Content-ID: (c) < loc@h > (c)"],
      ["<cid:loc@h>", "Content-ID: <x@y>\r\nContent-ID: <loc@h>"],
      ["<cid:loc@h>", "Content-ID: <loc@h>\r\nContent-ID: <x@y>"],
    ]) {
      const body = `${session}--b\r\n${name}\r\nContent-Type: application/xml\r\n\r\n${location}\r\n--b--`;
      keeps(both, { rows: [`Geolocation: ${pointer}`, "Content-Type: multipart/mixed;boundary=b"], body });
    }
  });
});

describe("a stranger asserts nothing", () => {
  it("by Privacy: none", () => {
    for (const name of [
      "P-Asserted-Identity",
      "P-Preferred-Identity",
      "Remote-Party-ID",
      "P-Asserted-Service",
      "P-Served-User",
      "P-Profile-Key",
      "P-Charging-Vector",
      "Additional-Identity",
      "Attestation-Info",
    ]) {
      for (const start of [invite, "ACK sip:b@c SIP/2.0", "SIP/2.0 200 OK"]) {
        const draft = { start, rows: [`${name}: <sip:SECRET@h>`, "Privacy: none"] };
        keeps(both, draft, "stranger", "home");
        keeps(both, draft, "stranger", "open-d");
      }
    }
  });

  it("by saying psap-callback twice (RFC 7090 5.3)", () => {
    for (const rows of [
      ["Priority: psap-callback;x", "Priority: normal"],
      ["Priority: PSAP-Callback", "Priority: psap-callback"],
    ]) {
      for (const engine of both)
        assert.ok(!/psap/i.test(textOf(decide(engine, { rows }, "stranger", "home").bytes)));
    }
  });

  it("by a Route without brackets (TS 24.229 7.2A.6)", () => {
    for (const engine of both) {
      const decision = decide(
        engine,
        { rows: ["Route: sip:scscf.home1.example;lr;orig"] },
        "stranger",
        "home",
      );
      assert.equal(rowOf(decision, "Route"), "Route: sip:scscf.home1.example;lr");
    }
  });
});

describe("what honest systems send passes", () => {
  for (const row of [
    "Alert-Info: Bellcore-dr2",
    "Alert-Info: <Bellcore-dr2>",
    "Alert-Info: info=alert-autoanswer",
    "Alert-Info: <urn:alert:service:call-waiting>",
    "P-Refused-URI-List: sip:friends-list@example.com; members=<cid:an3bt8jf03@example.com>",
    "Relayed-Charge: ecscf;icid-value=1",
    'Contact: <sip:a@192.0.2.1:5060;ob>;reg-id=1;+sip.instance="<urn:uuid:00000000-0000-1000-8000-AABBCCDDEEFF>"',
    'Accept-Contact: *;+g.3gpp.icsi-ref="urn%3Aurn-7%3A3gpp-service.ims.icsi.mmtel"',
    "Call-Info: <urn:x-cisco-remotecc:callinfo>; security= NotAuthenticated; gci= 1-1234",
    "Record-Route: <sip:192.0.2.1;lr=on;ftag=abc;did=fb.23>",
    "Contact: <sip:#31#123@192.0.2.1>",
    "Contact: Mr. J. O'Neil (x) <sip:a@192.0.2.1>",
    'Proxy-Authorization: Digest username="a", realm="b, c", uri="sip:x", response="e"',
    "Supported:",
  ]) {
    it(row, () => {
      for (const engine of ims)
        assert.equal(decide(engine, { rows: [row] }, "home", "home").verdict, "allow");
    });
  }
});
