/** What conditions read of a message (docs/language.md, *Conditions*). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Condition, Part, PartTest } from "../../../grammar/model.ts";
import { messageOf, request, response, textOf } from "../messages.ts";
import { all, atom, mark, not, policy, rule } from "../policy-builder.ts";
import { type MakeEngine, messageEvent } from "./case.ts";

interface ConditionCase {
  readonly name: string;
  readonly condition: Condition;
  readonly holds: readonly Uint8Array[];
  readonly fails: readonly Uint8Array[];
}

function is(...texts: readonly string[]): PartTest {
  return { kind: "among", texts };
}

function any(
  field: string,
  part: Part | Exclude<Part, { readonly name: string }>["kind"],
  test: PartTest,
  quantifier: "any" | "every" = "any",
): Condition {
  return atom({
    on: "part",
    field,
    quantifier,
    part: typeof part === "string" ? { kind: part } : part,
    test,
  });
}

const present: PartTest = { kind: "present" };

/** An INVITE with these rows. */
function rows(...of: readonly string[]): Uint8Array {
  return request("INVITE", of);
}

/** An INVITE for that Request-URI. */
function asked(uri: string): Uint8Array {
  return messageOf([`INVITE ${uri} SIP/2.0`, ...textOf(request("INVITE")).split("\r\n").slice(1, -2)]);
}

/** An INVITE with a body of that type. */
function body(type: string, content: string, ...more: readonly string[]): Uint8Array {
  return request("INVITE", [`Content-Type: ${type}`, ...more], content);
}

const parts =
  "--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b\r\nContent-Type: message/sipfrag\r\n\r\nx\r\n--b--\r\n";

const messages: readonly ConditionCase[] = [
  {
    name: "request",
    condition: atom({ on: "message", is: "request" }),
    holds: [rows()],
    fails: [response(200, "OK")],
  },
  {
    name: "response",
    condition: atom({ on: "message", is: "response" }),
    holds: [response(200, "OK")],
    fails: [rows()],
  },
  {
    name: "a method, by the letter; of a response that of CSeq (RFC 3261 7.1, 20.16)",
    condition: atom({ on: "method", among: ["BYE", "INVITE"] }),
    holds: [rows(), response(200, "OK"), request("BYE")],
    fails: [request("INVITED"), request("ACK"), response(200, "OK", [], "REGISTER")],
  },
  {
    name: "status",
    condition: atom({ on: "status", from: 400, to: 499 }),
    holds: [response(400, "x"), response(499, "x")],
    fails: [response(399, "x"), response(500, "x"), rows()],
  },
  {
    name: "emergency (RFC 5031)",
    condition: atom({ on: "emergency" }),
    holds: [asked("urn:service:sos"), asked("URN:Service:SOS.police")],
    fails: [
      asked("urn:service:sosx"),
      asked("urn:service:counseling"),
      asked("sip:sos@home1.example"),
      response(200, "OK"),
    ],
  },
  {
    name: "in dialog",
    condition: atom({ on: "in-dialog" }),
    holds: [response(200, "OK")],
    fails: [rows()],
  },
  { name: "and of nothing", condition: all(), holds: [rows()], fails: [] },
  { name: "or of nothing", condition: { kind: "or", of: [] }, holds: [], fails: [rows()] },
  {
    name: "not",
    condition: not(atom({ on: "message", is: "request" })),
    holds: [response(200, "OK")],
    fails: [rows()],
  },
];

const fields: readonly ConditionCase[] = [
  {
    name: "present, in compact form and without a value too",
    condition: atom({ on: "present", field: "Subject" }),
    holds: [rows("s: a"), rows("Subject:"), rows("SUBJECT : a")],
    fails: [rows("X-Subject: a")],
  },
  {
    name: "count of values over rows and commas",
    condition: atom({ on: "count", field: "Supported", from: 2, to: 3 }),
    holds: [rows("k: a,b"), rows("k: a", "Supported: b, c"), rows("k: a,,b")],
    fails: [rows("k: a"), rows("k: a,b,c,d"), rows()],
  },
  {
    name: "a sole value: none alone, not none beside another",
    condition: atom({ on: "sole", field: "Privacy", among: ["none"] }),
    holds: [rows("Privacy: none"), rows("Privacy: NONE;"), rows("privacy:\r\n none")],
    fails: [
      rows("Privacy: none;id"),
      rows("Privacy: none", "Privacy: id"),
      rows("Privacy: none, none"),
      rows("Privacy: id"),
      rows(),
    ],
  },
  {
    name: "a value among others, without regard to case",
    condition: any("Privacy", "value", is("id", "history")),
    holds: [rows("Privacy: user; ID"), rows("Privacy: none", "Privacy: history")],
    fails: [rows("Privacy: ids"), rows("Privacy:"), rows()],
  },
  {
    name: "every value, and at least one",
    condition: any("Proxy-Require", "value", is("privacy", "sec-agree"), "every"),
    holds: [rows("Proxy-Require: privacy, Sec-Agree")],
    fails: [rows("Proxy-Require: privacy, foo"), rows("Proxy-Require:"), rows()],
  },
  {
    name: "a value without its parameters",
    condition: any("Content-Disposition", "value", is("session")),
    holds: [rows("Content-Disposition: Session ; handling=optional")],
    fails: [rows("Content-Disposition: render;x=session")],
  },
  {
    name: "text by the letter, a fold as one blank",
    condition: any("Subject", "value", is("Lunch at noon")),
    holds: [rows("Subject: Lunch\r\n \tat noon")],
    fails: [rows("Subject: lunch at noon"), rows("Subject: Lunch  at noon")],
  },
  {
    name: "a number",
    condition: any("Expires", "value", { kind: "between", from: 60, to: 3600 }),
    holds: [rows("Expires: 60"), rows("Expires: 3600")],
    fails: [rows("Expires: 59"), rows("Expires: 60s"), rows("Expires: -60"), rows()],
  },
];

const identity = "P-Asserted-Identity";

const addresses: readonly ConditionCase[] = [
  {
    name: "scheme of a URI",
    condition: any("Request-URI", "scheme", is("tel")),
    holds: [asked("TEL:+1555")],
    fails: [asked("sip:tel@x"), response(200, "OK")],
  },
  {
    name: "user of a URI, by the letter and decoded once (RFC 4475 3.1.1.3)",
    condition: any(identity, "user", is("alice", "a%41b")),
    holds: [rows(`${identity}: <sip:%61lice@x>`), rows(`${identity}: <sip:aA%62:pw@x>`)],
    fails: [
      rows(`${identity}: <sip:Alice@x>`),
      rows(`${identity}: <sip:alice%2540@x>`),
      rows(`${identity}: <sip:x@alice>`),
    ],
  },
  {
    name: "host, without regard to case, port and the root's dot",
    condition: any(identity, "host", is("home1.example")),
    holds: [rows(`${identity}: <sip:a@HOME1.example:5061>`), rows(`${identity}: <sips:home1.example.>`)],
    fails: [
      rows(`${identity}: <sip:a@xhome1.example>`),
      rows(`${identity}: <tel:+1>`),
      rows(`${identity}: <http://home1.example/>`),
    ],
  },
  {
    name: "host under a domain, label by label",
    condition: any(identity, "host", { kind: "under", domains: ["home1.example"] }),
    holds: [rows(`${identity}: <sip:home1.example>`), rows(`${identity}: <sip:a.b.Home1.example>`)],
    fails: [rows(`${identity}: <sip:xhome1.example>`), rows(`${identity}: <sip:home1.example.org>`)],
  },
  {
    name: "a host of our own",
    condition: any(identity, "host", { kind: "own" }),
    holds: [rows(`${identity}: <sip:a@Home1.example>`)],
    fails: [rows(`${identity}: <sip:a@away.example>`), rows(`${identity}: <sip:a@sub.home1.example>`)],
  },
  {
    name: "display name without its quotes",
    condition: any(identity, "display-name", is('Al "x" B')),
    holds: [rows(`${identity}: "Al \\"x\\" B" <sip:a@x>`)],
    fails: [rows(`${identity}: <sip:a@x>`), rows(`${identity}: Al <sip:a@x>`)],
  },
  {
    name: "a telephone number without its separators, of tel and sip URIs (RFC 3966 3)",
    condition: any(identity, "number", { kind: "starts-with", texts: ["+1408"] }),
    holds: [
      rows(`${identity}: <tel:+1-408.526(4000);cpc=x>`),
      rows(`${identity}: <sip:+1408526;cpc=x@home1.example;user=phone>`),
    ],
    fails: [
      rows(`${identity}: <tel:14085>`),
      rows(`${identity}: <sip:x+1408@x>`),
      rows(`${identity}: <tel:+14;ext=08>`),
    ],
  },
  {
    name: "a parameter of the field, not of the URI",
    condition: any("Contact", { kind: "parameter", name: "q" }, is("0.5")),
    holds: [
      rows("Contact: <sip:a@x>;q=1, <sip:b@x> ; Q = 0.5"),
      rows('Contact: <sip:a@x>;q="0.5"'),
      rows("m: sip:a@x;q=0.5"),
    ],
    fails: [rows("Contact: <sip:a@x;q=0.5>"), rows('Contact: <sip:a@x>;x=";q=0.5"')],
  },
  {
    name: "a parameter without a value is there",
    condition: any("Route", { kind: "uri-parameter", name: "lr" }, present),
    holds: [rows("Route: <sip:x;LR>"), rows("Route: <sip:x;%6cr>"), rows("Route: <sip:x;lr=on>")],
    fails: [rows("Route: <sip:x>;lr"), rows("Route: <sip:lr>")],
  },
  {
    name: "a header field inside a URI, its name decoded",
    condition: any("History-Info", { kind: "uri-header", name: "privacy" }, is("history")),
    holds: [
      rows("History-Info: <sip:a@x?Reason=1&Privacy=history>;index=1"),
      rows("History-Info: <sip:a@x?P%72ivacy=Hi%73tory>;index=1"),
    ],
    fails: [
      rows("History-Info: <sip:a@x>;index=1;privacy=history"),
      rows("History-Info: <sip:a@x?Privacy=id>;index=1"),
    ],
  },
  {
    name: "the Request-URI",
    condition: any("Request-URI", "uri", is("sip:bob@open-d.example")),
    holds: [rows(), asked("sip:%62ob@open-d.example")],
    fails: [asked("sip:bob@open-d.example;x=1")],
  },
];

const bodies: readonly ConditionCase[] = [
  {
    name: "body present",
    condition: atom({ on: "body", is: "present" }),
    holds: [body("a/b", "x")],
    fails: [body("a/b", ""), rows()],
  },
  {
    name: "a body type, at every depth",
    condition: atom({ on: "body-type", type: "application/sdp" }),
    holds: [body("Application/SDP;charset=x", "v=0"), body("multipart/mixed;boundary=b", parts)],
    fails: [
      body("application/sdpx", "v=0"),
      body("multipart/mixed;boundary=c", parts),
      rows("Content-Type: application/sdp"),
    ],
  },
  {
    name: "a kind of body types",
    condition: atom({ on: "body-type", type: "message/*" }),
    holds: [body("multipart/mixed;boundary=b", parts)],
    fails: [body("messages/x", "x")],
  },
  {
    name: "encrypted, signed or encoded",
    condition: atom({ on: "body", is: "encrypted" }),
    holds: [
      body("application/pkcs7-mime", "x"),
      body("multipart/signed;boundary=b", parts),
      body("application/sdp", "x", "e: gzip"),
    ],
    fails: [body("multipart/mixed;boundary=b", parts), body("application/sdp", "x", "e: identity")],
  },
  {
    name: "a message inside",
    condition: atom({ on: "body", is: "nested" }),
    holds: [body("message/sip", "x"), body("multipart/mixed;boundary=b", parts)],
    fails: [body("message/cpim", "x")],
  },
  {
    name: "unreadable",
    condition: atom({ on: "body", is: "unreadable" }),
    holds: [body("multipart/mixed", parts), body("multipart/mixed;boundary=c", parts)],
    fails: [body("multipart/mixed;boundary=b", parts), body("text/plain", parts), rows()],
  },
];

export function runConditions(makeEngine: MakeEngine): void {
  const subjects = {
    "the message": messages,
    "header fields": fields,
    "addresses and URIs": addresses,
    bodies,
  };
  for (const [subject, cases] of Object.entries(subjects)) {
    describe(`conditions on ${subject}`, () => {
      for (const { name, condition, holds, fails } of cases) {
        it(name, () => {
          const engine = makeEngine(policy([rule("r", [mark("held")], { condition })]));
          const held = (bytes: Uint8Array): boolean | string => {
            const { marks, violation } = engine.decide(messageEvent(bytes));
            return violation?.rule ?? marks.includes("held");
          };
          assert.deepEqual(
            holds.map(held),
            holds.map(() => true),
          );
          assert.deepEqual(
            fails.map(held),
            fails.map(() => false),
          );
        });
      }
    });
  }
}
