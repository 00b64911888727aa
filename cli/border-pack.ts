/** What a load has found, in a form that another thread takes over without walking over all partners. */
import { buffersOfNumbers, type NumberTables, networkNumbers } from "../border/configuration/index.ts";
import type { ListenerSettings } from "../border/index.ts";
import type { EngineContext } from "../engine/index.ts";
import { buffersOfPack, type NetworkPack, PackedNetworks, packNetworks } from "../engine/networks/index.ts";
import type { Policy } from "../grammar/model.ts";
import { type LoadedBorder, type LoadIo, loadBorder } from "./border-load.ts";
import type { UsablePolicy } from "./policy.ts";

/** Plain data, for `postMessage`. */
export interface PackedBorder {
  readonly file: LoadedBorder["file"];
  readonly inForce: PackedPolicy;
  readonly shadow: PackedPolicy | undefined;
  readonly numbers: NumberTables;
  readonly paths: readonly string[];
  readonly revocationEnds: ReadonlyMap<string, number>;
}

interface PackedPolicy {
  readonly rest: Omit<Policy, "networks">;
  readonly networks: NetworkPack;
  readonly authorities: PackedFiles;
  readonly revocations: PackedFiles;
}

/** DER, by the path of the file that holds it. */
interface PackedFiles {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Of each file, where its certificates or lists end one behind the other. */
  readonly ends: ReadonlyMap<string, readonly number[]>;
}

/**
 * At the start, in this thread: nothing waits for it yet. As `loadBorder`, but nothing is kept of the
 * partners that were read but their packed form. `secret`: that of the border, where it has one already.
 */
export function loadPacked(
  path: string,
  io: LoadIo,
  running?: readonly ListenerSettings[],
  secret?: Uint8Array,
): LoadedBorder | undefined {
  const loaded = loadBorder(path, io, running);
  if (loaded === undefined) return undefined;
  const packed = packBorder(loaded, secret ?? loaded.file.configuration.secret);
  // As from another thread: a path that was cut out of a partner list would keep the text of the list.
  return unpackBorder(structuredClone(packed, { transfer: buffersOfBorder(packed) }));
}

/** `secret`: that of the border, for the numbers of its networks. Throws where two of them share a number. */
export function packBorder(loaded: LoadedBorder, secret: Uint8Array): PackedBorder {
  const { file, inForce, shadow, paths, revocationEnds } = loaded;
  return {
    file,
    inForce: packPolicy(inForce),
    shadow: shadow && packPolicy(shadow),
    numbers: networkNumbers(secret, inForce.policy.networks),
    paths,
    revocationEnds,
  };
}

/** For `postMessage`: what of it moves, and is not copied. */
export function buffersOfBorder({ inForce, shadow, numbers }: PackedBorder): ArrayBuffer[] {
  const policies = shadow === undefined ? [inForce] : [inForce, shadow];
  return [
    ...policies.flatMap(({ networks, authorities, revocations }) => [
      ...buffersOfPack(networks),
      authorities.bytes.buffer,
      revocations.bytes.buffer,
    ]),
    ...buffersOfNumbers(numbers),
  ];
}

export function unpackBorder(packed: PackedBorder): LoadedBorder {
  const { inForce, shadow, ...rest } = packed;
  return { ...rest, inForce: unpackPolicy(inForce), shadow: shadow && unpackPolicy(shadow) };
}

function packPolicy({ policy, context }: UsablePolicy): PackedPolicy {
  const { networks, ...rest } = policy;
  return {
    // What runs tests nothing.
    rest: { ...rest, tests: [] },
    networks: packNetworks(networks),
    authorities: packFiles(context.authorities),
    revocations: packFiles(context.revocations ?? new Map()),
  };
}

function unpackPolicy({ rest, networks, authorities, revocations }: PackedPolicy): UsablePolicy {
  const context: EngineContext = {
    authorities: unpackFiles(authorities),
    revocations: unpackFiles(revocations),
  };
  return { policy: { ...rest, networks: new PackedNetworks(networks) }, context };
}

function packFiles(files: ReadonlyMap<string, readonly Uint8Array[]>): PackedFiles {
  const all = [...files.values()].flat();
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  const ends = new Map<string, readonly number[]>();
  for (const [path, pieces] of files) {
    const here: number[] = [];
    for (const piece of pieces) {
      bytes.set(piece, end);
      end += piece.length;
      here.push(end);
    }
    ends.set(path, here);
  }
  return { bytes, ends };
}

function unpackFiles({ bytes, ends }: PackedFiles): ReadonlyMap<string, readonly Uint8Array[]> {
  let start = 0;
  const files = new Map<string, readonly Uint8Array[]>();
  for (const [path, here] of ends) {
    const pieces: Uint8Array[] = [];
    for (const end of here) {
      pieces.push(bytes.subarray(start, end));
      start = end;
    }
    files.set(path, pieces);
  }
  return files;
}
