/**
 * One stream connection, TCP or TLS: bytes in, framed messages out; messages in, as few
 * writes as possible out (RFC 3261 18.3).
 */
import type { Socket } from "node:net";
import type { Subject } from "rxjs";
import type { ConnectionFacts } from "../engine/index.ts";
import { StreamFramer } from "../wire/index.ts";
import type { AdapterEvent, Connection } from "./adapter.ts";
import { causeOf, plainAddress, takeConnectionId } from "./connection.ts";
import { KeepAlive } from "./keep-alive.ts";

/** All in milliseconds. */
export interface StreamTimes {
  /** From the first byte of a message to its last (slow senders hold memory). Default 32,000: timer F of RFC 3261. */
  readonly message?: number;
  /** Nothing came and nothing went. Default 0: never, since partners keep their trunks open (RFC 5923 8.1). */
  readonly idle?: number;
  /** The peer takes none of the bytes that wait for it. Default 32,000. */
  readonly stall?: number;
  /** From our end of the stream, or from the last bytes that the peer took, to the peer's end. Default 2,000. */
  readonly close?: number;
  /** Silent for so long, a stream that we opened is pinged (RFC 5626 3.5.1). Default 0: never. */
  readonly keepAlive?: number;
  /** For the answer to a ping, of a peer that has answered one before. Default 10,000 (RFC 5626 4.4.1). */
  readonly pong?: number;
}

export const defaultStreamTimes: Required<StreamTimes> = {
  message: 32_000,
  idle: 0,
  stall: 32_000,
  close: 2_000,
  keepAlive: 0,
  pong: 10_000,
};

/** RFC 5626 3.5.1: the double CRLF, and the answer to it. */
const ping: Uint8Array = new Uint8Array([13, 10, 13, 10]);
const pong: Uint8Array = new Uint8Array([13, 10]);

/** Bytes that wait: beyond, whoever pings and does not read gets no more pongs. */
const mostWaiting = 1_048_576;

/** Who opened the connection: we, as its client, or the peer. */
export type StreamRole = "client" | "server";

export class StreamConnection implements Connection {
  readonly id: number = takeConnectionId();
  readonly facts: ConnectionFacts;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #socket: Socket;
  readonly #events: Subject<AdapterEvent>;
  readonly #times: Required<StreamTimes>;
  readonly #ended: () => void;
  readonly #framer = new StreamFramer();
  readonly #keepAlive: KeepAlive | undefined;
  #state: "open" | "closing" | "closed" = "open";
  #paused = false;
  #emitting = false;
  /** Messages of this turn of the event loop, kept by reference until its end. */
  #gathered: Uint8Array[] = [];
  #gatheredBytes = 0;
  #cause = "";
  #ponged = 0;
  // Milliseconds since 1970; 0 where nothing of the kind is under way.
  #partialSince = 0;
  #stalledSince = 0;
  #closingSince = 0;
  #lastTraffic = 0;
  #writtenAtLook = 0;

  constructor(
    socket: Socket,
    facts: ConnectionFacts,
    events: Subject<AdapterEvent>,
    times: Required<StreamTimes>,
    role: StreamRole,
    ended: () => void,
  ) {
    this.#socket = socket;
    this.#keepAlive =
      role === "client" && times.keepAlive > 0 ? new KeepAlive(this.#framer, times) : undefined;
    this.#events = events;
    this.#times = times;
    this.#ended = ended;
    this.#lastTraffic = Date.now();
    this.facts = facts;
    this.localAddress = plainAddress(socket.localAddress ?? "");
    this.localPort = socket.localPort ?? 0;
    this.remoteAddress = facts.remoteAddress ?? "";
    this.remotePort = socket.remotePort ?? 0;
    socket.on("error", (error) => {
      this.#cause ||= causeOf(error);
    });
    socket.on("close", () => this.#end());
  }

  /** Reads from now on. Kept apart so that the owner can say `opened` first. */
  start(): void {
    this.#socket.on("data", (chunk: Uint8Array) => this.#read(chunk));
    if (this.#paused) this.#socket.pause();
    // The socket may have died before anybody listened.
    if (this.#socket.destroyed) this.#end();
  }

  /** Once the peer has ended its half we end ours: from then on only what waits is still sent. */
  get open(): boolean {
    return this.#state === "open" && this.#socket.writable;
  }

  get pendingBytes(): number {
    return this.#gatheredBytes + this.#socket.writableLength;
  }

  /** Keeps a reference to `bytes` until the system has taken them. */
  send(bytes: Uint8Array): boolean {
    if (this.#state !== "open" || !this.#socket.writable) return false;
    this.#gather(bytes);
    return true;
  }

  pause(): void {
    if (this.#state !== "open") return;
    this.#paused = true;
    this.#socket.pause();
  }

  resume(): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#emit();
    if (!this.#paused) this.#socket.resume();
  }

  /** Sends what waits, then ends the stream. Nothing that comes afterwards is read. */
  close(): void {
    if (this.#state !== "open") return;
    this.#flush();
    this.#state = "closing";
    this.#closingSince = Date.now();
    // Reading on, and throwing away, lets the peer have our last answer: a socket closed over
    // unread bytes is reset, and a reset takes the answer with it.
    this.#paused = false;
    this.#socket.resume();
    this.#socket.end();
  }

  /** At once, whatever waits. */
  abort(cause: string): void {
    this.#cause ||= cause;
    this.#socket.destroy();
  }

  /** Looks at the clock; the owner calls it about once a second. */
  look(now: number): void {
    const { message, idle, stall, close } = this.#times;
    // `bytesWritten` counts what waits too.
    const written = this.#socket.bytesWritten - this.#socket.writableLength;
    if (this.#state === "closing") {
      if (written !== this.#writtenAtLook) this.#closingSince = now;
      // A peer that still has something to take gets the time of one that reads slowly.
      else if (now - this.#closingSince >= (this.pendingBytes === 0 ? close : Math.max(close, stall)))
        this.abort("");
      this.#writtenAtLook = written;
      return;
    }
    // Who is not read can't show that it lives.
    if (written !== this.#writtenAtLook || this.#paused) this.#lastTraffic = now;
    if (this.pendingBytes === 0 || written !== this.#writtenAtLook) this.#stalledSince = 0;
    else this.#stalledSince ||= now;
    this.#writtenAtLook = written;
    if (this.#stalledSince !== 0 && now - this.#stalledSince >= stall) this.abort("the peer takes no bytes");
    else if (this.#partialSince !== 0 && !this.#paused && now - this.#partialSince >= message) {
      this.abort("a message was not finished in time");
    } else if (idle > 0 && now - this.#lastTraffic >= idle) this.close();
    else if (this.#keepAlive !== undefined) this.#keepUp(this.#keepAlive, now);
  }

  #keepUp(keepAlive: KeepAlive, now: number): void {
    // Whoever has not read the ping can't answer it, and a paused peer's answer is not seen.
    if (this.#paused || this.pendingBytes > 0) {
      keepAlive.suspend();
      return;
    }
    const due = keepAlive.look(now, this.#lastTraffic);
    if (due === "ping") this.#gather(ping);
    else if (due === "dead") this.abort("the peer answers no more keep-alives");
  }

  #read(chunk: Uint8Array): void {
    if (this.#state !== "open") return;
    this.#lastTraffic = Date.now();
    this.#framer.push(chunk);
    this.#emit();
  }

  /** Hands out every whole message, unless a subscriber pauses or closes on the way. */
  #emit(): void {
    if (this.#emitting) return;
    this.#emitting = true;
    const at = Date.now();
    let bytes: Uint8Array | undefined;
    let some = false;
    while (!this.#paused && this.#state === "open" && (bytes = this.#framer.next()) !== undefined) {
      some = true;
      this.#events.next({ kind: "received", connection: this, bytes, framing: "stream", at });
    }
    this.#emitting = false;
    if (this.#paused || this.#state !== "open") return;
    for (; this.#ponged < this.#framer.pings; this.#ponged++) {
      if (this.pendingBytes < mostWaiting) this.#gather(pong);
    }
    const error = this.#framer.error;
    if (error !== undefined) {
      this.#cause ||= error.rule;
      this.#events.next({ kind: "unframeable", connection: this, error });
      this.close();
      return;
    }
    if (this.#framer.pendingBytes === 0) this.#partialSince = 0;
    else if (some || this.#partialSince === 0) this.#partialSince = at;
  }

  #gather(bytes: Uint8Array): void {
    if (this.#gathered.length === 0) process.nextTick(() => this.#flush());
    this.#gathered.push(bytes);
    this.#gatheredBytes += bytes.length;
  }

  /** One write for all messages of the turn: one system call, and in TLS one record where they fit. */
  #flush(): void {
    const gathered = this.#gathered;
    if (gathered.length === 0) return;
    const bytes = gathered.length === 1 ? gathered[0]! : Buffer.concat(gathered, this.#gatheredBytes);
    this.#gathered = [];
    this.#gatheredBytes = 0;
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  #end(): void {
    if (this.#state === "closed") return;
    if (this.#state === "open" && this.#partialSince !== 0)
      this.#cause ||= "the stream ended inside a message";
    this.#state = "closed";
    this.#gathered = [];
    this.#gatheredBytes = 0;
    this.#ended();
    this.#events.next({ kind: "closed", connection: this, cause: this.#cause });
  }
}
