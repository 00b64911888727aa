/**
 * The processes that share the listeners, as their primary has them: it starts them, passes on what
 * they hand to each other, and replaces one that ends. It carries no SIP itself.
 */
import cluster from "node:cluster";
import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { type Listening, MergedMetrics } from "../../border/index.ts";
import type { LoadedBorder } from "../border-load.ts";
import type { OperatorLog } from "../border-log.ts";
import { exitCode, type Io } from "../io.ts";
import type { Adoption } from "../reload.ts";
import type { HandedBatch, HandedTaken, WorkerStart } from "./worker-messages.ts";
import { WorkerProcess } from "./worker-process.ts";

/** Milliseconds before a worker is replaced: twice as long each time, unless the last one had lived for a while. */
const pauses = { first: 100, longest: 5_000, forgottenAfter: 60_000 };
/** Milliseconds that a worker has to tell its metrics; of one that takes longer, the last known ones count. */
const metricsPatience = 2_000;
const cantStart = "it can't start";

export class Workers {
  readonly metrics: MergedMetrics = new MergedMetrics(() => this.serving().length);
  /** Resolves where nobody reads standard output any more: a worker then ends as every command does. */
  readonly unheard: Promise<void>;
  private readonly path: string;
  private readonly loaded: LoadedBorder;
  private readonly io: Io;
  private readonly log: OperatorLog;
  private readonly pseudonymKey: Uint8Array = randomBytes(32);
  /** By number, from 1. */
  private readonly processes = new Map<number, WorkerProcess>();
  private readonly pauses = new Map<number, number>();
  /** Every number that a worker had: a flow of one that has ended is nobody else's. */
  private readonly instances = new Set<number>();
  private readonly timers = new Set<NodeJS.Timeout>();
  private listeners: readonly Listening[] = [];
  private ports: readonly number[] | undefined;
  /** How many new versions there were. */
  private version = 0;
  private stopping = false;
  private endUnheard: () => void = () => {};

  constructor(path: string, loaded: LoadedBorder, io: Io, log: OperatorLog) {
    this.path = path;
    this.loaded = loaded;
    this.io = io;
    this.log = log;
    this.unheard = new Promise((resolve) => {
      this.endUnheard = resolve;
    });
  }

  /** All of them, or none: then why is said on standard error. @returns the exit code, or undefined where they serve. */
  async start(): Promise<number | undefined> {
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({
      exec: fileURLToPath(new URL("worker-main.js", import.meta.url)),
      args: [],
      serialization: "advanced",
    });
    const numbers = Array.from({ length: this.loaded.file.workers }, (_, index) => index + 1);
    const workers = numbers.map((number) => this.fork(number));
    const answers = await Promise.all(workers.map((worker) => this.enlist(worker)));
    const complaint = answers.find((one) => one !== undefined);
    if (complaint !== undefined) {
      for (const worker of workers) worker.kill(cantStart);
      const ends = await Promise.all(workers.map(({ ended }) => ended));
      const isTold = complaint !== "";
      this.io.err(
        isTold ? complaint : `error: a worker ended at its start: ${ends.map(endText).join(", ")}\n`,
      );
      return isTold ? exitCode.usage : exitCode.internal;
    }
    this.log.started(this.listeners);
    for (const worker of workers) {
      this.log.worker(worker.number, worker.process);
      this.watch(worker);
    }
    return undefined;
  }

  get isReady(): boolean {
    return this.serving().length > 0;
  }

  /** All read their files anew, one behind the other, so that some always serve; one that can't keeps what it has. */
  async reload(): Promise<Adoption> {
    this.version++;
    const causes: string[] = [];
    const workers = this.serving();
    for (const worker of workers) {
      const complaint = await this.reloadOne(worker);
      if (complaint !== undefined) causes.push(complaint);
    }
    if (causes.length === 0) return { by: "all", causes };
    return { by: causes.length < workers.length ? "some" : "none", causes };
  }

  /** Of all, in the text format of Prometheus. */
  async metricsText(): Promise<string> {
    await Promise.all(this.serving().map((worker) => this.count(worker)));
    return this.metrics.text();
  }

  /** Each carries on what waits and closes its connections; done when all have ended. */
  async stop(): Promise<void> {
    this.stopping = true;
    for (const timer of this.timers) clearTimeout(timer);
    for (const worker of this.processes.values()) worker.say({ kind: "stop" });
    await Promise.all([...this.processes.values()].map(({ ended }) => ended));
  }

  private serving(): readonly WorkerProcess[] {
    return [...this.processes.values()].filter(({ serves }) => serves);
  }

  private fork(number: number): WorkerProcess {
    // Sockets that nobody holds any more are bound to the same ports again.
    if (this.listeners.length > 0 && this.processes.size === 0)
      this.ports = this.listeners.map(({ port }) => port);
    const worker: WorkerProcess = new WorkerProcess(number, this.takeInstance(), (message) =>
      this.pass(message, worker),
    );
    this.processes.set(number, worker);
    void worker.ended.then(() => {
      this.processes.delete(number);
      this.metrics.end(worker.instance);
      this.tellSiblings();
    });
    return worker;
  }

  /** Has it start; undefined: it serves. Else why not, in the words for standard error; empty: it has ended. */
  private async enlist(worker: WorkerProcess): Promise<string | undefined> {
    worker.version = this.version;
    const answer = await worker.ask("started", this.orderFor(worker));
    if (answer === undefined) return "";
    if (answer.complaint !== undefined) return answer.complaint;
    if (this.listeners.length === 0) this.listeners = answer.listeners;
    const isElsewhere = answer.listeners.some(({ port }, index) => port !== this.listeners[index]?.port);
    if (isElsewhere) return `error: ${worker.name} is bound to other ports than the others\n`;
    worker.serves = true;
    this.tellSiblings();
    return undefined;
  }

  private orderFor({ instance }: WorkerProcess): WorkerStart {
    const { path, ports, pseudonymKey } = this;
    const { configuration, workers } = this.loaded.file;
    // A worker reads certificates and keys itself.
    const listeners = configuration.listeners.map((one) => ({
      ...one,
      certificate: undefined,
      key: undefined,
    }));
    return {
      kind: "start",
      path,
      instance,
      configuration: { ...configuration, listeners },
      workers,
      ports,
      pseudonymKey,
    };
  }

  /** 24 bits. */
  private takeInstance(): number {
    const instance = randomBytes(3).readUIntBE(0, 3);
    if (this.instances.has(instance)) return this.takeInstance();
    this.instances.add(instance);
    return instance;
  }

  private watch(worker: WorkerProcess): void {
    void worker.ended.then((how) => {
      if (this.stopping) return;
      if (how === exitCode.clean) {
        this.endUnheard();
        return;
      }
      const pause = this.pauseAfter(worker);
      const told = endText(how);
      this.io.err(`error: ${worker.name} ended: ${told}; another one takes its place in ${pause} ms\n`);
      this.log.worker(worker.number, worker.process, told);
      const timer = setTimeout(() => {
        this.timers.delete(timer);
        void this.replace(worker.number);
      }, pause);
      this.timers.add(timer);
    });
  }

  private pauseAfter({ number, startedAt }: WorkerProcess): number {
    const last = this.pauses.get(number) ?? 0;
    const isForgotten = last === 0 || Date.now() - startedAt > pauses.forgottenAfter;
    const pause = isForgotten ? pauses.first : Math.min(2 * last, pauses.longest);
    this.pauses.set(number, pause);
    return pause;
  }

  private async replace(number: number): Promise<void> {
    const worker = this.fork(number);
    this.watch(worker);
    const complaint = await this.enlist(worker);
    if (complaint !== undefined) {
      this.io.err(complaint);
      worker.kill(cantStart);
      return;
    }
    this.log.worker(number, worker.process);
    // What was reloaded while it started, it may have missed.
    if (worker.version === this.version) return;
    const missed = await this.reloadOne(worker);
    if (missed !== undefined) this.io.err(`error: ${missed}: what it had stays in force there\n`);
  }

  /** Why not, and who; undefined where it is done, or the worker has ended. */
  private async reloadOne(worker: WorkerProcess): Promise<string | undefined> {
    worker.version = this.version;
    const complaint = (await worker.ask("loaded", { kind: "load" }))?.complaint;
    return complaint === undefined ? undefined : `${worker.name}: ${complaint.trimEnd()}`;
  }

  private async count(worker: WorkerProcess): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<undefined>((resolve) => {
      timer = setTimeout(resolve, metricsPatience, undefined);
    });
    const counted = worker.ask("metrics", { kind: "count" }).then((answer) => {
      if (answer !== undefined) this.metrics.tell(worker.instance, answer.metrics);
    });
    await Promise.race([counted, late]);
    clearTimeout(timer);
  }

  private tellSiblings(): void {
    const workers = this.serving();
    const instances = workers.map(({ instance }) => instance);
    for (const worker of workers) worker.say({ kind: "siblings", instances });
  }

  /** To whom it is for. Responses for a worker that has ended go back, and from there by Via. */
  private pass(message: HandedBatch | HandedTaken, from: WorkerProcess): void {
    const wanted = message.kind === "handed" ? message.worker : message.of;
    const to = this.serving().find(({ instance }) => instance === wanted);
    if (message.kind === "handed") (to ?? from).say({ ...message, worker: from.instance });
    else to?.say({ kind: "taken", by: from.instance, bytes: message.bytes });
  }
}

function endText(how: number | string): string {
  return typeof how === "number" ? `exit code ${how}` : how;
}
