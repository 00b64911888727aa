/** Home behind a border that locates by DNS, with the zone, edges and phones of one test. */
import type { IssuingAuthority } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { Phone } from "./phone.ts";
import { type Row, SmallZone } from "./small-zone.ts";
import { StartedBorder, type Wishes, writtenPolicy } from "./started-border.ts";
import { StreamHop } from "./stream-peer.ts";
import { type WrittenRequest, writeRequest } from "./written-messages.ts";

export const host = "127.0.0.1";
const homeHost = "127.0.0.11";
export const root: IssuingAuthority = makeAuthority("carrier-c root");
const carrier = makeCertificate("carrier-c.example", root);
const own = makeCertificate("home1.example", root);
const year = new Date().getUTCFullYear();

/** carrier-c is met over TLS alone; open-d as it likes; both are declared at addresses of this machine. */
export const policy = (more = ""): string => `language 1
policy "home and who is published"
network home {
  own
  domain "home1.example"
  listener "inside"
}
partner carrier-c {
  domain "carrier-c.example"
  address 127.0.0.0/30
  agreement "IWA-1" from ${year - 1}-01-01 to ${year + 1}-12-31
  authority "carrier.pem"
  tls required
}
network open-d {
  domain "open-d.example"
  address 127.0.0.12/32
}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
rule withhold-identity
  on message to untrusted
  remove P-Asserted-Identity
  because "RFC 3325 7"
${more}
`;

export const engineOf = (text: string): Wishes["engine"] =>
  writtenPolicy(text, { "carrier.pem": root.certificate });
const engine = engineOf(policy());

export class LocatingHome {
  readonly home: Phone;
  readonly #opened: { close(): void | Promise<void> }[] = [];
  #border: StartedBorder | undefined;
  #calls = 0;

  private constructor(home: Phone) {
    this.home = home;
  }

  static async open(): Promise<LocatingHome> {
    return new LocatingHome(await Phone.open(homeHost));
  }

  get border(): StartedBorder {
    if (this.#border === undefined) throw new Error("no border has been started");
    return this.#border;
  }

  /** The home network's own hop. */
  get hop(): string {
    return `udp:${homeHost}:${this.home.port}`;
  }

  async start(zone: Pick<SmallZone, "servers">, wishes: Partial<Wishes> = {}): Promise<void> {
    this.#border = await StartedBorder.start({
      engine,
      listeners: ["inside udp", "outside udp", "outside tcp", `outside tls ${host} home1.example`],
      hops: { home: [this.hop] },
      identity: own,
      dns: { servers: zone.servers },
      ...wishes,
    });
  }

  async zone(...rows: readonly Row[]): Promise<SmallZone> {
    return this.keep(await SmallZone.serve(rows));
  }

  async edge({ certificate: cert, privateKey: key }: IssuingAuthority = carrier): Promise<StreamHop> {
    return this.keep(await StreamHop.tls({ cert, key }));
  }

  async phone(address: string): Promise<Phone> {
    return this.keep(await Phone.open(address));
  }

  /** It is closed behind the test. */
  keep<T extends { close(): void | Promise<void> }>(one: T): T {
    this.#opened.push(one);
    return one;
  }

  request(uri: string, changes: Partial<WrittenRequest> = {}): string {
    const callId = `located-${++this.#calls}`;
    return writeRequest({
      uri,
      via: `SIP/2.0/UDP ${homeHost}:${this.home.port};branch=z9hG4bK${callId}`,
      callId,
      // Long enough that no row of an answer has to stay out of it.
      rows: ["P-Asserted-Identity: <sip:alice@home1.example>", `Subject: ${"x".repeat(100)}`],
      ...changes,
    });
  }

  call(text: string): void {
    this.home.send(text, this.border.port("inside", "udp"));
  }

  /** What became of the message that was told of last. */
  async outcome(): Promise<string> {
    await this.border.until(() => this.border.messages.length > 0, "a message");
    const { outcome } = this.border.messages.at(-1)!;
    return "cause" in outcome ? outcome.cause : outcome.kind;
  }

  async endTest(): Promise<void> {
    await this.#border?.close();
    this.#border = undefined;
    for (const one of this.#opened.splice(0)) await one.close();
  }

  close(): void {
    this.home.close();
  }
}

export const statusOf = (answer: string): number => Number(/^SIP\/2\.0 (\d{3}) /.exec(answer)?.[1]);
