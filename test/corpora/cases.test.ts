import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { decideCommand } from "../../cli/decide.ts";
import type { Io } from "../../cli/io.ts";
import {
  compile,
  declaredConnection,
  type Engine,
  interpret,
  type MessageDecision,
  type MessageEvent,
} from "../../engine/index.ts";
import { packageRoot } from "../package-root.ts";
import { policyPath, usePolicy } from "../policies/shipped-policies.ts";

/** One entry of `../shared/cases/CASES.json`; its README says what the keys mean. */
interface BorderCase {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly policy: string;
  readonly why: string;
  readonly expect: {
    readonly verdict: "allow" | "rewrite" | "reject" | "any";
    readonly allowedVerdicts?: readonly string[];
    readonly status?: number;
    readonly rawOnly?: boolean;
    readonly mustNotContain?: readonly string[];
    readonly mustContain?: readonly string[];
    readonly checks?: readonly ("one-content-length" | "content-length-equals-body" | "multipart-closed")[];
  };
}

const folder = join(packageRoot, "../shared/cases");
const cases = JSON.parse(readFileSync(join(folder, "CASES.json"), "utf8")) as readonly BorderCase[];

const policies = {
  "ims-border": usePolicy("ims-border.privet"),
  "strict-border": usePolicy("strict-border.privet"),
};
const at = Date.UTC(2026, 10, 24, 10);

function decide(engine: Engine, { file, from, to }: BorderCase): MessageDecision {
  const event: MessageEvent = {
    kind: "message",
    bytes: readFileSync(join(folder, file)),
    framing: "datagram",
    from: { network: from, connection: declaredConnection(engine.policy, from, at) },
    to: { network: to, connection: declaredConnection(engine.policy, to, at) },
    at,
  };
  return engine.decide(event);
}

/** One percent-decoding of all bytes. */
function decodePercent(text: string): string {
  return text.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function lengthRows(text: string): readonly string[] {
  const head = text.slice(0, text.indexOf("\r\n\r\n") + 2);
  return head.match(/^(?:content-length|l)[ \t]*:.*$/gim) ?? [];
}

function checkOutput(check: string, text: string): void {
  const body = text.slice(text.indexOf("\r\n\r\n") + 4);
  const rows = lengthRows(text);
  switch (check) {
    case "one-content-length":
      assert.equal(rows.length, 1, `the length of the message stands in ${JSON.stringify(rows)}`);
      return;
    case "content-length-equals-body":
      assert.equal(Number(rows[0]?.split(":")[1]), body.length);
      return;
    case "multipart-closed": {
      const boundary = /^(?:content-type|c)[ \t]*:[ \t]*multipart\/.*boundary="?([^";\r\n]+)"?/im.exec(
        text,
      )?.[1];
      if (boundary !== undefined) assert.match(body, new RegExp(`--${boundary}--(?:\r\n)?$`));
      return;
    }
    default:
      assert.fail(`a check that this test does not know: ${check}`);
  }
}

for (const [name, makeEngine] of [
  ["interpreter", interpret],
  ["compiled", compile],
] as const) {
  describe(`the border cases, by the ${name} engine`, () => {
    for (const one of cases) {
      it(`${one.file}, ${one.policy}: ${one.why}`, () => {
        const { expect } = one;
        const policy = policies[one.policy as keyof typeof policies];
        const decision = decide(makeEngine(policy), one);
        const allowed = expect.verdict === "any" ? (expect.allowedVerdicts ?? []) : [expect.verdict];
        assert.ok(allowed.includes(decision.verdict), `${decision.verdict}, not ${allowed.join(" or ")}`);
        if (decision.verdict === "reject") {
          if (expect.status !== undefined) assert.equal(decision.status, expect.status);
          assert.equal(decision.bytes, undefined);
          return;
        }
        const text = Buffer.from(decision.bytes!).toString("latin1");
        const readings = expect.rawOnly === true ? [text] : [text, decodePercent(text)];
        for (const reading of readings) {
          for (const secret of expect.mustNotContain ?? []) {
            assert.ok(
              !reading.toLowerCase().includes(secret.toLowerCase()),
              `${JSON.stringify(secret)} is in what leaves`,
            );
          }
        }
        for (const kept of expect.mustContain ?? [])
          assert.ok(text.includes(kept), `${JSON.stringify(kept)} is not in what leaves`);
        for (const check of expect.checks ?? []) checkOutput(check, text);
      });
    }
  });
}

/** What `privet decide` prints on standard output, and its exit code. */
async function runDecide(
  one: BorderCase,
  format: "--json" | "--raw",
): Promise<{ readonly code: number; readonly out: Buffer }> {
  const pieces: Buffer[] = [];
  const io: Io = {
    out: (text) => pieces.push(Buffer.from(text)),
    err: () => undefined,
    readInput: async () => readFileSync(join(folder, one.file)),
    now: () => at,
    color: false,
  };
  const argv = [
    policyPath(`${one.policy}.privet`),
    "--from",
    one.from,
    "--to",
    one.to,
    join(folder, one.file),
    format,
  ];
  const code = await decideCommand.run(argv, io);
  return { code, out: Buffer.concat(pieces) };
}

describe("the border cases, by privet decide", () => {
  for (const one of cases) {
    it(`${one.file}, ${one.policy}`, async () => {
      const decision = decide(interpret(policies[one.policy as keyof typeof policies]), one);
      const raw = await runDecide(one, "--raw");
      assert.deepEqual(raw.out, Buffer.from(decision.bytes ?? []));
      assert.equal(raw.code, decision.verdict === "reject" ? 3 : 0);
      const json = JSON.parse((await runDecide(one, "--json")).out.toString("utf8")) as {
        verdict: string;
        status?: number;
      };
      assert.equal(json.verdict, decision.verdict);
      assert.equal(json.status, decision.status);
    });
  }
});
