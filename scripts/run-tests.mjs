// Runs the built tests of one suite: `unit` (needs nothing but Node), `corpora` (needs
// ../shared) or `peers` (needs SIPp, tshark, openssl, Kamailio, BIND, Knot).
// Node 20, 22 and 24 disagree about globs after --test, so files are listed here. Of several
// thousand tests the reporter `spec` says again at the end which failed, and how.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";

const suites = {
  unit: (path) => !/^(corpora|peers|fuzz|bench)\//.test(path),
  corpora: (path) => path.startsWith("corpora/"),
  peers: (path) => path.startsWith("peers/"),
};

const belongs = suites[process.argv[2]];
if (belongs === undefined) {
  console.error(`usage: node scripts/run-tests.mjs ${Object.keys(suites).join("|")}`);
  process.exit(2);
}

const root = new URL("../dist/test/", import.meta.url).pathname;
const files = readdirSync(root, { recursive: true })
  .filter((path) => path.endsWith(".test.js") && belongs(path.replaceAll("\\", "/")))
  .toSorted()
  .map((path) => join(root, path));
if (files.length === 0) {
  console.error(`no test of the suite ${process.argv[2]} is built`);
  process.exit(1);
}

const run = spawnSync(
  process.execPath,
  [
    "--enable-source-maps",
    "--test",
    "--test-timeout=600000",
    "--test-reporter=spec",
    ...process.argv.slice(3),
    ...files,
  ],
  { stdio: "inherit" },
);
process.exit(run.status ?? 1);
