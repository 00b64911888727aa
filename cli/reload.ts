/** A running border takes a new policy, and what else border.json names, when it is told to or a file changes. */
import { type Stats, unwatchFile, watchFile } from "node:fs";
import { setImmediate } from "node:timers/promises";
import {
  type Border,
  type BorderMetrics,
  checkOperation,
  checkPublishingReload,
  checkReload,
  type Shadow,
} from "../border/index.ts";
import { engineOf, trialOf } from "./border-engine.ts";
import { type LoadedBorder, refuse, titleOf } from "./border-load.ts";
import { type Loading, loadAside } from "./border-load-aside.ts";
import type { OperatorLog } from "./border-log.ts";
import type { Io } from "./io.ts";

/** Milliseconds between two looks at the files, and until a changed file counts as written. */
const look = 1_000;
const settle = 1_500;

/** Who has taken over a new version, and why the others have not. */
export interface Adoption {
  readonly by: "all" | "some" | "none";
  readonly causes: readonly string[];
}

/** A border that runs in this process, with what is counted of it and what is on trial beside it. */
export interface BorderHere {
  readonly border: Border;
  readonly metrics: BorderMetrics;
  readonly shadow: Shadow;
}

/** What a reload concerns. */
export interface Reloaded {
  readonly path: string;
  readonly io: Io;
  readonly log: OperatorLog;
  readonly metrics: Pick<BorderMetrics, "reloaded">;
  /** Takes over what has been read and checked. */
  readonly adopt: (next: LoadedBorder) => Adoption | Promise<Adoption>;
}

export class Reloading {
  private readonly of: Reloaded;
  private loaded: LoadedBorder;
  /** A new version may have another, which it made up: what was sealed goes on with the first. */
  private readonly secret: Uint8Array;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;
  /** When the files were last read. */
  private readAt = Date.now();
  /** What is read, and has not been taken over yet. */
  private loading: Loading | undefined;
  private isTaking = false;
  /** A new version was asked for since the files were last read. */
  private isAskedAgain = false;
  private readonly onHangUp = (): void => this.reload();

  constructor(of: Reloaded, loaded: LoadedBorder) {
    this.of = of;
    this.loaded = loaded;
    this.secret = loaded.file.configuration.secret;
  }

  /** From now on SIGHUP and changed files count. */
  start(): void {
    process.on("SIGHUP", this.onHangUp);
    this.watch();
  }

  /** Nothing new is read. SIGHUP is still heard, for unheard it would end the process in the midst of its last messages. */
  stop(): void {
    this.stopped = true;
    clearTimeout(this.timer);
    this.unwatch();
    this.loading?.giveUp("the border ends");
  }

  /** Nothing is left that SIGHUP could end too soon. */
  end(): void {
    process.off("SIGHUP", this.onHangUp);
  }

  /**
   * All of it is read and checked before any of it counts: a new version with a mistake changes
   * nothing. One is read behind the other, and whatever is asked for meanwhile is one more: what was
   * asked for last is in force in the end, and nobody who asks all the time holds that up.
   */
  private reload(): void {
    clearTimeout(this.timer);
    this.isAskedAgain = true;
    if (this.stopped || this.isTaking) return;
    this.isTaking = true;
    void this.takeAll();
  }

  private async takeAll(): Promise<void> {
    while (this.isAskedAgain && !this.stopped) {
      this.isAskedAgain = false;
      await this.take();
    }
    this.isTaking = false;
  }

  private async take(): Promise<void> {
    this.readAt = Date.now();
    const { io, path, log, metrics, adopt } = this.of;
    const { listeners } = this.loaded.file.configuration;
    let next: LoadedBorder | undefined;
    try {
      this.loading = loadAside({ path, running: listeners, secret: this.secret }, io);
      next = await this.loading.loaded;
    } catch (error) {
      this.refuse("not reloaded", [error instanceof Error ? error.message : String(error)]);
      return;
    } finally {
      this.loading = undefined;
    }
    if (next === undefined || !this.fits(next)) {
      this.refuse("not reloaded", []);
      return;
    }
    const { by, causes } = await adopt(next);
    if (by === "none") {
      this.refuse("not reloaded", causes);
      return;
    }
    this.unwatch();
    this.loaded = next;
    this.watch();
    if (by === "some") {
      this.refuse("not reloaded everywhere", causes, "what was in force stays in force there");
      return;
    }
    metrics.reloaded("taken");
    log.reloaded(path, titleOf(next));
  }

  private refuse(what: string, causes: readonly string[], detail = "what was in force stays in force"): void {
    const { io, log, metrics } = this.of;
    metrics.reloaded("refused");
    log.notReloaded(detail);
    const why = causes.length === 0 ? "" : ` (${causes.join("; ")})`;
    io.err(`error: ${what}${why}: ${detail}\n`);
  }

  private fits({ file }: LoadedBorder): boolean {
    const { path } = this.of;
    const running = this.loaded.file;
    const mistakes = [
      ...checkReload(path, running, file),
      ...checkOperation(path, running, file),
      ...checkPublishingReload(path, running, file),
    ];
    refuse(mistakes, this.of.io);
    return mistakes.length === 0;
  }

  /** A file that is still being written changes again before it counts. */
  private readonly onChange = ({ ctimeMs }: Stats, before: Stats): void => {
    // What has been read since is no news; 0: the file is gone. One that was never there is told of once, too.
    if (ctimeMs > 0 ? ctimeMs < this.readAt : before.ctimeMs === 0) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.reload(), settle);
  };

  private watch(): void {
    for (const path of this.loaded.paths)
      watchFile(path, { interval: look, persistent: false }, this.onChange);
  }

  private unwatch(): void {
    for (const path of this.loaded.paths) unwatchFile(path, this.onChange);
  }
}

/** The border of this process takes it over, or says why not. `secret`: as for `trialOf`. */
export async function adoptIn(
  here: BorderHere,
  next: LoadedBorder,
  now: number,
  secret?: Uint8Array,
): Promise<Adoption> {
  const { inForce, file, numbers, revocationEnds } = next;
  // Messages go on between one step and the next; to read what the thread has found was the first.
  await setImmediate();
  const engine = engineOf(next);
  await setImmediate();
  const compared = next.shadow && engineOf(next);
  await setImmediate();
  const trial = trialOf(next, secret, compared);
  await setImmediate();
  try {
    here.border.adopt(engine, file.configuration, numbers);
  } catch (error) {
    return { by: "none", causes: [error instanceof Error ? error.message : String(error)] };
  }
  here.shadow.try(trial);
  here.metrics.inForce(inForce.policy, file.configuration.listeners, now);
  here.metrics.revocationLists(revocationEnds);
  return { by: "all", causes: [] };
}
