/** One network around the border: its hops, its own connections to the border, and who of it takes what comes. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, connect as tlsConnect } from "node:tls";
import type { ClientTransaction } from "./client-transaction.ts";
import type { Dice } from "./dice.ts";
import type { Ledger, Transport } from "./ledger.ts";
import { DatagramLine, type Line, type Place, type Receive, StreamLine } from "./lines.ts";
import { type Message, responseTo } from "./sip-text.ts";

/** Where the border listens for this network. */
export type BorderPlaces = Readonly<Record<Transport, Place>>;

export interface Identity {
  readonly certificate: string;
  readonly privateKey: string;
}

export interface NeighbourSettings {
  readonly name: string;
  readonly domain: string;
  /** A loopback address of its own. */
  readonly host: string;
  readonly transports: readonly Transport[];
  /** Connections of its own to the border, of each stream transport. */
  readonly connections: number;
  readonly identity?: Identity;
  /** What else becomes of a connection that the border has opened. */
  readonly onAccepted?: (line: StreamLine) => void;
}

/** Takes the requests of one call. */
export interface Taker {
  take(request: Message, line: Line, at: Neighbour): void;
  /** What has come is thrown away, as if it had been lost. */
  loses(): boolean;
}

/** Requests of those who keep no promises are answered at once, without a call. */
export const rudeCall = "rude-";
/** The same, a while later. */
export const lateCall = "rude-late-";
const lateBy = 400;

export class Neighbour {
  readonly name: string;
  readonly domain: string;
  readonly host: string;
  readonly border: BorderPlaces;
  /** By branch. */
  readonly transactions: Map<string, ClientTransaction> = new Map();
  /** By Call-ID; of the whole soak. */
  readonly takers: ReadonlyMap<string, Taker>;
  /** Sees each message from the border first. */
  onSeen: (message: Message) => void = () => {};
  /** Connections that the border ended while the peer kept them. */
  broken = 0;
  /** What came for a transaction or call that was over. */
  late = 0;
  private readonly ledger: Ledger;
  private readonly dice: Dice;
  private readonly settings: NeighbourSettings;
  private readonly ports = new Map<Transport, number>();
  private readonly servers: Server[] = [];
  private readonly streams = new Set<StreamLine>();
  private readonly own = new Map<Transport, Line[]>();
  private datagrams: DatagramLine | undefined;
  private isClosing = false;

  constructor(
    settings: NeighbourSettings,
    border: BorderPlaces,
    takers: ReadonlyMap<string, Taker>,
    ledger: Ledger,
    dice: Dice,
  ) {
    this.settings = settings;
    this.name = settings.name;
    this.domain = settings.domain;
    this.host = settings.host;
    this.border = border;
    this.takers = takers;
    this.ledger = ledger;
    this.dice = dice;
  }

  /** As border.json names them. */
  get hops(): readonly string[] {
    return [...this.ports].map(([transport, port]) => `${transport}:${this.host}:${port}`);
  }

  /** `host:port` where this network is reached over the transport. */
  reachedAt(transport: Transport): string {
    return `${this.host}:${this.ports.get(transport)}`;
  }

  speaks(transport: Transport): boolean {
    return this.ports.has(transport);
  }

  /** Binds the hops. */
  async listen(): Promise<void> {
    for (const transport of this.settings.transports) {
      if (transport === "udp") {
        this.datagrams = await DatagramLine.open(this.host, this.border.udp, this.ledger, this.receive);
        this.ports.set("udp", this.datagrams.port);
        this.own.set("udp", [this.datagrams]);
      } else {
        await this.listenForStreams(transport);
      }
    }
  }

  /** Opens the network's own connections, once the border runs. */
  async connect(): Promise<void> {
    for (const transport of this.settings.transports) {
      if (transport === "udp") continue;
      const lines: Line[] = [];
      for (let index = 0; index < this.settings.connections; index++) lines.push(await this.open(transport));
      this.own.set(transport, lines);
    }
  }

  /** One more connection of its own. */
  async open(transport: "tcp" | "tls", receive: Receive = this.receive): Promise<StreamLine> {
    const { host, port } = this.border[transport];
    const at = { host, port, localAddress: this.host };
    const { identity } = this.settings;
    const socket: Socket =
      transport === "tcp"
        ? connect(at)
        : tlsConnect({
            ...at,
            rejectUnauthorized: false,
            ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.privateKey }),
          });
    await once(socket, transport === "tcp" ? "connect" : "secureConnect");
    return this.adopt(socket, transport, receive);
  }

  /** A datagram socket more, with a port of its own. */
  openDatagrams(): Promise<DatagramLine> {
    return DatagramLine.open(this.host, this.border.udp, this.ledger, this.receive);
  }

  /** A way to the border of this network's own. */
  line(transport: Transport): Line {
    return this.dice.pick(this.own.get(transport)!);
  }

  close(): void {
    this.isClosing = true;
    for (const server of this.servers) server.close();
    for (const line of this.streams) line.drop("orderly");
    this.datagrams?.close();
  }

  private async listenForStreams(transport: "tcp" | "tls"): Promise<void> {
    const { identity, onAccepted } = this.settings;
    const accept = (socket: Socket): void => {
      const line = this.adopt(socket, transport, this.receive);
      onAccepted?.(line);
    };
    const server =
      transport === "tcp"
        ? createServer(accept)
        : createTlsServer(
            {
              cert: identity!.certificate,
              key: identity!.privateKey,
              requestCert: true,
              rejectUnauthorized: false,
            },
            accept,
          );
    server.listen(0, this.host);
    await once(server, "listening");
    const address = server.address();
    this.ports.set(transport, address !== null && typeof address === "object" ? address.port : 0);
    this.servers.push(server);
  }

  private adopt(socket: Socket, transport: Transport, receive: Receive): StreamLine {
    socket.setNoDelay(true);
    const line = new StreamLine(socket, transport, this.ledger, receive);
    this.streams.add(line);
    socket.once("close", () => {
      this.streams.delete(line);
      if (!this.isClosing && line.end === "broken") this.broken++;
    });
    return line;
  }

  readonly receive: Receive = (message, line) => {
    this.onSeen(message);
    const { callId } = message;
    const taker = this.takers.get(callId);
    if (taker?.loses() === true) {
      this.ledger.lost.unread++;
    } else if (!message.isRequest) {
      // A CANCEL has the branch of its INVITE.
      const { branch, cseqMethod } = message;
      const transaction = this.transactions.get(cseqMethod === "CANCEL" ? `${branch} CANCEL` : branch);
      if (transaction === undefined) this.late++;
      else transaction.receive(message);
    } else if (taker !== undefined) {
      taker.take(message, line, this);
    } else if (callId.startsWith(rudeCall)) {
      this.answerRude(message, line);
    } else if (message.method === "OPTIONS" && callId.endsWith(`@${this.border.udp.host}`)) {
      this.ledger.pings++;
      line.send(responseTo(message, "200 OK", "alive"));
    } else {
      this.late++;
    }
  };

  private answerRude(request: Message, line: Line): void {
    if (request.method === "ACK") return;
    const answer = (): void => line.send(responseTo(request, "200 OK", "rude"));
    if (request.callId.startsWith(lateCall)) setTimeout(answer, lateBy);
    else answer();
  }
}
