/**
 * BIND and Knot as processes of their own on loopback, with the zones of a test. No privileges, nothing
 * outside the test's folder; what they don't serve they don't ask anybody for.
 */
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { NameServer } from "../../adapters/index.ts";
import { lastingPort } from "../lasting-port.ts";
import { Running } from "../running.ts";

const programs = { named: "/usr/sbin/named", knotd: "/usr/sbin/knotd" } as const;

export interface ServedZones {
  /** Its folder, which it makes. */
  readonly folder: string;
  /** Text of master files (RFC 1035 5), by origin without the root's dot. */
  readonly zones: Readonly<Record<string, string>>;
  /** BIND only: what it asks another server for, by domain. */
  readonly forwarded?: Readonly<Record<string, NameServer>>;
  /** BIND only: more of its options. */
  readonly options?: string;
}

/** A server that was started, until it is stopped. */
export class RunningNameServer {
  private readonly running: Running;
  private readonly folder: string;
  readonly server: NameServer;

  private constructor(running: Running, folder: string, server: NameServer) {
    this.running = running;
    this.folder = folder;
    this.server = server;
  }

  /** Answers for its zones, and asks on for what is forwarded (`recursion`). */
  static async named(served: ServedZones): Promise<RunningNameServer> {
    const server = { address: "127.0.0.1", port: await lastingPort() };
    const file = writeFiles(served, "named.conf", namedSettings(served, server.port));
    writeFileSync(join(served.folder, "root.zone"), rootZone(Object.keys(served.forwarded ?? {})));
    // In the foreground, one thread; as whom it was started.
    const running = new Running(programs.named, ["-g", "-n", "1", "-4", "-c", file]);
    return RunningNameServer.started(running, served.folder, server, / running$/m);
  }

  static async knotd(served: ServedZones): Promise<RunningNameServer> {
    const server = { address: "127.0.0.1", port: await lastingPort() };
    const file = writeFiles(served, "knot.conf", knotSettings(served, server.port));
    const running = new Running(programs.knotd, ["-c", file]);
    return RunningNameServer.started(running, served.folder, server, /server started/);
  }

  private static async started(
    running: Running,
    folder: string,
    server: NameServer,
    sign: RegExp,
  ): Promise<RunningNameServer> {
    try {
      await running.until(sign);
      assert.doesNotMatch(running.said, /error:|not loaded/);
    } catch (error) {
      await running.stop("SIGKILL");
      throw error;
    }
    return new RunningNameServer(running, folder, server);
  }

  /** All that it has logged. */
  get said(): string {
    return this.running.said;
  }

  /** BIND only: another version of a zone, whose serial is higher. */
  async replace(origin: string, text: string): Promise<void> {
    const serial = / SOA \S+ \S+ (\d+) /.exec(text)?.[1];
    writeFileSync(join(this.folder, `${origin}.zone`), text);
    this.running.child.kill("SIGHUP");
    await this.running.until(new RegExp(`zone ${origin}/IN: loaded serial ${serial}`));
  }

  async stop(): Promise<void> {
    assert.equal(await this.running.stop("SIGTERM"), 0, this.said);
  }
}

function writeFiles({ folder, zones }: ServedZones, name: string, settings: string): string {
  mkdirSync(folder, { recursive: true });
  for (const [origin, text] of Object.entries(zones)) writeFileSync(join(folder, `${origin}.zone`), text);
  writeFileSync(join(folder, name), settings);
  return join(folder, name);
}

function namedSettings({ folder, zones, forwarded = {}, options = "" }: ServedZones, port: number): string {
  const served = Object.keys(zones).map(
    (origin) => `zone "${origin}" { type primary; file "${origin}.zone"; };`,
  );
  const asked = Object.entries(forwarded).map(
    ([domain, to]) =>
      `zone "${domain}" { type forward; forward only; forwarders { ${to.address} port ${to.port}; }; };`,
  );
  return `options {
  directory "${folder}";
  pid-file none;
  session-keyfile none;
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion yes;
  allow-query { 127.0.0.1; };
  allow-recursion { 127.0.0.1; };
  dnssec-validation no;
  empty-zones-enable no;
  notify no;
  max-cache-size 8M;
  // What the test's zones get wrong on purpose.
  check-integrity no;
  check-names primary ignore;
  ${options}
};
controls { };
zone "." { type primary; file "root.zone"; };
${[...served, ...asked].join("\n")}
`;
}

/** No root but this one, so that nobody else is asked; it delegates what is forwarded, or it would deny it. */
function rootZone(delegated: readonly string[]): string {
  const delegations = delegated.map((domain) => `${domain}. NS ns.\n`).join("");
  return `$TTL 300\n. SOA . . 1 3600 600 86400 60\n. NS ns.\nns. A 127.0.0.1\n${delegations}`;
}

function knotSettings({ folder, zones }: ServedZones, port: number): string {
  const served = Object.keys(zones).map((origin) => `  - domain: "${origin}."\n    file: "${origin}.zone"`);
  return `server:
    rundir: "${folder}"
    listen: 127.0.0.1@${port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
database:
    storage: "${folder}"
log:
  - target: stderr
    any: info
template:
  - id: default
    storage: "${folder}"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
    semantic-checks: off
zone:
${served.join("\n")}
`;
}
