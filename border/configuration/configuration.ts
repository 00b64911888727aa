/** What a border is told beside its policy: where it listens, and which hops a network has. */
import type { Transport } from "../../engine/index.ts";

export interface BorderConfiguration {
  /** 16 bytes. Every border that serves the same traffic has the same; it outlives every transaction. */
  readonly secret: Uint8Array;
  readonly listeners: readonly ListenerSettings[];
  /** By name of the policy's network. */
  readonly networks: ReadonlyMap<string, NetworkSettings>;
  readonly queue: QueueLimits;
  /** Requests may come over a stream and leave over UDP, where nobody sends again what is lost. */
  readonly lossy?: "accept";
  /** A request of more than 1,300 bytes and a target with UDP alone (RFC 3261 18.1.1). Default: it is sent, and told of. */
  readonly oversize?: "send" | "refuse";
  /** Of sources outside our own networks; undefined: none. */
  readonly sources?: SourceLimits;
  /** Of each listener; undefined: the defaults of its adapter. */
  readonly connections?: ConnectionLimits;
  /** Who is asked where the hops and the message say no way; undefined: nobody. */
  readonly dns?: DnsSettings;
}

/** Location by DNS (RFC 3263). */
export interface DnsSettings {
  /** Asked in this order. */
  readonly servers: readonly { readonly address: string; readonly port: number }[];
  /** For a whole location. */
  readonly milliseconds: number;
  /** Most answers that are remembered. */
  readonly cache: number;
  /** A domain whose SIPS records vanish is told of, or also not sent to in clear (RFC 3263 7). */
  readonly withdrawn: "tell" | "refuse";
}

/** What one source address may do; undefined: as much as it likes. */
export interface SourceLimits {
  /** A second, in the middle: as many may come at once. */
  readonly messages: number | undefined;
  /** Stream connections that it holds open at a time. */
  readonly connections: number | undefined;
  /** Stream connections that it opens a second; as many may come at once. */
  readonly newConnections?: number | undefined;
  /** TLS handshakes under way at a time. */
  readonly halfOpen?: number | undefined;
  /** Own answers of the border over UDP, a second; undefined: `defaultAnswers`. */
  readonly answers?: number | undefined;
}

/** Also where `sources` says nothing: whoever forges a source must not make us flood it. */
export const defaultAnswers = 50;

/** What a listener holds, and for how long; undefined: as its adapter does by itself. */
export interface ConnectionLimits {
  /** Seconds without a byte either way until a stream is closed; 0: never. */
  readonly idle?: number | undefined;
  /** Incoming streams at a time. */
  readonly open?: number | undefined;
  /** TLS handshakes under way at a time, with those that await their verdict. */
  readonly halfOpen?: number | undefined;
  /** Seconds of silence until a stream that the border opened is pinged (RFC 5626 3.5.1); 0: never. */
  readonly keepAlive?: number | undefined;
}

export interface ListenerSettings {
  /** The name that the policy's `listener` lines and conditions use. */
  readonly name: string;
  readonly transport: BorderTransport;
  readonly address: string;
  /** 0: any free port. */
  readonly port: number;
  /** Host in Via and Record-Route; a TLS peer compares it with our certificate (RFC 5922 7.5). */
  readonly host: string;
  /** TLS: PEM, own certificate first. Shown for `host`, and where nothing else fits. */
  readonly certificate?: string | undefined;
  readonly key?: string | undefined;
  /** TLS: more of them. Without `certificate` the first stands in for it. */
  readonly certificates?: readonly OwnCertificate[];
}

/** A certificate of ours, and for which domains it is shown (RFC 5922 7.8). */
export interface OwnCertificate {
  /** In lower case. */
  readonly domains: readonly string[];
  /** In the listener's place in Via and Record-Route, for a network of these domains; undefined: the listener's. */
  readonly host?: string;
  /** PEM, own certificate first. */
  readonly certificate: string;
  readonly key: string;
}

/** All that a listener shows; the first where nothing else fits. */
export function ownCertificates({
  host,
  certificate,
  key,
  certificates = [],
}: ListenerSettings): readonly OwnCertificate[] {
  if (certificate === undefined || key === undefined) return certificates;
  return [{ domains: [host.toLowerCase()], certificate, key }, ...certificates];
}

/** What this border speaks. */
export type BorderTransport = Extract<Transport, "udp" | "tcp" | "tls">;

export interface NetworkSettings {
  /** In the order of writing; a hash of the transaction chooses among them. */
  readonly hops: readonly Hop[];
  /** Listeners from which this network is reached; undefined: those of the policy, else the first that fits. */
  readonly listener: string | undefined;
  /** Milliseconds between two OPTIONS to each hop; 0 or absent: none. */
  readonly ping?: number;
  /** A Request-URI or Route with a public IP address may be followed without a hop. */
  readonly numeric: boolean;
  /** Messages a second of the network as a whole; undefined: as many as it likes. */
  readonly messages?: number | undefined;
  /** Stream connections that it holds open at a time. */
  readonly connections?: number | undefined;
}

export interface Hop {
  readonly transport: BorderTransport;
  /** Canonical. */
  readonly address: string;
  readonly port: number;
}

/** What may wait for a connection that is being opened, or for one whose peer reads slowly. */
export interface QueueLimits {
  readonly bytes: number;
  readonly milliseconds: number;
  /** Bytes over all connections together, above which sources are not read; undefined: `defaultTotal`. */
  readonly total?: number | undefined;
}

export const defaultTotal = 268_435_456;

export const defaultQueue: QueueLimits = { bytes: 1_048_576, milliseconds: 8_000, total: defaultTotal };
