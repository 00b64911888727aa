/** A running border takes a new policy, and what else border.json names, when it is told to or a file changes. */
import { type Stats, unwatchFile, watchFile } from "node:fs";
import { type Border, type BorderMetrics, checkReload, type Shadow } from "../border/index.ts";
import { type LoadedBorder, loadBorder, refuse, titleOf } from "./border-load.ts";
import type { OperatorLog } from "./border-log.ts";
import type { Io } from "./io.ts";

/** Milliseconds between two looks at the files, and until a changed file counts as written. */
const look = 1_000;
const settle = 1_500;

/** What a reload concerns. */
export interface Reloaded {
  readonly path: string;
  readonly border: Border;
  readonly shadow: Shadow;
  readonly io: Io;
  readonly log: OperatorLog;
  readonly metrics: BorderMetrics;
}

export class Reloading {
  private readonly of: Reloaded;
  private loaded: LoadedBorder;
  private timer: NodeJS.Timeout | undefined;
  /** When the files were last read. */
  private readAt = Date.now();
  private readonly onHangUp = (): void => this.reload();

  constructor(of: Reloaded, loaded: LoadedBorder) {
    this.of = of;
    this.loaded = loaded;
  }

  /** From now on SIGHUP and changed files count. */
  start(): void {
    process.on("SIGHUP", this.onHangUp);
    for (const path of this.loaded.paths)
      watchFile(path, { interval: look, persistent: false }, this.onChange);
  }

  stop(): void {
    process.off("SIGHUP", this.onHangUp);
    clearTimeout(this.timer);
    this.unwatch();
  }

  /** All of it is read and checked before any of it counts: a new version with a mistake changes nothing. */
  reload(): void {
    clearTimeout(this.timer);
    this.readAt = Date.now();
    const { io, path, border, shadow, log, metrics } = this.of;
    const next = loadBorder(path, io);
    const cause = next !== undefined && this.fits(next) ? adopted(border, next) : "";
    if (next === undefined || cause !== undefined) {
      metrics.reloaded("refused");
      log.notReloaded();
      const why = cause === undefined || cause === "" ? "" : ` (${cause})`;
      io.err(`error: not reloaded${why}: what was in force stays in force\n`);
      return;
    }
    shadow.try(next.trial);
    this.unwatch();
    this.loaded = next;
    for (const watched of next.paths)
      watchFile(watched, { interval: look, persistent: false }, this.onChange);
    metrics.reloaded("taken");
    metrics.inForce(next.engine.policy, next.file.configuration.listeners, io.now());
    metrics.revocationLists(next.revocationEnds);
    log.reloaded(path, titleOf(next));
  }

  private fits({ file }: LoadedBorder): boolean {
    const mistakes = checkReload(this.of.path, this.loaded.file.configuration, file);
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

  private unwatch(): void {
    for (const path of this.loaded.paths) unwatchFile(path, this.onChange);
  }
}

/** undefined: it is in force; else why not. */
function adopted(border: Border, { engine, file }: LoadedBorder): string | undefined {
  try {
    border.adopt(engine, file.configuration);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
