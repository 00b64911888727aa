/**
 * UDP (RFC 3261 18): every datagram is a message, every remote address a flow.
 */
import { createSocket, type RemoteInfo, type Socket } from "node:dgram";
import { once } from "node:events";
import { type Observable, Subject } from "rxjs";
import type { ConnectionFacts } from "../engine/index.ts";
import type { Adapter, AdapterEvent, Connection, Target } from "./adapter.ts";
import { addressFamily, plainAddress, takeConnectionId } from "./connection.ts";

export interface UdpOptions {
  /** The listener's name in policies. */
  readonly listener?: string;
  /** IPv4 or IPv6 address to bind; an IPv6 one takes IPv6 only. */
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** How many remote addresses are kept; the ones longest unused are forgotten first. */
  readonly flows?: number;
  /** Bytes that the system may hold for us between two reads. */
  readonly receiveBuffer?: number;
}

const defaults = { flows: 20_000, receiveBuffer: 4_194_304, drainMilliseconds: 2_000 };

export class UdpAdapter implements Adapter {
  readonly transport = "udp";
  readonly events$: Observable<AdapterEvent>;
  readonly #events = new Subject<AdapterEvent>();
  readonly #options: UdpOptions;
  readonly #family: 4 | 6;
  readonly #generation: number;
  #socket: Socket | undefined;
  #address: { readonly address: string; readonly port: number } | undefined;
  #binding: Promise<void> | undefined;
  #closed = false;
  // Two generations in the place of an LRU list: what the older one still holds when the
  // younger is full has not been used for that long.
  #young = new Map<string, UdpFlow>();
  #old = new Map<string, UdpFlow>();

  constructor(options: UdpOptions) {
    const family = addressFamily(options.host);
    if (family === 0) throw new RangeError(`host ${options.host} is no IP address`);
    this.#options = options;
    this.#family = family;
    this.#generation = Math.max(1, Math.ceil((options.flows ?? defaults.flows) / 2));
    this.events$ = this.#events.asObservable();
  }

  get address(): { readonly address: string; readonly port: number } | undefined {
    return this.#address;
  }

  listen(): Promise<void> {
    if (this.#closed) return Promise.reject(new Error("the adapter is closed"));
    this.#binding ??= this.#bind();
    return this.#binding;
  }

  async #bind(): Promise<void> {
    const socket = createSocket({
      type: this.#family === 4 ? "udp4" : "udp6",
      ipv6Only: this.#family === 6,
      recvBufferSize: this.#options.receiveBuffer ?? defaults.receiveBuffer,
      // Targets are addresses already: the default would cost a turn of the event loop a datagram.
      lookup: (host, _options, done) => done(null, host, this.#family),
    });
    const bound = once(socket, "listening");
    socket.bind(this.#options.port, this.#options.host);
    try {
      await bound;
    } catch (error) {
      socket.close();
      this.#binding = undefined;
      throw error;
    }
    // A send that the system refuses (too long, no route) is a lost datagram like others.
    socket.on("error", () => {});
    socket.on("message", (bytes, from) => this.#receive(bytes, from));
    const { address, port } = socket.address();
    this.#socket = socket;
    this.#address = { address, port };
  }

  /** A flow to that address, from the bound socket; binds it if `listen` has not. */
  async open(target: Target): Promise<Connection> {
    if (target.transport !== "udp") throw new Error(`the udp adapter opens no ${target.transport}`);
    if (addressFamily(target.address) !== this.#family) {
      throw new Error(`${target.address} can't be reached from ${this.#options.host}`);
    }
    if (!(target.port > 0 && target.port < 65_536)) throw new Error(`${target.port} is no port`);
    await this.listen();
    return this.#flow(target.address, target.port);
  }

  /** A datagram needs no connection. */
  refuse(): void {}

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#binding?.catch(() => {});
    const socket = this.#socket;
    if (socket !== undefined) {
      const until = Date.now() + defaults.drainMilliseconds;
      while (socket.getSendQueueSize() > 0 && Date.now() < until) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const closed = once(socket, "close");
      socket.close();
      await closed;
    }
    this.#forget(this.#old);
    this.#forget(this.#young);
    this.#events.complete();
  }

  #receive(bytes: Uint8Array, from: RemoteInfo): void {
    if (this.#closed || isKeepAlive(bytes)) return;
    const flow = this.#flow(from.address, from.port);
    if (flow.paused) return;
    this.#events.next({ kind: "received", connection: flow, bytes, framing: "datagram", at: Date.now() });
  }

  #flow(address: string, port: number): UdpFlow {
    const key = `${address} ${port}`;
    const young = this.#young.get(key);
    if (young !== undefined) return young;
    const old = this.#old.get(key);
    if (old !== undefined) this.#old.delete(key);
    const flow =
      old ??
      new UdpFlow(this.#socket!, this.#options.listener, this.#address!, address, port, (closed) => {
        if (this.#young.get(key) === closed) this.#young.delete(key);
        if (this.#old.get(key) === closed) this.#old.delete(key);
        this.#events.next({ kind: "closed", connection: closed, cause: "" });
      });
    if (this.#young.size >= this.#generation) {
      this.#forget(this.#old);
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(key, flow);
    if (old === undefined) this.#events.next({ kind: "opened", connection: flow });
    return flow;
  }

  #forget(flows: ReadonlyMap<string, UdpFlow>): void {
    for (const flow of flows.values()) flow.close();
  }
}

/** What keeps a NAT's binding open is no message: nothing, or blank lines, or one NUL. */
function isKeepAlive(bytes: Uint8Array): boolean {
  if (bytes.length > 4) return false;
  return bytes.every((byte) => byte === 13 || byte === 10 || byte === 0);
}

/** One remote address. UDP has no back-pressure: what comes while it is paused is lost. */
class UdpFlow implements Connection {
  readonly id: number = takeConnectionId();
  readonly facts: ConnectionFacts;
  readonly localAddress: string;
  readonly localPort: number;
  readonly remoteAddress: string;
  readonly remotePort: number;
  readonly #socket: Socket;
  readonly #sendTo: string;
  readonly #closed: (flow: UdpFlow) => void;
  #open = true;
  #paused = false;

  constructor(
    socket: Socket,
    listener: string | undefined,
    local: { readonly address: string; readonly port: number },
    address: string,
    port: number,
    closed: (flow: UdpFlow) => void,
  ) {
    this.#closed = closed;
    this.#socket = socket;
    this.#sendTo = address;
    this.localAddress = local.address;
    this.localPort = local.port;
    this.remoteAddress = plainAddress(address);
    this.remotePort = port;
    this.facts = Object.freeze({ transport: "udp", listener, remoteAddress: this.remoteAddress });
  }

  get open(): boolean {
    return this.#open;
  }

  get paused(): boolean {
    return this.#paused;
  }

  /** Of the whole socket. */
  get pendingBytes(): number {
    return this.#open ? this.#socket.getSendQueueSize() : 0;
  }

  send(bytes: Uint8Array): boolean {
    if (!this.#open) return false;
    try {
      this.#socket.send(bytes, this.remotePort, this.#sendTo);
      return true;
    } catch {
      return false;
    }
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
  }

  /** A later datagram of that address begins another flow. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#closed(this);
  }
}
