import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { BorderFolder } from "./border-folder.ts";

const folder = new BorderFolder();
after(() => folder.remove());

folder.write(
  "call.sip",
  [
    "OPTIONS sip:bob@open-d.example SIP/2.0",
    "Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1",
    "From: <sip:alice@home1.example>;tag=1",
    "To: <sip:bob@open-d.example>",
    "Call-ID: 1",
    "CSeq: 1 OPTIONS",
    "Subject: hello",
    "",
    "",
  ].join("\r\n"),
);

/** By name, as the order of the rules means nothing. */
const byName = (a: { rule: string }, b: { rule: string }): number => a.rule.localeCompare(b.rule);

describe("privet explain", () => {
  it("--json: the decision, and of every rule what decided it", async () => {
    const { code, out } = await folder.type(
      "explain %border.privet --from home --to open-d --option subject=keep --json %call.sip",
    );
    assert.equal(code, 0);
    const { verdict, considered } = JSON.parse(out) as {
      verdict: string;
      considered: { rule: string }[];
    };
    assert.equal(verdict, "allow");
    const place = (line: number, text: string, holds: boolean) => ({
      text,
      holds,
      file: "border.privet",
      line,
    });
    assert.deepEqual(considered.toSorted(byName), [
      {
        rule: "hide-subject",
        gate: "out",
        applied: false,
        decidedBy: place(26, "option subject is remove", false),
      },
      { rule: "no-messages", gate: "out", applied: false, decidedBy: place(31, "method is MESSAGE", false) },
      {
        rule: "withhold-identity",
        gate: "out",
        applied: true,
        decidedBy: place(20, "on message to untrusted", true),
      },
    ]);
  });

  it("tells people one line for each rule", async () => {
    const { code, out } = await folder.type("explain %border.privet --from home --to open-d %call.sip");
    assert.equal(code, 0);
    assert.match(out, /^rewrite\n/);
    assert.match(
      out,
      /^out +hide-subject +applied +option subject is remove\? yes {2}\(border\.privet:26\)$/m,
    );
    assert.match(out, /^out +no-messages +not applied +method is MESSAGE\? no {2}\(border\.privet:31\)$/m);
  });

  it("exits with 3 on a rejection", async () => {
    folder.write("broken.sip", "OPTIONS");
    const { code, out } = await folder.type("explain %border.privet --from home --to open-d %broken.sip");
    assert.equal(code, 3);
    assert.match(out, /no rule was considered: the message broke a rule of syntax\n$/);
  });
});
