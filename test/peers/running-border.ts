/**
 * `privet run` as its own process, with the shipped policy: the policy's files are copied to a
 * folder of the test, where carrier-c's authority is one whose key the test holds.
 */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { IssuingAuthority } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { packageRoot } from "../package-root.ts";

const program = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
const patience = 30_000;

/** A port that is free for UDP and TCP as far as one can tell. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  await new Promise((resolve) => server.close(resolve));
  return address.port;
}

/** A child process with what it has said; ends with the test. */
export class Running {
  readonly child: ChildProcess;
  said = "";

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.said += chunk;
      });
    }
  }

  write(text: string): void {
    this.child.stdin?.write(Buffer.from(text, "latin1"));
  }

  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (const end = Date.now() + patience; Date.now() < end; ) {
      const match = pattern.exec(this.said);
      if (match !== null) return match;
      if (this.child.exitCode !== null) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    const last = pattern.exec(this.said);
    if (last !== null) return last;
    throw new Error(`${this.child.spawnfile} never said ${pattern}:\n${this.said}`);
  }

  /** Its exit code. */
  async ended(): Promise<number | null> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
    const timer = setTimeout(() => child.kill("SIGKILL"), 2 * patience);
    await new Promise((resolve) => child.once("exit", resolve));
    clearTimeout(timer);
    return child.exitCode;
  }

  async stop(signal: "SIGINT" | "SIGTERM" = "SIGTERM"): Promise<number | null> {
    if (this.child.exitCode === null) this.child.kill(signal);
    return this.ended();
  }
}

export interface Hops {
  readonly home: readonly string[];
  readonly "open-d": readonly string[];
  readonly "carrier-c"?: readonly string[];
}

export class RunningBorder {
  readonly folder: string = mkdtempSync(join(tmpdir(), "privet-peers-"));
  readonly carrierRoot: IssuingAuthority = makeAuthority("carrier-c root");
  private running: Running | undefined;

  /** Writes a certificate with its key to a file, as openssl reads them. */
  pem(name: string, { certificate, privateKey }: IssuingAuthority): string {
    const path = join(this.folder, `${name}.pem`);
    writeFileSync(path, certificate + privateKey);
    return path;
  }

  async start(hops: Hops): Promise<void> {
    const { folder } = this;
    const policies = join(folder, "policies");
    cpSync(join(packageRoot, "policies"), policies, { recursive: true });
    writeFileSync(join(policies, "certs/carrier-c-root.pem"), this.carrierRoot.certificate);
    const networks = join(policies, "networks.privet");
    const year = new Date().getUTCFullYear();
    const text = readFileSync(networks, "utf8").replace(
      / from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d/,
      ` from ${year}-01-01 to ${year + 1}-12-31`,
    );
    writeFileSync(networks, text);
    const own = makeCertificate("home1.example", makeAuthority("home1 root"));
    const certificate = this.pem("border", own);
    const listener = (name: string, transport: string) => ({
      name,
      transport,
      address: "127.0.0.1",
      port: 0,
      ...(transport === "tls" ? { certificate, key: certificate } : {}),
    });
    const json = {
      policy: "policies/ims-border.privet",
      secret: "000102030405060708090a0b0c0d0e0f",
      lossy: "accept",
      listeners: [
        listener("inside", "udp"),
        listener("inside", "tcp"),
        listener("outside", "udp"),
        listener("outside", "tcp"),
        listener("outside", "tls"),
      ],
      networks: Object.fromEntries(Object.entries(hops).map(([name, list]) => [name, { hops: list }])),
    };
    const file = join(folder, "border.json");
    writeFileSync(file, JSON.stringify(json, undefined, 2));
    this.running = new Running(process.execPath, [program, "run", file]);
    await this.running.until(/listening outside tls/);
  }

  get said(): string {
    return this.running?.said ?? "";
  }

  /** The line for a message or handshake. */
  until(pattern: RegExp): Promise<RegExpExecArray> {
    assert.ok(this.running);
    return this.running.until(pattern);
  }

  port(listener: "inside" | "outside", transport: "udp" | "tcp" | "tls"): number {
    const match = new RegExp(`listening ${listener} ${transport} \\S+:(\\d+)`).exec(this.said);
    assert.ok(match, this.said);
    return Number(match[1]);
  }

  /** Its exit code. */
  async stop(): Promise<number | null> {
    const code = await this.running?.stop("SIGINT");
    rmSync(this.folder, { recursive: true, force: true });
    return code ?? null;
  }
}
