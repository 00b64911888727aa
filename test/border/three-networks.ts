/** A border that serves three networks of ours, and the partner carrier-c, by one TLS listener outside. */
import { Border, type BorderConfiguration, defaultQueue, readHop } from "../../border/index.ts";
import type { IssuingAuthority } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { found } from "../until.ts";
import { Phone } from "./phone.ts";
import { writtenPolicy } from "./started-border.ts";
import { StreamHop, StreamPeer } from "./stream-peer.ts";
import { writeRequest } from "./written-messages.ts";

export const host = "127.0.0.1";
const root = makeAuthority("carrier root");
const carrier = makeCertificate("carrier-c.example", root);
const year = new Date().getUTCFullYear();
const numbers = [1, 2, 3] as const;

const own = (number: number): string => `network home-${number} {
  own
  domain "home${number}.example"
  listener "inside-${number}"
}
trust home-${number}
`;
const engine = writtenPolicy(
  `language 1
policy "three networks of ours"
${numbers.map(own).join("")}
partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-1" from ${year}-01-01 to ${year + 1}-12-31
  authority "carrier.pem"
}
trust partner when secured by tls and certificate names partner and agreement in force
`,
  { "carrier.pem": root.certificate },
);

/** A certificate of the listener outside, which is called `home1.example` itself. */
export interface ServedDomain {
  readonly domain: string;
  readonly identity: IssuingAuthority;
  /** What the listener is called where it is shown. */
  readonly host?: string;
}

export class ThreeNetworks {
  /** The first is that of network 1. */
  readonly phones: readonly Phone[];
  /** The partner's. */
  readonly hop: StreamHop;
  /** Connections that the partner has opened. */
  readonly peers: StreamPeer[] = [];
  private readonly border: Border;

  private constructor(phones: readonly Phone[], hop: StreamHop, served: readonly ServedDomain[]) {
    this.phones = phones;
    this.hop = hop;
    this.border = new Border(engine, this.configuration(served));
  }

  static async open(...served: readonly ServedDomain[]): Promise<ThreeNetworks> {
    const hop = await StreamHop.tls({
      cert: carrier.certificate,
      key: carrier.privateKey,
      requestCert: true,
      rejectUnauthorized: false,
    });
    const there = new ThreeNetworks(await Promise.all(numbers.map(() => Phone.open())), hop, served);
    await there.border.listen();
    return there;
  }

  /** Takes over these certificates while it runs. */
  adopt(...served: readonly ServedDomain[]): void {
    this.border.adopt(engine, this.configuration(served));
  }

  portOf(listener: string): number {
    return this.border.sides.find(({ name }) => name === listener)!.port;
  }

  /** The partner connects, and asks for that domain. */
  async connected(servername: string): Promise<StreamPeer> {
    const { certificate: cert, privateKey: key } = carrier;
    const peer = await StreamPeer.tls(this.portOf("outside"), { servername, cert, key });
    this.peers.push(peer);
    return peer;
  }

  /** From a network of ours, by number, to the partner. Resolves with the connection on which it comes. */
  async send(from: number, callId: string, method = "INVITE"): Promise<StreamPeer> {
    const phone = this.phones[from - 1]!;
    const via = `SIP/2.0/UDP ${host}:${phone.port};branch=z9hG4bK${callId}`;
    const request = writeRequest({ method, uri: "sip:bob@carrier-c.example", via, callId });
    phone.send(request, this.portOf(`inside-${from}`));
    return found(
      () => [...this.hop.peers, ...this.peers].find((one) => requestIn(one, callId, method) !== undefined),
      `${method} ${callId}`,
    );
  }

  async close(): Promise<void> {
    for (const peer of this.peers) peer.close();
    this.hop.close();
    await this.border.close();
    for (const phone of this.phones) phone.close();
  }

  private configuration(served: readonly ServedDomain[]): BorderConfiguration {
    const plain = { address: host, host, port: 0 };
    const settings = (text: string) => ({ hops: [readHop(text)!], listener: undefined, numeric: false });
    return {
      secret: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      queue: defaultQueue,
      listeners: [
        ...numbers.map((number) => ({ ...plain, name: `inside-${number}`, transport: "udp" }) as const),
        {
          ...plain,
          name: "outside",
          transport: "tls",
          host: "home1.example",
          certificates: served.map(({ domain, identity, host: called }) => ({
            domains: [domain],
            certificate: identity.certificate,
            key: identity.privateKey,
            ...(called === undefined ? {} : { host: called }),
          })),
        },
      ],
      networks: new Map([
        ...this.phones.map(
          ({ port }, index) => [`home-${index + 1}`, settings(`udp:${host}:${port}`)] as const,
        ),
        ["carrier-c", settings(`tls:${host}:${this.hop.port}`)],
      ]),
    };
  }
}

/** The request of that Call-ID as it has come on a connection, without its body. */
export function requestIn({ received }: StreamPeer, callId: string, method = "INVITE"): string | undefined {
  return received
    .split(/(?<=\r\n\r\n)/)
    .find((text) => text.startsWith(`${method} `) && text.includes(`Call-ID: ${callId}\r\n`));
}
