// Makes wire/sip/quick/quick.generated.ts from wire/sip/quick/assembly: AssemblyScript
// compiles it to WebAssembly, which is small enough to stand in a TypeScript file.
// With --check nothing is written: it fails where the two differ.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const target = new URL("../wire/sip/quick/quick.generated.ts", import.meta.url);
const layout = readFileSync(new URL("../wire/sip/quick/layout.ts", import.meta.url), "utf8");
const pages = /^export const pages = (\d+);$/m.exec(layout)[1];

const options = [
  ["--baseDir", fileURLToPath(new URL("../wire/sip/", import.meta.url))],
  ["--optimizeLevel", "3", "--noAssert", "--runtime", "stub", "--enable", "simd"],
  ["--importMemory", "--noExportMemory", "--initialMemory", pages, "--maximumMemory", pages],
  ["--outFile", "quick.wasm"],
];
const outputs = new Map();
const faults = [];
const { error } = await asc.main(["quick/assembly/index.ts", ...options.flat()], {
  writeFile: (name, contents) => outputs.set(name, contents),
  stderr: { write: (text) => faults.push(text) },
});
if (error) throw new Error(faults.join(""), { cause: error });

const module = Buffer.from(outputs.get("quick.wasm")).toString("base64");
const lines = module.match(/.{1,100}/g).map((line) => `  "${line}"`);
const text = `// Generated from assembly/ by \`npm run generate\`. Do not edit.

/** A module of WebAssembly, in Base64. */
export const module: string =
${lines.join(" +\n")};
`;

if (process.argv.includes("--check")) {
  if (readFileSync(target, "utf8") !== text) {
    console.error("wire/sip/quick/quick.generated.ts is not what `npm run generate` makes of assembly/");
    process.exitCode = 1;
  }
} else {
  writeFileSync(target, text);
}
