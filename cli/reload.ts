/** A running border takes a new policy, and what else border.json names, when it is told to or a file changes. */
import { type Stats, unwatchFile, watchFile } from "node:fs";
import { type Border, type BorderMetrics, checkReload } from "../border/index.ts";
import { type LoadedBorder, loadBorder, refuse } from "./border-load.ts";
import type { Io } from "./io.ts";

/** Milliseconds between two looks at the files, and until a changed file counts as written. */
const look = 1_000;
const settle = 1_500;

export class Reloading {
  private readonly path: string;
  private readonly border: Border;
  private readonly io: Io;
  private readonly metrics: BorderMetrics;
  private loaded: LoadedBorder;
  private timer: NodeJS.Timeout | undefined;
  /** When the files were last read. */
  private readAt = Date.now();
  private readonly onHangUp = (): void => this.reload();

  constructor(path: string, border: Border, loaded: LoadedBorder, io: Io, metrics: BorderMetrics) {
    this.path = path;
    this.border = border;
    this.loaded = loaded;
    this.io = io;
    this.metrics = metrics;
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
    const { io, path, border } = this;
    const next = loadBorder(path, io);
    if (next === undefined || !this.fits(next)) {
      this.metrics.reloaded("refused");
      io.err("error: not reloaded: what was in force stays in force\n");
      return;
    }
    try {
      border.adopt(next.engine, next.file.configuration);
    } catch (error) {
      this.metrics.reloaded("refused");
      const cause = error instanceof Error ? error.message : String(error);
      io.err(`error: not reloaded: ${cause}; what was in force stays in force\n`);
      return;
    }
    this.unwatch();
    this.loaded = next;
    for (const watched of next.paths)
      watchFile(watched, { interval: look, persistent: false }, this.onChange);
    this.metrics.reloaded("taken");
    this.metrics.inForce(next.engine.policy, next.file.configuration.listeners, io.now());
    io.out(`reloaded ${path}: policy ${next.engine.policy.title}\n`);
  }

  private fits({ file }: LoadedBorder): boolean {
    const mistakes = checkReload(this.path, this.loaded.file.configuration, file);
    refuse(mistakes, this.io);
    return mistakes.length === 0;
  }

  /** A file that is still being written changes again before it counts. */
  private readonly onChange = ({ ctimeMs }: Stats): void => {
    // What has been read since is no news; 0: the file is gone.
    if (ctimeMs > 0 && ctimeMs < this.readAt) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.reload(), settle);
  };

  private unwatch(): void {
    for (const path of this.loaded.paths) unwatchFile(path, this.onChange);
  }
}
