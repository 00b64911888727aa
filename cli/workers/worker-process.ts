/** One worker, as the primary has it. */
import cluster, { type Worker as ClusterWorker } from "node:cluster";
import type { FromWorker, HandedBatch, HandedTaken, ToWorker, WorkerAnswer } from "./worker-messages.ts";

type Answer<K extends WorkerAnswer["kind"]> = Extract<WorkerAnswer, { readonly kind: K }>;

export class WorkerProcess {
  /** Its place among the workers, from 1. */
  readonly number: number;
  /** As in `WorkerStart`. */
  readonly instance: number;
  /** Milliseconds since 1970. */
  readonly startedAt: number = Date.now();
  /** It shares the listeners. */
  serves = false;
  /** How many new versions there had been when it last read its files. */
  version = 0;
  /** With how it ended: an exit code, or words. */
  readonly ended: Promise<number | string>;
  private readonly worker: ClusterWorker;
  /** Until it listens: what it is to be told. */
  private held: ToWorker[] | undefined = [];
  private hasEnded = false;
  private killedFor: string | undefined;
  /** Those who wait for an answer, by its kind; in the order of asking. */
  private readonly waiting = new Map<string, ((answer: WorkerAnswer | undefined) => void)[]>();

  /** Forks it; `heard` takes what it says of its own accord. */
  constructor(number: number, instance: number, heard: (message: HandedBatch | HandedTaken) => void) {
    this.number = number;
    this.instance = instance;
    this.worker = cluster.fork();
    this.worker.on("message", (message: FromWorker) => {
      if (message.kind === "listening") this.sayHeld();
      else if (message.kind === "handed" || message.kind === "taken") heard(message);
      else this.waiting.get(message.kind)?.shift()?.(message);
    });
    this.ended = new Promise((resolve) => {
      const end = (how: number | string): void => {
        this.hasEnded = true;
        this.serves = false;
        for (const waiting of this.waiting.values())
          for (const answer of waiting.splice(0)) answer(undefined);
        resolve(how);
      };
      this.worker.once("exit", (code, signal) => end(this.killedFor ?? signal ?? code));
      this.worker.on("error", ({ message }: Error) => {
        // What never came to life has no end. A channel that breaks is followed by that of the process.
        if (this.worker.process.pid === undefined) end(message);
      });
    });
  }

  get process(): number {
    return this.worker.process.pid ?? 0;
  }

  /** For people. */
  get name(): string {
    return `worker ${this.number} (process ${this.process})`;
  }

  say(message: ToWorker): void {
    if (this.held !== undefined) {
      this.held.push(message);
      return;
    }
    // A worker that has just ended takes nothing: its end is told elsewhere.
    if (this.worker.isConnected()) this.worker.send(message, () => {});
  }

  /** undefined: it has ended before it answered. */
  async ask<K extends WorkerAnswer["kind"]>(kind: K, question: ToWorker): Promise<Answer<K> | undefined> {
    if (this.hasEnded) return undefined;
    const answer = new Promise<WorkerAnswer | undefined>((resolve) => {
      const waiting = this.waiting.get(kind) ?? [];
      waiting.push(resolve);
      this.waiting.set(kind, waiting);
    });
    this.say(question);
    const given = await answer;
    return isOf(given, kind) ? given : undefined;
  }

  private sayHeld(): void {
    const held = this.held ?? [];
    this.held = undefined;
    for (const message of held) this.say(message);
  }

  /** At once. `why`: so its end is told. */
  kill(why: string): void {
    this.killedFor = why;
    this.worker.process.kill("SIGKILL");
  }
}

function isOf<K extends WorkerAnswer["kind"]>(
  answer: WorkerAnswer | undefined,
  kind: K,
): answer is Answer<K> {
  return answer?.kind === kind;
}
