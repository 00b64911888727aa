/** A name server on loopback whose every answer the test writes, over UDP and TCP on one port. */
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { createServer, isIPv6, type Server, type Socket } from "node:net";
import dnsPacket, { type Answer, type Packet } from "dns-packet";
import type { NameServer } from "../../../adapters/index.ts";

export interface Asked {
  readonly transport: "udp" | "tcp";
  /** Of the resolver. */
  readonly port: number;
  readonly bytes: Buffer;
  readonly packet: Packet;
  readonly id: number;
  readonly type: string;
  /** In the letter case that was sent. */
  readonly name: string;
  /** One message; over TCP behind its length. */
  send(bytes: Uint8Array): void;
  /** TCP only: these bytes as they are. */
  write(bytes: Uint8Array): void;
  /** TCP only. */
  end(): void;
}

export type Answerer = (asked: Asked) => void;

export class FakeServer {
  /** A datagram that was sent once more counts once. */
  readonly asked: Asked[] = [];
  /** Those that were sent once more: after a second in which this machine has stood still, too. */
  readonly repeated: Asked[] = [];
  readonly #answer: Answerer;
  readonly #host: string;
  readonly #streams = new Set<Socket>();
  readonly #udp: DatagramSocket;
  readonly #tcp: Server;
  #port = 0;

  private constructor(answer: Answerer, host: string) {
    this.#answer = answer;
    this.#host = host;
    this.#udp = createSocket(isIPv6(host) ? "udp6" : "udp4");
    this.#udp.on("message", (bytes, { address, port }) => {
      this.#take({
        ...readQuestion(bytes),
        transport: "udp",
        port,
        send: (answered) => this.#udp.send(answered, port, address, () => {}),
        write: () => {},
        end: () => {},
      });
    });
    this.#tcp = createServer((socket) => this.#serve(socket));
  }

  static async start(answer: Answerer, host = "127.0.0.1"): Promise<FakeServer> {
    for (;;) {
      const server = new FakeServer(answer, host);
      if (await server.#bind()) return server;
    }
  }

  get server(): NameServer {
    return { address: this.#host, port: this.#port };
  }

  /** `udp A sip.example.net`, letter case folded. */
  get questions(): readonly string[] {
    return this.asked.map(({ transport, type, name }) => `${transport} ${type} ${name.toLowerCase()}`);
  }

  async close(): Promise<void> {
    for (const socket of this.#streams) socket.destroy();
    const closed = [once(this.#udp, "close"), once(this.#tcp, "close")];
    this.#udp.close();
    this.#tcp.close();
    await Promise.all(closed);
  }

  async #bind(): Promise<boolean> {
    this.#tcp.listen(0, this.#host);
    await once(this.#tcp, "listening");
    const bound = this.#tcp.address();
    if (bound === null || typeof bound === "string") throw new Error("the server has no IP address");
    this.#port = bound.port;
    const isBound = once(this.#udp, "listening").then(
      () => true,
      () => false,
    );
    this.#udp.bind(bound.port, this.#host);
    if (await isBound) return true;
    this.#udp.close();
    this.#tcp.close();
    return false;
  }

  #serve(socket: Socket): void {
    this.#streams.add(socket);
    socket.once("close", () => this.#streams.delete(socket));
    socket.on("error", () => {});
    let bytes = Buffer.alloc(0);
    socket.on("data", (chunk) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (bytes.length < 2 || bytes.length < 2 + bytes.readUInt16BE()) return;
      const message = bytes.subarray(2, 2 + bytes.readUInt16BE());
      bytes = bytes.subarray(2 + message.length);
      this.#take({
        ...readQuestion(message),
        transport: "tcp",
        port: socket.remotePort ?? 0,
        send: (answered) => socket.write(framed(answered)),
        write: (raw) => socket.write(raw),
        end: () => socket.end(),
      });
    });
  }

  #take(asked: Asked): void {
    const same = this.asked.some(
      ({ transport, port, bytes }) =>
        transport === asked.transport && port === asked.port && bytes.equals(asked.bytes),
    );
    (same ? this.repeated : this.asked).push(asked);
    this.#answer(asked);
  }
}

function readQuestion(bytes: Buffer): Pick<Asked, "bytes" | "packet" | "id" | "type" | "name"> {
  const packet = dnsPacket.decode(bytes);
  const [question] = packet.questions ?? [];
  if (question === undefined || packet.id === undefined) throw new Error("the question can't be read");
  return { bytes, packet, id: packet.id, type: question.type, name: question.name };
}

/** Behind its length (RFC 1035 4.2.2). */
export function framed(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** An answer to the question; `flags` beside QR. */
export function answerTo({ id, type, name }: Pick<Asked, "id" | "type" | "name">, packet: Packet): Buffer {
  return dnsPacket.encode({
    type: "response",
    id,
    questions: [{ type: type as "A", name, class: "IN" }],
    ...packet,
  });
}

export const a = (name: string, data: string, ttl = 300): Answer => ({
  type: "A",
  class: "IN",
  name,
  data,
  ttl,
});

export const soa = (name: string, ttl: number, minimum: number): Answer => ({
  type: "SOA",
  class: "IN",
  name,
  ttl,
  data: { mname: "ns.test", rname: "host.test", serial: 1, refresh: 1, retry: 1, expire: 1, minimum },
});

export const code = {
  formatError: 1,
  serverFailure: 2,
  nameError: 3,
  notImplemented: 4,
  refused: 5,
} as const;

/** 192.0.2.1 for whatever is asked. */
export const answersWell: Answerer = (asked) =>
  asked.send(answerTo(asked, { answers: [a(asked.name, "192.0.2.1")] }));

/** Says nothing. */
export const isSilent: Answerer = () => {};

export const saysCode =
  (flags: number): Answerer =>
  (asked) =>
    asked.send(answerTo(asked, { flags }));

/** Nothing over UDP but that there is more, then over TCP as it is told. */
export const answersByTcp =
  (answer: Answerer): Answerer =>
  (asked) => {
    if (asked.transport === "udp") asked.send(answerTo(asked, { flags: dnsPacket.TRUNCATED_RESPONSE }));
    else answer(asked);
  };
