/** A network as text, from which it can be made again: a list in JSON, without the names of its parts. */
import type { AddressPrefix, Agreement, Network } from "../../grammar/model.ts";

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

/** In ASCII: what is beyond it is escaped. It reads as a `NetworkRecord`. */
export function writeRecord(network: Network, shared: SharedTexts): string {
  const { name, kind, own, sharesHost, tlsRequired, extendedKeyUsage, agreement, origin } = network;
  const flags =
    (own ? flag.own : 0) |
    (sharesHost ? flag.sharesHost : 0) |
    (tlsRequired ? flag.tlsRequired : 0) |
    (extendedKeyUsage === "lenient" ? flag.lenient : 0);
  const share = (text: string): string => {
    const one = shared.of(text);
    return typeof one === "number" ? `${one}` : quoted(one);
  };
  // JSON.stringify of all of it takes three times as long.
  return (
    `[${quoted(name)},"${kind}",${flags},${list(network.domains, quoted)},${list(network.listeners, share)},` +
    `${list(network.addresses, prefixText)},${agreement === undefined ? 0 : agreementText(agreement)},` +
    `${list(network.authorities, share)},${list(network.revocations, share)},` +
    `${network.options.size === 0 ? "[]" : list([...network.options], pairText)},` +
    `${share(origin.file)},${origin.line},${origin.column},${origin.length}]`
  );
}

function list<T>(values: readonly T[], text: (value: T) => string): string {
  if (values.length === 0) return "[]";
  if (values.length === 1) return `[${text(values[0]!)}]`;
  return `[${values.map((value) => text(value)).join(",")}]`;
}

const prefixText = ({ address, bytes, length }: AddressPrefix): string =>
  `[${quoted(address)},[${bytes.join(",")}],${length}]`;

const agreementText = ({ name, from, until }: Agreement): string =>
  `[${quoted(name)},${limitText(from)},${limitText(until)}]`;

const limitText = (limit: number): string => (Number.isFinite(limit) ? `${limit}` : "null");

const pairText = ([name, value]: readonly [string, string]): string => `[${quoted(name)},${quoted(value)}]`;

function quoted(text: string): string {
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return escaped(text);
  }
  return `"${text}"`;
}

function escaped(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
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
    addresses: addresses.map(([address, bytes, bits]): AddressPrefix => ({ address, bytes, length: bits })),
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
