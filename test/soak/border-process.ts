/** `privet run` as its own process: what it says, what it counts, what it holds of the machine. */
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { get } from "node:http";
import { fileURLToPath } from "node:url";
import { pause } from "./call.ts";
import type { Place } from "./lines.ts";
import { MetricsPage } from "./metrics-page.ts";

const program = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
const patience = 30_000;
/** Lines of what the border says that are kept for the report. */
const mostKept = 50;

export class BorderProcess {
  readonly child: ChildProcess;
  /** Faults, as lines of JSON, and whatever else stands on standard error. */
  readonly said: string[] = [];
  /** Megabytes that were still in use behind the last collection of the whole heap; 0: there was none yet. */
  heap = 0;
  private readonly operation: Place;

  constructor(file: string, operation: Place) {
    this.operation = operation;
    this.child = spawn(process.execPath, ["--enable-source-maps", "--trace-gc", program, "run", file], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.child.stdout!, this.child.stderr!]) {
      let rest = "";
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        const lines = (rest + chunk).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) this.hear(line);
      });
    }
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  get isAlive(): boolean {
    return this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Resolves when `/readyz` says so. */
  async ready(): Promise<void> {
    for (const end = Date.now() + patience; Date.now() < end && this.isAlive; ) {
      if ((await this.ask("/readyz").catch(() => "")) === "ready\n") return;
      await pause(50);
    }
    throw new Error(`the border did not start:\n${this.said.join("\n")}`);
  }

  async metrics(): Promise<MetricsPage> {
    return new MetricsPage(await this.ask("/metrics"));
  }

  /** Megabytes of resident memory. */
  get resident(): number {
    const status = readFileSync(`/proc/${this.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024;
  }

  get openSockets(): number {
    const folder = `/proc/${this.pid}/fd`;
    return readdirSync(folder).filter((name) => {
      try {
        return readlinkSync(`${folder}/${name}`).startsWith("socket:");
      } catch {
        // Closed since.
        return false;
      }
    }).length;
  }

  /** Seconds that its main thread was ready to run and had no processor. */
  get waitedSeconds(): number {
    return Number(readFileSync(`/proc/${this.pid}/schedstat`, "utf8").split(" ")[1]) / 1e9;
  }

  /** Seconds of processor time so far. */
  get processorSeconds(): number {
    const fields = readFileSync(`/proc/${this.pid}/stat`, "utf8").split(") ")[1]!.split(" ");
    return (Number(fields[11]) + Number(fields[12])) / 100;
  }

  /** Its exit code. */
  async stop(): Promise<number | null> {
    if (this.isAlive) {
      this.child.kill("SIGTERM");
      const timer = setTimeout(() => this.child.kill("SIGKILL"), patience);
      await new Promise((resolve) => this.child.once("exit", resolve));
      clearTimeout(timer);
    }
    return this.child.exitCode;
  }

  private hear(line: string): void {
    // The line of V8's --trace-gc: `… Mark-Compact 25.3 (39.1) -> 20.2 (38.0) MB …`.
    const collected = /Mark-(?:Compact|sweep).*? -> ([\d.]+) \(/i.exec(line);
    if (collected !== null) this.heap = Number(collected[1]);
    else if (!/^\[\d+:0x/.test(line) && line.trim() !== "" && this.said.length < mostKept)
      this.said.push(line);
  }

  private ask(page: string): Promise<string> {
    return new Promise((resolve, reject) => {
      // No connection is kept: the border's sockets are counted.
      const request = get(
        { host: this.operation.host, port: this.operation.port, path: page, agent: false, timeout: patience },
        (response) => {
          let text = "";
          response.setEncoding("utf8").on("data", (chunk: string) => {
            text += chunk;
          });
          response.once("end", () => resolve(text));
        },
      );
      request.once("error", reject);
    });
  }
}

/** Datagrams for sockets of these addresses that the system threw away, since they were opened. */
export function datagramsDropped(hosts: readonly string[]): number {
  const prefixes = new Set(hosts.map(hexAddress));
  return readFileSync("/proc/net/udp", "utf8")
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => prefixes.has(fields[1]!.split(":")[0]!))
    .reduce((sum, fields) => sum + Number(fields.at(-1)), 0);
}

/** As /proc/net writes IPv4 on a machine whose lowest byte comes first. */
function hexAddress(host: string): string {
  return host
    .split(".")
    .toReversed()
    .map((part) => Number(part).toString(16).padStart(2, "0").toUpperCase())
    .join("");
}
