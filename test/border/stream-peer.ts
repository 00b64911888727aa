/** The other end of a TCP or TLS stream as a test needs it: sends text, hands out whole messages. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import {
  type ConnectionOptions,
  connect as connectTls,
  createServer as createTlsServer,
  TLSSocket,
  type TlsOptions,
} from "node:tls";
import { StreamFramer } from "../../wire/index.ts";
import { found, until } from "../until.ts";

const host = "127.0.0.1";

export class StreamPeer {
  readonly socket: Socket;
  /** All that has come, pongs included. */
  received = "";
  /** What went wrong with the stream; empty: nothing. */
  cause = "";
  /** Serial number of the certificate that the other end has shown. */
  readonly shownSerial: string | undefined;
  private readonly framer = new StreamFramer();
  private readonly inbox: string[] = [];

  constructor(socket: Socket) {
    this.socket = socket;
    if (socket instanceof TLSSocket) this.shownSerial = socket.getPeerX509Certificate()?.serialNumber;
    socket.on("data", (chunk: Buffer) => {
      this.received += chunk.toString("latin1");
      this.framer.push(chunk);
      for (let bytes = this.framer.next(); bytes !== undefined; bytes = this.framer.next())
        this.inbox.push(Buffer.from(bytes).toString("latin1"));
    });
    socket.on("error", (error) => {
      this.cause ||= error.message;
    });
  }

  static async tcp(port: number): Promise<StreamPeer> {
    const socket = connect({ host, port, noDelay: true });
    await once(socket, "connect");
    return new StreamPeer(socket);
  }

  /** Resolves once the handshake is done, as far as a client can tell. */
  static async tls(port: number, options: ConnectionOptions = {}): Promise<StreamPeer> {
    const socket = connectTls({ host, port, rejectUnauthorized: false, ...options });
    await once(socket, "secureConnect");
    return new StreamPeer(socket);
  }

  send(text: string): void {
    this.socket.write(Buffer.from(text, "latin1"));
  }

  /** Rejects where nothing comes. */
  async next(): Promise<string> {
    return found(
      () => this.inbox.shift(),
      "a message",
      () => this.received,
    );
  }

  /** What has come within the time; for the proof that nothing does. */
  async silence(milliseconds = 150): Promise<readonly string[]> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return this.inbox.splice(0);
  }

  /** Until the border has ended the stream. */
  ended(): Promise<void> {
    return until(
      () => this.socket.readableEnded || this.socket.destroyed,
      "the end",
      () => this.received,
    );
  }

  close(): void {
    this.socket.destroy();
  }
}

/** A next hop over TCP or TLS: each connection that the border opens, in order. */
export class StreamHop {
  readonly peers: StreamPeer[] = [];
  readonly port: number;
  private readonly server: Server;

  private constructor(server: Server, ready: "connection" | "secureConnection") {
    this.server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on(ready, (socket: Socket) => this.peers.push(new StreamPeer(socket)));
  }

  static async tcp(port = 0): Promise<StreamHop> {
    const server = createServer({ noDelay: true });
    server.listen(port, host);
    await once(server, "listening");
    return new StreamHop(server, "connection");
  }

  static async tls(options: TlsOptions): Promise<StreamHop> {
    const server = createTlsServer(options);
    server.on("tlsClientError", () => {});
    server.listen(0, host);
    await once(server, "listening");
    return new StreamHop(server, "secureConnection");
  }

  /** The connection with that number, counted from 0; rejects where it is never opened. */
  peer(index = 0): Promise<StreamPeer> {
    return found(() => this.peers[index], `connection ${index}`);
  }

  close(): void {
    this.server.close();
    for (const peer of this.peers) peer.close();
  }
}
