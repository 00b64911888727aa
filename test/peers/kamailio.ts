/**
 * Kamailio as its own process, with a configuration of `examples/kamailio`: the files are copied to
 * a folder of the test with the test's addresses in place of the example's.
 */
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";
import { Running } from "../running.ts";

const examples = join(packageRoot, "examples/kamailio");
export const program = "/usr/sbin/kamailio";
const patience = 20_000;

const lastingRing = 'modparam("tm", "fr_inv_timer", ';
/** What keeps it small, and from saying things twice: T1 (RFC 3261 17.1.1.1) is long, for a busy machine would be late. */
const changed = {
  "children=": "children=1",
  "tcp_children=": "tcp_children=1",
  [lastingRing]: `${lastingRing}120000)\nmodparam("tm", "retr_timer1", 4000)`,
};

export interface KamailioSettings {
  /** Its folder, which it makes. */
  readonly folder: string;
  readonly file: "kamailio-home.cfg" | "kamailio-partner.cfg";
  /** Of the lines `#!substdef`, all of them. */
  readonly values: Readonly<Record<string, string>>;
  /** Other lines of the file, by how they begin, with what stands in their place. */
  readonly lines?: Readonly<Record<string, string>>;
  /** `address:port` of each, for the list of borders. */
  readonly borders: readonly string[];
  /** Text of the files that `tls.cfg` names. */
  readonly certificates?: Readonly<Record<string, string>>;
  /** Where it listens to TCP or TLS on loopback: it has started when it takes a connection there. */
  readonly streamPort: number;
}

export class RunningKamailio {
  private readonly settings: KamailioSettings;
  private running: Running | undefined;
  /** Of the process before a restart. */
  private earlier = "";

  constructor(settings: KamailioSettings) {
    this.settings = settings;
  }

  /** All that it has logged. */
  get said(): string {
    return this.earlier + (this.running?.said ?? "");
  }

  /** Of the process that was started. */
  get pid(): number {
    const pid = this.running?.child.pid;
    assert.ok(pid !== undefined);
    return pid;
  }

  async start(): Promise<void> {
    const { folder } = this.settings;
    mkdirSync(folder, { recursive: true });
    const here = ["-f", this.writeFiles(), "-w", folder, "-Y", folder];
    // In the foreground, its log to standard error, with little memory.
    const bounds = ["-DD", "-E", "-m", "32", "-M", "4", "--atexit=no"];
    this.running = new Running(program, [...here, ...bounds]);
    await this.untilListening(this.running);
  }

  /** Ends the process that was started, which ends those that it forked. */
  async stop(): Promise<void> {
    const { running } = this;
    if (running === undefined) return;
    this.running = undefined;
    await running.stop("SIGTERM");
    this.earlier += running.said;
  }

  until(pattern: RegExp): Promise<RegExpExecArray> {
    assert.ok(this.running);
    return this.running.until(pattern);
  }

  /** The path of the configuration. */
  private writeFiles(): string {
    const { folder, file, borders, certificates = {} } = this.settings;
    for (const [name, content] of Object.entries(certificates)) writeFileSync(join(folder, name), content);
    const copy = (name: string, change: (text: string) => string): string => {
      const path = join(folder, name);
      writeFileSync(path, change(readFileSync(join(examples, name), "utf8")));
      return path;
    };
    copy("tls.cfg", (text) => text.replaceAll("/etc/kamailio/tls/", `${folder}/`));
    for (const list of ["borders-inside.list", "borders-outside.list"]) {
      copy(list, (text) =>
        text.replace(/^(1 sip:)[\d.:]+(.*\n)/m, (_, begin: string, end: string) =>
          borders.map((border) => begin + border + end).join(""),
        ),
      );
    }
    return copy(file, (text) => this.adapted(text));
  }

  private adapted(text: string): string {
    const { values, lines } = this.settings;
    const replaced: Readonly<Record<string, string>> = {
      ...changed,
      ...lines,
      ...Object.fromEntries(
        Object.entries(values).map(([name, value]) => [substdef(name), `${substdef(name)}${value}!g"`]),
      ),
    };
    const left = new Set(Object.keys(replaced));
    const adapted = text.split("\n").map((line) => {
      const begin = Object.keys(replaced).find((one) => line.startsWith(one));
      assert.ok(begin !== undefined || !line.startsWith("#!substdef"), `the test gives no value for ${line}`);
      if (begin === undefined) return line;
      left.delete(begin);
      return replaced[begin];
    });
    assert.deepEqual([...left], [], "lines that the example has no more");
    return adapted.join("\n");
  }

  private async untilListening(running: Running): Promise<void> {
    for (const end = Date.now() + patience; Date.now() < end; ) {
      if (running.child.exitCode !== null) break;
      if (await takesConnections(this.settings.streamPort)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await running.stop("SIGTERM");
    throw new Error(`Kamailio did not start:\n${running.said}`);
  }
}

/** How such a line begins. */
function substdef(name: string): string {
  return `#!substdef "!${name}!`;
}

function takesConnections(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("error", () => resolve(false));
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
  });
}

/** Runs the test; where it fails, what these said goes with the cause. */
export async function withLogs(
  neighbours: readonly { readonly said: string }[],
  test: () => Promise<void>,
): Promise<void> {
  try {
    await test();
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error([cause, ...neighbours.map((one) => one.said)].join("\n----\n"), { cause: error });
  }
}
