/**
 * Connections that come in, before they carry messages: who is let in, and how many shake hands
 * at a time.
 */
import type { Socket } from "node:net";
import { plainAddress } from "./connection.ts";

/** The owner's say about connections that come in. An address is as facts hold it. */
export interface Admission {
  /** Asked as soon as the TCP connection stands. False: it is closed, before a handshake costs anything. */
  admit(remoteAddress: string): boolean;
  /** TLS: the handshake of one that was admitted has ended, with a verdict or without. Once for each. */
  settled(remoteAddress: string): void;
  /** One was closed at once: too many are open at this listener, or too many shake hands. */
  refused(cause: "open" | "half-open"): void;
}

/** Whether it is let in; one that is not is closed. */
export function isAdmitted(socket: Socket, admission: Admission | undefined): boolean {
  // One too many at the listener.
  if (socket.destroyed) return false;
  if (admission === undefined || admission.admit(plainAddress(socket.remoteAddress ?? ""))) return true;
  socket.destroy();
  return false;
}

/** A TCP connection, with the address that was counted. */
interface UnderWay {
  readonly socket: Socket;
  readonly remoteAddress: string;
}

/** Handshakes under way at one listener: from the TCP connection to the verdict. */
export class Handshakes {
  readonly #most: number;
  readonly #admission: Admission | undefined;
  /** By the remote port: nearly always one each. */
  readonly #underWay = new Map<number, UnderWay[]>();
  #count = 0;

  constructor(most: number, admission: Admission | undefined) {
    this.#most = most;
    this.#admission = admission;
  }

  /** False: there are too many, or it is not let in. It is closed then. */
  begin(socket: Socket): boolean {
    const { remoteAddress, remotePort } = socket;
    // A peer that has gone already has none.
    if (remoteAddress === undefined || remotePort === undefined) {
      socket.destroy();
      return false;
    }
    if (this.#count >= this.#most) {
      this.#admission?.refused("half-open");
      socket.destroy();
      return false;
    }
    if (!isAdmitted(socket, this.#admission)) return false;
    const one = { socket, remoteAddress };
    const others = this.#underWay.get(remotePort);
    if (others === undefined) this.#underWay.set(remotePort, [one]);
    else others.push(one);
    this.#count++;
    socket.on("close", () => this.#release(remotePort, one));
    return true;
  }

  /** There is a verdict on it. `socket` is the TLS one, which has the addresses of the TCP one below it. */
  end(socket: Socket): void {
    // The TCP socket below goes with it, and says so.
    if (socket.destroyed) return;
    const { remoteAddress, remotePort = 0 } = socket;
    const near = this.#underWay.get(remotePort) ?? [];
    const same = near.filter((one) => one.remoteAddress === remoteAddress);
    // The same peer from the same port: to another address of ours, or before an old one is quite gone.
    const below =
      same.length > 1 ? same.findLast((one) => one.socket.localAddress === socket.localAddress) : same[0];
    if (below !== undefined) this.#release(remotePort, below);
  }

  /**
   * Those without a verdict keep the process alive no longer. Ended they are by the peer or by
   * their time: Node 20 has crashed where a TCP socket was destroyed below a TLS one.
   */
  close(): void {
    for (const ones of this.#underWay.values()) for (const { socket } of ones) socket.unref();
  }

  #release(remotePort: number, one: UnderWay): void {
    const ones = this.#underWay.get(remotePort);
    const at = ones?.indexOf(one) ?? -1;
    if (ones === undefined || at < 0) return;
    if (ones.length === 1) this.#underWay.delete(remotePort);
    else ones.splice(at, 1);
    this.#count--;
    this.#admission?.settled(plainAddress(one.remoteAddress));
  }
}
