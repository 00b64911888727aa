/** The ways between a peer and the border: one datagram socket, or one stream. */
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import type { Socket } from "node:net";
import type { Ledger, Transport } from "./ledger.ts";
import { Message, StreamCutter } from "./sip-text.ts";

export interface Place {
  readonly host: string;
  readonly port: number;
}

/** A way to the border; what comes on it is handed to whoever made it. */
export interface Line {
  readonly transport: Transport;
  /** One whole message. */
  send(bytes: Buffer): void;
}

export type Receive = (message: Message, line: Line) => void;

export class DatagramLine implements Line, Place {
  readonly transport = "udp";
  readonly host: string;
  readonly port: number;
  private readonly socket: DatagramSocket;
  private readonly border: Place;
  private readonly ledger: Ledger;

  private constructor(socket: DatagramSocket, border: Place, ledger: Ledger) {
    this.socket = socket;
    this.host = socket.address().address;
    this.port = socket.address().port;
    this.border = border;
    this.ledger = ledger;
  }

  static async open(host: string, border: Place, ledger: Ledger, receive: Receive): Promise<DatagramLine> {
    const socket = createSocket({ type: "udp4", recvBufferSize: 4_194_304 });
    // A port of nobody's answers with ICMP: that is a lost datagram like others.
    socket.on("error", () => {});
    socket.bind(0, host);
    await once(socket, "listening");
    const line = new DatagramLine(socket, border, ledger);
    socket.on("message", (bytes) => {
      ledger.seen.udp++;
      receive(Message.read(bytes), line);
    });
    return line;
  }

  send(bytes: Buffer): void {
    if (!isKeepAlive(bytes)) this.ledger.certain.udp++;
    this.socket.send(bytes, this.border.port, this.border.host);
  }

  close(): void {
    this.socket.close();
  }
}

/** RFC 5626 3.5.1 and what NATs are kept open with: no message. */
function isKeepAlive(bytes: Buffer): boolean {
  return bytes.length <= 4 && bytes.every((byte) => byte === 13 || byte === 10 || byte === 0);
}

/** RFC 5626 4.4.1. */
const ping = Buffer.from("\r\n\r\n");
const pong = Buffer.from("\r\n");

export class StreamLine implements Line {
  readonly transport: Transport;
  readonly socket: Socket;
  /** Whole messages written on it. */
  written = 0;
  /** How it ended; undefined: it stands. */
  end: "in order" | "broken" | undefined;
  private readonly ledger: Ledger;
  private finished = false;
  private sawEnd = false;

  constructor(socket: Socket, transport: Transport, ledger: Ledger, receive: Receive) {
    this.socket = socket;
    this.transport = transport;
    this.ledger = ledger;
    const cutter = new StreamCutter();
    socket.on("data", (chunk: Buffer) => {
      if (chunk.equals(ping)) this.write(pong);
      for (const message of cutter.take(chunk)) {
        ledger.seen[transport]++;
        receive(message, this);
      }
    });
    socket.on("end", () => {
      this.sawEnd = true;
      // Where the border ends first, what was written since may have been thrown away.
      if (!this.finished) this.drop("orderly");
    });
    socket.on("error", () => this.close("broken"));
    socket.on("close", () => this.close(this.finished && this.sawEnd ? "in order" : "broken"));
  }

  get stands(): boolean {
    return this.end === undefined && !this.socket.destroyed && this.socket.writable;
  }

  send(bytes: Buffer): void {
    if (!this.stands) return;
    this.count(1);
    this.socket.write(bytes);
  }

  /** Bytes that make no whole message yet. */
  write(bytes: Buffer): void {
    if (this.stands) this.socket.write(bytes);
  }

  /** That many messages have become whole with what was written. */
  count(messages: number): void {
    this.written += messages;
    this.ledger.certain[this.transport] += messages;
  }

  /** That many more the border may make of what was written. */
  mayCount(messages: number): void {
    this.ledger.possible[this.transport] += messages;
  }

  /** Nothing more is sent; what comes is still read. Certain once the border has ended its half too. */
  finish(): void {
    this.finished = true;
    this.socket.end();
  }

  drop(how: "orderly" | "reset"): void {
    // Node resets no TLS socket.
    if (how === "reset" && this.transport === "tcp") this.socket.resetAndDestroy();
    else this.socket.destroy();
  }

  private close(how: "in order" | "broken"): void {
    if (this.end !== undefined) return;
    this.end = how;
    if (how === "broken") this.ledger.doubt(this.transport, this.written);
  }
}
