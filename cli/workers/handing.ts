/**
 * A worker's siblings, as far as it may hand responses to them. What is on its way to one of them, or
 * waits there, is bounded in bytes.
 */
import { deserialize, serialize } from "node:v8";
import type { Border, HandedResponse, Siblings } from "../../border/index.ts";
import type { FromWorker, HandedBatch } from "./worker-messages.ts";

interface Way {
  /** Of this turn of the event loop. */
  gathered: HandedResponse[];
  gatheredBytes: number;
  /** Handed, and not yet dealt with. */
  bytes: number;
}

export class Handing implements Siblings {
  readonly own: number;
  private readonly limit: number;
  private readonly say: (message: FromWorker) => void;
  private readonly count: () => void;
  private readonly ways = new Map<number, Way>();

  /** `limit`: bytes for each sibling. `count` is called for each response that is handed. */
  constructor(own: number, limit: number, say: (message: FromWorker) => void, count: () => void) {
    this.own = own;
    this.limit = limit;
    this.say = say;
    this.count = count;
  }

  owns(instance: number): boolean {
    return this.ways.has(instance);
  }

  hand(instance: number, response: HandedResponse): boolean {
    const way = this.ways.get(instance);
    const { length } = response.bytes;
    if (way === undefined || way.bytes + length > this.limit) return false;
    way.bytes += length;
    way.gatheredBytes += length;
    if (way.gathered.push(response) === 1) setImmediate(() => this.send(instance, way));
    this.count();
    return true;
  }

  /** These live from now on, and no others; our own number does not matter. */
  live(instances: readonly number[]): void {
    for (const instance of this.ways.keys()) {
      if (!instances.includes(instance)) this.ways.delete(instance);
    }
    for (const instance of instances) {
      if (instance !== this.own && !this.ways.has(instance))
        this.ways.set(instance, { gathered: [], gatheredBytes: 0, bytes: 0 });
    }
  }

  taken(by: number, bytes: number): void {
    const way = this.ways.get(by);
    if (way !== undefined) way.bytes -= bytes;
  }

  /** What a sibling has handed to us, or what comes back since that sibling has ended. */
  deliver({ worker, bytes, responses }: HandedBatch, border: Border): void {
    const handed: readonly HandedResponse[] = deserialize(responses);
    for (const response of handed) border.takeHanded(response);
    if (worker !== this.own) this.say({ kind: "taken", of: worker, bytes });
  }

  private send(instance: number, way: Way): void {
    const { gathered, gatheredBytes } = way;
    way.gathered = [];
    way.gatheredBytes = 0;
    this.say({ kind: "handed", worker: instance, bytes: gatheredBytes, responses: serialize(gathered) });
  }
}
