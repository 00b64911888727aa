/**
 * The facts of a TLS session, read from a socket whose handshake is done.
 */
import type { X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { CertificateFacts, ConnectionFacts } from "../engine/index.ts";
import { derOf, readCertificate } from "../wire/index.ts";
import { peerAddress } from "./stream-socket.ts";

/** Certificates of one peer that are looked at. */
const longestChain = 16;

/** Certificates that are kept as they were read, each a few kB; and as many that have come but once. */
const mostReadings = 1_000;

/** Bytes of chains that are remembered, and of one of them. */
const mostBytes = 8_388_608;
const longestBytes = 32_768;

/**
 * The certificates of handshakes that were allowed. They decide nothing by themselves, and losing
 * one costs a refused resumption, or a reading.
 *
 * A ticket brings back the peer's certificate, but not the rest of its chain (OpenSSL keeps the
 * leaf alone), and the certificate is judged again: so chains are remembered, by leaf. And who
 * comes back with the same bytes has the same facts: from the second time on what was computed of
 * them, and holds for the policy in force at this time, is kept. At the first time nothing is: most
 * of what is kept and never asked for is garbage that takes long to collect.
 */
export class SeenCertificates {
  /** By the whole leaf: nobody else's certificate takes the place of one. */
  readonly #chains = new Map<string, readonly Uint8Array[]>();
  #bytes = 0;
  readonly #once = new Set<number>();
  readonly #readings = new Map<number, CertificateFacts>();

  /** @param chain leaf first, as it came. */
  read(chain: readonly X509Certificate[], resumed: boolean): CertificateFacts | undefined {
    const [first] = chain;
    if (first === undefined) return undefined;
    const key = keyOf(first.raw);
    const remembered = resumed ? this.#chains.get(textOf(first.raw)) : undefined;
    const known = this.#readings.get(key);
    if (known?.chain !== undefined && sameChain(known.chain, remembered ?? chain.map(({ raw }) => raw))) {
      return known;
    }
    const [leaf, ...rest] = remembered ?? chain.map((one, index) => derOf(one, index === 0));
    return Object.freeze(readCertificate(leaf!, rest));
  }

  /** Of an allowed handshake; the ones noted longest ago go first. */
  note(certificate: CertificateFacts | undefined): void {
    const { chain = [] } = certificate ?? {};
    const [leaf] = chain;
    if (certificate === undefined || leaf === undefined || sizeOf(chain) > longestBytes) return;
    const key = keyOf(leaf);
    if (this.#readings.get(key) !== certificate) this.#noteReading(key, certificate);
    if (chain.length > 1) this.#noteChain(textOf(leaf), chain);
  }

  #noteReading(key: number, certificate: CertificateFacts): void {
    this.#readings.delete(key);
    if (this.#once.delete(key)) {
      this.#readings.set(key, certificate);
      if (this.#readings.size > mostReadings) this.#readings.delete(firstOf(this.#readings));
    } else {
      this.#once.add(key);
      if (this.#once.size > mostReadings) this.#once.delete(firstOf(this.#once));
    }
  }

  #noteChain(key: string, chain: readonly Uint8Array[]): void {
    this.#forgetChain(key);
    this.#chains.set(key, chain);
    this.#bytes += sizeOf(chain);
    while (this.#bytes > mostBytes) this.#forgetChain(firstOf(this.#chains));
  }

  #forgetChain(key: string): void {
    this.#bytes -= sizeOf(this.#chains.get(key) ?? []);
    this.#chains.delete(key);
  }
}

/** One character a byte. */
const textOf = (leaf: Uint8Array): string =>
  Buffer.from(leaf.buffer, leaf.byteOffset, leaf.byteLength).toString("latin1");

/** A hash of the signature's end (FNV-1a). Whoever asks compares the whole; two that share one take turns. */
function keyOf(leaf: Uint8Array): number {
  let key = 0x811c9dc5;
  for (let at = Math.max(0, leaf.length - 32); at < leaf.length; at++)
    key = Math.imul(key ^ leaf[at]!, 0x01000193);
  return key;
}

/** Put in longest ago. There is one. */
const firstOf = <K>(held: ReadonlyMap<K, unknown> | ReadonlySet<K>): K => held.keys().next().value!;

const sizeOf = (chain: readonly Uint8Array[]): number => chain.reduce((sum, { length }) => sum + length, 0);

const sameChain = (one: readonly Uint8Array[], other: readonly Uint8Array[]): boolean =>
  one.length === other.length && one.every((der, at) => Buffer.compare(der, other[at]!) === 0);

/** undefined where the session has gone, or is of a version that we do not speak. */
export function readFacts(
  socket: TLSSocket,
  listener: string | undefined,
  seen: SeenCertificates,
): ConnectionFacts | undefined {
  const version = socket.getProtocol();
  if (version !== "TLSv1.2" && version !== "TLSv1.3") return undefined;
  const resumed = socket.isSessionReused();
  const sni = "servername" in socket && typeof socket.servername === "string" ? socket.servername : undefined;
  const chain = chainOf(socket.getPeerX509Certificate());
  return Object.freeze({
    transport: "tls",
    listener,
    remoteAddress: peerAddress(socket),
    tls: Object.freeze({
      version,
      cipher: socket.getCipher().standardName,
      resumed,
      sni,
      certificate: seen.read(chain, resumed),
    }),
  });
}

/** Leaf first. Node has put the peer's certificates in order of issue already. */
function chainOf(leaf: X509Certificate | undefined): X509Certificate[] {
  const chain: X509Certificate[] = [];
  let certificate = leaf;
  while (certificate !== undefined && chain.length < longestChain) {
    chain.push(certificate);
    const issuer: X509Certificate | undefined = certificate.issuerCertificate;
    certificate = issuer?.raw.equals(certificate.raw) === true ? undefined : issuer;
  }
  return chain;
}
