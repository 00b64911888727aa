/**
 * The examples of docs/cli.md run as they stand. A block with a file's name is that file;
 * in a `console` block what stands behind `$` is typed, and what follows is the output. A
 * `json` block is the output of the command before it, whatever its layout.
 */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { runCommandLine } from "../../cli/command-line.ts";
import { issueCertificate } from "../../wire/index.ts";
import { memoryIo } from "../cli/memory-io.ts";
import { packageRoot } from "../package-root.ts";

const page = readFileSync(join(packageRoot, "docs/cli.md"), "utf8");

interface Command {
  readonly line: string;
  /** Standard output, or JSON of the same meaning. */
  readonly output: string;
  readonly isJson: boolean;
}

const files = new Map<string, string>();
const commands: Command[] = [];
for (const [, language, name, text = ""] of page.matchAll(/^```(\w+)(?: (\S+))?\n([^]*?)^```$/gm)) {
  if (name !== undefined) files.set(name, language === "sip" ? text.replaceAll("\n", "\r\n") : text);
  if (language === "json") commands.push({ ...commands.pop()!, output: text, isJson: true });
  if (language !== "console") continue;
  for (const [, line = "", output = ""] of text.matchAll(/^\$ (.+)\n([^]*?)(?=^\$ |(?![^]))/gm))
    commands.push({ line, output, isJson: false });
}

const validity = { notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2027, 11, 31) };
for (const [root, leaf, name] of [
  ["root.pem", "carrier.pem", "carrier-c"],
  ["bank-root.pem", "bank.pem", "bank"],
] as const) {
  const authority = issueCertificate({ commonName: `root of ${name}`, authority: true, ...validity });
  const request = { commonName: name, uris: [`sip:${name}.example`], ...validity };
  files.set(root, authority.certificate);
  files.set(leaf, issueCertificate(request, authority).certificate);
}

describe("docs/cli.md", () => {
  const folder = mkdtempSync(join(tmpdir(), "privet-page-"));
  const home = process.cwd();
  before(() => {
    for (const [name, text] of files) writeFileSync(join(folder, name), text);
    process.chdir(folder);
  });
  after(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  it("shows each command but run at work", () => {
    for (const name of ["check", "fmt", "test", "decide", "explain", "handshake", "partners", "zone"])
      assert.ok(
        commands.some(({ line }) => line.startsWith(`privet ${name} `)),
        name,
      );
  });

  let lastCode = 0;
  for (const { line, output, isJson } of commands) {
    it(`$ ${line}`, async () => {
      if (line === "echo $?") {
        assert.equal(`${lastCode}\n`, output);
        return;
      }
      const [typed = "", input] = line.split(" < ");
      const io = memoryIo(input === undefined ? "" : readFileSync(input));
      const [program, ...argv] = typed.split(" ");
      assert.equal(program, "privet");
      lastCode = await runCommandLine(argv, io, {});
      const said = io.said().toString();
      if (isJson) assert.deepEqual(JSON.parse(said), JSON.parse(output));
      else assert.equal(said.replaceAll("\r\n", "\n"), output);
      assert.equal(io.complained(), "");
    });
  }
});
