/** A new version of the policy every few seconds; each fifth has a mistake and must change nothing. */
import type { BorderFolder } from "./border-folder.ts";
import type { BorderProcess } from "./border-process.ts";
import { pause } from "./call.ts";

const everyMilliseconds = 3_000;
const patience = 20_000;

export class Reloads {
  readonly counts = { taken: 0, refused: 0 };
  /** What came out otherwise. */
  readonly faults: string[] = [];
  private readonly folder: BorderFolder;
  private readonly border: BorderProcess;
  private isStopped = false;
  private running: Promise<void> = Promise.resolve();

  constructor(folder: BorderFolder, border: BorderProcess) {
    this.folder = folder;
    this.border = border;
  }

  start(): void {
    this.running = this.run();
  }

  async stop(): Promise<void> {
    this.isStopped = true;
    await this.running;
  }

  private async run(): Promise<void> {
    for (let turn = 1; !this.isStopped; turn++) {
      await this.reload(turn);
      for (let left = everyMilliseconds; left > 0 && !this.isStopped; left -= 100) await pause(100);
    }
  }

  private async reload(turn: number): Promise<void> {
    const isBroken = turn % 5 === 0;
    if (isBroken) this.folder.breakPolicy(turn);
    else this.folder.changePolicy(turn);
    if (turn % 4 === 0) this.folder.renewCertificate();
    this.counts[isBroken ? "refused" : "taken"]++;
    this.border.child.kill("SIGHUP");
    for (const end = Date.now() + patience; Date.now() < end && this.border.isAlive; ) {
      await pause(100);
      const page = await this.border.metrics().catch(() => undefined);
      const taken = page?.sum("privet_reloads_total", { result: "taken" });
      const refused = page?.sum("privet_reloads_total", { result: "refused" });
      if (taken === this.counts.taken && refused === this.counts.refused) return;
    }
    this.faults.push(
      `reload ${turn} (${isBroken ? "with a mistake" : "good"}) did not come out as it should`,
    );
  }
}
