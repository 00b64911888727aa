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

/** Handshakes under way at one listener: from the TCP connection to the verdict. */
export class Handshakes {
  readonly #most: number;
  readonly #admission: Admission | undefined;
  readonly #underWay = new Map<string, Socket>();

  constructor(most: number, admission: Admission | undefined) {
    this.#most = most;
    this.#admission = admission;
  }

  /** False: there are too many, or it is not let in. It is closed then. */
  begin(socket: Socket): boolean {
    // A peer that has gone already would have no key.
    if (socket.remoteAddress === undefined) {
      socket.destroy();
      return false;
    }
    if (this.#underWay.size >= this.#most) {
      this.#admission?.refused("half-open");
      socket.destroy();
      return false;
    }
    if (!isAdmitted(socket, this.#admission)) return false;
    const key = keyOf(socket);
    const earlier = this.#underWay.get(key);
    if (earlier !== undefined) this.#release(key, earlier);
    this.#underWay.set(key, socket);
    socket.once("close", () => this.#release(key, socket));
    return true;
  }

  /** There is a verdict on it. `socket` is the TLS one, which has the addresses of the TCP one below it. */
  end(socket: Socket): void {
    const key = keyOf(socket);
    const below = this.#underWay.get(key);
    if (below !== undefined) this.#release(key, below);
  }

  /**
   * Those without a verdict keep the process alive no longer. Ended they are by the peer or by
   * their time: Node 20 has crashed where a TCP socket was destroyed below a TLS one.
   */
  close(): void {
    for (const socket of this.#underWay.values()) socket.unref();
  }

  #release(key: string, socket: Socket): void {
    if (this.#underWay.get(key) !== socket) return;
    this.#underWay.delete(key);
    this.#admission?.settled(addressIn(key));
  }
}

/** One TCP connection has it at a time. */
function keyOf({ remoteAddress = "", remotePort, localAddress, localPort }: Socket): string {
  return `${plainAddress(remoteAddress)} ${remotePort} ${localAddress} ${localPort}`;
}

function addressIn(key: string): string {
  return key.slice(0, key.indexOf(" "));
}
