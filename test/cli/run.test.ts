import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { Io } from "../../cli/io.ts";
import { runBorder } from "../../cli/run.ts";
import { issueCertificate } from "../../wire/index.ts";
import { packageRoot } from "../package-root.ts";

function memoryIo(): Io & { readonly said: () => string; readonly complained: () => string } {
  let out = "";
  let err = "";
  return {
    out: (text) => {
      out += typeof text === "string" ? text : Buffer.from(text).toString();
    },
    err: (text) => {
      err += text;
    },
    readInput: () => Promise.resolve(new Uint8Array(0)),
    now: () => Date.now(),
    color: false,
    said: () => out,
    complained: () => err,
  };
}

describe("privet run", () => {
  it("shows a newcomer calls that are allowed, rewritten and rejected, over TLS, TCP and UDP", async () => {
    const io = memoryIo();
    assert.equal(await runBorder(["--once"], io), 0, io.said());
    const text = io.said();
    for (const line of [
      /^ {2}allow {3}INVITE {6}home \(udp\) → carrier-c \(tls\)$/m,
      /^ {2}rewrite INVITE {6}home \(udp\) → open-d \(udp\)$/m,
      /^ {2}rewrite MESSAGE {5}home \(udp\) → open-d \(tcp\)$/m,
      /^ {2}reject {2}TLS from 127\.0\.0\.1 to listener outside: /m,
      /^ {2}reject {2}INVITE .*: answered 500 Privacy Failure: header$/m,
      /^ +- P-Asserted-Identity: "Alice" <sip:alice@home1\.example>$/m,
      /rule withhold-identity {2}\S*policies\/ims-border\.privet:\d+ {2}TS 33\.203 5\.4; RFC 3325 7/,
      /to {3}open-d: untrusted, no statement trusts open-d/,
      /8 of 8 steps came out as they should/,
    ]) {
      assert.match(text, line);
    }
    assert.ok(!text.includes("\u001b"), "colours are for terminals");
    assert.equal(io.complained(), "");
  });

  it("refuses a border.json with mistakes: all of them, on standard error, exit code 2", async () => {
    const folder = mkdtempSync(join(tmpdir(), "privet-run-"));
    const file = join(folder, "border.json");
    writeFileSync(
      file,
      JSON.stringify({
        policy: "p.privet",
        listeners: [{ name: "inside", transport: "udp", address: "here", port: 1 }],
        networks: { home: { hops: ["x"] } },
      }),
    );
    const io = memoryIo();
    assert.equal(await runBorder([file], io), 2);
    assert.match(io.complained(), /\/listeners\/0\/address: `here` is no IP address\n {2}help: /);
    assert.match(io.complained(), /\/networks\/home\/hops\/0: `x` is no hop\n {2}help: /);
    assert.equal(io.said(), "");
    rmSync(folder, { recursive: true });
  });

  it("checks the certificates that it would show: a warning starts, a mistake does not", async () => {
    const folder = mkdtempSync(join(tmpdir(), "privet-run-"));
    const file = join(folder, "border.json");
    const day = 86_400_000;
    const check = async (notAfter: number): Promise<readonly [number, string]> => {
      const own = issueCertificate({
        commonName: "home1.example",
        uris: ["sip:home1.example"],
        notBefore: Date.now() - 90 * day,
        notAfter,
      });
      writeFileSync(join(folder, "own.pem"), own.certificate + own.privateKey);
      const plain = { address: "127.0.0.1", port: 0 };
      const certificates = [{ domains: ["home1.example"], certificate: "own.pem", key: "own.pem" }];
      writeFileSync(
        file,
        JSON.stringify({
          policy: join(packageRoot, "policies/ims-border.privet"),
          secret: "000102030405060708090a0b0c0d0e0f",
          listeners: [
            { ...plain, name: "inside", transport: "tcp" },
            { ...plain, name: "outside", transport: "tls", host: "home1.example", certificates },
          ],
          networks: { home: { hops: ["tcp:192.0.2.1"] } },
        }),
      );
      const io = memoryIo();
      const code = await runBorder(["--check-config", file], io);
      return [code, io.complained().replaceAll(folder, "")];
    };
    const [fine, nothing] = await check(Date.now() + 90 * day);
    assert.equal(fine, 0);
    assert.doesNotMatch(nothing, /certificates/);
    const [ending, warned] = await check(Date.now() + day);
    assert.equal(ending, 0);
    assert.match(
      warned,
      /^warning: \/border\.json \/listeners\/1\/certificates\/0\/certificate: it ends on 20.*\n {2}help: /m,
    );
    const [expired, refused] = await check(Date.now() - day);
    assert.equal(expired, 2);
    assert.match(
      refused,
      /^error: \/border\.json \/listeners\/1\/certificates\/0\/certificate: it has expired on 20/m,
    );
    rmSync(folder, { recursive: true });
  });

  it("refuses a policy with mistakes, and a network that the policy lacks", async () => {
    const folder = mkdtempSync(join(tmpdir(), "privet-run-"));
    const file = join(folder, "border.json");
    const json = {
      secret: "00".repeat(16),
      listeners: [{ name: "inside", transport: "udp", address: "127.0.0.1", port: 0 }],
      networks: { nobody: {} },
    };
    writeFileSync(file, JSON.stringify({ ...json, policy: "p.privet" }));
    const missing = memoryIo();
    assert.equal(await runBorder([file], missing), 2);
    assert.match(missing.complained(), /p\.privet/);
    writeFileSync(file, JSON.stringify({ ...json, policy: join(packageRoot, "policies/ims-border.privet") }));
    const unknown = memoryIo();
    assert.equal(await runBorder([file], unknown), 2);
    assert.match(unknown.complained(), /\/networks\/nobody: the policy has no network `nobody`/);
    rmSync(folder, { recursive: true });
  });
});
