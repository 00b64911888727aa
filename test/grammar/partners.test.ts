import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { check, hasErrors, messageOf, readerOf, renderDiagnostics } from "../../grammar/index.ts";
import { checkWith, findings, notation } from "./policy-notation.ts";

const csv = (text: string): string[] =>
  findings('import partners "./partners.csv"\n', { "partners.csv": text });
const json = (text: string): string[] =>
  findings('import partners "./partners.json"\n', { "partners.json": text });

const row = { name: "carrier-x", domains: ["carrier-x.example"] };
const listOf = (...partners: readonly object[]): string => JSON.stringify({ partners }, undefined, 2);

/** The message of the only diagnostic that the list gives. */
function message(name: string, text: string): string {
  const { diagnostics } = checkWith(`import partners "./${name}"\n`, { [name]: text });
  assert.equal(diagnostics.length, 1);
  return messageOf(diagnostics[0]!);
}

describe("partner lists", () => {
  it("say nothing of conditions that a partner could meet whose row is wrong", () => {
    const text = listOf(row, {
      ...row,
      name: "b",
      agreement: { name: "X", from: "2026-02-30", to: "2027-01-01" },
    });
    const policy = `language 1
policy "short"
import partners "./p.json"
network home { own domain "home1.example" listener "inside" }
trust home
trust partner when certificate names partner and agreement in force
rule late on message to untrusted when not agreement in force remove P-Asserted-Identity because "RFC 3325 7"
`;
    const { diagnostics } = check("p.privet", readerOf({ "p.privet": policy, "p.json": text }));
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ["P2021"],
    );
  });

  it("show each place at which an entry says a thing again, up to twenty", () => {
    const again = (count: number): number[] => {
      const text = listOf({ name: "carrier-x", domains: Array.from({ length: count }, () => "X.example") });
      const { diagnostics } = checkWith('import partners "./p.json"\n', { "p.json": text });
      assert.ok(diagnostics.every(({ code }) => code === "P2006"));
      return diagnostics.map(({ span }) => text.slice(0, span.start).split("X.example").length - 1);
    };
    assert.deepEqual(again(3), [1, 2]);
    assert.equal(again(1_000).length, 20);
  });

  it("say the same as CSV, as JSON and as statements", () => {
    const statements = `partner carrier-x {
      domain "Carrier-X.example" domain "x2.example"
      listener "outside"
      address 192.0.2.0/24 address 2001:db8::/32
      agreement "IWA-1" from 2026-01-01 to 2026-12-31
      authority "certs/x.pem"
      revocation "certs/x.crl" revocation "certs/y.crl"
      extended-key-usage lenient
      tls required
      shares-host
      option broken-signature = refuse
    }\n`;
    const text = `name,domains,listeners,addresses,agreement,from,to,authorities,revocations,extended-key-usage,tls-required,shares-host,option broken-signature
carrier-x,Carrier-X.example x2.example,outside,192.0.2.0/24 2001:db8::/32,IWA-1,2026-01-01,2026-12-31,certs/x.pem,certs/x.crl certs/y.crl,lenient,yes,yes,refuse\n`;
    const object = {
      name: "carrier-x",
      domains: ["Carrier-X.example", "x2.example"],
      listeners: ["outside"],
      addresses: ["192.0.2.0/24", "2001:db8::/32"],
      agreement: { name: "IWA-1", from: "2026-01-01", to: "2026-12-31" },
      authorities: ["certs/x.pem"],
      revocations: ["certs/x.crl", "certs/y.crl"],
      "extended-key-usage": "lenient",
      "tls-required": true,
      "shares-host": true,
      options: { "broken-signature": "refuse" },
    };
    const read = (statement: string, files: Record<string, string>): object | undefined => {
      const { policy } = checkWith(statement, files);
      return { ...policy?.networks.get("carrier-x"), origin: undefined };
    };
    const expected = read(statements, {});
    assert.ok("agreement" in expected!);
    assert.deepEqual(read('import partners "./p.csv"\n', { "p.csv": text }), expected);
    assert.deepEqual(read('import partners "./p.json"\n', { "p.json": listOf(object) }), expected);
  });

  it("resolve the paths of authorities and CRLs beside themselves", () => {
    const { policy } = checkWith('import partners "./lists/p.json"\n', {
      "lists/p.json": listOf({ ...row, authorities: ["../certs/x.pem"], revocations: ["x.crl"] }),
    });
    assert.deepEqual(policy?.networks.get("carrier-x")?.authorities, ["certs/x.pem"]);
    assert.deepEqual(policy?.networks.get("carrier-x")?.revocations, ["lists/x.crl"]);
    assert.deepEqual(policy?.networks.get("carrier-x")?.origin, {
      file: "lists/p.json",
      line: 3,
      column: 1,
      length: 0,
    });
  });

  it("take an empty cell for nothing said, blank lines, quotes and a byte order mark", () => {
    assert.deepEqual(csv('\uFEFFname,domains,agreement,from,to\n\ncarrier-x,"carrier-x.example",,,\n'), []);
    assert.deepEqual(csv("name,domains\r\ncarrier-x,carrier-x.example\r\n"), []);
  });

  it("name row and column of a mistake", () => {
    assert.equal(
      message(
        "p.csv",
        "name,domains,agreement,from,to\nok,ok.example,,,\nbad,bad.example,IWA,2026-02-30,2026-12-31\n",
      ),
      "line 3 (bad) of the partner list: `agreement.from` is no date such as 2026-12-31",
    );
    assert.deepEqual(csv("name,domains,agreement,from,to\nbad,bad.example,IWA,2026-02-30,2026-12-31\n"), [
      'P2021 "2026-02-30"',
    ]);
    assert.equal(
      message(
        "p.json",
        listOf(row, { name: "bad", domains: ["bad.example"], "extended-key-usage": "strict" }),
      ),
      "line 9 (bad) of the partner list: `extended-key-usage` must be rfc5924 or lenient",
    );
    assert.deepEqual(
      json(listOf(row, { name: "bad", domains: ["bad.example"], "extended-key-usage": "strict" })),
      ['P2021 ""strict""'],
    );
    assert.equal(
      message("p.json", listOf({ name: "bad" })),
      "line 3 (bad) of the partner list: `domains` is missing",
    );
    assert.equal(
      message("p.json", listOf({ ...row, own: true })),
      "line 3 (carrier-x) of the partner list: `own` is no column of a partner list",
    );
    assert.equal(
      message("p.csv", "name,domains\na\n"),
      "line 2 of the partner list: `the row` has 1 cells, and the first row 2",
    );
  });

  it("have the columns that the schema has", () => {
    assert.deepEqual(csv("name,domain\nx,x.example\n"), ['P2021 "name,domain"', 'P2005 "domain"']);
    assert.deepEqual(csv("name,domains,name\nx,x.example,y\n"), ['P2006 "name"']);
    assert.deepEqual(csv("name,domains,option keep-id\nx,x.example,no\n"), ['P2003 "no"']);
    assert.deepEqual(csv("name,domains,option broken-signature\nx,x.example,no\n"), ['P2014 "no"']);
  });

  it("are CSV or JSON, or refused with the place", () => {
    assert.deepEqual(json('{ "partners": [ } ]'), ['P2020 "}"']);
    assert.deepEqual(json('{ "partners": [ { "name": "x" "domains": [] } ] }'), ['P2020 """']);
    assert.deepEqual(json('{ "partners": [ 01 ] }'), ['P2020 "1"']);
    assert.deepEqual(json('{ "partner": [] }'), ['P2021 "{ "partner": [] }"']);
    assert.deepEqual(json('{ "partners": {} }'), ['P2021 "{}"']);
    assert.deepEqual(json("[]"), ['P2021 "[]"']);
    assert.deepEqual(
      csv('name,domains\nx,"x.example\n').map((one) => one.slice(0, 5)),
      ["P2020"],
    );
    assert.deepEqual(findings('import partners "./gone.csv"\n'), ['P2007 ""./gone.csv""']);
  });

  it("claim no name, domain or address twice", () => {
    assert.deepEqual(csv("name,domains\nx,x.example\nx,x2.example\n"), ['P2006 "x"']);
    assert.deepEqual(csv("name,domains\ncarrier-c,x2.example\n"), ['P2006 "carrier-c"']);
    assert.deepEqual(csv("name,domains\nx,x.example\ny,X.example\n"), ['P2016 "X.example"']);
    assert.deepEqual(csv("name,domains\nx,open-d.example\n"), ['P2016 "open-d.example"']);
    assert.deepEqual(csv("name,domains,addresses\nx,x.example,203.0.113.9\n"), ['P2017 "203.0.113.9"']);
    assert.deepEqual(csv("name,domains,addresses\nx,x.example,192.0.2.1/24\n"), ['P3019 "192.0.2.1/24"']);
    assert.deepEqual(csv("name,domains\ntrusted,x.example\n"), ['P2011 "trusted"']);
    assert.deepEqual(csv("name,domains\nx,x..example\n"), ['P3018 "x..example"']);
  });

  it("end an agreement after it begins, and count those that have ended", () => {
    const head = "name,domains,agreement,from,to\n";
    assert.deepEqual(csv(`${head}x,x.example,IWA,2026-12-31,2026-01-01\n`), ['P3012 "2026-01-01"']);
    const { diagnostics } = checkWith('import partners "./p.csv"\n', {
      "p.csv": `${head}x,x.example,IWA,2025-01-01,2025-12-31\ny,y.example,IWA,2025-01-01,2026-12-31\nz,z.example,IWA,2025-01-01,2026-05-31\n`,
    });
    assert.deepEqual(
      diagnostics.map((one) => [one.code, one.arguments["count"]]),
      [["P4013", 2]],
    );
  });

  it("show the first wrong rows, and count the others", () => {
    const rows = Array.from({ length: 50 }, (_, index) => `p${index},p${index}.example,never`).join("\n");
    const found = csv(`name,domains,extended-key-usage\n${rows}\n`);
    assert.equal(found.filter((one) => one.startsWith("P2021")).length, 20);
    assert.equal(found.filter((one) => one.startsWith("P2022")).length, 1);
  });

  it("are one warning where nothing trusts their partners", () => {
    const text =
      'language 1\npolicy "t"\nnetwork home { own domain "home1.example" }\ntrust home\nimport partners "./p.csv"\n';
    const result = check("a", readerOf({ a: text, "p.csv": "name,domains\nx,x.example\ny,y.example\n" }));
    assert.deepEqual(
      notation(result).map((one) => one.slice(0, 5)),
      ["P4007"],
    );
  });
});

describe("a list that was cut or mixed up", () => {
  const asJson = listOf(row, {
    ...row,
    name: "y",
    domains: ["y.example"],
    agreement: { name: "A", from: "2026-01-01", to: "2026-12-31" },
  });
  const asCsv =
    'name,domains,agreement,from,to,shares-host\nx,"x.example x2.example",IWA,2026-01-01,2027-12-31,yes\ny,y.example,,,,\n';
  const pieces = [
    "{",
    "}",
    "[",
    "]",
    ",",
    '"',
    ":",
    "\\",
    "\n",
    "\r\n",
    "null",
    "1",
    "name",
    "",
    "__proto__",
    "option x",
  ];

  it("gives diagnostics that can be shown", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(asJson, asCsv),
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 1, noNaN: true }),
            fc.nat({ max: 9 }),
            fc.constantFrom(...pieces),
          ),
          {
            minLength: 1,
            maxLength: 4,
          },
        ),
        (text, changes) => {
          let list = text;
          for (const [at, gone, put] of changes) {
            const start = Math.floor(at * list.length);
            list = list.slice(0, start) + put + list.slice(start + gone);
          }
          const { diagnostics, policy, sources } = checkWith('import partners "./list"\n', { list });
          assert.equal(policy === undefined, hasErrors(diagnostics));
          renderDiagnostics(diagnostics, sources);
          for (const { file, span } of diagnostics) {
            assert.ok(
              span.start >= 0 && span.start <= span.end && span.end <= sources.get(file)!.text.length,
            );
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});

describe("a list of 100,000 partners", () => {
  const count = 100_000;
  const partner = (index: number): object => ({
    name: `carrier-${index}`,
    domains: [`carrier-${index}.example`],
    agreement: { name: `IWA-${index}`, from: "2026-01-01", to: "2027-12-31" },
    authorities: ["certs/root.pem"],
  });
  const asJson = JSON.stringify({ partners: Array.from({ length: count }, (_, index) => partner(index)) });
  const asCsv = `name,domains,agreement,from,to,authorities\n${Array.from(
    { length: count },
    (_, index) =>
      `carrier-${index},carrier-${index}.example,IWA-${index},2026-01-01,2027-12-31,certs/root.pem`,
  ).join("\n")}\n`;

  for (const [format, text] of [
    ["CSV", asCsv],
    ["JSON", asJson],
  ] as const) {
    it(`load from ${format}`, () => {
      const { policy, diagnostics } = checkWith('import partners "./list"\n', { list: text });
      assert.deepEqual(diagnostics, []);
      // home, open-d, carrier-c and stranger stand beside them.
      assert.equal(policy?.networks.size, count + 4);
    });
  }
});
