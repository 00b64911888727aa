/** One of several processes that share the listeners: it runs a border, and obeys its primary. */
import {
  Border,
  type BorderConfiguration,
  checkReload,
  type ListenerSettings,
  type RunningBorder,
} from "../../border/index.ts";
import { engineOf, trialOf } from "../border-engine.ts";
import { type LoadedBorder, refuse, refuseListener } from "../border-load.ts";
import { loadAside } from "../border-load-aside.ts";
import { startMetrics } from "../border-metrics.ts";
import { loadPacked } from "../border-pack.ts";
import { exitCode, type Io } from "../io.ts";
import { adoptIn, type BorderHere } from "../reload.ts";
import { watchShadow } from "../shadow-watch.ts";
import { logTraffic } from "../traffic-log.ts";
import { Handing } from "./handing.ts";
import type { FromWorker, ToWorker, WorkerStart } from "./worker-messages.ts";

/** What `start` has made. */
interface Serving extends BorderHere {
  readonly path: string;
  readonly running: RunningBorder;
  readonly handing: Handing;
}

export class Worker {
  private readonly io: Io;
  private readonly say: (message: FromWorker) => void;
  /** undefined: it could not start, and waits for its end. */
  private serving: Serving | undefined;
  private starting: Promise<void> = Promise.resolve();
  /** Listeners with the certificates of the last version that was taken over; undefined: those of the start. */
  private shown: readonly ListenerSettings[] | undefined;

  constructor(io: Io, say: (message: FromWorker) => void) {
    this.io = io;
    this.say = say;
  }

  obey(message: ToWorker): void {
    switch (message.kind) {
      case "start":
        this.starting = this.start(message);
        break;
      case "stop":
        void this.stop();
        break;
      default:
        if (this.serving !== undefined) this.serve(message, this.serving);
    }
  }

  private async start(order: WorkerStart): Promise<void> {
    const { path, instance, pseudonymKey } = order;
    const complaints = new Complaints(this.io);
    const { secret, listeners: running } = order.configuration;
    const loaded = loadPacked(path, complaints.io, running, secret);
    if (loaded === undefined || !fits(loaded, path, order, complaints.io)) {
      this.say({ kind: "started", complaint: complaints.text });
      return;
    }
    const configuration = configurationOf(loaded, order);
    const handing = new Handing(instance, configuration.queue.bytes, this.say, () => metrics.handed());
    const border = new Border(engineOf(loaded), configuration, handing, loaded.numbers);
    const metrics = startMetrics(border, loaded, this.io.now());
    const log = logTraffic(border, loaded.file.log, this.io, pseudonymKey);
    const shadow = watchShadow(border, trialOf(loaded, secret), log, metrics);
    try {
      await border.listen();
    } catch (error) {
      refuseListener(path, error, complaints.io);
      this.say({ kind: "started", complaint: complaints.text });
      return;
    }
    this.serving = { path, running: order, border, metrics, shadow, handing };
    const listeners = border.sides.map(({ name, transport, address, port }) => ({
      name,
      transport,
      address,
      port,
    }));
    this.say({ kind: "started", listeners });
  }

  private serve(message: Exclude<ToWorker, { kind: "start" | "stop" }>, serving: Serving): void {
    const { border, metrics, handing } = serving;
    switch (message.kind) {
      case "load":
        void this.reload(serving).then((complaint) => this.say({ kind: "loaded", complaint }));
        break;
      case "count":
        void metrics.registry.getMetricsAsJSON().then((json) => this.say({ kind: "metrics", metrics: json }));
        break;
      case "siblings":
        handing.live(message.instances);
        break;
      case "handed":
        handing.deliver(message, border);
        break;
      case "taken":
        handing.taken(message.by, message.bytes);
        break;
    }
  }

  /** Why not, or undefined where it is in force. The primary has read the same, and told its warnings. */
  private async reload(serving: Serving): Promise<string | undefined> {
    const { path, running } = serving;
    const { secret, listeners } = running.configuration;
    const complaints = new Complaints(this.io);
    const { io } = complaints;
    try {
      const next = await loadAside({ path, running: this.shown ?? listeners, secret }, io).loaded;
      if (next === undefined || !fits(next, path, running, io)) return complaints.text;
      const [cause] = (await adoptIn(serving, next, this.io.now(), secret)).causes;
      if (cause === undefined) this.shown = next.file.configuration.listeners;
      return cause;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  private async stop(): Promise<void> {
    await this.starting;
    await this.serving?.border.close();
    process.exit(exitCode.clean);
  }
}

/** With what all workers have had since the start. What does not fit is said. */
function fits({ file }: LoadedBorder, path: string, running: RunningBorder, io: Io): boolean {
  const mistakes = checkReload(path, running, file);
  refuse(mistakes, io);
  return mistakes.length === 0;
}

/** Secret and sockets are those of all workers. */
function configurationOf(
  { file: { configuration } }: LoadedBorder,
  { configuration: { secret }, ports }: WorkerStart,
): BorderConfiguration {
  const listeners = configuration.listeners.map((one, index) => ({
    ...one,
    port: ports?.[index] ?? one.port,
  }));
  return { ...configuration, secret, listeners };
}

/** `io`, but what would be said on standard error is kept. */
class Complaints {
  readonly io: Io;
  text = "";

  constructor(io: Io) {
    this.io = {
      ...io,
      err: (text) => {
        this.text += text;
      },
    };
  }
}
