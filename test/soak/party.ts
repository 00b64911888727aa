/** One end of a call: what it sends as client, and what it knows of the dialog (RFC 3261 8.1, 12, 13.2). */
import type { Call } from "./call.ts";
import { ClientTransaction } from "./client-transaction.ts";
import type { Transport } from "./ledger.ts";
import type { Line } from "./lines.ts";
import type { Neighbour } from "./neighbour.ts";
import { type Message, sipBytes, viaAsWritten } from "./sip-text.ts";

export interface Asked {
  readonly transaction: ClientTransaction;
  readonly cseq: number;
  readonly branch: string;
  readonly uri: string;
  readonly routes: readonly string[];
  readonly via: string;
}

export class Party {
  readonly at: Neighbour;
  readonly transport: Transport;
  readonly user: string;
  readonly tag: string;
  private readonly call: Call;
  private peerTag = "";
  private peerTarget = "";
  private routes: readonly string[] = [];
  private line: Line;
  private cseq: number;

  constructor(call: Call, at: Neighbour, transport: Transport, user: string) {
    this.call = call;
    this.at = at;
    this.transport = transport;
    this.user = user;
    this.tag = `${user}${call.dice.below(1_000_000)}`;
    this.cseq = call.dice.between(1, 1_000_000);
    this.line = at.line(transport);
  }

  get contact(): string {
    return `<sip:${this.user}@${this.at.reachedAt(this.transport)};transport=${this.transport}>`;
  }

  /** What this end says of who it is; a network that is not trusted lies. */
  get identity(): string {
    const { call, at } = this;
    return `P-Asserted-Identity: <sip:${call.identityOf(at)}@home1.example>`;
  }

  /** The peer is known from its INVITE or its 2xx; `routes` in the order in which this end uses them. */
  enterDialog(peerTag: string, contact: string, routes: readonly string[]): void {
    this.peerTag = peerTag;
    this.peerTarget = /<([^>]+)>/.exec(contact)?.[1] ?? "";
    this.routes = routes;
    const [route = ""] = routes;
    const transport = transportOf(route);
    const { host, port } = this.at.border[transport];
    if (this.at.speaks(transport) && route.includes(`sip:${host}:${port};`))
      this.line = this.at.line(transport);
    else this.call.fault("intact", `Record-Route of ${this.at.name} is not the border's place: ${route}`);
  }

  /** Within the dialog once there is one. */
  ask(method: string, body = ""): Asked {
    this.cseq++;
    const { call } = this;
    const uri = this.peerTarget || call.targetOf(this);
    const asked = this.start(method, this.cseq, call.newBranch(), uri, this.routes, body);
    return asked;
  }

  /** Of the INVITE, as its server finds it by its branch (RFC 3261 9.1). */
  cancel({ cseq, branch, uri, routes }: Asked): Asked {
    return this.start("CANCEL", cseq, branch, uri, routes, "");
  }

  /** To a 2xx: a request of the dialog by itself (RFC 3261 13.2.2.4). */
  acknowledge(cseq: number): void {
    const bytes = this.compose("ACK", cseq, this.call.newBranch(), this.peerTarget, this.routes, "").bytes;
    this.call.post(this.line, bytes, false);
  }

  /** To another final response: part of the INVITE's transaction (RFC 3261 17.1.1.3). */
  private acknowledgeRefusal(response: Message, { cseq, branch, uri, routes }: Asked): void {
    const to = response.value("To");
    const { bytes } = this.compose("ACK", cseq, branch, uri, routes, "", to);
    this.call.post(this.line, bytes, false);
  }

  private start(
    method: string,
    cseq: number,
    branch: string,
    uri: string,
    routes: readonly string[],
    body: string,
  ): Asked {
    const { call, line } = this;
    const { bytes, via } = this.compose(method, cseq, branch, uri, routes, body);
    const transaction = new ClientTransaction({
      line,
      bytes,
      method,
      post: (way, sent, isRepeated) => call.post(way, sent, isRepeated),
      onFinal: (response) => {
        this.checkVia(response, via);
        if (method !== "INVITE") return;
        if (response.status >= 300) this.acknowledgeRefusal(response, asked);
        else this.confirm(response, cseq);
      },
    });
    // Before the transaction starts, and so before it has anything to tell.
    const asked: Asked = { transaction, cseq, branch, uri, routes, via };
    call.register(this.at, method === "CANCEL" ? `${branch} CANCEL` : branch, transaction);
    transaction.start();
    if (call.plan.doubled && line.transport === "udp") call.double(line, bytes);
    return asked;
  }

  /** Each 2xx is acknowledged, also one that comes again (RFC 3261 13.2.2.4). */
  private confirm(response: Message, cseq: number): void {
    if (this.peerTag === "") {
      const recorded = response.values("Record-Route");
      this.call.checkRoutes(recorded);
      this.enterDialog(tagOf(response.value("To")), response.value("Contact"), recorded.toReversed());
    }
    this.acknowledge(cseq);
  }

  private checkVia(response: Message, via: string): void {
    const [own = "", ...others] = response.values("Via");
    // RFC 3581 4: who asks for the port is told it, and the address with it.
    const isTold = own.includes(`;received=${this.at.host}`) && /;rport=\d+/.test(own);
    if (others.length > 0 || viaAsWritten(own) !== via || !isTold)
      this.call.fault("intact", `${this.at.name} got back Via ${own} for ${via}`);
  }

  private compose(
    method: string,
    cseq: number,
    branch: string,
    uri: string,
    routes: readonly string[],
    body: string,
    toOfAnswer?: string,
  ): { readonly bytes: Buffer; readonly via: string } {
    const { call, at, line } = this;
    // RFC 5923 8.1: the connection may carry requests to us too.
    const alias = line.transport === "tls" && call.plan.offersAlias ? ";alias" : "";
    const sentBy = at.reachedAt(line.transport);
    const via = `SIP/2.0/${line.transport.toUpperCase()} ${sentBy};branch=${branch}${alias};rport`;
    const peer = call.peerOf(this);
    const to = `<sip:${peer.user}@${peer.at.domain}>${this.peerTag === "" ? "" : `;tag=${this.peerTag}`}`;
    const rows = [
      `${method} ${uri} SIP/2.0`,
      `Via: ${via}`,
      ...routes.map((route) => `Route: ${route}`),
      "Max-Forwards: 70",
      `From: <sip:${this.user}@${at.domain}>;tag=${this.tag}`,
      `To: ${toOfAnswer ?? to}`,
      `Call-ID: ${call.id}`,
      `CSeq: ${cseq} ${method}`,
      "User-Agent: a peer of the soak, with a name that leaves room for an answer",
    ];
    if (method !== "ACK" && method !== "CANCEL") {
      rows.push(`Contact: ${this.contact}`, this.identity);
      if (call.plan.privacy !== "") rows.push(`Privacy: ${call.plan.privacy}`);
    }
    if (body !== "") rows.push("Content-Type: text/plain");
    return { bytes: sipBytes(rows, body), via };
  }
}

export function tagOf(address: string): string {
  return /;tag=([^;]+)/.exec(address)?.[1] ?? "";
}

function transportOf(route: string): Transport {
  return (/;transport=(udp|tcp|tls)/.exec(route)?.[1] ?? "udp") as Transport;
}
