/** `privet run` as its own process, in a folder of its own, with all that it says. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
const patience = 30_000;

export class BorderProcess {
  readonly folder: string = mkdtempSync(join(tmpdir(), "privet-process-"));
  readonly file: string = join(this.folder, "border.json");
  private running: ChildProcess | undefined;
  private out = "";
  private all = "";
  /** Standard output and standard error, as far as nobody has waited for it. */
  private said = "";
  private exit: Promise<unknown> = Promise.resolve();
  private hasEnded = false;

  write(name: string, text: string): void {
    writeFileSync(join(this.folder, `${name}.new`), text);
    renameSync(join(this.folder, `${name}.new`), join(this.folder, name));
  }

  /** Leads a process group of its own. */
  start(): void {
    const child = spawn(process.execPath, [program, "run", this.file], {
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
      this.out += chunk;
    });
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        this.said += chunk;
        this.all += chunk;
      });
    this.running = child;
    this.exit = once(child, "close").then(() => {
      this.hasEnded = true;
    });
  }

  private get child(): ChildProcess {
    if (this.running === undefined) throw new Error("not started");
    return this.running;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** All of standard output. */
  get output(): string {
    return this.out;
  }

  /** With standard error. */
  get everything(): string {
    return this.all;
  }

  /** A line that nobody has waited for yet; what is before it is given too, and counts as waited for. */
  async until(pattern: RegExp, within: number = patience): Promise<RegExpExecArray> {
    for (const end = Date.now() + within; Date.now() < end; ) {
      const match = pattern.exec(this.said);
      if (match !== null) {
        this.said = this.said.slice(match.index + match[0].length);
        return match;
      }
      if (this.hasEnded) break;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`never said ${pattern}: ${this.said}`);
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** All processes of the group, as a terminal does. */
  signalAll(signal: NodeJS.Signals): void {
    process.kill(-this.pid, signal);
  }

  /** The exit code; `null` where a signal ended it, or where it has to be killed. */
  async ended(): Promise<number | null> {
    const timer = setTimeout(() => this.signalAll("SIGKILL"), patience);
    await this.exit;
    clearTimeout(timer);
    return this.child.exitCode;
  }

  /** Whatever is left of it goes. */
  async remove(): Promise<void> {
    if (this.running !== undefined) {
      try {
        this.signalAll("SIGKILL");
      } catch {
        // Nothing is left.
      }
      await this.exit;
    }
    rmSync(this.folder, { recursive: true });
  }
}
