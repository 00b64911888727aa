/**
 * TCP (RFC 3261 18).
 */
import { createServer, type Server, type Socket } from "node:net";
import type { Observable } from "rxjs";
import type { ConnectionFacts } from "../engine/index.ts";
import type { Adapter, AdapterEvent, Connection, Target } from "./adapter.ts";
import { isAdmitted } from "./admission.ts";
import type { StreamRole } from "./stream.ts";
import { StreamSet } from "./stream-set.ts";
import {
  connectTcp,
  peerAddress,
  type StreamOptions,
  startListening,
  stopListening,
} from "./stream-socket.ts";

export type TcpOptions = StreamOptions;

export class TcpAdapter implements Adapter {
  readonly transport = "tcp";
  readonly events$: Observable<AdapterEvent>;
  readonly #options: TcpOptions;
  readonly #streams: StreamSet;
  readonly #opening = new Set<Socket>();
  #server: Server | undefined;
  #listening: Promise<void> | undefined;
  #address: { readonly address: string; readonly port: number } | undefined;
  #closed = false;

  constructor(options: TcpOptions) {
    this.#options = options;
    this.#streams = new StreamSet(options.times);
    this.events$ = this.#streams.events.asObservable();
  }

  get address(): { readonly address: string; readonly port: number } | undefined {
    return this.#address;
  }

  listen(): Promise<void> {
    const { host } = this.#options;
    if (this.#closed) return Promise.reject(new Error("the adapter is closed"));
    if (host !== undefined) this.#listening ??= this.#listen(host);
    return this.#listening ?? Promise.resolve();
  }

  async #listen(host: string): Promise<void> {
    const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
      const { listener, admission } = this.#options;
      if (isAdmitted(socket, admission)) this.#adopt(socket, listener, "server");
    });
    this.#server = server;
    try {
      this.#address = await startListening(server, { ...this.#options, host });
    } catch (error) {
      this.#server = undefined;
      this.#listening = undefined;
      throw error;
    }
  }

  async open(target: Target): Promise<Connection> {
    if (target.transport !== "tcp") throw new Error(`the tcp adapter opens no ${target.transport}`);
    if (this.#closed) throw new Error("the adapter is closed");
    const socket = await connectTcp(target, this.#options, this.#opening);
    if (this.#closed) {
      socket.destroy();
      throw new Error("the adapter is closed");
    }
    return this.#adopt(socket, undefined, "client");
  }

  refuse(): void {
    if (this.#server !== undefined) stopListening(this.#server);
    this.#server = undefined;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.refuse();
    for (const socket of this.#opening) socket.destroy(new Error("the adapter is closed"));
    await this.#streams.close();
  }

  #adopt(socket: Socket, listener: string | undefined, role: StreamRole): Connection {
    const facts: ConnectionFacts = Object.freeze({
      transport: "tcp",
      listener,
      remoteAddress: peerAddress(socket),
    });
    return this.#streams.add(socket, facts, role);
  }
}
