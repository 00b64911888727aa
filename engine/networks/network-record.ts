/** A network as text, from which it can be made again: a list in JSON, without the names of its parts. */
import type { AddressPrefix, Network } from "../../grammar/model.ts";

/** Texts that many networks have in common, such as paths of authorities. */
export class SharedTexts {
  readonly texts: string[] = [];
  private readonly numbers = new Map<string, number>();

  /** Its number; or the text itself, where there are too many already. */
  of(text: string): number | string {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    if (this.texts.length >= mostShared) return text;
    this.numbers.set(text, this.texts.length);
    return this.texts.push(text) - 1;
  }
}

/** They are copied from thread to thread, one by one. */
const mostShared = 256;

type Shared = number | string;

/** JSON has no infinity: `null` stands for a side that is open. */
type Limit = number | null;

type NetworkRecord = readonly [
  name: string,
  kind: Network["kind"],
  flags: number,
  domains: readonly string[],
  listeners: readonly Shared[],
  addresses: readonly (readonly [address: string, bytes: readonly number[], length: number])[],
  agreement: readonly [name: string, from: Limit, until: Limit] | 0,
  authorities: readonly Shared[],
  revocations: readonly Shared[],
  options: readonly (readonly [name: string, value: string])[],
  file: Shared,
  line: number,
  column: number,
  length: number,
];

const flag = { own: 1, sharesHost: 2, tlsRequired: 4, lenient: 8 } as const;

export function writeRecord(network: Network, shared: SharedTexts): string {
  const { name, kind, own, sharesHost, tlsRequired, extendedKeyUsage, agreement, origin } = network;
  const share = (text: string): Shared => shared.of(text);
  const record: NetworkRecord = [
    name,
    kind,
    (own ? flag.own : 0) |
      (sharesHost ? flag.sharesHost : 0) |
      (tlsRequired ? flag.tlsRequired : 0) |
      (extendedKeyUsage === "lenient" ? flag.lenient : 0),
    network.domains,
    network.listeners.map(share),
    network.addresses.map(({ address, bytes, length }) => [address, bytes, length]),
    agreement === undefined ? 0 : [agreement.name, agreement.from, agreement.until],
    network.authorities.map(share),
    network.revocations.map(share),
    [...network.options],
    share(origin.file),
    origin.line,
    origin.column,
    origin.length,
  ];
  return JSON.stringify(record);
}

export function readRecord(text: string, shared: readonly string[]): Network {
  const record: NetworkRecord = JSON.parse(text);
  const [name, kind, flags, domains, listeners, addresses, agreement, authorities, revocations, options] =
    record;
  const [, , , , , , , , , , file, line, column, length] = record;
  const read = (one: Shared): string => (typeof one === "string" ? one : shared[one]!);
  return {
    name,
    kind,
    own: (flags & flag.own) !== 0,
    domains,
    listeners: listeners.map(read),
    addresses: addresses.map(
      ([address, bytes, bits]): AddressPrefix => ({ address, bytes, length: bits }),
    ),
    agreement:
      agreement === 0
        ? undefined
        : {
            name: agreement[0],
            from: agreement[1] ?? Number.NEGATIVE_INFINITY,
            until: agreement[2] ?? Number.POSITIVE_INFINITY,
          },
    authorities: authorities.map(read),
    revocations: revocations.map(read),
    extendedKeyUsage: (flags & flag.lenient) === 0 ? "rfc5924" : "lenient",
    sharesHost: (flags & flag.sharesHost) !== 0,
    tlsRequired: (flags & flag.tlsRequired) !== 0,
    options: new Map(options),
    origin: { file: read(file), line, column, length },
  };
}
