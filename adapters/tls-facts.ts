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

/** Peers whose chain is remembered. */
const mostChains = 4_096;

/**
 * A ticket brings back the peer's certificate, but not the rest of its chain (OpenSSL keeps
 * the leaf alone), and the certificate is judged again. So the chains of full handshakes are
 * remembered, by leaf. They are public, they decide nothing by themselves, and losing one
 * costs a refused resumption.
 */
export class SeenChains {
  readonly #byLeaf = new Map<string, readonly Uint8Array[]>();

  /** The chain of a full handshake is noted; that of a resumed one is completed. */
  complete(chain: readonly Uint8Array[], resumed: boolean): readonly Uint8Array[] {
    const leaf = chain[0];
    if (leaf === undefined) return chain;
    const key = createHash("sha256").update(leaf).digest("base64");
    if (resumed) return this.#byLeaf.get(key) ?? chain;
    if (chain.length > 1) {
      this.#byLeaf.delete(key);
      this.#byLeaf.set(key, chain);
      if (this.#byLeaf.size > mostChains) this.#byLeaf.delete(this.#byLeaf.keys().next().value!);
    }
    return chain;
  }
}

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
  const chain = chains.complete(chainOf(socket.getPeerX509Certificate()), resumed);
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
