/**
 * Each diagnostic has a page whose example shows it. A page's `privet` example stands
 * behind the networks of `policy-notation.ts`, or is a `whole` file; an example with a
 * name, as in "```csv partners.csv", is a file beside it.
 */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { catalogue } from "../../grammar/diagnostics.ts";
import { parse } from "../../grammar/parse.ts";
import { Source } from "../../grammar/source.ts";
import { packageRoot } from "../package-root.ts";
import { checkText, networks } from "./policy-notation.ts";

const folder = join(packageRoot, "docs/diagnostics");

/** Diagnostics that no text is known to give, or only the files that it names. */
const unreachable: readonly string[] = ["P1031", "P2008", "P4020", "P4021", "P4022", "P4023", "P4024"];

interface Example {
  readonly text: string;
  readonly others: Readonly<Record<string, string>>;
}

function section(page: string, name: string): string {
  return new RegExp(`^## ${name}\n([^]*?)(?=^## |(?![^]))`, "m").exec(page)?.[1] ?? "";
}

function exampleOf(page: string, name: string): Example {
  let text: string | undefined;
  const others: Record<string, string> = {};
  for (const match of section(page, name).matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm)) {
    const [, language, info, code] = match;
    if (info !== undefined && info !== "whole") others[info] = code!;
    else if (language === "privet") text = (info === "whole" ? "" : networks) + code!;
  }
  assert.ok(text !== undefined, `no example under ${name}`);
  return {
    text: text.replace(/<U\+([0-9A-F]{4})>/g, (_whole, code: string) =>
      String.fromCharCode(Number.parseInt(code, 16)),
    ),
    others,
  };
}

function codesOf(code: string, { text, others }: Example): readonly string[] {
  const { diagnostics } = code.startsWith("P1")
    ? parse(new Source("main.privet", text))
    : checkText(text, others);
  return diagnostics.map((diagnostic) => diagnostic.code);
}

describe("the catalogue of diagnostics", () => {
  for (const [code, { message, help }] of Object.entries(catalogue)) {
    it(`${code} is worded by the house's rules`, () => {
      assert.match(code, /^P[1-4]\d{3}$/);
      assert.doesNotMatch(message, /\.$/);
      assert.doesNotMatch(message, /^[A-Z]/);
      assert.notEqual(help, "");
    });

    it(`${code} has a page, with an example that gives it and one that does not`, () => {
      const path = join(folder, `${code}.md`);
      assert.ok(existsSync(path), `docs/diagnostics/${code}.md is missing`);
      const page = readFileSync(path, "utf8");
      assert.match(page, new RegExp(`^# ${code}: .+\n`));
      assert.notEqual(section(page, "Why").trim(), "");
      if (unreachable.includes(code)) return;
      assert.ok(codesOf(code, exampleOf(page, "Avoid")).includes(code));
      const preferred = codesOf(code, exampleOf(page, "Prefer"));
      assert.ok(!preferred.includes(code));
      if (code.startsWith("P1")) assert.deepEqual(preferred, []);
    });
  }

  it("has a row for each page", () => {
    const pages = readdirSync(folder).filter((name) => /^P\d{4}\.md$/.test(name));
    assert.deepEqual(
      pages.filter((name) => catalogue[name.slice(0, 5)] === undefined),
      [],
    );
  });
});
