/** A network as text, from which it can be made again: a list in JSON, without the names of its parts. */
import type { AddressPrefix, Agreement, Network } from "../../grammar/model.ts";

/** Texts that many networks have in common, such as paths of authorities. */
class SharedTexts {
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

/**
 * Writes records one behind the other, in ASCII: what is beyond it is escaped. Each reads as a
 * `NetworkRecord`. Byte by byte, since a hundred thousand texts put together are millions of pieces.
 */
export class RecordWriter {
  readonly shared: SharedTexts = new SharedTexts();
  length = 0;
  private bytes = new Uint8Array(65_536);

  /** What has been written. */
  written(): Uint8Array<ArrayBuffer> {
    return this.bytes.slice(0, this.length);
  }

  write(network: Network): void {
    const { name, kind, own, sharesHost, tlsRequired, extendedKeyUsage, agreement, origin } = network;
    this.byte(open);
    this.quoted(name);
    this.raw(kinds[kind]);
    this.number(
      (own ? flag.own : 0) |
        (sharesHost ? flag.sharesHost : 0) |
        (tlsRequired ? flag.tlsRequired : 0) |
        (extendedKeyUsage === "lenient" ? flag.lenient : 0),
    );
    this.list(network.domains, this.quoted);
    this.list(network.listeners, this.share);
    this.list(network.addresses, this.prefix);
    this.byte(comma);
    if (agreement === undefined) this.byte(zero);
    else this.agreement(agreement);
    this.list(network.authorities, this.share);
    this.list(network.revocations, this.share);
    this.list(network.options.size === 0 ? none : [...network.options], this.pair);
    this.byte(comma);
    this.share(origin.file);
    this.byte(comma);
    this.number(origin.line);
    this.byte(comma);
    this.number(origin.column);
    this.byte(comma);
    this.number(origin.length);
    this.byte(close);
  }

  /** With a comma before it. */
  private list<T>(values: readonly T[], write: (value: T) => void): void {
    this.byte(comma);
    this.byte(open);
    for (let index = 0; index < values.length; index++) {
      if (index > 0) this.byte(comma);
      write(values[index]!);
    }
    this.byte(close);
  }

  private readonly share = (text: string): void => {
    const one = this.shared.of(text);
    if (typeof one === "number") this.number(one);
    else this.quoted(one);
  };

  private readonly prefix = ({ address, bytes, length }: AddressPrefix): void => {
    this.byte(open);
    this.quoted(address);
    this.byte(comma);
    this.byte(open);
    for (let index = 0; index < bytes.length; index++) {
      if (index > 0) this.byte(comma);
      this.number(bytes[index]!);
    }
    this.byte(close);
    this.byte(comma);
    this.number(length);
    this.byte(close);
  };

  private agreement({ name, from, until }: Agreement): void {
    this.byte(open);
    this.quoted(name);
    this.limit(from);
    this.limit(until);
    this.byte(close);
  }

  /** With a comma before it. */
  private limit(at: number): void {
    this.byte(comma);
    if (Number.isFinite(at)) this.number(at);
    else this.raw("null");
  }

  private readonly pair = ([name, value]: readonly [string, string]): void => {
    this.byte(open);
    this.quoted(name);
    this.byte(comma);
    this.quoted(value);
    this.byte(close);
  };

  private readonly quoted = (text: string): void => {
    this.makeRoom(text.length + 2);
    const { bytes } = this;
    let at = this.length;
    bytes[at++] = quote;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7e || code === quote || code === backslash) {
        this.raw(escaped(text));
        return;
      }
      bytes[at++] = code;
    }
    bytes[at++] = quote;
    this.length = at;
  };

  private number(value: number): void {
    if (!Number.isInteger(value) || value < 0 || value >= 1_000_000) this.raw(String(value));
    else if (value < 10) this.byte(zero + value);
    else this.digits(value);
  }

  /** Of an integer above 9. */
  private digits(value: number): void {
    let size = 0;
    for (let rest = value; rest > 0; rest = Math.trunc(rest / 10)) size++;
    this.makeRoom(size);
    let at = this.length + size;
    for (let rest = value; rest > 0; rest = Math.trunc(rest / 10)) this.bytes[--at] = zero + (rest % 10);
    this.length += size;
  }

  private byte(code: number): void {
    this.makeRoom(1);
    this.bytes[this.length++] = code;
  }

  /** ASCII. */
  private raw(text: string): void {
    this.makeRoom(text.length);
    const { bytes, length } = this;
    for (let index = 0; index < text.length; index++) bytes[length + index] = text.charCodeAt(index);
    this.length += text.length;
  }

  private makeRoom(size: number): void {
    if (this.length + size <= this.bytes.length) return;
    const grown = new Uint8Array((this.length + size) * 2);
    grown.set(this.bytes);
    this.bytes = grown;
  }
}

const none: readonly never[] = [];
const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const open = 0x5b;
const close = 0x5d;
const zero = 0x30;

const kinds: Readonly<Record<Network["kind"], string>> = {
  network: ',"network",',
  partner: ',"partner",',
  stranger: ',"stranger",',
};

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
