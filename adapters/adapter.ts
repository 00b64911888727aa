/**
 * The contract of a transport. Types and prose only.
 *
 * An adapter turns a transport into a stream of events, and bytes into traffic. It knows
 * no rule of SIP beyond where a message ends. rxjs has no back-pressure, so pause, resume
 * and pending bytes stand beside the stream.
 */
import type { Observable } from "rxjs";
import type { ConnectionFacts, HandshakeEvent, Transport } from "../engine/index.ts";
import type { FrameError } from "../wire/index.ts";

export type AdapterEvent = Received | HandshakeArrival | Opened | Closed | Unframeable;

/** One whole SIP message. */
export interface Received {
  readonly kind: "received";
  readonly connection: Connection;
  readonly bytes: Uint8Array;
  readonly framing: "datagram" | "stream";
  /** Milliseconds since 1970. */
  readonly at: number;
}

/**
 * A TLS handshake waits for its verdict; exactly one of the two functions must be called.
 * Until then no byte of SIP is read or written on the connection.
 */
export interface HandshakeArrival {
  readonly kind: "handshake";
  readonly event: HandshakeEvent;
  allow(): void;
  reject(): void;
}

export interface Opened {
  readonly kind: "opened";
  readonly connection: Connection;
}

export interface Closed {
  readonly kind: "closed";
  readonly connection: Connection;
  /** Empty where the peer ended it in order. */
  readonly cause: string;
}

/** The stream can't be cut into messages any more; it closes after `connection.send`s made now. */
export interface Unframeable {
  readonly kind: "unframeable";
  readonly connection: Connection;
  readonly error: FrameError;
}

/** A stream connection, or one remote address of a UDP socket. */
export interface Connection {
  /** Never used twice in a process. */
  readonly id: number;
  readonly facts: ConnectionFacts;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly open: boolean;
  /** Bytes handed over and not yet taken by the system. */
  readonly pendingBytes: number;
  /** False where the connection is closed: the bytes are not sent. */
  send(bytes: Uint8Array): boolean;
  pause(): void;
  resume(): void;
  close(): void;
}

export interface Target {
  readonly transport: Transport;
  readonly address: string;
  readonly port: number;
  /** TLS: the domain of the original URI, sent as SNI and compared with the certificate (RFC 5922 7.3, 7.8). */
  readonly domain?: string;
  /** TLS: the partner that the route chose. */
  readonly partner?: string;
  /** TLS: the domain in whose name we speak; its certificate is shown. Default: the first one. */
  readonly identity?: string;
}

export interface Adapter {
  readonly transport: Transport;
  /** Hot and shared; never errors. */
  readonly events$: Observable<AdapterEvent>;
  /** Bound address, once `listen` is done; undefined for an adapter that only opens. */
  readonly address: { readonly address: string; readonly port: number } | undefined;
  listen(): Promise<void>;
  /** Rejects with the cause where no connection comes about; TLS: after the verdict. */
  open(target: Target): Promise<Connection>;
  /** No new connections from others; ours may still be opened, and messages go on. */
  refuse(): void;
  /** No new connections; open ones are closed once their pending bytes are out. */
  close(): Promise<void>;
}
