/**
 * TLS (RFC 3261 26.3; TS 33.203 6.5). The library makes the channel; who stands at its other
 * end is judged by a handshake event, and no byte of SIP passes before the verdict.
 */
import { createServer as createPlainServer, isIP, type Server as PlainServer, type Socket } from "node:net";
import { connect, createServer, type Server, type TLSSocket } from "node:tls";
import type { Observable } from "rxjs";
import type { ConnectionFacts, HandshakeEvent, TlsProfile } from "../engine/index.ts";
import type { Adapter, AdapterEvent, Connection, Target } from "./adapter.ts";
import { Handshakes } from "./admission.ts";
import { addressFamily, causeOf } from "./connection.ts";
import { TlsIdentities, type TlsIdentity } from "./profile/index.ts";
import { StreamSet } from "./stream-set.ts";
import { defaultConnectTimeout, type StreamOptions, startListening, stopListening } from "./stream-socket.ts";
import { readFacts, SeenCertificates } from "./tls-facts.ts";

export interface TlsOptions extends StreamOptions {
  /** The first is shown where neither SNI nor `Target.identity` names one. A listener needs one. */
  readonly identities: readonly TlsIdentity[];
  /** What is offered, in both roles. Default: that of a policy that says nothing. */
  readonly profile?: TlsProfile;
  /** Milliseconds for the handshake of a connection that comes in. Default 10,000. */
  readonly handshakeTimeout?: number;
  /** Milliseconds until a verdict must have come; then it is a refusal. Default 10,000. */
  readonly verdictTimeout?: number;
  /** Handshakes of connections that come in, under way at a time, with those that await a verdict. Default 1,000. */
  readonly handshakes?: number;
}

type Sought = Pick<HandshakeEvent, "role"> & Partial<Pick<HandshakeEvent, "domain" | "partner">>;

/** What upsets the reading of one session costs that connection alone. */
function readFactsSafely(...session: Parameters<typeof readFacts>): ConnectionFacts | undefined {
  try {
    return readFacts(...session);
  } catch {
    return undefined;
  }
}

const defaults = { handshakeTimeout: 10_000, verdictTimeout: 10_000, handshakes: 1_000 };

export class TlsAdapter implements Adapter {
  readonly transport = "tls";
  readonly events$: Observable<AdapterEvent>;
  readonly #options: TlsOptions;
  readonly #streams: StreamSet;
  readonly #seen = new SeenCertificates();
  /** Sockets before their verdict. */
  readonly #waiting = new Set<Socket>();
  readonly #handshakes: Handshakes;
  #identities: TlsIdentities;
  /** Takes the TCP connections; those that are let in shake hands at `#secure`. */
  #server: PlainServer | undefined;
  #secure: Server | undefined;
  #listening: Promise<void> | undefined;
  #address: { readonly address: string; readonly port: number } | undefined;
  #closed = false;

  constructor(options: TlsOptions) {
    if (options.host !== undefined && options.identities.length === 0) {
      throw new RangeError("a TLS listener needs a certificate of its own");
    }
    this.#options = options;
    this.#identities = new TlsIdentities(options.identities, options.profile);
    this.#streams = new StreamSet(options.times);
    this.#handshakes = new Handshakes(options.handshakes ?? defaults.handshakes, options.admission);
    this.events$ = this.#streams.events.asObservable();
  }

  get address(): { readonly address: string; readonly port: number } | undefined {
    return this.#address;
  }

  /** New connections, in and out, show these and offer that from now on; those that stand are left alone. */
  useIdentities(identities: readonly TlsIdentity[], profile?: TlsProfile): void {
    const next = new TlsIdentities(identities, profile, this.#identities);
    if (this.#secure !== undefined) {
      if (next.default === undefined) throw new RangeError("a TLS listener needs a certificate of its own");
      this.#secure = this.#serverWith(next);
    }
    this.#identities = next;
  }

  listen(): Promise<void> {
    const { host } = this.#options;
    if (this.#closed) return Promise.reject(new Error("the adapter is closed"));
    if (host !== undefined) this.#listening ??= this.#listen(host);
    return this.#listening ?? Promise.resolve();
  }

  async #listen(host: string): Promise<void> {
    const server = createPlainServer({ noDelay: true, keepAlive: true }, (socket) => {
      if (this.#handshakes.begin(socket)) this.#secure?.emit("connection", socket);
    });
    this.#server = server;
    this.#secure = this.#serverWith(this.#identities);
    try {
      this.#address = await startListening(server, { ...this.#options, host });
    } catch (error) {
      this.#server = undefined;
      this.#secure = undefined;
      this.#listening = undefined;
      throw error;
    }
  }

  /** It never listens: connections are handed to it. Those whose handshake has begun stay with theirs. */
  #serverWith(identities: TlsIdentities): Server {
    const { handshakeTimeout = defaults.handshakeTimeout } = this.#options;
    const secure = createServer({
      ...identities.default,
      // Any certificate will do here, or none: paths are judged against one partner's authorities.
      requestCert: true,
      rejectUnauthorized: false,
      handshakeTimeout,
      // To be asked holds each handshake up, so only where there is something to choose.
      SNICallback: identities.several ? (sni, done) => done(null, identities.contextFor(sni)) : undefined,
    });
    secure.on("secureConnection", (socket) => this.#accept(socket));
    // A handshake that fails is no event: there is nothing yet that a policy could speak of.
    secure.on("tlsClientError", (_error, socket) => socket.destroy());
    return secure;
  }

  async open(target: Target): Promise<Connection> {
    if (target.transport !== "tls") throw new Error(`the tls adapter opens no ${target.transport}`);
    if (this.#closed) throw new Error("the adapter is closed");
    const socket = await this.#connect(target);
    const { domain, partner } = target;
    return new Promise((resolve, reject) => {
      this.#judge(socket, { role: "client", domain, partner }, (connection, cause) => {
        if (connection === undefined) reject(new Error(cause));
        else resolve(connection);
      });
    });
  }

  refuse(): void {
    if (this.#server !== undefined) stopListening(this.#server);
    this.#server = undefined;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.refuse();
    for (const socket of this.#waiting) socket.destroy(new Error("the adapter is closed"));
    this.#handshakes.close();
    await this.#streams.close();
  }

  #accept(socket: TLSSocket): void {
    if (this.#closed) socket.destroy();
    else this.#judge(socket, { role: "server" }, () => this.#handshakes.end(socket));
  }

  /** Connects and shakes hands; the verdict is still to come. */
  #connect(target: Target): Promise<TLSSocket> {
    const { address, port, domain, identity } = target;
    if (addressFamily(address) === 0) return Promise.reject(new Error(`${address} is no IP address`));
    if (!(port > 0 && port < 65_536)) return Promise.reject(new Error(`${port} is no port`));
    return new Promise((resolve, reject) => {
      const socket = connect({
        host: address,
        port,
        // RFC 6066 3: a name, never an address, and without the root's dot.
        ...(domain === undefined || isIP(domain) !== 0 ? {} : { servername: domain.replace(/\.$/, "") }),
        secureContext: this.#identities.clientFor(identity),
        rejectUnauthorized: false,
        checkServerIdentity: () => undefined,
      });
      socket.setNoDelay(true);
      socket.setKeepAlive(true);
      this.#waiting.add(socket);
      const timer = setTimeout(
        () => socket.destroy(new Error(`no connection to ${address} within the time`)),
        this.#options.connectTimeout ?? defaultConnectTimeout,
      );
      let cause = "the peer ended the handshake";
      const fail = (): void => {
        clearTimeout(timer);
        this.#waiting.delete(socket);
        reject(new Error(cause));
      };
      socket.on("error", (error) => {
        cause = causeOf(error);
      });
      socket.once("close", fail);
      socket.once("secureConnect", () => {
        clearTimeout(timer);
        socket.off("close", fail);
        resolve(socket);
      });
    });
  }

  /** Raises the handshake event and holds the socket, unread, until `allow` or `reject`. */
  #judge(
    socket: TLSSocket,
    sought: Sought,
    done: (connection: Connection | undefined, cause: string) => void,
  ): void {
    const { listener, verdictTimeout = defaults.verdictTimeout } = this.#options;
    socket.disableRenegotiation();
    const facts = readFactsSafely(socket, sought.role === "server" ? listener : undefined, this.#seen);
    let judged = false;
    let cause = "the peer closed before the verdict";
    let timer: NodeJS.Timeout | undefined;
    const failed = (error: Error): void => {
      cause = causeOf(error);
    };
    const gone = (): void => settle(false, cause);
    const settle = (admit: boolean, why: string): void => {
      if (judged) return;
      judged = true;
      clearTimeout(timer);
      socket.off("close", gone);
      this.#waiting.delete(socket);
      if (admit && facts !== undefined && !socket.destroyed && !this.#closed) {
        this.#seen.note(facts.tls?.certificate);
        done(this.#streams.add(socket, facts, sought.role), "");
        return;
      }
      socket.on("error", failed);
      // What the peer has written early is thrown away unread.
      socket.destroySoon();
      done(undefined, why);
    };
    if (facts === undefined || socket.destroyed || !this.#streams.events.observed) {
      settle(false, facts === undefined ? "the session can't be read" : "nobody judges handshakes");
      return;
    }
    this.#streams.events.next({
      kind: "handshake",
      event: {
        kind: "handshake",
        role: sought.role,
        connection: facts,
        domain: sought.domain,
        partner: sought.partner,
        at: Date.now(),
      },
      allow: () => settle(true, cause),
      reject: () => settle(false, "the handshake was refused"),
    });
    // Most judges answer at once. Only who does not needs a clock, and can be overtaken by the peer.
    if (judged) return;
    timer = setTimeout(() => settle(false, "no verdict on the handshake within the time"), verdictTimeout);
    this.#waiting.add(socket);
    socket.on("error", failed);
    socket.on("close", gone);
    if (this.#closed) socket.destroy(new Error("the adapter is closed"));
  }
}
