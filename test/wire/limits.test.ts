/** Every limit holds at its value and refuses one beyond it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { defaultScanLimits, Scan, type ScanLimits, syntaxRules } from "../../wire/index.ts";
import { bytes, leastRows, message, table } from "./messages.ts";

interface Case {
  readonly limit: keyof ScanLimits;
  readonly rule: string;
  readonly value: number;
  readonly status: number;
  /** A message that comes up to `size`. */
  readonly made: (size: number) => Uint8Array;
}

const x = (size: number): string => "x".repeat(size);
const least = message().length;

const cases: readonly Case[] = [
  {
    limit: "headBytes",
    rule: "limit-head-bytes",
    value: 1000,
    status: 513,
    made: (size) => message({ rows: [`X: ${x(size - least - 5)}`] }),
  },
  {
    limit: "methodBytes",
    rule: "limit-method-bytes",
    value: 8,
    status: 400,
    made: (size) => message({ start: `${x(size)} sip:a@b SIP/2.0`, rows: [`CSeq: 1 ${x(size)}`] }),
  },
  {
    limit: "uriBytes",
    rule: "limit-uri-bytes",
    value: 40,
    status: 414,
    made: (size) => message({ start: `INVITE sip:${x(size - 6)}@b SIP/2.0` }),
  },
  {
    limit: "rows",
    rule: "limit-rows",
    value: 10,
    status: 513,
    made: (size) => message({ rows: Array(size - leastRows.length).fill("X: y") }),
  },
  {
    limit: "rows",
    rule: "limit-rows",
    value: 100,
    status: 513,
    made: (size) => message({ rows: Array(size - leastRows.length).fill("X: y") }),
  },
  {
    limit: "nameBytes",
    rule: "limit-name-bytes",
    value: 30,
    status: 513,
    made: (size) => message({ rows: [`${x(size)}: y`] }),
  },
  {
    limit: "valueBytes",
    rule: "limit-value-bytes",
    value: 200,
    status: 513,
    made: (size) => message({ rows: [`X:${x(size)}`] }),
  },
  {
    limit: "callIdBytes",
    rule: "limit-call-id-bytes",
    value: 50,
    status: 513,
    made: (size) => message({ rows: [`Call-ID: ${x(size)}`] }),
  },
  {
    limit: "valuesPerRow",
    rule: "limit-values",
    value: 5,
    status: 513,
    made: (size) => message({ rows: [`Supported: ${Array(size).fill("x").join(",")}`] }),
  },
  {
    limit: "parametersPerRow",
    rule: "limit-parameters",
    value: 5,
    status: 513,
    made: (size) => message({ rows: [`Contact: <sip:a@b>${";x".repeat(size)}`] }),
  },
  {
    limit: "bodyBytes",
    rule: "limit-body-bytes",
    value: 20,
    status: 513,
    made: (size) => message({ body: x(size) }),
  },
  {
    limit: "bodyBytes",
    rule: "limit-body-bytes",
    value: 20,
    status: 513,
    made: (size) => message({ rows: [`Content-Length: ${size}`], body: x(size) }),
  },
];

describe("limits", () => {
  for (const { limit, rule, value, status, made } of cases) {
    const scan = new Scan(table, { ...defaultScanLimits, [limit]: value });
    it(`${limit} allows ${value}`, () => {
      assert.equal(scan.read(made(value), "datagram"), true, scan.violation?.rule);
    });
    it(`${limit} refuses ${value + 1}`, () => {
      assert.equal(scan.read(made(value + 1), "datagram"), false);
      assert.deepEqual([scan.violation?.rule, scan.violation?.status], [rule, status]);
    });
  }

  it("has a test for every limit", () => {
    const tested = new Set(cases.map(({ rule }) => rule));
    assert.deepEqual(
      [...syntaxRules.keys()].filter((rule) => rule.startsWith("limit-") && !tested.has(rule)),
      [],
    );
    assert.deepEqual(
      Object.keys(defaultScanLimits).filter((limit) => !cases.some((one) => one.limit === limit)),
      [],
    );
  });

  it("counts no comma or semicolon of a field that holds text", () => {
    const scan = new Scan(table, { ...defaultScanLimits, valuesPerRow: 2, parametersPerRow: 2 });
    assert.ok(scan.read(message({ rows: ["User-Agent: a, b, c; d; e; f"] }), "datagram"));
  });

  it("lets no limit be set beyond what the scan can hold", () => {
    assert.throws(() => new Scan(table, { ...defaultScanLimits, headBytes: 65_536 }), RangeError);
  });

  it("is passed by a head of 60 kB, and not by one that has no end", () => {
    const scan = new Scan(table);
    assert.ok(scan.read(message({ rows: [`X: ${x(30_000)}`, `Y: ${x(30_000)}`] }), "datagram"));
    assert.equal(
      scan.read(bytes(`INVITE sip:a@b SIP/2.0\r\n${"X: y\r\n".repeat(20_000)}`), "datagram"),
      false,
    );
    assert.equal(scan.violation?.rule, "limit-rows");
    assert.equal(scan.read(bytes(`INVITE sip:a@b SIP/2.0\r\nX: ${"y".repeat(70_000)}`), "datagram"), false);
    assert.equal(scan.violation?.rule, "limit-head-bytes");
  });
});
