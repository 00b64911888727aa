/**
 * A small SIP element for the tour: it places calls, answers what comes, and remembers it. It speaks
 * over the same adapters as the border, on loopback, and knows just enough SIP for that
 * (RFC 3261 8, 12, 17.1.1.3).
 */
import type { Adapter, AdapterEvent, Connection, Target } from "../../adapters/index.ts";
import { type Dialog, dialogOf, fieldValues, inDialog, replyTo, startLine } from "./sip-text.ts";

const patience = 10_000;

export interface Call {
  /** The last response, as the caller saw it. */
  readonly final: string;
  readonly connection: Connection;
  readonly dialog: Dialog | undefined;
}

interface Waiting {
  readonly key: string;
  readonly connection: Connection;
  readonly deliver: (response: string) => void;
  readonly fail: (cause: string) => void;
}

export class Agent {
  readonly name: string;
  /** Requests that have come, in order. */
  readonly received: string[] = [];
  /** Responses that have come, in order. */
  readonly responses: string[] = [];
  private readonly adapters: readonly Adapter[];
  private waiting: readonly Waiting[] = [];

  /** The adapters listen already. */
  constructor(name: string, adapters: readonly Adapter[]) {
    this.name = name;
    this.adapters = adapters;
    for (const adapter of adapters) adapter.events$.subscribe((event) => this.take(event));
  }

  /** Where this element listens for a transport. */
  port(transport: string): number {
    const address = this.adapters.find((adapter) => adapter.transport === transport)?.address;
    if (address === undefined) throw new RangeError(`${this.name} does not listen for ${transport}`);
    return address.port;
  }

  open(target: Target): Promise<Connection> {
    const adapter = this.adapters.find(({ transport }) => transport === target.transport);
    if (adapter === undefined) throw new RangeError(`${this.name} does not speak ${target.transport}`);
    return adapter.open(target);
  }

  /** Sends a request and waits for its final response; answers a final response to INVITE with ACK. */
  async ask(connection: Connection, request: string): Promise<Call> {
    const final = await this.exchange(connection, request);
    const [method] = startLine(request);
    const accepted = startLine(final)[1].startsWith("2");
    if (method !== "INVITE") return { final, connection, dialog: undefined };
    const dialog = accepted ? dialogOf(request, final) : undefined;
    connection.send(
      Buffer.from(dialog === undefined ? refusedAck(request, final) : inDialog(dialog, "ACK", 1), "latin1"),
    );
    return { final, connection, dialog };
  }

  async hangUp({ dialog, connection }: Call): Promise<string> {
    if (dialog === undefined) throw new RangeError("there is no call to hang up");
    return this.exchange(connection, inDialog(dialog, "BYE", 2));
  }

  async close(): Promise<void> {
    await Promise.all(this.adapters.map((adapter) => adapter.close()));
  }

  private exchange(connection: Connection, request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (): void => {
        clearTimeout(timer);
        this.waiting = this.waiting.filter((one) => one !== waiting);
      };
      const waiting: Waiting = {
        key: transactionOf(request),
        connection,
        deliver: (response) => {
          if (startLine(response)[1].startsWith("1")) return;
          settle();
          resolve(response);
        },
        fail: (cause) => {
          settle();
          reject(new Error(`${this.name} had no answer to its ${startLine(request)[0]}: ${cause}`));
        },
      };
      const timer = setTimeout(() => waiting.fail("the time is up"), patience);
      this.waiting = [...this.waiting, waiting];
      if (!connection.send(Buffer.from(request, "latin1"))) waiting.fail("the connection is closed");
    });
  }

  private take(event: AdapterEvent): void {
    if (event.kind === "handshake") {
      // Whom this element talks to is the border's to judge; the tour shows the border.
      event.allow();
    } else if (event.kind === "closed") {
      for (const one of this.waiting)
        if (one.connection === event.connection) one.fail("the connection was closed");
    } else if (event.kind === "received") {
      const text = Buffer.from(event.bytes).toString("latin1");
      if (text.startsWith("SIP/")) {
        this.responses.push(text);
        const key = transactionOf(text);
        for (const one of this.waiting) if (one.key === key) one.deliver(text);
      } else {
        this.received.push(text);
        this.answer(event.connection, text);
      }
    }
  }

  private answer(connection: Connection, request: string): void {
    const [method] = startLine(request);
    if (method === "ACK") return;
    const contact = `<sip:${this.name}@${hostOf(connection)};transport=${connection.facts.transport}>`;
    if (method === "INVITE") connection.send(Buffer.from(replyTo(request, "180 Ringing", contact), "latin1"));
    connection.send(Buffer.from(replyTo(request, "200 OK", contact), "latin1"));
  }
}

function hostOf({ localAddress, localPort }: Connection): string {
  return localAddress.includes(":") ? `[${localAddress}]:${localPort}` : `${localAddress}:${localPort}`;
}

/** The branch on top and the method of CSeq (RFC 3261 17.1.3). */
function transactionOf(message: string): string {
  const branch = /branch=([^;,\s]+)/.exec(fieldValues(message, "Via")[0] ?? "")?.[1] ?? "";
  return `${branch} ${fieldValues(message, "CSeq")[0]?.split(" ")[1] ?? ""}`;
}

/** ACK to a refusal: the branch and Request-URI of the INVITE, the To of the response (RFC 3261 17.1.1.3). */
function refusedAck(invite: string, final: string): string {
  const [, uri] = startLine(invite);
  const [number] = fieldValues(invite, "CSeq")[0]!.split(" ");
  const lines = [
    `ACK ${uri} SIP/2.0`,
    `Via: ${fieldValues(invite, "Via")[0]}`,
    "Max-Forwards: 70",
    ...fieldValues(invite, "Route").map((route) => `Route: ${route}`),
    `From: ${fieldValues(invite, "From")[0]}`,
    `To: ${fieldValues(final, "To")[0]}`,
    `Call-ID: ${fieldValues(invite, "Call-ID")[0]}`,
    `CSeq: ${number} ACK`,
    "Content-Length: 0",
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}
