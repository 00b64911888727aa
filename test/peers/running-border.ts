/**
 * `privet run` as its own process, with the shipped policy: the policy's files are copied to a
 * folder of the test, where carrier-c's authority is one whose key the test holds, and this
 * machine stands for open-d.
 */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IssuingAuthority } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { lastingPort } from "../lasting-port.ts";
import { packageRoot } from "../package-root.ts";
import { Running } from "../running.ts";

export interface Hops {
  readonly home: readonly string[];
  readonly "open-d": readonly string[];
  readonly "carrier-c"?: readonly string[];
}

export type ListenerName = "inside" | "outside";
export type Transport = "udp" | "tcp" | "tls";

export class RunningBorder {
  readonly folder: string = mkdtempSync(join(tmpdir(), "privet-peers-"));
  readonly carrierRoot: IssuingAuthority = makeAuthority("carrier-c root");
  /** Of the border's own certificate. */
  readonly homeRoot: IssuingAuthority = makeAuthority("home1 root");
  private readonly ports = new Map<string, number>();
  private running: Running | undefined;

  /** Chooses the ports, which stay the same over a restart: neighbours may be told of them before the start. */
  async choosePorts(): Promise<void> {
    if (this.ports.size > 0) return;
    for (const name of ["inside", "outside"] as const) {
      for (const transport of ["udp", "tcp"] as const)
        this.ports.set(`${name} ${transport}`, await lastingPort());
    }
    this.ports.set("outside tls", await lastingPort());
  }

  port(listener: ListenerName, transport: Transport): number {
    const port = this.ports.get(`${listener} ${transport}`);
    assert.ok(port !== undefined);
    return port;
  }

  /** Of the process that was started. */
  get pid(): number {
    const pid = this.running?.child.pid;
    assert.ok(pid !== undefined);
    return pid;
  }

  /** Writes a certificate with its key to a file, as openssl reads them. */
  pem(name: string, { certificate, privateKey }: IssuingAuthority): string {
    const path = join(this.folder, `${name}.pem`);
    writeFileSync(path, certificate + privateKey);
    return path;
  }

  /** `mirrored`: it is the border of open-d.example, and home1.example is the foreign network. */
  async start(hops: Hops, mirrored = false): Promise<void> {
    await this.choosePorts();
    cpSync(join(packageRoot, "policies"), join(this.folder, "policies"), { recursive: true });
    this.write("policies/certs/carrier-c-root.pem", this.carrierRoot.certificate);
    this.write("policies/networks.privet", networksOf(mirrored));
    const own = makeCertificate(mirrored ? "open-d.example" : "home1.example", this.homeRoot);
    const certificate = this.pem("border", own);
    const listeners = [...this.ports].map(([listener, port]) => {
      const [name, transport] = listener.split(" ");
      const shown = transport === "tls" ? { certificate, key: certificate } : {};
      return { name, transport, address: "127.0.0.1", port, ...shown };
    });
    const networks = Object.fromEntries(Object.entries(hops).map(([name, list]) => [name, { hops: list }]));
    const json = {
      policy: "policies/ims-border.privet",
      secret: "000102030405060708090a0b0c0d0e0f",
      // Some of the peers have UDP alone.
      lossy: "accept",
      listeners,
      networks,
    };
    this.write("border.json", JSON.stringify(json, undefined, 2));
    await this.startAgain();
  }

  /** With what it was started with before, after `kill`. */
  async startAgain(): Promise<void> {
    this.running = Running.privet("run", join(this.folder, "border.json"));
    await this.running.until(/listening outside tls/);
  }

  /** SIGKILL: it has no time to tidy up anything. */
  async kill(): Promise<void> {
    await this.running?.stop("SIGKILL");
  }

  /**
   * Has it read the shipped policy with `addition` at its end. False: it found a mistake and keeps
   * what was in force.
   */
  async reload(addition: string): Promise<boolean> {
    assert.ok(this.running);
    const shipped = readFileSync(join(packageRoot, "policies/ims-border.privet"), "utf8");
    this.write("policies/ims-border.privet", shipped + addition);
    const before = this.said.length;
    this.running.child.kill("SIGHUP");
    const [line] = await this.until(/^reloaded .*$|^error: not reloaded.*$/m, before);
    return line.startsWith("reloaded");
  }

  get isRunning(): boolean {
    return this.running?.running === true;
  }

  /** What this process has said: since the last start. */
  get said(): string {
    return this.running?.said ?? "";
  }

  /** The line for a message or handshake, `from` there on in what it has said. */
  until(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    assert.ok(this.running);
    return this.running.until(pattern, from);
  }

  /** So many such lines. */
  untilLines(count: number, pattern: RegExp, from: number): Promise<void> {
    assert.ok(this.running);
    return this.running.untilLines(count, pattern, from);
  }

  /** Its exit code. */
  async stop(): Promise<number | null> {
    const code = await this.running?.stop("SIGINT");
    rmSync(this.folder, { recursive: true, force: true });
    return code ?? null;
  }

  /** Whole or not at all: the border may be reading. */
  private write(name: string, text: string): void {
    const path = join(this.folder, name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
}

function networksOf(mirrored: boolean): string {
  const year = new Date().getUTCFullYear();
  const text = readFileSync(join(packageRoot, "policies/networks.privet"), "utf8")
    .replace(/ from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d/, ` from ${year}-01-01 to ${year + 1}-12-31`)
    .replace("203.0.113.9/32", "127.0.0.1/32");
  assert.match(text, /network open-d \{\s+domain "open-d\.example"\s+address 127\.0\.0\.1\/32/);
  if (!mirrored) return text;
  return text.replace(/domain "(home1|open-d)\.example"/g, (_, name: string) =>
    name === "home1" ? 'domain "open-d.example"' : 'domain "home1.example"',
  );
}
