/**
 * The facts of a TLS session, read from a socket whose handshake is done.
 */
import { createHash, type X509Certificate } from "node:crypto";
import type { TLSSocket } from "node:tls";
import type { CertificateFacts, ConnectionFacts } from "../engine/index.ts";
import { readCertificate } from "../wire/index.ts";
import { peerAddress } from "./stream-socket.ts";

/** Certificates of one peer that are looked at. */
const longestChain = 16;

/** Bytes of chains that are remembered, and of one of them. */
const mostBytes = 8_388_608;
const longestBytes = 32_768;

type Chain = readonly Uint8Array[];

/**
 * Certificates of handshakes that were allowed, by leaf. They decide nothing by themselves; losing
 * one costs time, or a refused resumption.
 *
 * A ticket brings back the peer's certificate, but not the rest of its chain (OpenSSL keeps the
 * leaf alone), and the certificate is judged again. And a partner has many connections with one
 * certificate: what is found out about it is found out once.
 */
export class SeenCertificates {
  readonly #byLeaf = new Map<string, CertificateFacts>();
  #bytes = 0;

  /** undefined where nothing was sent. Of a resumed session the rest of the chain is that of the full handshake. */
  read(sent: Chain, resumed: boolean): CertificateFacts | undefined {
    const [leaf, ...rest] = sent;
    if (leaf === undefined) return undefined;
    const known = this.#byLeaf.get(keyOf(leaf));
    if (known !== undefined && (resumed || isSame(known.chain ?? [], sent))) return known;
    return Object.freeze(readCertificate(leaf, rest));
  }

  /** Of an allowed handshake; the ones noted longest ago go first. */
  note(certificate: CertificateFacts | undefined): void {
    const chain = certificate?.chain ?? [];
    const [leaf, ...rest] = chain;
    if (certificate === undefined || leaf === undefined || sizeOf(chain) > longestBytes) return;
    const key = keyOf(leaf);
    // A whole chain is worth more than a leaf alone.
    if (rest.length === 0 && this.#byLeaf.has(key)) return;
    this.#forget(key);
    this.#byLeaf.set(key, certificate);
    this.#bytes += sizeOf(chain);
    while (this.#bytes > mostBytes) this.#forget(this.#byLeaf.keys().next().value!);
  }

  #forget(key: string): void {
    this.#bytes -= sizeOf(this.#byLeaf.get(key)?.chain ?? []);
    this.#byLeaf.delete(key);
  }
}

const keyOf = (leaf: Uint8Array): string => createHash("sha256").update(leaf).digest("base64");

const sizeOf = (chain: Chain): number => chain.reduce((sum, { length }) => sum + length, 0);

const isSame = (one: Chain, other: Chain): boolean =>
  one.length === other.length && one.every((bytes, at) => Buffer.compare(bytes, other[at]!) === 0);

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
  const certificate = seen.read(chainOf(socket.getPeerX509Certificate()), resumed);
  return Object.freeze({
    transport: "tls",
    listener,
    remoteAddress: peerAddress(socket),
    tls: Object.freeze({
      version,
      cipher: socket.getCipher().standardName,
      resumed,
      sni,
      certificate,
    }),
  });
}

/** Leaf first. Node has put the peer's certificates in order of issue already. */
function chainOf(leaf: X509Certificate | undefined): Uint8Array[] {
  const chain: Uint8Array[] = [];
  let certificate = leaf;
  while (certificate !== undefined && chain.length < longestChain) {
    chain.push(new Uint8Array(certificate.raw));
    const issuer: X509Certificate | undefined = certificate.issuerCertificate;
    certificate = issuer?.fingerprint256 === certificate.fingerprint256 ? undefined : issuer;
  }
  return chain;
}
