import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { issueCertificate } from "../../wire/index.ts";
import { makeRevocationList, writeList } from "../revocation-list.ts";
import { type Answer, BorderFolder } from "./border-folder.ts";

// The clock of `memoryIo`: 2026-06-01T12:00:00Z.
const folder = new BorderFolder();
after(() => folder.remove());

const root = (notBefore: number, notAfter: number, authority = true): string =>
  issueCertificate({ commonName: "Carrier root", authority, notBefore, notAfter }).certificate;
folder.write("long.pem", root(Date.UTC(2026, 0, 1), Date.UTC(2030, 0, 1)));
folder.write("short.pem", root(Date.UTC(2026, 0, 1), Date.UTC(2026, 8, 30, 23, 59, 59)));
folder.write("old.pem", root(Date.UTC(2025, 0, 1), Date.UTC(2026, 4, 1)));
folder.write("leaf.pem", root(Date.UTC(2026, 0, 1), Date.UTC(2030, 0, 1), false));

const header =
  "name,domains,agreement,from,to,authorities,revocations,tls-required,shares-host,extended-key-usage\n";
const list = (...rows: readonly string[]): string => folder.write("partners.csv", header + rows.join("\n"));
const listener = { name: "outside", transport: "udp", address: "127.0.0.1", port: 0 };
const sound = "carrier-c,carrier-c.example c.example,IWA-1,2026-01-01,2027-12-31,long.pem,,yes,,lenient";
const ended = "ended,ended.example,IWA-2,2025-01-01,2026-05-30,long.pem,,,yes,";

const type = (line: string): Promise<Answer> => folder.type(`partners ${line}`);

describe("privet partners list", () => {
  it("shows each partner, a fact a row, with the days that are left or have gone", async () => {
    list(sound, ended);
    const { code, out, err } = await type("list %partners.csv");
    assert.deepEqual([code, err], [0, ""]);
    // Columns are as wide as the paths need: docs/cli.md has them as they stand.
    assert.equal(
      out.replace(/ {2,}/g, "  "),
      `partner  has  from  to
carrier-c  domain  carrier-c.example
  domain  c.example
  agreement  IWA-1  2026-01-01  2027-12-31  578 days left
  authority  long.pem  CN=Carrier root  2026-01-01  2030-01-01  1309 days left
  terms  extended-key-usage lenient, tls required
ended  domain  ended.example
  agreement  IWA-2  2025-01-01  2026-05-30  ended 1 day ago
  authority  long.pem  CN=Carrier root  2026-01-01  2030-01-01  1309 days left
  terms  extended-key-usage rfc5924, shares-host

2 partners
`,
    );
  });

  it("reads a policy, the policy of a border.json, and a list in JSON", async () => {
    folder.write(
      "border.json",
      JSON.stringify({ policy: "border.privet", listeners: [listener], networks: {} }),
    );
    folder.write(
      "list.json",
      JSON.stringify({ partners: [{ name: "carrier-c", domains: ["carrier-c.example"] }] }),
    );
    for (const file of ["border.privet", "border.json", "list.json"]) {
      const { code, out } = await type(`list %${file}`);
      assert.equal(code, 0, file);
      assert.match(out, /^carrier-c +domain +carrier-c\.example$/m, file);
    }
  });

  it("--near shows only what ends within those days, has ended, or can't be read", async () => {
    const soon = "soon,soon.example,IWA-3,2026-01-01,2026-06-10,long.pem,,,,";
    const shortly = "shortly,shortly.example,IWA-4,2026-01-01,2028-01-01,short.pem,,,,";
    const gone = "gone,gone.example,IWA-5,2026-01-01,2028-01-01,long.pem,gone.crl,,,";
    list(sound, ended, soon, shortly, gone);
    const names = async (days: number): Promise<readonly string[]> => {
      const { out } = await type(`list %partners.csv --near ${days} --json`);
      const { partners } = JSON.parse(out) as { partners: readonly { name: string }[] };
      return partners.map(({ name }) => name);
    };
    assert.deepEqual(await names(8), ["ended", "gone"]);
    assert.deepEqual(await names(10), ["ended", "soon", "gone"]);
    assert.deepEqual(await names(200), ["ended", "soon", "shortly", "gone"]);
    assert.match((await type("list %partners.csv --near 10")).out, /\n3 of 5 partners\n$/);
    list(sound);
    const { code, out } = await type("list %partners.csv --near 10");
    assert.deepEqual([code, out], [0, "partners.csv: of 1 partner nothing ends within 10 days\n"]);
  });

  it("shows the one of a name or a domain", async () => {
    list(sound, ended);
    for (const sought of ["carrier-c", "C.Example."]) {
      const { out } = await type(`list %partners.csv ${sought} --json`);
      const { partners } = JSON.parse(out) as { partners: readonly unknown[] };
      assert.deepEqual(partners, [
        {
          name: "carrier-c",
          domains: ["carrier-c.example", "c.example"],
          agreement: { name: "IWA-1", from: "2026-01-01", to: "2027-12-31", daysLeft: 578 },
          authorities: [
            {
              file: "long.pem",
              certificates: [
                { subject: "CN=Carrier root", from: "2026-01-01", to: "2030-01-01", daysLeft: 1309 },
              ],
            },
          ],
          revocations: [],
          "extended-key-usage": "lenient",
          "tls-required": true,
          "shares-host": false,
          file: "partners.csv",
          line: 2,
        },
      ]);
    }
    const unknown = await type("list %partners.csv carier-c");
    assert.deepEqual([unknown.code, unknown.out], [2, ""]);
    assert.match(unknown.err, /no partner has the name or the domain `carier-c`; did you mean `carrier-c`\?/);
  });

  it("of CRLs shows the one of an issuer that ends last", async () => {
    const authority = issueCertificate({
      commonName: "Listing root",
      authority: true,
      notBefore: Date.UTC(2026, 0, 1),
      notAfter: Date.UTC(2030, 0, 1),
    });
    const crl = (month: number): string =>
      writeList(
        makeRevocationList(authority, {
          thisUpdate: Date.UTC(2026, month, 1),
          nextUpdate: Date.UTC(2026, month + 1, 1),
        }),
      );
    folder.write("listing.pem", authority.certificate);
    folder.write("both.crl", crl(3) + crl(5));
    list("listed,listed.example,IWA-6,2026-01-01,2027-12-31,listing.pem,both.crl,,,");
    const { out } = await type("list %partners.csv");
    assert.match(out, /^ +revocation +both\.crl {2}CN=Listing root +2026-06-01 +2026-07-01 +29 days left$/m);
    assert.equal((await type("check %partners.csv")).code, 0);
    assert.match(
      (await type("check %partners.csv --at 2026-07-02")).out,
      /^partners\.csv:2:\d+: \[P4023\] the CRL in `both\.crl` ended on 2026-07-01\n {2}help: /m,
    );
  });

  it("is written in pieces, however many partners there are", async () => {
    list(...Array.from({ length: 3000 }, (_, index) => `p${index},p${index}.example,,,,,,,,`));
    const { out } = await type("list %partners.csv");
    // A head, five rows each, an empty line, and the count.
    assert.equal(out.split("\n").length - 1, 1 + 3000 * 4 + 2);
    const { partners } = JSON.parse((await type("list %partners.csv --json")).out) as {
      partners: readonly { name: string }[];
    };
    assert.deepEqual([partners.length, partners[2999]!.name], [3000, "p2999"]);
  });

  it("stops where the policy has errors", async () => {
    list("a,x.example,,,,,,,,", "b,x.example,,,,,,,,");
    const { code, out, err } = await type("list %partners.csv");
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /^error\[P2016\]/);
    folder.write("border.json", "{");
    const broken = await type("list %border.json");
    assert.deepEqual([broken.code, broken.out], [1, ""]);
    assert.match(broken.err, /^error: border\.json:1:\d+: this is not JSON\n {2}help: /);
  });
});

describe("privet partners check", () => {
  it("finds nothing wrong with a sound partner", async () => {
    list(sound);
    const { code, out, err } = await type("check %partners.csv");
    assert.deepEqual([code, out, err], [0, "partners.csv: 1 partner, no findings\n", ""]);
    assert.deepEqual((await type("check %partners.csv --json")).out, "[\n]\n");
  });

  const day = "2026-01-01,2027-12-31";
  for (const [what, row, place, cause] of [
    ["no agreement", "x,x.example,,,,long.pem,,,,", "2", /^x: there is no agreement$/],
    [
      "an agreement that has ended",
      "x,x.example,IWA,2025-01-01,2026-05-30,long.pem,,,,",
      "2",
      /^x: the agreement IWA ended on 2026-05-30, 1 day ago$/,
    ],
    [
      "one that has not begun",
      "x,x.example,IWA,2026-06-11,2027-05-30,long.pem,,,,",
      "2",
      /^x: the agreement IWA begins on 2026-06-11, in 9 days$/,
    ],
    [
      "one that ends within 30 days",
      "x,x.example,IWA,2025-01-01,2026-06-30,long.pem,,,,",
      "2",
      /^x: the agreement IWA ends on 2026-06-30, in 29 days$/,
    ],
    [
      "no authority",
      `x,x.example,IWA,${day},,,,,`,
      "2",
      /^x: there is no authority, so that no certificate can name it$/,
    ],
    [
      "an authority that is not there",
      `x,x.example,IWA,${day},gone.pem,,,,`,
      "2:39",
      /^\[P4020\] no certificate can be read in `gone\.pem`/,
    ],
    [
      "an authority that has expired",
      `x,x.example,IWA,${day},old.pem,,,,`,
      "2",
      /^x: its authority CN=Carrier root in old\.pem has expired on 2026-05-01$/,
    ],
    [
      "a certificate that is no authority's",
      `x,x.example,IWA,${day},leaf.pem,,,,`,
      "2",
      /^x: its authority CN=Carrier root in leaf\.pem is no certificate authority$/,
    ],
    [
      "an authority that ends before the agreement",
      `x,x.example,IWA,${day},short.pem,,,,`,
      "2",
      /^x: its authority .* in short\.pem ends on 2026-09-30, before the agreement IWA \(2027-12-31\)$/,
    ],
    [
      "a CRL that is not there",
      `x,x.example,IWA,${day},long.pem,gone.crl,,,`,
      "2:48",
      /^\[P4021\] no CRL of `x` can be read in `gone\.crl`/,
    ],
    [
      "what is no domain",
      `x,192.0.2.1,IWA,${day},long.pem,,,,`,
      "2:3",
      /^\[P3018\] `192\.0\.2\.1` is no domain name$/,
    ],
  ] as const) {
    it(`points out ${what}, with place and remedy, and nothing else`, async () => {
      list(row);
      const { code, out, err } = await type("check %partners.csv");
      assert.deepEqual([code, err], [1, ""]);
      const lines = out.split("\n");
      assert.equal(lines.length, 5, out);
      const at = `partners.csv:${place}: `;
      assert.ok(lines[0]!.startsWith(at), lines[0]);
      assert.match(lines[0]!.slice(at.length), cause);
      assert.match(lines[1]!, /^ {2}help: \S.+/);
      assert.deepEqual(lines.slice(2), ["", "1 finding", ""]);
    });
  }

  it("is content with an agreement of 31 days more, and with an authority that takes over", async () => {
    list(
      "x,x.example,IWA,2025-01-01,2026-07-02,long.pem,,,,",
      "y,y.example,IWA,2026-01-01,2027-12-31,short.pem long.pem,,,,",
    );
    assert.equal((await type("check %partners.csv")).out, "partners.csv: 2 partners, no findings\n");
  });

  it("tells a flaw of an authority once, with how many have it", async () => {
    list(...["a", "b", "c"].map((name) => `${name},${name}.example,IWA,2026-01-01,2027-12-31,old.pem,,,,`));
    const { out } = await type("check %partners.csv --json");
    const findings = JSON.parse(out) as readonly Record<string, string>[];
    assert.equal(findings.length, 1);
    assert.equal(findings[0]!["place"], "partners.csv:2");
    assert.equal(findings[0]!["partner"], "a");
    assert.match(findings[0]!["cause"]!, /old\.pem \(and of 2 more\) has expired on 2026-05-01$/);
    assert.match(findings[0]!["remedy"]!, /new certificate/);
  });

  it("names both that claim one domain", async () => {
    list(sound, "d,C.example,IWA,2026-01-01,2027-12-31,long.pem,,,,");
    const { code, out } = await type("check %partners.csv");
    assert.equal(code, 1);
    assert.match(
      out,
      /^partners\.csv:3:3: \[P2016\] the domain `c\.example` is that of `carrier-c` already; `carrier-c` claims it here: partners\.csv:2:\d+$/m,
    );
  });

  it("finds the hops in clear of a partner that is met over TLS only, without border.json's keys", async () => {
    list(sound);
    folder.write(
      "lists.privet",
      'language 1\npolicy "x"\nnetwork home {\n  own\n  domain "h.example"\n}\nimport partners "./partners.csv"\ntrust home\ntrust partner when agreement in force\n',
    );
    const key = { certificate: "gone.pem", key: "gone.key" };
    folder.write(
      "border.json",
      JSON.stringify({
        policy: "lists.privet",
        listeners: [{ name: "outside", transport: "tls", address: "127.0.0.1", port: 0, ...key }],
        networks: { "carrier-c": { hops: ["tls:192.0.2.1", "udp:192.0.2.1"] } },
      }),
    );
    const { code, out } = await type("check %border.json");
    assert.equal(code, 1);
    assert.equal(
      out,
      "border.json /networks/carrier-c/hops/1: carrier-c: the policy has it met over TLS only, and udp:192.0.2.1 is in clear\n  help: write a tls: hop\n\n1 finding\n",
    );
  });

  it("takes a border.json that is none for a finding", async () => {
    folder.write("border.json", '{ "policy": 1 }');
    const { code, out } = await type("check %border.json");
    assert.equal(code, 1);
    assert.match(out, /^border\.json \/: `listeners` is missing\n {2}help: /m);
  });

  it("reads columns of options, which only a policy can know", async () => {
    folder.write(
      "partners.csv",
      "name,domains,agreement,from,to,authorities,option anything\nx,x.example,IWA,2026-01-01,2027-12-31,long.pem,yes\n",
    );
    assert.equal((await type("check %partners.csv")).code, 0);
  });
});

describe("privet partners, called wrongly", () => {
  for (const [line, complaint] of [
    ["", "say what to do: list or check"],
    ["lst %border.privet", "the first word is one of list, check, not `lst`"],
    ["list", "no file is named"],
    ["check %gone.csv", "can't read `gone.csv`: there is no such file"],
    ["check %border.privet carrier-c", "one file, please; what is `carrier-c`?"],
    ["check %border.privet --near 3", "--near goes with list"],
    ["list %border.privet --near soon", "--near wants a number of days, not `soon`"],
    ["list %border.privet --at soon", "--at wants a time such as 2026-06-01T12:00:00Z, not `soon`"],
  ] as const) {
    it(`partners ${line}`, async () => {
      const { code, out, err } = await folder.type(`partners ${line}`.trim());
      assert.deepEqual([code, out, err.split("\n")[0]], [2, "", `privet partners: ${complaint}`]);
    });
  }
});
