import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { HandshakePassage, MessagePassage } from "../../../border/index.ts";
import { Comparer, labelOf } from "../../../border/shadow/comparer.ts";
import type { MessageDifference } from "../../../border/shadow/comparison.ts";
import { differingFields, tellingRules } from "../../../border/shadow/difference.ts";
import type { CertificateFacts, Engine } from "../../../engine/index.ts";
import { at, end, engineOf, invite, passageOf, rule, unroutedPassageOf } from "./trial-policies.ts";

const withhold = rule("withhold", "message to untrusted", "remove P-Asserted-Identity");
const hide = rule("hide", "message to untrusted", "remove Subject");
const refuse = (status: number, event = "request to untrusted"): string =>
  rule(`refuse-${status}`, event, `reject ${status} "No"`);

type Found = Omit<MessageDifference, "isTold">;

/** What a shadow policy says of a passage: `same`, `unasked`, or both labels. */
function compared(
  passage: (engine: Engine) => MessagePassage,
  inForce: Engine,
  shadow: Engine,
): readonly string[] {
  const found = new Comparer(inForce, shadow).ofMessage(passage(inForce));
  if (found === undefined) return ["same"];
  return found === "unasked" ? ["unasked"] : [labelOf(found.inForce), labelOf(found.onTrial)];
}

function differenceBetween(inForce: Engine, shadow: Engine, text = invite()): Found {
  const found = new Comparer(inForce, shadow).ofMessage(passageOf(inForce, text));
  assert.ok(found !== undefined && found !== "unasked");
  return found;
}

describe("the comparison of a message that was routed", () => {
  const routed = (engine: Engine): MessagePassage => passageOf(engine, invite());

  for (const [what, now, then, expected] of [
    ["the same text", withhold, withhold, ["same"]],
    ["the same edits by other rules", withhold, withhold.replace("withhold", "other"), ["same"]],
    ["nothing against an edit", "", withhold, ["allow", "rewrite"]],
    ["an edit against nothing", withhold, "", ["rewrite", "allow"]],
    ["edits of other fields", withhold, hide, ["rewrite", "rewrite"]],
    ["a rejection against an edit", refuse(403), withhold, ["403", "rewrite"]],
    ["an edit against a rejection", withhold, refuse(603), ["rewrite", "603"]],
    ["another status", refuse(403), refuse(603), ["403", "603"]],
    [
      "the same status by another rule",
      refuse(403),
      rule("r", "request to untrusted", 'reject 403 "!"'),
      ["same"],
    ],
    ["an edit in the in gate", "", rule("r", "request from home", "remove Subject"), ["allow", "rewrite"]],
    ["a rejection in the in gate", "", refuse(403, "request from home"), ["allow", "403"]],
    ["another mark", "", rule("r", "message to untrusted", "mark seen"), ["allow", "allow"]],
  ] as const) {
    it(`tells ${what}: ${expected.join(" and ")}`, () => {
      assert.deepEqual(compared(routed, engineOf(now), engineOf(then)), expected);
    });
  }

  it("names the fields that are left otherwise, and the rules that did it", () => {
    const difference = differenceBetween(engineOf(withhold + hide), engineOf(withhold));
    assert.deepEqual(differingFields(difference as MessageDifference), ["Subject"]);
    const names = (rules: readonly { readonly name: string }[]): readonly string[] =>
      rules.map(({ name }) => name);
    assert.deepEqual(names(tellingRules(difference.inForce!, difference.onTrial, ["Subject"])), ["hide"]);
    assert.deepEqual(names(tellingRules(difference.onTrial!, difference.inForce, ["Subject"])), []);
    const refused = differenceBetween(engineOf(withhold), engineOf(withhold + refuse(403)));
    assert.deepEqual(differingFields(refused as MessageDifference), []);
    assert.deepEqual(names(tellingRules(refused.onTrial!, refused.inForce, [])), ["refuse-403"]);
    assert.deepEqual(names(tellingRules(refused.inForce!, refused.onTrial, [])), ["withhold"]);
  });

  it("looks at what the policies edit, not at what the border adds", () => {
    const engine = engineOf(withhold);
    const passage = passageOf(engine, invite());
    const sent = { ...passage.decision!, bytes: Buffer.from(`${invite()}Via: of the border`) };
    const found = new Comparer(engine, engineOf(withhold)).ofMessage({ ...passage, decision: sent });
    assert.equal(found, undefined);
  });
});

describe("a shadow policy with other networks", () => {
  const turned = (name: string, listener: string, more = ""): string =>
    `network ${name} {\n  ${more}domain "${name}.example"\n  listener "${listener}"\n}\n`;
  const fromRenamed = rule("r", "request from inner", "remove Subject");
  const toOpen = rule("r", "request to open-d", "remove Subject");

  it("says itself for whom the sender's connection counts", () => {
    const shadow = engineOf(fromRenamed, turned("inner", "inside", "own\n  ") + turned("open-d", "outside"));
    const passage = (engine: Engine): MessagePassage => passageOf(engine, invite());
    assert.deepEqual(compared(passage, engineOf(""), shadow), ["allow", "rewrite"]);
  });

  it("takes the way that the message went as it is, also over a connection of another network", () => {
    const shadow = engineOf(toOpen, turned("home", "inside", "own\n  ") + turned("open-d", "elsewhere"));
    const passage = (engine: Engine): MessagePassage => passageOf(engine, invite());
    assert.deepEqual(compared(passage, engineOf(""), shadow), ["allow", "rewrite"]);
  });

  it("asks the connection where it does not know the name", () => {
    const shadow = engineOf(
      rule("r", "request to outer", "remove Subject"),
      turned("home", "inside", "own\n  ") + turned("outer", "outside"),
    );
    const passage = (engine: Engine): MessagePassage => passageOf(engine, invite());
    assert.deepEqual(compared(passage, engineOf(""), shadow), ["allow", "rewrite"]);
  });

  it("keeps the network for which the border opened the sender's connection", () => {
    const fromHome = rule("r", "request from home", "remove Subject");
    const from = end("home", { listener: undefined });
    const passage = (engine: Engine): MessagePassage => passageOf(engine, invite(), { from });
    assert.deepEqual(compared(passage, engineOf(""), engineOf(fromHome)), ["allow", "rewrite"]);
  });

  it("takes the connection to be as it declares it where there is none yet", () => {
    const partners = `${turned("home", "inside", "own\n  ")}partner carrier-c {
  domain "carrier-c.example"
  agreement "A" from 2026-01-01 to 2027-12-31
  authority "root.pem"
}
trust partner when certificate names partner
`;
    const untrusting = rule("r", "request to untrusted", 'reject 403 "No"');
    const passage = (engine: Engine): MessagePassage => ({
      ...passageOf(engine, invite(), { to: end("carrier-c") }),
      to: { network: "carrier-c", transport: "tls", address: "192.0.2.1", port: 5061 },
    });
    const inForce = engineOf(refuse(403, "request to carrier-c"), partners);
    assert.deepEqual(compared(passage, inForce, engineOf(untrusting, partners)), ["403", "allow"]);
    const untrusted = partners.replace(/^trust .*\n/mu, "");
    assert.deepEqual(compared(passage, inForce, engineOf(untrusting, untrusted)), ["same"]);
    // So early not all marks are known.
    const marking = rule("r2", "request to untrusted", "mark seen");
    assert.deepEqual(compared(passage, inForce, engineOf(untrusting + marking, untrusted)), ["same"]);
  });

  it("takes a response for one of the network that was asked, whosever it seemed", () => {
    const shadow = engineOf(rule("r", "response from open-d", "remove Subject"));
    const text = invite().replace("INVITE sip:bob@open-d.example SIP/2.0", "SIP/2.0 200 OK");
    const passage = (engine: Engine): MessagePassage => {
      const told = passageOf(engine, text, { status: 200, from: end("open-d"), to: end("home") });
      return { ...told, asked: { ...told.asked!, from: end("stranger") } };
    };
    assert.deepEqual(compared(passage, engineOf(""), shadow), ["allow", "rewrite"]);
  });

  it("turns both about for a response: it comes from where the request went", () => {
    const shadow = engineOf(
      rule("r", "response from open-d to inner", "remove Subject"),
      turned("home", "elsewhere", "own\n  ") +
        turned("inner", "inside") +
        turned("open-d", "nowhere") +
        turned("outer", "outside"),
    );
    const text = invite().replace("INVITE sip:bob@open-d.example SIP/2.0", "SIP/2.0 200 OK");
    const passage = (engine: Engine): MessagePassage =>
      passageOf(engine, text, { status: 200, from: end("open-d"), to: end("home") });
    assert.deepEqual(compared(passage, engineOf(""), shadow), ["allow", "rewrite"]);
  });
});

describe("the comparison of a message that was not routed", () => {
  const inGate = (status: number): string => refuse(status, "request from home");
  const marking = rule("r", "request from home", "mark seen");

  for (const [what, now, then, expected] of [
    ["a refusal that the shadow shares", inGate(403), inGate(403), ["same"]],
    ["a refusal that the shadow would not have made", inGate(403), "", ["403", "allow"]],
    ["another status", inGate(403), inGate(480), ["403", "480"]],
    ["another mark", inGate(403), inGate(403) + marking, ["403", "403"]],
    ["what both let on, whatever the border did with it", "", withhold, ["same"]],
    ["what only the shadow refuses", "", inGate(403), ["allow", "403"]],
  ] as const) {
    it(`tells ${what}: ${expected.join(" and ")}`, () => {
      const passage = (engine: Engine): MessagePassage => unroutedPassageOf(engine, invite());
      assert.deepEqual(compared(passage, engineOf(now), engineOf(then)), expected);
    });
  }

  it("agrees on what can't be read", () => {
    const passage = (engine: Engine): MessagePassage => unroutedPassageOf(engine, "INVITE nobody\r\n\r\n");
    assert.deepEqual(compared(passage, engineOf(""), engineOf(inGate(403))), ["same"]);
  });

  const share = "the source sends more than its share";
  const network = "the network sends more than its share";
  const route = invite("Route: <sip:127.0.0.1;lr>");
  for (const [what, text, facts] of [
    [
      "was beyond the share of its source",
      invite(),
      { outcome: { kind: "answered", status: 503, reason: "", cause: share } },
    ],
    [
      "was beyond that of its network",
      invite(),
      { outcome: { kind: "answered", status: 503, reason: "", cause: network } },
    ],
    ["was dropped so", invite(), { outcome: { kind: "dropped", why: "share", cause: share } }],
    ["was the ACK of an own answer", invite(), { outcome: { kind: "absorbed" } }],
    ["met a fault", invite(), { outcome: { kind: "failed", cause: "", stack: "" } }],
    ["was asked nothing", invite(), { asked: undefined }],
    [
      "is a response that went nowhere",
      invite(),
      { status: 200, outcome: { kind: "dropped", why: "flow", cause: "" } },
    ],
    ["has a Route, which may be the border's own", route, {}],
  ] as const) {
    it(`is not made where the message ${what}`, () => {
      const passage = (engine: Engine): MessagePassage => unroutedPassageOf(engine, text, facts);
      assert.deepEqual(compared(passage, engineOf(""), engineOf(inGate(403))), ["unasked"]);
    });
  }

  it("is made where the policy itself refuses a Route", () => {
    const passage = (engine: Engine): MessagePassage => unroutedPassageOf(engine, route);
    assert.deepEqual(compared(passage, engineOf(inGate(403)), engineOf("")), ["403", "allow"]);
  });
});

describe("the comparison of a handshake", () => {
  const partner = (name: string, domain: string): string => `partner ${name} {
  domain "${domain}"
  agreement "A" from 2026-01-01 to 2027-12-31
  authority "root.pem"
}
`;
  const home = 'network home {\n  own\n  domain "home1.example"\n}\n';
  const noStrangers = rule(
    "no-strangers",
    "handshake",
    "unless certificate names partner",
    'reject "no partner"',
  );
  const certificate: CertificateFacts = {
    uris: ["sip:carrier-c.example"],
    dns: [],
    hasSubjectAltName: true,
    issuer: "root",
    usages: undefined,
    notBefore: at - 1,
    notAfter: at + 1,
    signedBy: "carrier-c",
  };
  const engine = (domain: string, rules = ""): Engine => engineOf(rules, home + partner("carrier-c", domain));

  function handshake(inForce: Engine, shadow: Engine): readonly unknown[] {
    const event = {
      kind: "handshake",
      role: "server",
      connection: { transport: "tls", tls: { version: "TLSv1.3", resumed: false, certificate } },
      at,
    } as const;
    const passage: HandshakePassage = { kind: "handshake", event, decision: inForce.decide(event) };
    const found = new Comparer(inForce, shadow).ofHandshake(passage);
    return found === undefined
      ? ["same"]
      : [found.inForce, found.onTrial].map((one) => [one.verdict, one.partner]);
  }

  it("tells another verdict, another partner, and nothing else", () => {
    const known = "carrier-c.example";
    assert.deepEqual(handshake(engine(known), engine(known, noStrangers)), ["same"]);
    assert.deepEqual(handshake(engine(known), engine("other.example")), [
      ["allow", "carrier-c"],
      ["allow", undefined],
    ]);
    assert.deepEqual(handshake(engine(known), engine("other.example", noStrangers)), [
      ["allow", "carrier-c"],
      ["reject", undefined],
    ]);
  });
});
