/** A border that speaks with partners alone, two of them, and what an attacker gets from it. */
import assert from "node:assert/strict";
import type { HandshakePassage } from "../../border/index.ts";
import type { Engine } from "../../engine/index.ts";
import type { IssuingAuthority } from "../../wire/index.ts";
import { Phone } from "../border/phone.ts";
import { StartedBorder, writtenPolicy } from "../border/started-border.ts";
import { StreamHop, StreamPeer } from "../border/stream-peer.ts";
import { writeRequest } from "../border/written-messages.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";

const host = "127.0.0.1";
export const carrierRoot: IssuingAuthority = makeAuthority("Carrier C root");
export const otherRoot: IssuingAuthority = makeAuthority("Partner E root");
export const carrier: IssuingAuthority = makeCertificate("carrier-c.example", carrierRoot);
export const other: IssuingAuthority = makeCertificate("partner-e.example", otherRoot);

const year = new Date().getUTCFullYear();
const partner = (name: string): string => `partner ${name} {
  domain "${name}.example"
  agreement "IWA" from ${year}-01-01 to ${year + 1}-12-31
  authority "${name}.pem"
}`;

/** The shipped policy's words for partners and handshakes (TS 33.203 5.4, 6.5). */
export function partnersAlone(...names: readonly string[]): Engine {
  const text = `language 1
policy "partners alone"
network home {
  own
  domain "home1.example"
  listener "inside"
}
${names.map(partner).join("\n")}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
rule refuse-strangers
  on handshake
  unless certificate names partner
  reject "the certificate names no interworking partner"
  because "TS 33.203 6.5"
rule forged-identity
  on message from untrusted
  remove P-Asserted-Identity
  because "RFC 3325 5"
`;
  return writtenPolicy(text, {
    "carrier-c.pem": carrierRoot.certificate,
    "partner-e.pem": otherRoot.certificate,
  });
}

let calls = 0;

export class AttackedBorder {
  readonly home: Phone;
  readonly border: StartedBorder;
  private readonly peers: StreamPeer[] = [];
  private readonly hops: readonly StreamHop[];

  private constructor(home: Phone, border: StartedBorder, hops: readonly StreamHop[]) {
    this.home = home;
    this.border = border;
    this.hops = hops;
  }

  /** `hop` stands where carrier-c is sought. */
  static async start(...hops: readonly StreamHop[]): Promise<AttackedBorder> {
    const home = await Phone.open();
    const border = await StartedBorder.start({
      engine: partnersAlone("carrier-c", "partner-e"),
      listeners: ["inside udp", `outside tls ${host} home1.example`],
      hops: {
        home: [`udp:${host}:${home.port}`],
        "carrier-c": hops.map(({ port }) => `tls:${host}:${port}`),
      },
      identity: makeCertificate("home1.example", otherRoot),
    });
    return new AttackedBorder(home, border, hops);
  }

  get port(): number {
    return this.border.port("outside", "tls");
  }

  /** Shows that certificate, and writes a request as soon as it can. */
  async connect(leaf: IssuingAuthority, ...rest: readonly IssuingAuthority[]): Promise<StreamPeer> {
    const cert = [leaf, ...rest].map(({ certificate }) => certificate).join("");
    const peer = await StreamPeer.tls(this.port, { cert, key: leaf.privateKey });
    this.peers.push(peer);
    peer.send(this.request(`TLS ${host}`));
    return peer;
  }

  /** To home, unless it says otherwise. */
  request(via: string, uri = "sip:bob@home1.example"): string {
    const callId = `attack-${++calls}`;
    return writeRequest({
      method: "OPTIONS",
      uri,
      via: `SIP/2.0/${via};branch=z9hG4bK${callId}`,
      from: "<sip:carol@carrier-c.example>;tag=a1",
      callId,
      rows: ["P-Asserted-Identity: <sip:carol@carrier-c.example>"],
    });
  }

  /** Home asks for carrier-c. */
  call(): void {
    const request = this.request(`UDP ${host}:${this.home.port}`, "sip:carol@carrier-c.example");
    this.home.send(request, this.border.port("inside", "udp"));
  }

  /** The verdict with that number, counted from 1. */
  async verdict(count = 1): Promise<HandshakePassage> {
    await this.border.until(() => this.border.handshakes.length >= count, `handshake ${count}`);
    return this.border.handshakes[count - 1]!;
  }

  /** Refused for that cause: closed, and nothing that it wrote was read. */
  async refuses(peer: StreamPeer, cause: RegExp, count = 1): Promise<void> {
    const { decision } = await this.verdict(count);
    assert.equal(decision.verdict, "reject");
    assert.equal(decision.partner, undefined);
    assert.match(decision.cause ?? "", cause);
    await peer.ended();
    assert.equal(peer.received, "");
    assert.deepEqual(this.border.messages, []);
  }

  async close(): Promise<void> {
    for (const peer of this.peers) peer.close();
    for (const hop of this.hops) hop.close();
    await this.border.close();
    this.home.close();
  }
}
