/** Programs that a test starts beside itself, `privet run` among them. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../cli/main.js", import.meta.url));
const patience = 30_000;

/** A child process with what it has said on both outputs. */
export class Running {
  readonly child: ChildProcess;
  said = "";
  private readonly closed: Promise<unknown>;
  private over = false;

  constructor(command: string, args: readonly string[]) {
    this.child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream?.setEncoding("utf8").on("data", (chunk: string) => {
        this.said += chunk;
      });
    }
    this.closed = once(this.child, "close").then(() => {
      this.over = true;
    });
    // It may end before it has read what it was told.
    this.child.stdin?.on("error", () => {});
  }

  static privet(...args: readonly string[]): Running {
    return new Running(process.execPath, [program, ...args]);
  }

  get running(): boolean {
    return !this.over;
  }

  write(text: string): void {
    this.child.stdin?.write(Buffer.from(text, "latin1"));
  }

  /** What it has said behind `from`, or says yet. Rejects where it never does. */
  until(pattern: RegExp, from = 0): Promise<RegExpExecArray> {
    return this.find(pattern, (said) => pattern.exec(said), from);
  }

  /** The same for so many lines of the kind. */
  async untilLines(count: number, pattern: RegExp, from = 0): Promise<void> {
    await this.find(
      pattern,
      (said) => (said.split("\n").filter((line) => pattern.test(line)).length >= count ? true : null),
      from,
    );
  }

  private async find<T>(pattern: RegExp, look: (said: string) => T | null, from: number): Promise<T> {
    for (const end = Date.now() + patience; Date.now() < end; ) {
      const { running } = this;
      const found = look(this.said.slice(from));
      if (found !== null) return found;
      if (!running) break;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    throw new Error(`${this.child.spawnfile} never said ${pattern}:\n${this.said}`);
  }

  /** Its exit code; null: a signal ended it. */
  async ended(): Promise<number | null> {
    const timer = setTimeout(() => this.child.kill("SIGKILL"), 2 * patience);
    await this.closed;
    clearTimeout(timer);
    return this.child.exitCode;
  }

  async stop(signal: "SIGINT" | "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<number | null> {
    if (this.running) this.child.kill(signal);
    return this.ended();
  }
}
