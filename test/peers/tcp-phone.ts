/** What `Phone` is for UDP: a TCP user agent that sends text, and hands out what comes, one message at a time. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { found } from "../until.ts";

export class TcpPhone {
  readonly port: number;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  /** Its own connections, by the port that they lead to. */
  private readonly own = new Map<number, Socket>();
  private readonly inbox: { readonly text: string; readonly socket: Socket }[] = [];
  private last: Socket | undefined;

  private constructor(server: Server, port: number) {
    this.server = server;
    this.port = port;
    server.on("connection", (socket: Socket) => this.read(socket));
  }

  static async open(): Promise<TcpPhone> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    return new TcpPhone(server, address.port);
  }

  /** A response goes on the connection of the last message, while that stands (RFC 3261 18.2.2); all else on one of its own. */
  send(text: string, port: number): void {
    const bytes = Buffer.from(text, "latin1");
    if (text.startsWith("SIP/2.0 ") && this.last?.writable === true) this.last.write(bytes);
    else this.connectionTo(port).write(bytes);
  }

  /** Rejects where nothing comes. */
  async next(): Promise<string> {
    const { socket, text } = await found(() => this.inbox.shift(), "a message");
    this.last = socket;
    return text;
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private connectionTo(port: number): Socket {
    const known = this.own.get(port);
    if (known?.writable === true) return known;
    const socket = connect(port, "127.0.0.1");
    this.own.set(port, socket);
    this.read(socket);
    return socket;
  }

  private read(socket: Socket): void {
    this.sockets.add(socket);
    let text = "";
    socket.setEncoding("latin1").on("data", (chunk: string) => {
      text += chunk;
      for (let end = endOfMessage(text); end > 0; end = endOfMessage(text)) {
        this.inbox.push({ text: text.slice(0, end), socket });
        text = text.slice(end);
      }
    });
    // The border is killed: that is what the tests are about.
    socket.on("error", () => {});
    socket.on("end", () => socket.end());
    socket.on("close", () => this.sockets.delete(socket));
  }
}

/** RFC 3261 18.3; -1: there is more to come. */
export function endOfMessage(text: string): number {
  const body = text.indexOf("\r\n\r\n") + 4;
  if (body < 4) return -1;
  const length = /^Content-Length: *(\d+)\r$/im.exec(text.slice(0, body));
  if (length === null) throw new Error(`no Content-Length in ${text.slice(0, body)}`);
  const end = body + Number(length[1]);
  return end <= text.length ? end : -1;
}
