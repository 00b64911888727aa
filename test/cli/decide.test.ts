import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { BorderFolder } from "./border-folder.ts";
import { memoryIo } from "./memory-io.ts";

const folder = new BorderFolder();
after(() => folder.remove());

/** A name in Latin-1 (0xff), which is no UTF-8. */
const rows = (method: string): readonly string[] => [
  `${method} sip:bob@open-d.example SIP/2.0`,
  "Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1",
  "From: <sip:alice@home1.example>;tag=1",
  "To: <sip:bob@open-d.example>",
  "Call-ID: 1",
  `CSeq: 1 ${method}`,
  "P-Asserted-Identity: <sip:alice@home1.example>",
  "Subject: hello",
  "X-Byte: \xff",
  "",
  "",
];
const message = (method: string, unless: RegExp = /^$./): Buffer =>
  Buffer.from(
    rows(method)
      .filter((row) => !unless.test(row))
      .join("\r\n"),
    "latin1",
  );

folder.write("call.sip", message("INVITE"));
folder.write("text.sip", message("MESSAGE"));
folder.write("lf.sip", Buffer.from(message("INVITE").toString("latin1").replaceAll("\r\n", "\n"), "latin1"));

const identity = { name: "withhold-identity", file: "border.privet", line: 20, because: "TS 33.203 5.4" };
const subject = { name: "hide-subject", file: "border.privet", line: 24, because: "RFC 3323 5.3" };

interface Decided {
  readonly verdict: string;
  readonly from: { readonly network: string; readonly trusted: boolean };
  readonly to: { readonly network: string; readonly trusted: boolean };
}

const decide = async (rest: string): Promise<Decided & Record<string, unknown>> => {
  const { out, err } = await folder.type(`decide %border.privet --json ${rest}`);
  assert.equal(err, "");
  return JSON.parse(out) as Decided & Record<string, unknown>;
};

describe("privet decide", () => {
  it("--json: a rewritten message as one object on one line", async () => {
    const { code, out, err } = await folder.type(
      "decide %border.privet --from home --to open-d --json %call.sip",
    );
    assert.deepEqual([code, err], [0, ""]);
    assert.match(out, /^\{.*\}\n$/);
    const decided = JSON.parse(out) as Record<string, { because: string }>;
    assert.deepEqual(decided, {
      verdict: "rewrite",
      from: { network: "home", trusted: true, because: decided["from"]?.because },
      to: { network: "open-d", trusted: false, because: decided["to"]?.because },
      rules: [subject, identity],
      edits: [
        { field: "P-Asserted-Identity", action: "remove", rule: "withhold-identity" },
        { field: "Subject", action: "remove", rule: "hide-subject" },
      ],
      marks: [],
      message: new TextDecoder().decode(message("INVITE", /^P-Asserted|^Subject/)),
    });
  });

  it("--json: a message that passes, and one that is rejected", async () => {
    const allowed = await decide("--from home --to carrier-c %call.sip");
    assert.deepEqual([allowed.verdict, allowed.to.trusted, allowed["rules"]], ["allow", true, []]);
    assert.equal(allowed["message"], new TextDecoder().decode(message("INVITE")));
    const { code, out } = await folder.type("decide %border.privet --from home --to open-d --json %text.sip");
    assert.equal(code, 3);
    const { verdict, status, reason, edits, ...rest } = JSON.parse(out) as Record<string, unknown>;
    assert.deepEqual([verdict, status, reason, edits], ["reject", 403, "No Messages", []]);
    assert.ok(!("message" in rest));
  });

  it("--json: which rule of syntax a message broke, and its clause", async () => {
    const decided = await decide("--from home --to open-d %lf.sip");
    assert.deepEqual([decided.verdict, decided["status"], decided["rules"]], ["reject", 400, []]);
    const violation = decided["violation"] as Record<string, unknown>;
    assert.deepEqual([violation["rule"], violation["at"]], ["request-line", 37]);
    assert.match(String(violation["clause"]), /^RFC 3261 7/);
  });

  it("--raw: exactly the bytes that would leave, nothing on a rejection", async () => {
    const type = (rest: string) => folder.type(`decide %border.privet --from home --raw ${rest}`);
    assert.deepEqual((await type("--to open-d %call.sip")).bytes, message("INVITE", /^P-Asserted|^Subject/));
    assert.deepEqual((await type("--to carrier-c %call.sip")).bytes, message("INVITE"));
    const rejected = await type("--to open-d %text.sip");
    assert.deepEqual([rejected.code, rejected.bytes.length, rejected.err], [3, 0, ""]);
  });

  it("takes the message from standard input, with and without `-`", async () => {
    for (const rest of ["", " -"]) {
      const io = memoryIo(message("INVITE"));
      const { bytes } = await folder.type(
        `decide %border.privet --from home --to carrier-c --raw${rest}`,
        io,
      );
      assert.deepEqual(bytes, message("INVITE"));
    }
  });

  it("--crlf reads lines that end in LF; without it their ends are pointed at", async () => {
    const question = "decide %border.privet --from home --to carrier-c";
    assert.deepEqual((await folder.type(`${question} --raw --crlf %lf.sip`)).bytes, message("INVITE"));
    assert.deepEqual((await folder.type(`${question} --raw --crlf %call.sip`)).bytes, message("INVITE"));
    assert.match((await folder.type(`${question} %lf.sip`)).out, /add --crlf/);
  });

  it("--at is the clock of the agreement", async () => {
    const trusted = async (time: string): Promise<boolean> =>
      (await decide(`--from home --to carrier-c --at ${time} %call.sip`)).to.trusted;
    assert.equal(await trusted("2027-12-31T23:59:59Z"), true);
    assert.equal(await trusted("2028-01-01"), false);
    assert.equal(await trusted("2028-01-01T00:30:00+01:00"), true);
  });

  it("--option gives an option of the policy another value", async () => {
    const { bytes } = await folder.type(
      "decide %border.privet --from home --to open-d --option subject=keep --raw %call.sip",
    );
    assert.deepEqual(bytes, message("INVITE", /^P-Asserted/));
  });

  it("--transport, --certificate and --partner are of the foreign end", async () => {
    for (const [rest, from, to] of [
      ["--from carrier-c --to home", true, true],
      ["--from carrier-c --to home --transport tls", true, true],
      ["--from carrier-c --to home --transport wss", true, true],
      ["--from carrier-c --to home --transport tcp", false, true],
      ["--from carrier-c --to home --certificate %carrier.pem", true, true],
      ["--from carrier-c --to home --certificate %forged.pem", false, true],
      ["--from home --to carrier-c --transport udp", true, false],
      ["--from home --to carrier-c --certificate %carrier.pem", true, true],
      ["--from home --to carrier-c --certificate %bank.pem", true, false],
      ["--from home --to carrier-c --partner carrier-c", true, true],
      ["--from open-d --to carrier-c --transport udp", false, true],
    ] as const) {
      const decided = await decide(`${rest} %call.sip`);
      assert.deepEqual([decided.from.trusted, decided.to.trusted], [from, to], rest);
    }
  });

  it("--partner: a partner's certificate on another network's connection", async () => {
    const text = (name: string): string => `${name} {\n  domain "${name.split(" ")[1]}.example"\n}\n`;
    folder.write(
      "two.privet",
      `language 1\npolicy "two"\nnetwork home {\n  own\n}\n${text("partner left")}${text("partner right")}trust home\ntrust left when certificate names left\ntrust right when certificate names left\n`,
    );
    const trusted = async (rest: string): Promise<boolean> =>
      (
        JSON.parse(
          (await folder.type(`decide %two.privet --json --from right --to home ${rest} %call.sip`)).out,
        ) as Decided
      ).from.trusted;
    assert.equal(await trusted(""), false);
    assert.equal(await trusted("--partner left"), true);
  });

  it("warns of a certificate that the transport can't show", async () => {
    const { code, err } = await folder.type(
      "decide %border.privet --from carrier-c --to home --transport udp --partner carrier-c %call.sip",
    );
    assert.deepEqual(
      [code, err],
      [0, "warning: over udp nobody shows a certificate: --partner changes nothing\n"],
    );
  });

  it("tells people the verdict, both ends, rules with place and clause, and what changed", async () => {
    const { out } = await folder.type("decide %border.privet --from home --to open-d %call.sip");
    assert.match(out, /^rewrite\n {2}from {2}home, trusted: .+\n {2}to {4}open-d, untrusted: .+\n/);
    assert.match(out, /^ +withhold-identity {2}border\.privet:20 {2}\(TS 33\.203 5\.4\)$/m);
    assert.match(out, /^ +remove P-Asserted-Identity {2}withhold-identity {2}\(TS 33\.203 5\.4\)$/m);
    assert.match(out, /^ +- P-Asserted-Identity: <sip:alice@home1\.example>$/m);
    const rejected = await folder.type("decide %border.privet --from home --to open-d %text.sip");
    assert.match(rejected.out, /^reject 403 No Messages\n/);
  });

  it("shows a policy's mistakes on standard error, and decides nothing", async () => {
    folder.write("bad.privet", 'language 1\npolicy "x"\ntrust hom\n');
    const { code, out, err } = await folder.type("decide %bad.privet --from home --to open-d %call.sip");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /^error\[P2002\]/);
  });
});
