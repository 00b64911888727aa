/** Questions over TCP (RFC 1035 4.2.2, RFC 7766): a length before each message, several on one connection. */
import { createServer, type Server, type Socket } from "node:net";
import { networkOf } from "./answer-rate.ts";

export const streamLimits = {
  connections: 128,
  /** From one network, as answers count them. */
  ofOneNetwork: 8,
  /** Milliseconds until the first question must be whole, and then the next one. */
  patience: 10_000,
  /** Bytes of a question: far more than a name and its options take. */
  question: 4_096,
  /** Bytes of answers that may wait for the peer to read. */
  waiting: 1_048_576,
  /** Milliseconds that a connection has to take what was written, at the end. */
  drain: 1_000,
} as const;

export interface StreamHandlers {
  /** The answer; undefined: the connection is closed. */
  readonly answer: (question: Uint8Array, address: string) => Uint8Array | undefined;
  readonly closed: (cause: "connections" | "slow" | "unanswerable") => void;
}

export class QuestionStreams {
  readonly #handlers: StreamHandlers;
  readonly #server: Server;
  /** Those that stand, by their network. */
  readonly #open = new Map<Socket, string>();

  constructor(handlers: StreamHandlers) {
    this.#handlers = handlers;
    this.#server = createServer({ noDelay: true }, (socket) => this.#enter(socket));
    // One that the system could not hand over is lost, and no other.
    this.#server.on("error", () => {});
  }

  /** @returns the port. Rejects with the cause where it can't be bound. */
  async listen(address: string, port: number): Promise<number> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen({ port, host: address, ipv6Only: address.includes(":") }, () => {
        this.#server.off("error", reject);
        resolve();
      });
    });
    const bound = this.#server.address();
    return bound !== null && typeof bound === "object" ? bound.port : port;
  }

  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#open.keys()) socket.end();
    const timer = setTimeout(() => {
      for (const socket of this.#open.keys()) socket.destroy();
    }, streamLimits.drain);
    await closed;
    clearTimeout(timer);
  }

  #enter(socket: Socket): void {
    const address = socket.remoteAddress ?? "";
    const network = networkOf(address);
    const ofNetwork = [...this.#open.values()].filter((one) => one === network).length;
    if (this.#open.size >= streamLimits.connections || ofNetwork >= streamLimits.ofOneNetwork) {
      this.#handlers.closed("connections");
      socket.on("error", () => {});
      socket.destroy();
      return;
    }
    this.#open.set(socket, network);
    const stream = new QuestionStream(socket, address, this.#handlers);
    socket.once("close", () => {
      stream.end();
      this.#open.delete(socket);
    });
  }
}

/** One connection. */
class QuestionStream {
  readonly #socket: Socket;
  readonly #address: string;
  readonly #handlers: StreamHandlers;
  readonly #timer: NodeJS.Timeout;
  #rest: Buffer = Buffer.alloc(0);

  constructor(socket: Socket, address: string, handlers: StreamHandlers) {
    this.#socket = socket;
    this.#address = address;
    this.#handlers = handlers;
    this.#timer = setTimeout(() => this.#close("slow"), streamLimits.patience);
    socket.on("error", () => {});
    socket.on("data", (bytes) => this.#read(bytes));
    socket.on("drain", () => socket.resume());
  }

  end(): void {
    clearTimeout(this.#timer);
  }

  #read(bytes: Buffer): void {
    this.#rest = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    while (this.#rest.length >= 2 && !this.#socket.destroyed) {
      const length = this.#rest.readUInt16BE(0);
      if (length > streamLimits.question) {
        this.#close("unanswerable");
        return;
      }
      if (this.#rest.length < 2 + length) return;
      const question = this.#rest.subarray(2, 2 + length);
      this.#rest = this.#rest.subarray(2 + length);
      const answer = this.#handlers.answer(question, this.#address);
      if (answer === undefined) {
        this.#socket.destroy();
        return;
      }
      this.#timer.refresh();
      this.#send(answer);
    }
  }

  /** Length and message in one write: some resolvers read them as one (RFC 7766 8). */
  #send(answer: Uint8Array): void {
    const length = Buffer.alloc(2);
    length.writeUInt16BE(answer.length);
    if (!this.#socket.write(Buffer.concat([length, answer]))) this.#socket.pause();
    if (this.#socket.writableLength > streamLimits.waiting) this.#close("slow");
  }

  #close(cause: "slow" | "unanswerable"): void {
    this.#handlers.closed(cause);
    this.#socket.destroy();
  }
}
