/**
 * A TLS 1.3 client whose Finished and first message leave in one write: the server has both
 * before it can have judged the certificate.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import { StreamPeer } from "./stream-peer.ts";

const host = "127.0.0.1";

/** Sends the first write, the ClientHello, and holds what follows until `release`. */
class HeldWire extends Duplex {
  private readonly socket: Socket;
  private readonly held: Buffer[] = [];
  private state: "first" | "holding" | "open" = "first";

  constructor(socket: Socket) {
    super();
    this.socket = socket;
    socket.on("data", (chunk) => this.push(chunk));
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  release(): void {
    this.state = "open";
    this.socket.write(Buffer.concat(this.held));
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    if (this.state === "holding") this.held.push(chunk);
    else this.socket.write(chunk);
    if (this.state === "first") this.state = "holding";
    done();
  }

  override _final(done: () => void): void {
    this.socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}

export async function openEarly(port: number, text: string, options: ConnectionOptions): Promise<StreamPeer> {
  const socket = connect({ host, port, noDelay: true });
  await once(socket, "connect");
  const wire = new HeldWire(socket);
  const client = connectTls({ socket: wire, rejectUnauthorized: false, minVersion: "TLSv1.3", ...options });
  const peer = new StreamPeer(client);
  await once(client, "secureConnect");
  await new Promise<void>((resolve) => client.write(Buffer.from(text, "latin1"), () => resolve()));
  wire.release();
  return peer;
}
