import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { DiagnosticJson } from "../../grammar/index.ts";
import { makeAuthority } from "../certificate-authority.ts";
import { makeRevocationList, writeList } from "../revocation-list.ts";
import { BorderFolder, borderPolicy } from "./border-folder.ts";

const folder = new BorderFolder();
after(() => folder.remove());

folder.write(
  "five.privet",
  `language 1
policy "five mistakes"
network home {
  own
  domain "home1.example"
}
trust hom
rule hide
  on message to untrusted
  unless Privacy has none
  remove Subjct
  because "RFC 3323 5.3"
rule strip
  on message to untrusted
  remove Call-ID
  because "RFC 3261 8.1.1"
rule refuse
  on mesage to untrusted
  reject 403 "Forbidden"
  because "house rule"
`,
);

/** Code, line and the text that was meant, of each mistake above. */
const five = [
  "P2002 7 home",
  "P4009 10 Privacy is none",
  "P2001 11 Subject",
  "P3003 15 -",
  "P1001 18 message",
];

const inShort = (found: readonly DiagnosticJson[]): readonly string[] =>
  found.map(({ code, line, suggestion }) => `${code} ${line} ${suggestion ?? "-"}`);

describe("privet check", () => {
  it("finds nothing wrong with a sound policy", async () => {
    assert.deepEqual(
      { ...(await folder.type("check %border.privet")), bytes: undefined },
      { code: 0, out: "border.privet: no findings\n", err: "", bytes: undefined },
    );
    assert.equal((await folder.type("check --format json %border.privet")).out, "[]\n");
  });

  it("reads a file whose lines end in CRLF alike", async () => {
    folder.write("crlf.privet", borderPolicy.replaceAll("\n", "\r\n"));
    assert.equal((await folder.type("check %crlf.privet")).code, 0);
  });

  it("shows five mistakes with five messages: line, excerpt, remedy", async () => {
    const { code, out, err } = await folder.type("check %five.privet");
    assert.deepEqual([code, err], [1, ""]);
    const heads = [...out.matchAll(/^(error|warning)\[(P\d+)\]: .+\n +--> five\.privet:(\d+):\d+$/gm)];
    assert.deepEqual(
      heads.map(([, severity, diagnostic, line]) => `${severity} ${diagnostic} ${line}`),
      ["error P2002 7", "warning P4009 10", "error P2001 11", "error P3003 15", "error P1001 18"],
    );
    assert.match(out, /^ 11 \| {3}remove Subjct\n +\| +\^{6} did you mean `Subject`\?$/m);
    const messages = out.split(/^(?=error|warning)/m);
    for (const message of messages) assert.match(message, /did you mean `.+`|= help: .+/);
    assert.match(out, /^4 errors, 1 warning\n$/m);
  });

  it("writes them as one JSON array", async () => {
    const { code, out } = await folder.type("check --format json %five.privet");
    assert.equal(code, 1);
    const found = JSON.parse(out) as readonly DiagnosticJson[];
    assert.deepEqual(inShort(found), five);
    assert.deepEqual(found[2], {
      code: "P2001",
      severity: "error",
      message: "unknown header field `Subjct`",
      file: "five.privet",
      line: 11,
      column: 10,
      endLine: 11,
      endColumn: 16,
      expected: [],
      suggestion: "Subject",
      help: found[2]?.help,
      related: [],
    });
  });

  it("writes them as SARIF 2.1.0", async () => {
    const { code, out } = await folder.type("check --format sarif %five.privet");
    assert.equal(code, 1);
    const log = JSON.parse(out) as {
      version: string;
      runs: {
        tool: { driver: { name: string; rules: { id: string }[] } };
        results: {
          ruleId: string;
          ruleIndex: number;
          level: string;
          message: { text: string };
          locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[];
        }[];
      }[];
    };
    assert.equal(log.version, "2.1.0");
    const { tool, results } = log.runs[0]!;
    assert.equal(tool.driver.name, "privet");
    assert.deepEqual(
      tool.driver.rules.map(({ id }) => id),
      ["P1001", "P2001", "P2002", "P3003", "P4009"],
    );
    assert.deepEqual(
      results.map(({ ruleId, ruleIndex, level }) => [ruleId, ruleIndex, level]),
      [
        ["P2002", 2, "error"],
        ["P4009", 4, "warning"],
        ["P2001", 1, "error"],
        ["P3003", 3, "error"],
        ["P1001", 0, "error"],
      ],
    );
    assert.deepEqual(results[2]?.locations[0]?.physicalLocation, {
      artifactLocation: { uri: "file://five.privet" },
      region: { startLine: 11, startColumn: 10, endLine: 11, endColumn: 16 },
    });
    assert.equal(results[2]?.message.text, "unknown header field `Subjct`; did you mean `Subject`?");
  });

  it("shows what two policies import once", async () => {
    folder.write("part.privet", "language 1\ntrust hom\n");
    const importing = (title: string): string =>
      `language 1\npolicy "${title}"\nimport "./part.privet"\nnetwork home {\n  own\n  domain "h.example"\n}\n`;
    folder.write("a.privet", importing("a"));
    folder.write("b.privet", importing("b"));
    const { out } = await folder.type("check --format json %a.privet %b.privet");
    assert.deepEqual(inShort(JSON.parse(out) as readonly DiagnosticJson[]), ["P2002 2 home"]);
  });

  it("points at an authority that can't be read, or holds no certificate", async () => {
    for (const file of ["nowhere.pem", "border.privet"]) {
      folder.write("lost.privet", borderPolicy.replace('"root.pem"', `"${file}"`));
      const { code, out } = await folder.type("check --format json %lost.privet");
      assert.equal(code, 1);
      const [found, ...more] = JSON.parse(out) as readonly DiagnosticJson[];
      assert.deepEqual(more, []);
      assert.deepEqual(
        { code: found?.code, severity: found?.severity, line: found?.line, column: found?.column },
        { code: "P4020", severity: "warning", line: 13, column: 14 },
      );
    }
  });

  it("points at a CRL that can't be read, is somebody else's, or does not count at this time", async () => {
    const clock = Date.UTC(2026, 5, 1, 12);
    const [hour, day] = [3_600_000, 86_400_000];
    const dates = { thisUpdate: clock - 5 * day, nextUpdate: clock + 5 * day };
    const root = makeAuthority("root of carrier-c", { notBefore: clock - 9 * day });
    const other = makeAuthority("root of somebody", { notBefore: clock - 9 * day });
    const crls: readonly [string | Uint8Array | undefined, string | undefined, RegExp][] = [
      [undefined, "P4021", /^no CRL of `carrier-c` can be read in `.*c\.crl`: there is no file/],
      ["-----BEGIN X509", "P4021", /: it holds none$/],
      [writeList(new Uint8Array([48, 0])), "P4021", /: the CRL tbsCertList is missing/],
      [
        writeList(makeRevocationList(other, dates)),
        "P4022",
        /: it is by CN=root of somebody, which is none of them$/,
      ],
      [
        writeList(makeRevocationList(makeAuthority("root of carrier-c"), dates)),
        "P4022",
        /: it is not signed by CN=root of carrier-c$/,
      ],
      [
        writeList(makeRevocationList(root, { ...dates, nextUpdate: clock - hour })),
        "P4023",
        /c\.crl` ended on 2026-06-01$/,
      ],
      [
        writeList(makeRevocationList(root, { ...dates, thisUpdate: clock + hour })),
        "P4023",
        /c\.crl` begins on 2026-06-01$/,
      ],
      [
        writeList(makeRevocationList(root, { ...dates, nextUpdate: clock + hour })),
        "P4024",
        /c\.crl` ends on 2026-06-01$/,
      ],
      [writeList(makeRevocationList(root, dates)), undefined, /^$/],
      [makeRevocationList(root, dates), undefined, /^$/],
      // An old one may stand beside the new one.
      [
        [{ ...dates, nextUpdate: clock - hour }, dates]
          .map((some) => writeList(makeRevocationList(root, some)))
          .join(""),
        undefined,
        /^$/,
      ],
    ];
    folder.write("root-c.pem", root.certificate);
    const named = '"root-c.pem"\n  revocation "c.crl"';
    folder.write("crl.privet", borderPolicy.replace('"root.pem"', named));
    for (const [crl, code, message] of crls) {
      if (crl !== undefined) folder.write("c.crl", crl);
      const { out } = await folder.type("check --format json %crl.privet");
      const found = JSON.parse(out) as readonly DiagnosticJson[];
      assert.deepEqual(
        found.map((one) => [one.code, one.severity, one.line, one.column]),
        code === undefined ? [] : [[code, "warning", 14, 15]],
      );
      assert.match(found[0]?.message ?? "", message);
    }
  });
});
