import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadPolicy } from "../../border/index.ts";
import {
  type ConnectionFacts,
  compile,
  interpret,
  type MessageDecision,
  type MessageEvent,
  runPolicyTests,
} from "../../engine/index.ts";
import { packageRoot } from "../package-root.ts";
import { agree, factsOf } from "./agreement.ts";
import { runBehaviour } from "./behaviour.ts";
import { withNetworks } from "./checked.ts";

describe("the compiled engine", () => runBehaviour(compile));

const noon = Date.UTC(2026, 5, 1, 12);
const inside: ConnectionFacts = { transport: "tcp", listener: "inside", remoteAddress: "198.51.100.4" };
const outside: ConnectionFacts = { transport: "udp", remoteAddress: "192.0.2.7" };

function invite(rows: readonly string[], facts: Partial<MessageEvent> = {}): MessageEvent {
  const text = [
    "INVITE sip:bob@away.example SIP/2.0",
    "Via: SIP/2.0/TCP pc.home1.example;branch=z9hG4bK1",
    "Max-Forwards: 70",
    'From: "Alice" <sip:alice@home1.example>;tag=1',
    "To: <sip:bob@away.example>",
    "Call-ID: 1@pc.home1.example",
    "CSeq: 1 INVITE",
    ...rows,
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");
  const ends = {
    from: { network: "home", connection: inside },
    to: { network: "away", connection: outside },
  };
  return { kind: "message", bytes: Buffer.from(text), framing: "stream", at: noon, ...ends, ...facts };
}

const withholding = `
rule withhold
  on message to untrusted
  unless Privacy is none
  remove P-Asserted-Identity
  because "RFC 3325 7"
rule shorten
  on message to untrusted
  remove uri-parameter iotl from every uri
  because "RFC 7549 7"
rule enter
  on message from untrusted
  remove P-Asserted-Identity, Subject
  because "RFC 3325 5"
rule body
  on message to untrusted
  drop part application/pidf+xml
  because "RFC 6442 6"
`;

const identity = "P-Asserted-Identity: <sip:alice@home1.example>";

describe("the way of a decision", () => {
  const engine = compile(withNetworks(withholding));
  const law = interpret(engine.policy);
  const way = (event: MessageEvent): string => agree(law, engine, event);

  it("cuts whole rows without drawing up an edit", () => {
    assert.equal(way(invite([identity])), "rows");
    const { bytes } = engine.decide(invite([identity, "Subject: x"]));
    assert.equal(Buffer.from(bytes!).toString(), Buffer.from(invite(["Subject: x"]).bytes).toString());
  });

  it("stays on the rows where a field holds other parameters than an edit means", () => {
    assert.equal(way(invite(["Contact: <sip:a@home1.example;transport=tcp;ob>;q=0.5"])), "rows");
  });

  it("draws up edits inside a field for that field alone", () => {
    assert.equal(way(invite(["Contact: <sip:a@home1.example;iotl=homeA-homeB>"])), "fields");
    assert.equal(way(invite(["Contact: <sip:a@home1.example;%69otl=homeA-homeB>"])), "fields");
    assert.equal(way(invite(["Contact: <sip:a@home1.example>;x=1 ;\r\n iotl=2"])), "fields");
  });

  it("draws up edits of the body only where one may mean it", () => {
    const withBody = (type: string, ...rows: readonly string[]): MessageEvent => {
      const text = Buffer.from(invite([`Content-Type: ${type}`, ...rows]).bytes).toString();
      return invite([], { bytes: Buffer.from(`${text.replace("Length: 0", "Length: 4")}<p/>`) });
    };
    assert.equal(way(withBody("application/sdp")), "rows");
    assert.equal(way(withBody("APPLICATION/pidf+xml")), "fields");
    assert.equal(way(withBody("multipart/mixed;boundary=x")), "fields");
    // The fields that describe a body go with it, those that nobody knows too.
    assert.equal(way(withBody("application/pidf+xml", "Content-Colour: blue")), "law");
  });

  it("reads a message between the gates without rows that the in gate took", () => {
    const event = invite([identity, "Subject: x"], { from: { network: "away", connection: outside } });
    assert.equal(way(event), "rows");
    const { scan, refused } = engine.enter(event);
    assert.equal(refused, undefined);
    assert.equal(scan.firstRow(engine.fields.id("Subject")), -1);
  });
});

describe("many rules that ask for one host or user each", () => {
  const rules = Array.from(
    { length: 60 },
    (_, index) => `
rule host-${index} on request to untrusted when host of From is "c${index}.example" reject ${400 + ((index * 7) % 60)} "host ${index}" because "test"
rule user-${index} on message to untrusted when user of Contact is one of "u${index}", "%75${index + 1}" remove Subject because "test"
rule target-${index} on request to untrusted when host of Request-URI is "t${index}.example" and Privacy is present remove Organization because "test"
`,
  );
  const engine = compile(withNetworks(rules.join("")));
  const law = interpret(engine.policy);
  const said = (text: string): MessageEvent => {
    const event = invite(["Subject: x", "Organization: y", "Privacy: id"]);
    const [from, contact, target] = text.split(" ");
    const bytes = Buffer.from(event.bytes)
      .toString()
      .replace("alice@home1.example", `a@${from}`)
      .replace("CSeq", `Contact: ${contact}\r\nCSeq`)
      .replace("away.example SIP", `${target} SIP`);
    return { ...event, bytes: Buffer.from(bytes) };
  };

  it("are found by what the message holds, as if they were asked one by one", () => {
    const cases: Record<string, MessageDecision["verdict"]> = {
      "elsewhere.example <sip:x@a.example> t.example": "allow",
      "C7.EXAMPLE. <sip:x@a.example> t.example": "reject",
      "elsewhere.example <sip:u7@a.example> t.example": "rewrite",
      "elsewhere.example <sip:%757@a.example> t.example": "rewrite",
      "elsewhere.example <sip:U7@a.example> t.example": "allow",
      'elsewhere.example <sip:x@a.example>,"n"<sip:u59@b.example> t.example': "rewrite",
      "elsewhere.example <sip:x@a.example> T9.example": "rewrite",
    };
    for (const [text, verdict] of Object.entries(cases)) {
      agree(law, engine, said(text));
      assert.equal(engine.decide(said(text)).verdict, verdict, text);
    }
  });
});

describe("a signature", () => {
  // RFC 8224 4.1 signs the fingerprints of the SDP: without its type it is SDP no longer.
  it("is broken by an edit that takes the body's type away", () => {
    const engine = compile(withNetworks('rule r on message to untrusted remove Content-Type because "test"'));
    const text = Buffer.from(
      invite(["Content-Type: application/sdp", "Identity: x;info=<https://a.example/c>"]).bytes,
    )
      .toString()
      .replace("Length: 0", "Length: 5");
    const event = invite([], { bytes: Buffer.from(`${text}v=0\r\n`) });
    agree(interpret(engine.policy), engine, event);
    assert.doesNotMatch(Buffer.from(engine.decide(event).bytes!).toString(), /Identity/);
  });
});

describe("the account of a decision", () => {
  it("is the law's, whenever it is read", () => {
    const engine = compile(withNetworks(withholding));
    const first = engine.decide(invite([identity]));
    engine.decide(invite(["Subject: another"]));
    assert.deepEqual(factsOf(first), factsOf(interpret(engine.policy).decide(invite([identity]))));
    assert.deepEqual(first.edits, [
      { field: "P-Asserted-Identity", action: "remove", rule: "withhold", because: "RFC 3325 7" },
    ]);
  });
});

describe("an end that is bound to its connection", () => {
  const policy = withNetworks(`
rule agreed
  on message to partner
  unless agreement in force
  remove Subject
  because "test"
rule season
  on message to partner
  when date from 2026-03-01 to 2026-03-31
  remove Organization
  because "test"
`);
  const engine = compile(policy);
  const law = interpret(policy);

  it("is assessed anew when a date of the policy has passed, in either direction", () => {
    const to = { network: "carrier-c", connection: outside };
    const day = 86_400_000;
    const dates = [Date.UTC(2026, 0, 1), Date.UTC(2026, 2, 1), Date.UTC(2026, 3, 1), Date.UTC(2028, 0, 1)];
    const clocks = dates.flatMap((date) => [date - day, date - 1, date, date + 1]);
    for (const at of [...clocks, ...clocks.toReversed()]) {
      agree(law, engine, invite(["Subject: x", "Organization: y"], { to, at }));
    }
    assert.equal(
      engine.decide(invite(["Subject: x"], { to, at: Date.UTC(2028, 0, 1) - 1 })).verdict,
      "allow",
    );
    assert.equal(engine.decide(invite(["Subject: x"], { to, at: Date.UTC(2028, 0, 1) })).verdict, "rewrite");
  });

  it("keeps ends of two networks on one connection apart", () => {
    for (const network of ["away", "carrier-c", "away", "nobody"]) {
      agree(law, engine, invite(["Subject: x"], { to: { network, connection: outside } }));
    }
  });
});

describe("entering and leaving", () => {
  it("refuses a message that is not the last one that entered", () => {
    const engine = compile(withNetworks(withholding));
    const entered = engine.enter(invite([]));
    engine.enter(invite([identity]));
    assert.throws(() => engine.leave(entered, invite([]).to), RangeError);
  });

  it("makes the caller's own edits in the same pass", () => {
    const engine = compile(withNetworks(withholding));
    const entered = engine.enter(invite([identity]));
    const decision = engine.leave(entered, invite([]).to, (scan, edits) => {
      edits.insert(scan.rowStart[0]!, Buffer.from("Via: SIP/2.0/TCP us.example;branch=z9hG4bK2\r\n"));
    });
    const expected = Buffer.from(invite([]).bytes)
      .toString()
      .replace("Via:", "Via: SIP/2.0/TCP us.example;branch=z9hG4bK2\r\nVia:");
    assert.equal(Buffer.from(decision.bytes!).toString(), expected);
  });
});

describe("the network of a connection", () => {
  it("is that of the longest prefix, of the listener before it, and else a stranger", () => {
    const policy = withNetworks(`
network wide { domain "wide.example" address 203.0.0.0/8 }
network near { domain "near.example" address 203.0.113.0/25 address 2001:db8::/33 }
network odd { domain "odd.example" address 203.0.113.4/31 listener "side" }
network even { domain "even.example" address 203.0.113.6/31 listener "side" }
`);
    const engine = compile(policy);
    const law = interpret(policy);
    const expected: Record<string, string> = {
      "203.9.9.9": "wide",
      "203.0.113.1": "near",
      "203.0.113.5": "odd",
      "203.0.113.7": "even",
      "203.0.113.129": "wide",
      "2001:db8:7fff::1": "near",
      "2001:db8:8000::1": "stranger",
      "::ffff:203.0.113.1": "near",
      "198.51.100.1": "stranger",
      "no address": "stranger",
    };
    for (const [remoteAddress, network] of Object.entries(expected)) {
      const connection: ConnectionFacts = { transport: "udp", remoteAddress };
      assert.equal(engine.networkOf(connection, noon), network, remoteAddress);
      assert.equal(law.networkOf(connection, noon), network, remoteAddress);
      for (const listener of ["inside", "side", "unknown"]) {
        const listening = { ...connection, listener };
        assert.equal(
          engine.networkOf(listening, noon),
          law.networkOf(listening, noon),
          `${listener} ${remoteAddress}`,
        );
      }
    }
  });
});

describe("the policies that ship", () => {
  const files = readdirSync(join(packageRoot, "policies"), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((path) => path.endsWith(".privet") && !path.startsWith("std")).toSorted()) {
    it(`${file} passes its tests compiled`, () => {
      const { policy, context } = loadPolicy(join(packageRoot, "policies", file));
      assert.ok(policy !== undefined);
      const report = runPolicyTests(policy, (variant) => compile(variant, context));
      assert.deepEqual(
        report.results.filter(({ passed }) => !passed),
        [],
      );
    });
  }
});
