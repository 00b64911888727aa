/**
 * What the engine is asked about. Types and prose only.
 *
 * An event holds facts, never conclusions: who is trusted is the policy's to say.
 * The engine never asks for the time; `at` is milliseconds since 1970 (UTC).
 */

export type Transport = "udp" | "tcp" | "tls" | "ws" | "wss";

/**
 * The facts of one connection, or of one UDP flow. One object lives as long as its
 * connection and is never changed: the engine keeps what it computed from it.
 */
export interface ConnectionFacts {
  readonly transport: Transport;
  /** Name of the local listener; undefined on connections that we opened. */
  readonly listener?: string | undefined;
  /** IP address without brackets or zone. */
  readonly remoteAddress?: string | undefined;
  readonly tls?: TlsFacts | undefined;
}

export interface TlsFacts {
  readonly version: "TLSv1.2" | "TLSv1.3";
  readonly cipher?: string | undefined;
  readonly resumed: boolean;
  readonly sni?: string | undefined;
  /** undefined: the peer sent none. */
  readonly certificate?: CertificateFacts | undefined;
}

/** Read from DER by `wire/certificate`, or stated by a test. */
export interface CertificateFacts {
  /** subjectAltName entries as they stand; undefined entries of other kinds are left out. */
  readonly uris: readonly string[];
  readonly dns: readonly string[];
  /** A subjectAltName extension of any kind is there (RFC 5922 7.1 then forbids CN). */
  readonly hasSubjectAltName: boolean;
  readonly commonName?: string | undefined;
  readonly issuer: string;
  /** Object identifiers, or undefined where the extension is absent. */
  readonly usages: readonly string[] | undefined;
  readonly notBefore: number;
  readonly notAfter: number;
  /** Why the certificate can't be read; then it names nobody. */
  readonly unreadable?: string | undefined;
  /** Leaf first, DER. */
  readonly chain?: readonly Uint8Array[] | undefined;
  /** In the place of `chain`: the partner whose authority signed it, as a test says. */
  readonly signedBy?: string | undefined;
}

export interface NetworkEnd {
  /** Name of a network of the policy. */
  readonly network: string;
  readonly connection: ConnectionFacts;
}

export interface MessageEvent {
  readonly kind: "message";
  /** One SIP message: a whole datagram, or what the framing cut from a stream. */
  readonly bytes: Uint8Array;
  readonly framing: "datagram" | "stream";
  readonly from: NetworkEnd;
  readonly to: NetworkEnd;
  readonly at: number;
}

/** Half of a `MessageEvent`: what is known before the message is routed. */
export type EnteringMessage = Omit<MessageEvent, "to">;

export interface HandshakeEvent {
  readonly kind: "handshake";
  readonly role: "server" | "client";
  readonly connection: ConnectionFacts;
  /** Client role: the domain of the original URI, before DNS (RFC 5922 7.3). */
  readonly domain?: string | undefined;
  /** Client role: the partner that the route chose. */
  readonly partner?: string | undefined;
  readonly at: number;
}

export type PolicyEvent = MessageEvent | HandshakeEvent;
