/** A UDP user agent as a test needs it: sends text, hands out what comes, one message at a time. */
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { patience } from "../until.ts";

export class Phone {
  readonly port: number;
  private readonly socket: Socket;
  private readonly inbox: string[] = [];
  private wake: (() => void) | undefined;

  private constructor(socket: Socket) {
    this.socket = socket;
    this.port = socket.address().port;
    socket.on("message", (bytes) => {
      this.inbox.push(bytes.toString("latin1"));
      this.wake?.();
    });
  }

  static async open(address = "127.0.0.1"): Promise<Phone> {
    const socket = createSocket(address.includes(":") ? "udp6" : "udp4");
    socket.bind(0, address);
    await once(socket, "listening");
    return new Phone(socket);
  }

  send(text: string, port: number, address = "127.0.0.1"): void {
    this.socket.send(Buffer.from(text, "latin1"), port, address);
  }

  /** Rejects where nothing comes. */
  async next(): Promise<string> {
    const until = Date.now() + patience;
    while (this.inbox.length === 0) {
      const left = until - Date.now();
      if (left <= 0) throw new Error("nothing came");
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.inbox.shift()!;
  }

  /** What has come within the time; for the proof that nothing does. */
  async silence(milliseconds = 150): Promise<readonly string[]> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    return this.inbox.splice(0);
  }

  close(): void {
    this.socket.close();
  }
}

/** The values of a field, long form, in order. */
export function valuesOf(message: string, field: string): readonly string[] {
  const prefix = `${field.toLowerCase()}:`;
  return message
    .split("\r\n\r\n")[0]!
    .split("\r\n")
    .filter((line) => line.toLowerCase().startsWith(prefix))
    .map((line) => line.slice(prefix.length).trim());
}

export function textMessage(...lines: readonly string[]): string {
  return `${lines.join("\r\n")}\r\n\r\n`;
}
