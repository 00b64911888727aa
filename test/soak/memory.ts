/** What the border's process holds, looked at every few seconds, and whether it grows. */
import type { BorderProcess } from "./border-process.ts";

export interface Sample {
  /** Seconds since the traffic began. */
  readonly at: number;
  /** Megabytes. */
  readonly resident: number;
  readonly heap: number;
  readonly sockets: number;
}

/** What may be gained between the second and the last quarter of a run: a tenth, and this many megabytes. */
const mayGain = { share: 0.1, resident: 20, heap: 5 };
const every = 2_000;
/** Seconds; a shorter run is over before the process has grown warm. */
const shortest = 120;

export interface Growth {
  readonly what: "resident" | "heap";
  readonly before: number;
  readonly after: number;
  readonly most: number;
  /** undefined: the run was too short to say. */
  readonly isFlat: boolean | undefined;
}

export class Memory {
  readonly samples: Sample[] = [];
  private readonly border: BorderProcess;
  private started = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(border: BorderProcess) {
    this.border = border;
  }

  start(): void {
    this.started = performance.now();
    this.timer = setInterval(() => this.look(), every);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  growth(what: "resident" | "heap"): Growth {
    const before = this.median(what, 0.25, 0.5);
    const after = this.median(what, 0.75, 1);
    const most = before * (1 + mayGain.share) + mayGain[what];
    const isLong = (this.samples.at(-1)?.at ?? 0) >= shortest && before > 0;
    return { what, before, after, most, isFlat: isLong ? after <= most : undefined };
  }

  private look(): void {
    if (!this.border.isAlive) return;
    const { resident, heap, openSockets } = this.border;
    const at = (performance.now() - this.started) / 1000;
    this.samples.push({ at, resident, heap, sockets: openSockets });
  }

  /** Of a part of the run; samples without a figure (no collection yet) count for nothing. */
  private median(what: "resident" | "heap", from: number, to: number): number {
    const { samples } = this;
    const part = samples
      .slice(Math.floor(samples.length * from), Math.floor(samples.length * to))
      .map((sample) => sample[what])
      .filter((figure) => figure > 0)
      .toSorted((one, other) => one - other);
    return part[Math.floor(part.length / 2)] ?? 0;
  }
}
