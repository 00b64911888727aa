/** The program of docs/adapters.md runs as it stands there. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, describe, it } from "node:test";
import { lastingPort } from "../lasting-port.ts";
import { packageRoot } from "../package-root.ts";

const page = readFileSync(join(packageRoot, "docs/adapters.md"), "utf8");
const program = /```js\n([\s\S]*?)```/.exec(page)?.[1] ?? "";

const request = [
  "OPTIONS sip:bob@home1.example SIP/2.0",
  "Via: SIP/2.0/UDP 127.0.0.1:5099;branch=z9hG4bKdocs",
  "Max-Forwards: 70",
  "From: <sip:eve@open-d.example>;tag=1",
  "To: <sip:bob@home1.example>",
  "Call-ID: docs@open-d.example",
  "CSeq: 1 OPTIONS",
  "Content-Length: 0",
  "",
  "",
].join("\r\n");

describe("the program of docs/adapters.md", () => {
  // Inside the package, so that `privet/…` means this package.
  const folder = mkdtempSync(join(packageRoot, "dist-program-"));
  let child: ChildProcess | undefined;
  after(() => {
    child?.kill();
    rmSync(folder, { recursive: true });
  });

  it("has no more than ten lines", () => {
    const lines = program.split("\n").filter((line) => line !== "");
    assert.ok(lines.length > 0 && lines.length <= 10, `${lines.length} lines`);
  });

  it("prints a decision for a datagram", { timeout: 20_000 }, async () => {
    const port = await lastingPort();
    const file = join(folder, "program.mjs");
    assert.ok(program.includes("port: 5060"));
    writeFileSync(file, program.replace("port: 5060", `port: ${port}`));
    const running = spawn(process.execPath, [file], {
      cwd: packageRoot,
      stdio: ["ignore", "pipe", "inherit"],
    });
    child = running;

    const socket = createSocket("udp4");
    // Sent until the program listens and answers on its standard output.
    const sending = setInterval(() => socket.send(request, port, "127.0.0.1"), 100);
    const [first] = (await once(running.stdout, "data")) as [Buffer];
    clearInterval(sending);
    socket.close();
    assert.match(first.toString(), /^127\.0\.0\.1 (allow|rewrite|reject) /);
  });
});
