// Makes the validators of partner lists and of border.json from their published schemas: ajv writes
// them as code. To compile them at the start takes longer than all else that a command reads.
// With --check nothing is written: it fails where the two differ.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Ajv, _ } = require("ajv");
const { default: standalone } = require("ajv/dist/standalone");

const at = (path) => new URL(`../${path}`, import.meta.url);
const schemaAt = (path) => JSON.parse(readFileSync(at(path), "utf8"));

const partners = schemaAt("docs/partners.schema.json");
const border = schemaAt("docs/border.schema.json");

const files = [
  {
    target: "grammar/partners/validators.generated.ts",
    from: "docs/partners.schema.json",
    imports: [
      'import type { PartnerRow } from "./candidate.ts";',
      'import { formats } from "./list-dates.ts";',
    ],
    options: { strict: true, formats: { date: () => true } },
    validators: [
      {
        // The entries are looked at one by one, each with its place.
        name: "isPartnerList",
        schema: { ...partners, properties: { ...partners.properties, partners: { type: "array" } } },
        type: "{ readonly partners: readonly unknown[] }",
      },
      { name: "isPartner", schema: partners.definitions.partner, type: "PartnerRow" },
    ],
  },
  {
    target: "border/configuration/border-json.generated.ts",
    from: "docs/border.schema.json",
    imports: ['import type { BorderJson } from "./border-json.ts";'],
    options: { allErrors: true, verbose: true },
    validators: [{ name: "isBorderJson", schema: border, type: "BorderJson" }],
  },
];

/** What ajv writes, with the module's imports and types. */
function textOf({ from, imports, options, validators }) {
  const schemas = validators.map(({ name, schema }) => ({ ...schema, $id: name }));
  const code = { source: true, esm: true, lines: true, formats: _`formats` };
  const names = Object.fromEntries(validators.map(({ name }) => [name, name]));
  const written = standalone(new Ajv({ ...options, schemas, code }), names);
  const exported = validators.map(({ name, type }) => {
    const [, value] = new RegExp(`export const ${name} = (\\w+);`).exec(written);
    return `export const ${name}: ValidateFunction<${type}> = ${value};`;
  });
  const body = written
    .replace('"use strict";', "")
    .replaceAll(/export const \w+ = \w+;/g, "")
    .replaceAll(/\/\*# sourceURL=.*?\*\/;?/g, "")
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', "ucs2length.default")
    .replaceAll(/\n\n+/g, "\n");
  if (body.includes("require(")) throw new Error(`${from} needs a part of ajv that is not imported here`);
  return `// Generated from ${from} by \`npm run generate\`. Do not edit.
// @ts-nocheck: ajv writes JavaScript.
import type { ValidateFunction } from "ajv";
import ucs2length from "ajv/dist/runtime/ucs2length.js";
${imports.join("\n")}

${exported.join("\n")}

${body.trim()}
`;
}

for (const file of files) {
  const text = textOf(file);
  if (!process.argv.includes("--check")) writeFileSync(at(file.target), text);
  else if (readFileSync(at(file.target), "utf8") !== text) {
    console.error(`${file.target} is not what \`npm run generate\` makes of ${file.from}`);
    process.exitCode = 1;
  }
}
