/** `privet handshake --connect` against OpenSSL's own server. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { after, afterEach, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { makeAuthority, makeCertificate, now } from "../certificate-authority.ts";
import { BorderFolder } from "../cli/border-folder.ts";
import { memoryIo } from "../cli/memory-io.ts";
import { lastingPort } from "../lasting-port.ts";

const folder = new BorderFolder();
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
});
after(() => folder.remove());

const root = makeAuthority("Carrier C root", { key: "rsa-2048" });
const carrier = makeCertificate("carrier-c.example", root, { key: "rsa-2048" });
const homeRoot = makeAuthority("Home root");
const home = makeCertificate("home1.example", homeRoot);
folder.write("carrier-root.pem", root.certificate);
folder.write("home.pem", home.certificate);
folder.write("home.key", home.privateKey);
const shown = folder.write("shown.pem", carrier.certificate + carrier.privateKey);
const homeRootFile = folder.write("home-root.pem", homeRoot.certificate);

async function serving(
  ...args: readonly string[]
): Promise<{ readonly port: number; readonly output: () => string; readonly ended: Promise<unknown> }> {
  const port = await lastingPort();
  const child = spawn(
    "openssl",
    ["s_server", "-accept", `127.0.0.1:${port}`, "-naccept", "1", "-cert", shown, ...args],
    { stdio: "pipe", timeout: 20_000, killSignal: "SIGKILL" },
  );
  children.push(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
  const ended = once(child, "close");
  const until = Date.now() + 10_000;
  while (!output.includes("ACCEPT")) {
    assert.ok(Date.now() < until, output);
    await pass(10);
  }
  return { port, output: () => output, ended };
}

const ask = (port: number, more = ""): ReturnType<BorderFolder["type"]> =>
  folder.type(
    `handshake %border.privet --authority %carrier-root.pem --connect 127.0.0.1:${port} --domain carrier-c.example ${more}`.trim(),
    memoryIo("", now),
  );

const ours = "--certificate-of-ours %home.pem --key %home.key";
const verifying = ["-Verify", "2", "-verify_return_error", "-CAfile", homeRootFile];

describe("openssl s_server, met by privet handshake --connect", () => {
  for (const [option, version] of [
    ["-tls1_2", "TLSv1.2"],
    ["-tls1_3", "TLSv1.3"],
  ] as const) {
    it(`shows itself, is shown our certificate, and hears nothing (${version})`, async () => {
      const { port, output, ended } = await serving(option, ...verifying);
      const { code, out } = await ask(port, ours);
      assert.equal(code, 0, out);
      assert.match(out, new RegExp(`^ {2}session {6}${version}, TLS_`, "m"));
      assert.match(out, /^ {4}names {4}URI:sip:carrier-c\.example$/m);
      assert.match(out, /^allow\n {2}identities {2}carrier-c\.example\n {2}partner {5}carrier-c\n$/m);
      await ended;
      assert.match(output(), /CN ?= ?home1\.example/);
      assert.doesNotMatch(output(), /SIP\/2\.0/);
    });

    it(`says that it wants a certificate (${version})`, async () => {
      const { port } = await serving(option, ...verifying);
      const { code, out } = await ask(port);
      assert.equal(code, 1);
      assert.match(
        out,
        /^no connection: .*alert (certificate required|handshake failure)\)\n {2}help: .*--certificate-of-ours and --key/,
      );
    });

    it(`says that it does not believe ours (${version})`, async () => {
      const otherRoot = folder.write("stranger-root.pem", makeAuthority("Stranger").certificate);
      const { port } = await serving(option, "-Verify", "2", "-verify_return_error", "-CAfile", otherRoot);
      const { code, out } = await ask(port, ours);
      assert.equal(code, 1);
      assert.match(
        out,
        /^no connection: .*it does not believe the certificate of ours \(.*alert unknown ca\)\n {2}help: /,
      );
    });
  }
});
