/** Every certificate of x509-limbo, as it is and with a byte changed, is read as node-forge reads it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import { readTree } from "../../wire/certificate/der-tree.ts";
import { readPem } from "../../wire/index.ts";
import { packageRoot } from "../package-root.ts";
import { forgeReading, plain } from "../wire/certificate/forge-reading.ts";

const file = join(packageRoot, "../shared/corpora/certs/limbo/limbo-regenerated.json");
const pem = /-----BEGIN CERTIFICATE-----(?:[^-\\]|\\n)+-----END CERTIFICATE-----/g;
const longest = 8_192;

const texts = new Set(
  [...readFileSync(file, "utf8").matchAll(pem)].map(([text]) => text.replaceAll("\\n", "\n")),
);
const ders = [...texts].flatMap(readPem).map((der) => Buffer.from(der).toString("latin1"));

function agrees(binary: string): boolean {
  const tree = readTree(binary);
  assert.deepEqual(tree === undefined ? undefined : plain(tree), forgeReading(binary));
  return tree !== undefined;
}

it("limbo's certificates are read as forge reads them", { timeout: 120_000 }, () => {
  const taken = ders.filter(agrees).length;
  assert.ok(ders.length > 500 && taken > 500, `${taken} of ${ders.length} taken`);
});

it("so they are with one byte changed, in the first 200 and here and there", { timeout: 240_000 }, () => {
  let [taken, refused] = [0, 0];
  for (const [index, der] of ders.entries()) {
    if (der.length > longest) continue;
    for (let at = index % 7; at < der.length; at += at < 200 ? 7 : 41) {
      const byte = (der.charCodeAt(at) + 1 + ((index * 37 + at * 11) % 255)) & 0xff;
      if (agrees(der.slice(0, at) + String.fromCharCode(byte) + der.slice(at + 1))) taken++;
      else refused++;
    }
  }
  assert.ok(taken > 1_000 && refused > 1_000, `${taken} taken, ${refused} refused`);
});
