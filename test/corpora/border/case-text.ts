/** The border cases as text, with what `CASES.json` says of them. */
import assert from "node:assert/strict";
import { readShared } from "../wire/shared-folder.ts";

interface Expectation {
  readonly mustNotContain: readonly string[];
  readonly mustContain: readonly string[];
}

/** Bytes as latin1; the parts of `real` take the place of addresses that no test has. */
export function caseText(file: string, real: Readonly<Record<string, string>> = {}): string {
  return withReal(Buffer.from(readShared("cases", file)).toString("latin1"), real);
}

/** By the policy `ims-border`, with the same addresses. */
export function checkSent(file: string, sent: string, real: Readonly<Record<string, string>> = {}): void {
  const all = JSON.parse(caseText("CASES.json")) as readonly {
    readonly file: string;
    readonly policy: string;
    readonly expect: Expectation;
  }[];
  const { expect } = all.find((one) => one.file === file && one.policy === "ims-border")!;
  const decoded = sent.replaceAll(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  for (const secret of expect.mustNotContain)
    for (const reading of [sent, decoded])
      assert.ok(!reading.toLowerCase().includes(secret.toLowerCase()), `${secret} is in ${reading}`);
  for (const kept of expect.mustContain) {
    const wanted = withReal(kept, real);
    assert.ok(sent.includes(wanted), `${JSON.stringify(wanted)} is not in ${sent}`);
  }
}

function withReal(text: string, real: Readonly<Record<string, string>>): string {
  return Object.entries(real).reduce((done, [from, to]) => done.replaceAll(from, to), text);
}
