/** Edits of bodies: parts, session descriptions, fragments, and what follows for the head. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Edit } from "../../../grammar/model.ts";
import { request, textOf } from "../messages.ts";
import { edit, policy, rule } from "../policy-builder.ts";
import { editsOf, type MakeEngine, messageEvent } from "./case.ts";

interface BodyCase {
  readonly name: string;
  readonly edits: readonly Edit[];
  readonly before: { readonly rows: readonly string[]; readonly body: string };
  readonly after: { readonly rows: readonly string[]; readonly body: string };
}

function lines(...of: readonly string[]): string {
  return of.join("\r\n");
}

const sdp = lines("v=0", "o=- 1 1 IN IP4 10.1.1.1", "s=-", "t=0 0", "");
const pidf = "<presence/>";

/** Parts with boundary `b`; each is its rows, an empty line and its content. */
function multipart(...parts: readonly (readonly string[])[]): string {
  return lines(...parts.flatMap((part) => ["--b", ...part]), "--b--", "");
}

const sdpPart = ["Content-Type: application/sdp", "Content-Disposition: session", "", sdp];
const talking = ["Content-Type: application/sdp", "X-Caller: al", "Content-Disposition: session", "", sdp];
const pidfPart = ["Content-Type: application/pidf+xml", "Content-ID: <t1@home1.example>", "", pidf];
const noPartHead = ["", "hello"];
const encoded = ["Content-Type: text/plain", "Content-Transfer-Encoding: base64", "", "aGVsbG8="];

const dropPidf: Edit = { kind: "drop-parts", type: "application/pidf+xml" };

function length(text: string): string {
  return `Content-Length: ${Buffer.byteLength(text)}`;
}

const drops: readonly BodyCase[] = [
  {
    name: "a dropped body takes the fields that describe it along",
    edits: [{ kind: "drop-body" }],
    before: {
      rows: ["c: application/sdp", "Subject: a", "Content-Disposition: session", length(sdp)],
      body: sdp,
    },
    after: { rows: ["Subject: a", "Content-Length: 0"], body: "" },
  },
  {
    name: "a body that is the part goes whole",
    edits: [{ kind: "drop-parts", type: "application/*" }],
    before: { rows: ["Content-Type: Application / SDP;x=1", `l:  ${sdp.length}`], body: sdp },
    after: { rows: ["l:  0"], body: "" },
  },
  {
    name: "a multipart of one part collapses, and that part's fields become the message's",
    edits: [dropPidf],
    before: {
      rows: ['Content-Type: multipart/mixed;boundary="b"', length(multipart(sdpPart, pidfPart))],
      body: multipart(sdpPart, pidfPart),
    },
    after: {
      rows: ["Content-Type: application/sdp", length(sdp), "Content-Disposition: session"],
      body: sdp,
    },
  },
  {
    name: "a part without a Content-Type is plain text (RFC 2046 5.1)",
    edits: [dropPidf],
    before: {
      rows: ["Content-Type: multipart/mixed;boundary=b", length(multipart(pidfPart, noPartHead))],
      body: multipart(pidfPart, noPartHead),
    },
    after: { rows: ["Content-Type: text/plain", "Content-Length: 5"], body: "hello" },
  },
  {
    name: "of three parts two stay as they are",
    edits: [dropPidf],
    before: {
      rows: [
        "Content-Type: multipart/mixed;boundary=b",
        length(`pre\r\n${multipart(noPartHead, pidfPart, sdpPart)}post`),
      ],
      body: `pre\r\n${multipart(noPartHead, pidfPart, sdpPart)}post`,
    },
    after: {
      rows: [
        "Content-Type: multipart/mixed;boundary=b",
        length(`pre\r\n${multipart(noPartHead, sdpPart)}post`),
      ],
      body: `pre\r\n${multipart(noPartHead, sdpPart)}post`,
    },
  },
  {
    name: "a multipart that loses all its parts goes",
    edits: [dropPidf, { kind: "drop-parts", type: "application/sdp" }],
    before: {
      rows: [
        "Content-Type: multipart/mixed;boundary=b",
        length(multipart(sdpPart, pidfPart)),
        "MIME-Version: 1.0",
      ],
      body: multipart(sdpPart, pidfPart),
    },
    after: { rows: ["Content-Length: 0", "MIME-Version: 1.0"], body: "" },
  },
  {
    name: "a multipart inside a multipart collapses too",
    edits: [dropPidf],
    before: {
      rows: ["Content-Type: multipart/mixed;boundary=o", length(nested(multipart(sdpPart, pidfPart)))],
      body: nested(multipart(sdpPart, pidfPart)),
    },
    after: {
      rows: ["Content-Type: multipart/mixed;boundary=o", length(nestedPart(sdpPart))],
      body: nestedPart(sdpPart),
    },
  },
  {
    name: "a part that was encoded for transfer stays in its multipart",
    edits: [dropPidf],
    before: {
      rows: ["Content-Type: multipart/mixed;boundary=b", length(multipart(encoded, pidfPart))],
      body: multipart(encoded, pidfPart),
    },
    after: {
      rows: ["Content-Type: multipart/mixed;boundary=b", length(multipart(encoded))],
      body: multipart(encoded),
    },
  },
  {
    name: "parts are named by the cid URIs of a field (RFC 2392)",
    edits: [{ kind: "drop-named-parts", field: "Geolocation" }],
    before: {
      rows: [
        "Geolocation: <cid:t1%40home1.example>",
        "Content-Type: multipart/mixed;boundary=b",
        length(multipart(sdpPart, pidfPart)),
      ],
      body: multipart(sdpPart, pidfPart),
    },
    after: {
      rows: [
        "Geolocation: <cid:t1%40home1.example>",
        "Content-Type: application/sdp",
        length(sdp),
        "Content-Disposition: session",
      ],
      body: sdp,
    },
  },
  {
    name: "all parts but the listed types go, unknown types too",
    edits: [{ kind: "drop-other-parts", except: ["application/sdp", "text/*"] }],
    before: {
      rows: [
        "Content-Type: multipart/mixed;boundary=b",
        length(multipart(["Content-Type: x/y", "", "?"], sdpPart, pidfPart, noPartHead)),
      ],
      body: multipart(["Content-Type: x/y", "", "?"], sdpPart, pidfPart, noPartHead),
    },
    after: {
      rows: ["Content-Type: multipart/mixed;boundary=b", length(`\r\n${multipart(sdpPart, noPartHead)}`)],
      body: `\r\n${multipart(sdpPart, noPartHead)}`,
    },
  },
  {
    name: "and so does what stands beside the parts, where nobody reads it",
    edits: [{ kind: "drop-other-parts", except: ["application/sdp", "text/*"] }],
    before: {
      rows: ["Content-Type: multipart/mixed;boundary=b", length(`al\r\n${multipart(talking, noPartHead)}al`)],
      body: `al\r\n${multipart(talking, noPartHead)}al`,
    },
    after: {
      rows: ["Content-Type: multipart/mixed;boundary=b", length(`\r\n${multipart(sdpPart, noPartHead)}`)],
      body: `\r\n${multipart(sdpPart, noPartHead)}`,
    },
  },
  {
    name: "and with them what stood around the one part that is left",
    edits: [{ kind: "drop-other-parts", except: ["application/sdp"] }],
    before: {
      rows: ["Content-Type: multipart/mixed;boundary=b", length(`al\r\n${multipart(talking, pidfPart)}al`)],
      body: `al\r\n${multipart(talking, pidfPart)}al`,
    },
    after: {
      rows: ["Content-Type: application/sdp", length(sdp), "Content-Disposition: session"],
      body: sdp,
    },
  },
  {
    name: "a signed multipart is dropped whole or not at all",
    edits: [dropPidf],
    before: {
      rows: ["Content-Type: multipart/signed;boundary=b", length(multipart(pidfPart, sdpPart))],
      body: multipart(pidfPart, sdpPart),
    },
    after: { rows: ["Content-Length: 0"], body: "" },
  },
  {
    name: "a multipart that can't be read is dropped whole, since the part may hide in it",
    edits: [dropPidf],
    before: {
      rows: ["Content-Type: multipart/mixed;boundary=c", length(multipart(pidfPart))],
      body: multipart(pidfPart),
    },
    after: { rows: ["Content-Length: 0"], body: "" },
  },
  {
    name: "what no part is meant by leaves as it came",
    edits: [{ kind: "drop-parts", type: "text/plain" }],
    before: {
      rows: ["Content-Type: multipart/mixed;boundary=b", length(multipart(sdpPart))],
      body: multipart(sdpPart),
    },
    after: {
      rows: ["Content-Type: multipart/mixed;boundary=b", length(multipart(sdpPart))],
      body: multipart(sdpPart),
    },
  },
];

function nested(inner: string): string {
  return lines(
    "--o",
    ...noPartHead,
    "--o",
    "Content-Type: multipart/mixed;boundary=b",
    "",
    inner,
    "--o--",
    "",
  );
}

function nestedPart(part: readonly string[]): string {
  return lines("--o", ...noPartHead, "--o", ...part, "--o--", "");
}

const personal = lines(
  "v=0",
  "o=alice 1 1 IN IP4 10.1.1.1",
  "s=Alice call",
  "i=x",
  "u=http://a",
  "e=a@x",
  "p=+1",
  "c=IN IP4 10.1.1.1",
  "t=0 0",
  "m=audio 4000 RTP/AVP 0",
  "i=y",
  "",
);
const neutral = lines(
  "v=0",
  "o=- 1 1 IN IP4 10.1.1.1",
  "s=-",
  "c=IN IP4 10.1.1.1",
  "t=0 0",
  "m=audio 4000 RTP/AVP 0",
  "",
);
const redactSdp: Edit = { kind: "redact-sdp", lines: ["o", "s", "i", "u", "e", "p"] };
const sdpType = "Content-Type: application/sdp";
const fragType = "Content-Type: message/sipfrag;version=2.0";

const redactions: readonly BodyCase[] = [
  {
    name: "SDP lines take their neutral forms, at session and at media level (RFC 5379 5.2)",
    edits: [redactSdp],
    before: { rows: [sdpType, length(personal)], body: personal },
    after: { rows: [sdpType, length(neutral)], body: neutral },
  },
  {
    name: "only the named lines",
    edits: [{ kind: "redact-sdp", lines: ["s"] }],
    before: { rows: [sdpType, length("v=0\ns=a\ni=b")], body: "v=0\ns=a\ni=b" },
    after: { rows: [sdpType, length("v=0\ns=-\ni=b")], body: "v=0\ns=-\ni=b" },
  },
  {
    name: "a neutral description is left as it is",
    edits: [redactSdp],
    before: { rows: [sdpType, length(neutral)], body: neutral },
    after: { rows: [sdpType, length(neutral)], body: neutral },
  },
  {
    name: "nothing is redacted inside a signature",
    edits: [redactSdp],
    before: {
      rows: ["Content-Type: multipart/signed;boundary=b", length(multipart([sdpType, "", personal]))],
      body: multipart([sdpType, "", personal]),
    },
    after: {
      rows: ["Content-Type: multipart/signed;boundary=b", length(multipart([sdpType, "", personal]))],
      body: multipart([sdpType, "", personal]),
    },
  },
  {
    name: "a dropped part absorbs what is asked of its lines",
    edits: [redactSdp, { kind: "drop-parts", type: "application/sdp" }],
    before: { rows: [sdpType, length(personal)], body: personal },
    after: { rows: ["Content-Length: 0"], body: "" },
  },
  {
    name: "a fragment keeps its status line alone (RFC 3420 2)",
    edits: [{ kind: "redact-sipfrag" }],
    before: {
      rows: [fragType, length("SIP/2.0 200 OK\r\nFrom: <sip:a@x>\r\n")],
      body: "SIP/2.0 200 OK\r\nFrom: <sip:a@x>\r\n",
    },
    after: { rows: [fragType, "Content-Length: 16"], body: "SIP/2.0 200 OK\r\n" },
  },
  {
    name: "a fragment without a status line becomes empty",
    edits: [{ kind: "redact-sipfrag" }],
    before: { rows: [fragType, length("From: <sip:a@x>\r\n")], body: "From: <sip:a@x>\r\n" },
    after: { rows: [fragType, "Content-Length: 0"], body: "" },
  },
  {
    name: "a datagram without Content-Length gets one when its body changes",
    edits: [{ kind: "redact-sdp", lines: ["s"] }],
    before: { rows: [sdpType], body: "v=0\r\ns=alice\r\n" },
    after: { rows: [sdpType, "Content-Length: 10"], body: "v=0\r\ns=-\r\n" },
  },
];

export function runBodies(makeEngine: MakeEngine): void {
  for (const [subject, cases] of [
    ["parts that are dropped", drops],
    ["redaction", redactions],
  ] as const) {
    describe(subject, () => {
      for (const { name, edits, before, after } of cases) {
        it(name, () => {
          const engine = makeEngine(
            policy([
              rule(
                "edit",
                edits.map((one) => edit(one)),
              ),
            ]),
          );
          const decision = engine.decide(messageEvent(request("INVITE", before.rows, before.body)));
          assert.equal(textOf(decision.bytes), textOf(request("INVITE", after.rows, after.body)));
          assert.equal(decision.verdict, before.body === after.body ? "allow" : "rewrite");
        });
      }
    });
  }

  it("says which edits a body made necessary", () => {
    const engine = makeEngine(policy([rule("no-location", [edit(dropPidf)])]));
    const body = multipart(sdpPart, pidfPart);
    const rows = ["Content-Type: multipart/mixed;boundary=b", length(body)];
    assert.deepEqual(editsOf(engine.decide(messageEvent(request("INVITE", rows, body)))), [
      "Content-Disposition set (consequence)",
      "Content-Length set (consequence)",
      "Content-Type set (consequence)",
      "body collapse (consequence)",
      "body drop no-location",
    ]);
  });

  it("cuts what stands behind the body of a datagram, and calls it no edit (RFC 3261 18.3)", () => {
    const engine = makeEngine(policy([]));
    const decision = engine.decide(messageEvent(request("INVITE", ["Content-Length: 2"], "abcd")));
    assert.equal(decision.verdict, "allow");
    assert.equal(textOf(decision.bytes), textOf(request("INVITE", ["Content-Length: 2"], "ab")));
  });
}
