/** A border with limits, home and a partner behind listeners of their own, and whoever connects to it. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import {
  Border,
  type BorderConfiguration,
  defaultQueue,
  type ListenerSettings,
  type NetworkSettings,
  type Passage,
} from "../../border/index.ts";
import { compile, type Engine } from "../../engine/index.ts";
import { makeCertificate } from "../certificate-authority.ts";
import { until } from "../until.ts";
import { Phone, textMessage } from "./phone.ts";
import { network, smallPolicy } from "./small-policy.ts";

const own = makeCertificate("home1.example", undefined);
export const flooder = "127.0.0.2";
export const honest = "127.0.0.3";

export function request(uri: string, call: string, via: string): string {
  return textMessage(
    `OPTIONS ${uri} SIP/2.0`,
    `Via: SIP/2.0/${via};branch=z9hG4bK${call}`,
    "Max-Forwards: 70",
    "From: <sip:bob@open-d.example>;tag=1",
    `To: <${uri}>`,
    `Call-ID: ${call}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
  );
}

/** What comes on a stream. */
export class Line {
  readonly socket: Socket;
  text = "";
  closed = false;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on("error", () => {});
    socket.on("close", () => {
      this.closed = true;
    });
    socket.setEncoding("latin1").on("data", (chunk) => {
      this.text += String(chunk);
    });
  }

  /** Resolves to the status of the first answer. */
  async status(): Promise<string> {
    await until(() => this.closed || this.text.includes("\r\n\r\n"), "an answer");
    return this.text.slice(8, 11);
  }
}

type Limits = Pick<BorderConfiguration, "sources" | "connections"> & {
  readonly home?: Partial<NetworkSettings>;
  readonly carrier?: Partial<NetworkSettings>;
};

export const engine = (): Engine => compile(smallPolicy([network("carrier-x", { listeners: ["x"] })]));

/** Home behind the listener `inside`, carrier-x behind `x`, anybody else behind `outside`. */
export class LimitedBorder {
  readonly home: Phone;
  readonly border: Border;
  readonly configuration: BorderConfiguration;
  readonly passages: Passage[] = [];
  private readonly lines: Line[] = [];
  private readonly phones: Phone[] = [];

  private constructor(home: Phone, border: Border, configuration: BorderConfiguration) {
    this.home = home;
    this.configuration = configuration;
    this.border = border;
    border.passages$.subscribe((passage) => this.passages.push(passage));
  }

  static async open({ sources, connections, home: ofHome, carrier }: Limits): Promise<LimitedBorder> {
    const home = await Phone.open();
    const listeners = ["inside", "outside", "x"].flatMap((name) =>
      (["udp", "tcp", "tls"] as const).map(
        (transport): ListenerSettings => ({
          name,
          transport,
          address: "0.0.0.0",
          port: 0,
          host: "127.0.0.1",
          ...(transport === "tls" ? { certificate: own.certificate, key: own.privateKey } : {}),
        }),
      ),
    );
    const hop = { transport: "udp", address: "127.0.0.1", port: home.port } as const;
    const configuration: BorderConfiguration = {
      secret: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      listeners,
      networks: new Map([
        ["home", { hops: [hop], listener: "inside", numeric: false, ...ofHome }],
        ["carrier-x", { hops: [], listener: undefined, numeric: false, ...carrier }],
      ]),
      queue: defaultQueue,
      ...(sources === undefined ? {} : { sources }),
      ...(connections === undefined ? {} : { connections }),
    };
    const border = new Border(engine(), configuration);
    await border.listen();
    return new LimitedBorder(home, border, configuration);
  }

  port(name: string, transport: string): number {
    return this.border.sides.find((side) => side.name === name && side.transport === transport)!.port;
  }

  async tcp(name: string, localAddress: string, transport: "tcp" | "tls" = "tcp"): Promise<Line> {
    const socket = connect({ host: "127.0.0.1", port: this.port(name, transport), localAddress });
    const line = new Line(socket);
    this.lines.push(line);
    await once(socket, "connect");
    return line;
  }

  /** Its handshake done, or closed instead. */
  async tls(name: string, localAddress: string): Promise<Line> {
    const below = connect({ host: "127.0.0.1", port: this.port(name, "tls"), localAddress });
    below.on("error", () => {});
    const socket = connectTls({ socket: below, rejectUnauthorized: false });
    const line = new Line(socket);
    this.lines.push(line);
    await new Promise((resolve) => socket.once("secureConnect", resolve).once("close", resolve));
    return line;
  }

  async phone(address: string): Promise<Phone> {
    const phone = await Phone.open(address);
    this.phones.push(phone);
    return phone;
  }

  /** An OPTIONS to the border itself, whose answer shows that the connection is served. */
  async ask(line: Line, transport: "TCP" | "TLS" = "TCP"): Promise<string> {
    const name = `ask-${this.lines.indexOf(line)}`;
    const port = this.border.sides.find(({ port: one }) => one === line.socket.remotePort)!.port;
    line.socket.write(request(`sip:127.0.0.1:${port}`, name, `${transport} 127.0.0.9`));
    return line.status();
  }

  causes(kind: "dropped" | "answered"): readonly string[] {
    return this.passages.flatMap((one) =>
      one.kind === "message" && one.outcome.kind === kind ? [one.outcome.cause] : [],
    );
  }

  async close(): Promise<void> {
    for (const { socket } of this.lines) socket.destroy();
    for (const phone of this.phones) phone.close();
    await this.border.close();
    this.home.close();
  }
}
