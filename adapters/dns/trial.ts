/** One message to one name server, by UDP or TCP. What comes back is for others to read. */
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { connect, isIPv6, type Socket } from "node:net";
import type { NameServer } from "./name-server.ts";

/** Told of what comes, and at most once that nothing will; of nothing after `stop`. Never called by a constructor. */
export interface Hearer {
  heard(bytes: Uint8Array): void;
  /** `cause` follows the server's name. */
  failed(cause: string): void;
}

/**
 * A datagram from a port that the system draws for it alone (RFC 5452 9.2). The socket is connected:
 * the system passes on only what comes from the server's address and port, and tells of its ICMP.
 */
export class DatagramTrial {
  readonly #socket: DatagramSocket;
  readonly #query: Uint8Array;
  #stopped = false;

  constructor({ address, port }: NameServer, query: Uint8Array, hearer: Hearer) {
    const family = isIPv6(address) ? 6 : 4;
    this.#query = query;
    this.#socket = createSocket({
      type: family === 6 ? "udp6" : "udp4",
      // It is an address already.
      lookup: (host, _options, done) => done(null, host, family),
    });
    const fail = (error: Error): void => {
      if (this.#stopped) return;
      this.stop();
      hearer.failed(causeOf(error));
    };
    this.#socket.on("error", fail);
    this.#socket.on("message", (bytes) => {
      if (!this.#stopped) hearer.heard(bytes);
    });
    this.#socket.once("connect", () => this.#send(fail));
    this.#socket.connect(port, address);
  }

  /** The same again: one may have been lost. The answer to either will do. */
  repeat(): void {
    if (!this.#stopped && isConnected(this.#socket)) this.#send(() => {});
  }

  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#socket.close();
  }

  #send(failed: (error: Error) => void): void {
    if (this.#stopped) return;
    this.#socket.send(this.#query, (error) => {
      if (error) failed(error);
    });
  }
}

/** The length that goes before a message (RFC 1035 4.2.2). */
const prefixLength = 2;
const headerLength = 12;

/** A connection for one message and its answer (RFC 7766 6.2.1 allows it; there is little to ask). */
export class StreamTrial {
  readonly #socket: Socket;
  readonly #hearer: Hearer;
  readonly #chunks: Buffer[] = [];
  #received = 0;
  #stopped = false;

  constructor({ address, port }: NameServer, query: Uint8Array, hearer: Hearer) {
    this.#hearer = hearer;
    this.#socket = connect({ host: address, port, noDelay: true });
    this.#socket.on("error", (error) => this.#fail(causeOf(error)));
    this.#socket.on("close", () => this.#fail("the connection ended before the whole answer had come"));
    this.#socket.on("data", (chunk) => this.#take(chunk));
    // Length and message in one segment (RFC 7766 8).
    const message = Buffer.alloc(prefixLength + query.length);
    message.writeUInt16BE(query.length);
    message.set(query, prefixLength);
    this.#socket.write(message);
  }

  stop(): void {
    this.#stopped = true;
    this.#socket.destroy();
  }

  #fail(cause: string): void {
    if (this.#stopped) return;
    this.stop();
    this.#hearer.failed(cause);
  }

  /** Chunks are joined once: a server that sends byte by byte costs no more than another. */
  #take(chunk: Buffer): void {
    if (this.#stopped) return;
    this.#chunks.push(chunk);
    this.#received += chunk.length;
    if (this.#received < prefixLength) return;
    const length = this.#announced();
    if (length < headerLength) return this.#fail(`it announced an answer of ${length} bytes`);
    if (this.#received < prefixLength + length) return;
    // What comes behind was not asked for.
    const bytes = Buffer.concat(this.#chunks).subarray(prefixLength, prefixLength + length);
    this.stop();
    this.#hearer.heard(bytes);
  }

  #announced(): number {
    const [first, second] = this.#chunks;
    return first!.length > 1 ? first!.readUInt16BE() : (first![0]! << 8) | second![0]!;
  }
}

function isConnected(socket: DatagramSocket): boolean {
  try {
    socket.remoteAddress();
    return true;
  } catch {
    return false;
  }
}

function causeOf(error: Error): string {
  const code = "code" in error ? error.code : undefined;
  switch (code) {
    case "ECONNREFUSED":
      return "nobody listens there";
    case "EHOSTUNREACH":
    case "ENETUNREACH":
      return "there is no way to it";
    default:
      return typeof code === "string" ? code : error.message;
  }
}
