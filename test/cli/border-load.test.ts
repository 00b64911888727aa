import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { loadBorder } from "../../cli/border-load.ts";
import type { Io } from "../../cli/io.ts";
import { issueCertificate } from "../../wire/index.ts";
import { packageRoot } from "../package-root.ts";

const day = 86_400_000;
const start = Date.now();

describe("a border.json whose certificate has expired since the start", () => {
  it("is no reason to refuse a new policy, but one not to start", () => {
    const folder = mkdtempSync(join(tmpdir(), "privet-load-"));
    const file = join(folder, "border.json");
    const { certificate, privateKey } = issueCertificate({
      commonName: "home1.example",
      uris: ["sip:home1.example"],
      notBefore: start - day,
      notAfter: start + 90 * day,
    });
    writeFileSync(join(folder, "own.pem"), certificate + privateKey);
    const plain = { address: "127.0.0.1", port: 0 };
    const own = { host: "home1.example", certificate: "own.pem", key: "own.pem" };
    writeFileSync(
      file,
      JSON.stringify({
        policy: join(packageRoot, "policies/ims-border.privet"),
        secret: "00".repeat(16),
        listeners: [
          { ...plain, name: "inside", transport: "tcp" },
          { ...plain, name: "outside", transport: "tls", ...own },
        ],
        networks: { home: { hops: ["tcp:192.0.2.1"] } },
      }),
    );
    let said = "";
    const at = (now: number): Io => ({
      out: () => {},
      err: (text) => {
        said += text;
      },
      readInput: () => Promise.resolve(new Uint8Array(0)),
      now: () => now,
      color: false,
    });
    const running = loadBorder(file, at(start))?.file.configuration.listeners;
    assert.ok(running);
    assert.doesNotMatch(said, /expired/);
    assert.ok(loadBorder(file, at(start + 91 * day), running));
    assert.match(said, /^warning: \S+ \/listeners\/1\/certificate: it has expired/m);
    assert.equal(loadBorder(file, at(start + 91 * day)), undefined);
    assert.match(said, /^error: \S+ \/listeners\/1\/certificate: it has expired/m);
    rmSync(folder, { recursive: true });
  });
});
