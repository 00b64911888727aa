/** The files that a policy's `revocation` lines name: which certificates of a partner no longer stand. */
import { type Diagnostic, diagnose, type Sources } from "../grammar/index.ts";
import type { Network, Policy } from "../grammar/model.ts";
import {
  flawOfIssuer,
  type RevocationListReading,
  readRevocationFile,
  readRevocationList,
} from "../wire/certificate/index.ts";
import { placeOfFile, type Resolve } from "./named-file.ts";

export interface RevocationFiles {
  /** CRLs, DER, by the file's path. A file that can't be read, or holds none, has none here. */
  readonly revocations: ReadonlyMap<string, readonly Uint8Array[]>;
  /** When the first issuer in a file is left without a current CRL, in milliseconds; 0 where one can't be read. */
  readonly ends: ReadonlyMap<string, number>;
  /** Warnings where a network first names a file that tells nothing, or soon will. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface RevocationSetting {
  readonly sources: Sources;
  /** DER, by the paths of `Network.authorities`. */
  readonly authorities: ReadonlyMap<string, readonly Uint8Array[]>;
  /** A file's bytes; undefined where there is none that may be read. */
  read(path: string): Uint8Array | undefined;
  readonly resolve: Resolve;
  /** Milliseconds since 1970; undefined: no warning of dates. */
  readonly now: number | undefined;
}

export function readRevocationFiles(
  { networks }: Pick<Policy, "networks">,
  setting: RevocationSetting,
): RevocationFiles {
  const reading = new Reading(setting);
  for (const network of networks.values()) {
    for (const file of network.revocations) reading.take(file, network);
  }
  return reading;
}

type Readable = Extract<RevocationListReading, { readonly unreadable: undefined }>;

/** A CRL that has less than this part of its time left is about to end. */
const lastPart = 10;

class Reading implements RevocationFiles {
  readonly revocations = new Map<string, readonly Uint8Array[]>();
  readonly ends = new Map<string, number>();
  readonly diagnostics: Diagnostic[] = [];
  readonly #setting: RevocationSetting;
  /** Files with the authorities against which they have been held: many partners may have both in common. */
  readonly #held = new Set<string>();

  constructor(setting: RevocationSetting) {
    this.#setting = setting;
  }

  take(file: string, network: Network): void {
    if (!this.revocations.has(file)) this.#readFile(file, network);
    const key = [file, ...network.authorities].join("\n");
    if (this.#held.has(key)) return;
    this.#held.add(key);
    const { authorities } = this.#setting;
    const anchors = network.authorities.flatMap((path) => authorities.get(path) ?? []);
    // Without any, there is a warning on the authorities already, or nobody to believe in.
    if (anchors.length === 0) return;
    for (const list of this.revocations.get(file) ?? []) {
      if (readRevocationList(list).unreadable !== undefined) continue;
      const cause = flawOfIssuer(list, anchors);
      if (cause !== undefined) this.#warn("P4022", file, network, { cause });
    }
  }

  #readFile(file: string, network: Network): void {
    const bytes = this.#setting.read(file);
    const lists = bytes === undefined ? [] : readRevocationFile(bytes);
    this.revocations.set(file, lists);
    this.ends.set(file, 0);
    if (lists.length === 0) {
      const cause = bytes === undefined ? "there is no file that can be read" : "it holds none";
      this.#warn("P4021", file, network, { cause });
      return;
    }
    const readable: Readable[] = [];
    for (const list of lists) {
      const reading = readRevocationList(list);
      if (reading.unreadable === undefined) readable.push(reading);
      else this.#warn("P4021", file, network, { cause: `the CRL ${reading.unreadable}` });
    }
    const last = lastOfEach(readable);
    if (readable.length === lists.length) this.ends.set(file, Math.min(...last.map((one) => one.nextUpdate)));
    for (const one of last) this.#lookAtDates(one, file, network);
  }

  #lookAtDates({ thisUpdate, nextUpdate }: Readable, file: string, network: Network): void {
    const { now } = this.#setting;
    if (now === undefined) return;
    const [begin, end] = [dayOf(thisUpdate), dayOf(nextUpdate)];
    if (now < thisUpdate) this.#warn("P4023", file, network, { dates: `begins on ${begin}` });
    else if (now > nextUpdate) this.#warn("P4023", file, network, { dates: `ended on ${end}` });
    else if ((nextUpdate - now) * lastPart < nextUpdate - thisUpdate)
      this.#warn("P4024", file, network, { day: end });
  }

  #warn(code: string, file: string, network: Network, values: Readonly<Record<string, string>>): void {
    const place = placeOfFile(file, network, this.#setting.sources, this.#setting.resolve);
    if (place === undefined) return;
    const all = { file, name: network.name, ...values };
    this.diagnostics.push(diagnose(code, place.source.file, place.span, all));
  }
}

/** Of each issuer the CRL that ends last. */
export function lastOfEach(lists: readonly Readable[]): readonly Readable[] {
  const last = new Map<string, Readable>();
  for (const one of lists) {
    const other = last.get(one.issuer);
    if (other === undefined || other.nextUpdate < one.nextUpdate) last.set(one.issuer, one);
  }
  return [...last.values()];
}

const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
