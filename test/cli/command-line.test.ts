import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { runCommandLine } from "../../cli/command-line.ts";
import { packageRoot } from "../package-root.ts";
import { BorderFolder } from "./border-folder.ts";
import { memoryIo } from "./memory-io.ts";

const folder = new BorderFolder();
after(() => folder.remove());

const commands = ["run", "check", "fmt", "decide", "handshake", "partners", "explain", "test"];

describe("the command line", () => {
  it("lists the commands when none is named, on standard error, as a mistake", async () => {
    const io = memoryIo();
    assert.equal(await runCommandLine([], io, {}), 2);
    assert.equal(io.said().length, 0);
    for (const name of commands) assert.match(io.complained(), new RegExp(`^  ${name} `, "m"));
  });

  it("lists them when asked, on standard output", async () => {
    for (const word of ["--help", "-h", "help"]) {
      const { code, out, err } = await folder.type(word);
      assert.deepEqual([code, err], [0, ""]);
      for (const name of commands) assert.match(out, new RegExp(`^  ${name} `, "m"));
    }
  });

  it("teaches each command with its usage and an example", async () => {
    for (const name of commands) {
      const { code, out, err } = await folder.type(`${name} --help`);
      assert.deepEqual([code, err], [0, ""]);
      assert.match(out, new RegExp(`^usage: privet ${name} `));
      assert.match(out, new RegExp(`example:\\s+privet ${name} .*(privet|--once)`));
      assert.equal((await folder.type(`help ${name}`)).out, out);
    }
  });

  it("says its version", async () => {
    const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as {
      version: string;
    };
    assert.deepEqual((await folder.type("--version")).out, `privet ${version}\n`);
  });

  for (const [line, complaint] of [
    ["chek", "privet: there is no command `chek`; did you mean `check`?"],
    [
      "prove",
      "privet: there is no command `prove`; the commands are run, check, fmt, decide, handshake, partners, zone, locate, explain, test",
    ],
    ["check", "privet check: no file is named"],
    ["check --format xml %border.privet", "privet check: --format is one of text, json, sarif, not `xml`"],
    [
      "check --formt json %border.privet",
      "privet check: there is no option `--formt`; did you mean `--format`?",
    ],
    ["check %nothing.privet", "privet check: can't read `nothing.privet`: there is no such file"],
    ["test %nothing.privet", "privet test: can't read `nothing.privet`: there is no such file"],
    ["test --format sarif %border.privet", "privet test: --format is one of text, json, junit, not `sarif`"],
    ["fmt --check", "privet fmt: no file is named"],
    ["fmt %nothing.privet", "privet fmt: can't read `nothing.privet`: there is no such file"],
    [
      "decide %border.privet --from home",
      "privet decide: --to is missing: --from and --to name the two networks",
    ],
    ["decide %border.privet --from home --from open-d --to home", "privet decide: --from is given twice"],
    [
      "decide %border.privet --from --to home",
      "privet decide: --from wants a value; one that begins with a dash is written --from=-VALUE",
    ],
    [
      "decide %border.privet --from home --to opend",
      "privet decide: --to: the policy has no network `opend`; did you mean `open-d`?",
    ],
    [
      "decide %border.privet --from home --to open-d --partner open-d",
      "privet decide: `open-d` is a network, not a partner",
    ],
    [
      "decide %border.privet --from home --to open-d --transport sctp",
      "privet decide: --transport is one of udp, tcp, tls, ws, wss, not `sctp`",
    ],
    [
      "decide %border.privet --from home --to open-d --at 2026-02-30",
      "privet decide: --at wants a time such as 2026-06-01T12:00:00Z, not `2026-02-30`",
    ],
    [
      "decide %border.privet --from home --to open-d --option subject",
      "privet decide: --option wants NAME=VALUE, not `subject`",
    ],
    [
      "decide %border.privet --from home --to open-d --option subjekt=keep",
      "privet decide: --option: unknown option `subjekt`; did you mean `subject`?",
    ],
    [
      "decide %border.privet --from home --to open-d %nothing.sip",
      "privet decide: can't read `nothing.sip`: there is no such file",
    ],
    [
      "decide %border.privet --from home --to open-d --json --raw",
      "privet decide: --json or --raw, not both",
    ],
    [
      "explain %border.privet --from home --to open-d --raw",
      "privet explain: --raw belongs to privet decide",
    ],
    [
      "handshake %border.privet",
      "privet handshake: --certificate names the peer's certificate, or --connect the peer that is to show one",
    ],
    [
      "handshake %border.privet --certificate %border.privet",
      "privet handshake: `border.privet` holds no certificate in PEM form",
    ],
    [
      "handshake %border.privet --certificate %carrier.pem --role client",
      "privet handshake: --role client needs --domain",
    ],
    [
      "handshake %border.privet --certificate %carrier.pem --role client --domain a/b",
      "privet handshake: --domain wants a domain name such as carrier-c.example, not `a/b`",
    ],
    ["run --once %border.json", "privet run: --once belongs to the tour: leave it or the file out"],
  ] as const) {
    it(`complains of \`privet ${line}\``, async () => {
      const { code, out, err } = await folder.type(line);
      assert.equal(err.split("\n")[0], complaint);
      assert.deepEqual([code, out], [2, ""]);
    });
  }

  it("shows the usage below a complaint", async () => {
    const { err } = await folder.type("check");
    assert.match(err, /\n\nusage: privet check .*\nprivet check --help shows more\n$/);
  });

  it("tells its own fault in one line, with exit code 70; the stack only for who mends it", async () => {
    const broken = () => ({
      ...memoryIo(),
      now: (): number => {
        throw new TypeError("the clock stands\nstill");
      },
    });
    const argv = ["check", join(folder.path, "border.privet")];
    const io = broken();
    assert.equal(await runCommandLine(argv, io, {}), 70);
    assert.equal(
      io.complained(),
      "privet: internal error: TypeError: the clock stands; please report it, with what is shown when PRIVET_DEBUG=1 is set\n",
    );
    assert.equal(io.said().length, 0);
    const debugged = broken();
    assert.equal(await runCommandLine(argv, debugged, { PRIVET_DEBUG: "1" }), 70);
    assert.match(debugged.complained(), /^privet: internal error: .*\n(.*\n)* +at .*command-line\.test/);
  });
});

describe("the binary", () => {
  const binary = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
  const start = async (argv: readonly string[], input: string | Buffer) => {
    const child = spawn(process.execPath, [binary, ...argv], { cwd: folder.path });
    const out: Buffer[] = [];
    let err = "";
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.stdin.end(input);
    const [code] = (await once(child, "close")) as [number];
    return { code, out: Buffer.concat(out), err };
  };

  it("passes bytes from standard input to standard output, and its exit code on", async () => {
    const message = (method: string) =>
      Buffer.from(
        `${method} sip:b@open-d.example SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=z9hG4bK1\r\nFrom: <sip:a@home1.example>;tag=1\r\nTo: <sip:b@open-d.example>\r\nCall-ID: 1\r\nCSeq: 1 ${method}\r\nX-Byte: \xff\r\n\r\n`,
        "latin1",
      );
    const question = ["decide", "border.privet", "--from", "home", "--to", "open-d", "--raw"];
    const [allowed, rejected, mistaken] = await Promise.all([
      start(question, message("OPTIONS")),
      start(question, message("MESSAGE")),
      start(["decide"], ""),
    ]);
    assert.deepEqual(allowed, { code: 0, out: message("OPTIONS"), err: "" });
    assert.deepEqual(rejected, { code: 3, out: Buffer.alloc(0), err: "" });
    assert.equal(mistaken.code, 2);
    assert.equal(mistaken.out.length, 0);
    assert.match(mistaken.err, /^privet decide: no policy is named\n/);
  });
});
