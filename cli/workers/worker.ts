/** One of several processes that share the listeners: it runs a border, and obeys its primary. */
import {
  Border,
  type BorderConfiguration,
  checkReload,
  type ListenerSettings,
  type RunningBorder,
} from "../../border/index.ts";
import { type LoadedBorder, loadBorder, refuse, refuseListener } from "../border-load.ts";
import { startMetrics } from "../border-metrics.ts";
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
    const loaded = this.load(path, order, complaints);
    if (loaded === undefined) {
      this.say({ kind: "started", complaint: complaints.text });
      return;
    }
    const configuration = configurationOf(loaded, order);
    const handing = new Handing(instance, configuration.queue.bytes, this.say, () => metrics.handed());
    const border = new Border(loaded.engine, configuration, handing);
    const metrics = startMetrics(border, loaded, this.io.now());
    const log = logTraffic(border, loaded.file.log, this.io, pseudonymKey);
    const shadow = watchShadow(border, loaded, log, metrics);
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
        this.say({ kind: "loaded", complaint: this.reload(serving) });
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

  /** Why not, or undefined where it is in force. */
  private reload(serving: Serving): string | undefined {
    const complaints = new Complaints(this.io);
    const next = this.load(serving.path, serving.running, complaints);
    if (next === undefined) return complaints.text;
    const [cause] = adoptIn(serving, next, this.io.now()).causes;
    if (cause === undefined) this.shown = next.file.configuration.listeners;
    return cause;
  }

  /** The primary has read the same, and told its warnings. */
  private load(path: string, running: RunningBorder, complaints: Complaints): LoadedBorder | undefined {
    const loaded = loadBorder(path, complaints.io, this.shown ?? running.configuration.listeners);
    if (loaded === undefined) return undefined;
    const mistakes = checkReload(path, running, loaded.file);
    if (mistakes.length > 0) return refuse(mistakes, complaints.io);
    // One that was made up is that of all workers: they have the same calls compared with a shadow policy.
    const { secret } = running.configuration;
    return { ...loaded, trial: loaded.trial && { ...loaded.trial, secret } };
  }

  private async stop(): Promise<void> {
    await this.starting;
    await this.serving?.border.close();
    process.exit(exitCode.clean);
  }
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
