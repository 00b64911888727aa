/**
 * The networks of a policy in a few arrays, which one thread makes and another takes over without a
 * copy. A network becomes an object when it is first asked for, and stays the same one from then on.
 */
import type { Network } from "../../grammar/model.ts";
import { type IndexedNetworks, NetworkIndex, type Networks } from "./network-index.ts";
import { RecordWriter, readRecord } from "./network-record.ts";
import { buffersOf, type NetworkTables, tablesOf } from "./network-tables.ts";

/** Plain data, for `postMessage`. */
export interface NetworkPack {
  readonly tables: NetworkTables;
  /** Records in ASCII, one behind the other, in the order of the policy. */
  readonly text: Uint8Array<ArrayBuffer>;
  /** Where each record begins; behind them, where the last one ends. */
  readonly starts: Uint32Array<ArrayBuffer>;
  readonly shared: readonly string[];
}

export function packNetworks(networks: Networks): NetworkPack {
  const all = [...networks.values()];
  const writer = new RecordWriter();
  const starts = new Uint32Array(all.length + 1);
  for (let position = 0; position < all.length; position++) {
    writer.write(all[position]!);
    starts[position + 1] = writer.length;
  }
  return { tables: tablesOf(all), text: writer.written(), starts, shared: writer.shared.texts };
}

/** For `postMessage`: what of it moves, and is not copied. */
export function buffersOfPack({ tables, text, starts }: NetworkPack): ArrayBuffer[] {
  return [...buffersOf(tables), text.buffer, starts.buffer];
}

export class PackedNetworks implements IndexedNetworks {
  readonly index: NetworkIndex;
  readonly size: number;
  private readonly pack: NetworkPack;
  private readonly made = new Map<number, Network>();
  private readonly decoder = new TextDecoder();

  constructor(pack: NetworkPack) {
    this.pack = pack;
    this.size = pack.tables.size;
    this.index = new NetworkIndex(pack.tables, (position) => this.keep(position));
  }

  get(name: string): Network | undefined {
    return this.index.named(name);
  }

  has(name: string): boolean {
    return this.index.positionOf(name) >= 0;
  }

  /** All of them, for which no message can wait: those that are asked for here are not kept. */
  *values(): MapIterator<Network> {
    for (let position = 0; position < this.size; position++)
      yield this.made.get(position) ?? this.read(position);
  }

  *keys(): MapIterator<string> {
    for (const { name } of this.values()) yield name;
  }

  *entries(): MapIterator<[string, Network]> {
    for (const network of this.values()) yield [network.name, network];
  }

  [Symbol.iterator](): MapIterator<[string, Network]> {
    return this.entries();
  }

  forEach(callback: (network: Network, name: string, networks: Networks) => void, self?: unknown): void {
    for (const network of this.values()) callback.call(self, network, network.name, this);
  }

  private keep(position: number): Network {
    const known = this.made.get(position);
    if (known !== undefined) return known;
    const network = this.read(position);
    this.made.set(position, network);
    return network;
  }

  private read(position: number): Network {
    const { text, starts, shared } = this.pack;
    return readRecord(this.decoder.decode(text.subarray(starts[position], starts[position + 1])), shared);
  }
}
