/**
 * The open connections of one stream adapter: their events, their clock, their orderly end.
 */
import type { Socket } from "node:net";
import { Subject } from "rxjs";
import type { ConnectionFacts } from "../engine/index.ts";
import type { AdapterEvent } from "./adapter.ts";
import { defaultStreamTimes, StreamConnection, type StreamRole, type StreamTimes } from "./stream.ts";

const lookEvery = 1_000;

export class StreamSet {
  readonly events: Subject<AdapterEvent> = new Subject<AdapterEvent>();
  readonly #times: Required<StreamTimes>;
  readonly #connections = new Set<StreamConnection>();
  readonly #clock: NodeJS.Timeout;
  #emptied: (() => void) | undefined;

  constructor(times: StreamTimes | undefined) {
    this.#times = { ...defaultStreamTimes, ...times };
    const { message, idle, stall, close, keepAlive, pong } = this.#times;
    const watched = [message, idle, stall, close, keepAlive, keepAlive > 0 ? pong : 0];
    const shortest = Math.min(...watched.filter((one) => one > 0), 4 * lookEvery);
    this.#clock = setInterval(() => this.#look(), Math.max(10, shortest / 4));
    this.#clock.unref();
  }

  /** Takes over a connected socket, says `opened`, and reads it. */
  add(socket: Socket, facts: ConnectionFacts, role: StreamRole): StreamConnection {
    const remove = (): void => this.#remove(connection);
    const connection: StreamConnection = new StreamConnection(
      socket,
      facts,
      this.events,
      this.#times,
      role,
      remove,
    );
    this.#connections.add(connection);
    this.events.next({ kind: "opened", connection });
    connection.start();
    return connection;
  }

  /** Closes every connection in order and waits for them; at the end nothing is left open. */
  async close(): Promise<void> {
    for (const connection of this.#connections) connection.close();
    if (this.#connections.size > 0) {
      await new Promise<void>((resolve) => {
        this.#emptied = resolve;
        // While we wait the clock keeps the process alive: it is what ends a peer that does not answer.
        this.#clock.ref();
      });
    }
    clearInterval(this.#clock);
    this.events.complete();
  }

  #remove(connection: StreamConnection): void {
    this.#connections.delete(connection);
    // Behind the `closed` event of this last one.
    if (this.#connections.size === 0) queueMicrotask(() => this.#emptied?.());
  }

  #look(): void {
    const now = Date.now();
    for (const connection of this.#connections) connection.look(now);
  }
}
