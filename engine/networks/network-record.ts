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
    this.raw("[");
    this.quoted(name);
    this.raw(`,"${kind}",`);
    this.number(
      (own ? flag.own : 0) |
        (sharesHost ? flag.sharesHost : 0) |
        (tlsRequired ? flag.tlsRequired : 0) |
        (extendedKeyUsage === "lenient" ? flag.lenient : 0),
    );
    this.list(network.domains, this.quoted);
    this.list(network.listeners, this.share);
    this.list(network.addresses, this.prefix);
    this.raw(",");
    if (agreement === undefined) this.raw("0");
    else this.agreement(agreement);
    this.list(network.authorities, this.share);
    this.list(network.revocations, this.share);
    this.list(network.options.size === 0 ? none : [...network.options], this.pair);
    this.raw(",");
    this.share(origin.file);
    for (const value of [origin.line, origin.column, origin.length]) {
      this.raw(",");
      this.number(value);
    }
    this.raw("]");
  }

  /** With a comma before it. */
  private list<T>(values: readonly T[], write: (value: T) => void): void {
    this.raw(",[");
    for (let index = 0; index < values.length; index++) {
      if (index > 0) this.raw(",");
      write(values[index]!);
    }
    this.raw("]");
  }

  private readonly share = (text: string): void => {
    const one = this.shared.of(text);
    if (typeof one === "number") this.number(one);
    else this.quoted(one);
  };

  private readonly prefix = ({ address, bytes, length }: AddressPrefix): void => {
    this.raw("[");
    this.quoted(address);
    this.raw(",[");
    for (let index = 0; index < bytes.length; index++) {
      if (index > 0) this.raw(",");
      this.number(bytes[index]!);
    }
    this.raw("],");
    this.number(length);
    this.raw("]");
  };

  private agreement({ name, from, until }: Agreement): void {
    this.raw("[");
    this.quoted(name);
    for (const limit of [from, until]) {
      this.raw(",");
      if (Number.isFinite(limit)) this.number(limit);
      else this.raw("null");
    }
    this.raw("]");
  }

  private readonly pair = ([name, value]: readonly [string, string]): void => {
    this.raw("[");
    this.quoted(name);
    this.raw(",");
    this.quoted(value);
    this.raw("]");
  };

  private readonly quoted = (text: string): void => {
    const start = this.length;
    this.makeRoom(text.length + 2);
    this.bytes[this.length++] = quote;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7e || code === quote || code === backslash) {
        this.length = start;
        this.raw(escaped(text));
        return;
      }
      this.bytes[this.length++] = code;
    }
    this.bytes[this.length++] = quote;
  };

  private number(value: number): void {
    if (value >= 0 && value < 10) {
      this.makeRoom(1);
      this.bytes[this.length++] = 0x30 + value;
    } else this.raw(String(value));
  }

  /** ASCII. */
  private raw(text: string): void {
    this.makeRoom(text.length);
    for (let index = 0; index < text.length; index++) this.bytes[this.length++] = text.charCodeAt(index);
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
