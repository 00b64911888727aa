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

/**
 * A ticket brings back the peer's certificate, but not the rest of its chain (OpenSSL keeps
 * the leaf alone), and the certificate is judged again. So the chains of handshakes that were
 * allowed are remembered, by leaf. They decide nothing by themselves, and losing one costs a
 * refused resumption.
 */
export class SeenChains {
  readonly #byLeaf = new Map<string, readonly Uint8Array[]>();
  #bytes = 0;

  /** The chain that came with that leaf, or the leaf alone. */
  complete(chain: readonly Uint8Array[]): readonly Uint8Array[] {
    const [leaf] = chain;
    return leaf === undefined ? chain : (this.#byLeaf.get(keyOf(leaf)) ?? chain);
  }

  /** Of an allowed handshake; the ones noted longest ago go first. */
  note(chain: readonly Uint8Array[]): void {
    const [leaf, ...rest] = chain;
    if (leaf === undefined || rest.length === 0 || sizeOf(chain) > longestBytes) return;
    const key = keyOf(leaf);
    this.#forget(key);
    this.#byLeaf.set(key, chain);
    this.#bytes += sizeOf(chain);
    while (this.#bytes > mostBytes) this.#forget(this.#byLeaf.keys().next().value!);
  }

  #forget(key: string): void {
    this.#bytes -= sizeOf(this.#byLeaf.get(key) ?? []);
    this.#byLeaf.delete(key);
  }
}

const keyOf = (leaf: Uint8Array): string => createHash("sha256").update(leaf).digest("base64");

const sizeOf = (chain: readonly Uint8Array[]): number => chain.reduce((sum, { length }) => sum + length, 0);

/** undefined where the session has gone, or is of a version that we do not speak. */
export function readFacts(
  socket: TLSSocket,
  listener: string | undefined,
  chains: SeenChains,
): ConnectionFacts | undefined {
  const version = socket.getProtocol();
  if (version !== "TLSv1.2" && version !== "TLSv1.3") return undefined;
  const resumed = socket.isSessionReused();
  const sni = "servername" in socket && typeof socket.servername === "string" ? socket.servername : undefined;
  const sent = chainOf(socket.getPeerX509Certificate());
  const chain = resumed ? chains.complete(sent) : sent;
  return Object.freeze({
    transport: "tls",
    listener,
    remoteAddress: peerAddress(socket),
    tls: Object.freeze({
      version,
      cipher: socket.getCipher().standardName,
      resumed,
      sni,
      certificate: certificateOf(chain),
    }),
  });
}

function certificateOf([leaf, ...rest]: readonly Uint8Array[]): CertificateFacts | undefined {
  return leaf === undefined ? undefined : Object.freeze(readCertificate(leaf, rest));
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
