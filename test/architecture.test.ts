/** Each folder imports only downhill, and other folders only through their `index.ts`. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { describe, it } from "node:test";
import { packageRoot } from "./package-root.ts";

const mayImport: Readonly<Record<string, readonly string[]>> = {
  grammar: [],
  wire: [],
  engine: ["grammar", "wire"],
  adapters: ["engine", "wire"],
  border: ["adapters", "engine", "wire", "grammar"],
  cli: ["border", "adapters", "engine", "wire", "grammar"],
};

/** Packages and Node modules that a folder may not use. */
const mayNotUse: Readonly<Record<string, readonly RegExp[]>> = {
  grammar: [/^node:/, /^rxjs/, /^node-forge/, /^dns-packet/],
  wire: [/^rxjs/, /^node:(net|tls|dgram|fs|http|dns)/],
  engine: [/^node:(net|tls|dgram|fs|http|dns)/],
};

interface Import {
  readonly file: string;
  readonly specifier: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(packageRoot, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(folder, path));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(packageRoot, file), "utf8");
  const pattern =
    /(?:^|\n)\s*(?:import|export)\b[^;'"]*?from\s*["']([^"']+)["']|import\(\s*["']([^"']+)["']\s*\)|(?:^|\n)import\s*["']([^"']+)["']/g;
  return [...text.matchAll(pattern)].map((match) => ({
    file,
    specifier: (match[1] ?? match[2] ?? match[3])!,
  }));
}

/** The folder and the file in it that a relative import reaches. */
function reach({ file, specifier }: Import): { folder: string; path: string } {
  const path = relative(packageRoot, join(packageRoot, dirname(file), specifier));
  return { folder: path.split(sep)[0]!, path };
}

describe("the house", () => {
  for (const [folder, allowed] of Object.entries(mayImport)) {
    const imports = sourceFiles(folder).flatMap(importsOf);

    it(`${folder} imports only ${allowed.join(", ") || "itself"}`, () => {
      const wrong = imports
        .filter(({ specifier }) => specifier.startsWith("."))
        .filter((one) => {
          const { folder: reached } = reach(one);
          return reached !== folder && !allowed.includes(reached);
        });
      assert.deepEqual(wrong, []);
    });

    it(`${folder} reaches other folders through their index or their contracts`, () => {
      const contracts = ["grammar/model.ts", "engine/event.ts", "engine/decision.ts", "engine/engine.ts"];
      const wrong = imports
        .filter(({ specifier }) => specifier.startsWith("."))
        .map((one) => ({ ...one, ...reach(one) }))
        .filter(({ folder: reached, path }) => reached !== folder && !path.endsWith(`${sep}index.ts`))
        .filter(({ path }) => !contracts.includes(path.replaceAll(sep, "/")));
      assert.deepEqual(wrong, []);
    });

    it(`${folder} uses no module that does not belong there`, () => {
      const banned = mayNotUse[folder] ?? [];
      const wrong = imports.filter(({ specifier }) => banned.some((pattern) => pattern.test(specifier)));
      assert.deepEqual(wrong, []);
    });
  }

  it("has files for every folder of the table", () => {
    for (const folder of Object.keys(mayImport)) assert.ok(sourceFiles(folder).length > 0, folder);
  });

  it("asks for the time and for chance only at its edges", () => {
    const wrong = ["grammar", "wire", "engine"]
      .flatMap(sourceFiles)
      .filter((file) =>
        /\bDate\.now\(|\bMath\.random\(|new Date\(\)/.test(readFileSync(join(packageRoot, file), "utf8")),
      );
    assert.deepEqual(wrong, []);
  });
});
