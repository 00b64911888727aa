/** One listener that serves several domains, each with its own certificate (RFC 5922 7.8, RFC 5923 9.3). */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { TLSSocket } from "node:tls";
import { Border, type BorderConfiguration, defaultQueue, readHop } from "../../border/index.ts";
import { type IssuingAuthority, readCertificate, sipIdentities } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { Phone } from "./phone.ts";
import { writtenPolicy } from "./started-border.ts";
import { StreamHop, StreamPeer } from "./stream-peer.ts";
import { writeRequest } from "./written-messages.ts";

const host = "127.0.0.1";
const root = makeAuthority("carrier root");
const homeRoot = makeAuthority("home root");
const carrier = makeCertificate("carrier-c.example", root);
const own = (domain: string) => makeCertificate(domain, homeRoot);
const [home1, home2, renewed2] = [own("home1.example"), own("home2.example"), own("home2.example")];
const year = new Date().getUTCFullYear();

/** Each of our two networks has a listener of its own inside; outside there is one for both. */
const engine = writtenPolicy(
  `language 1
policy "two networks of ours"
network home-1 {
  own
  domain "home1.example"
  listener "inside-1"
}
network home-2 {
  own
  domain "home2.example"
  listener "inside-2"
}
network home-3 {
  own
  domain "home3.example"
  listener "inside-3"
}
partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-1" from ${year}-01-01 to ${year + 1}-12-31
  authority "carrier.pem"
}
trust home-1
trust home-2
trust home-3
trust partner when secured by tls and certificate names partner and agreement in force
`,
  { "carrier.pem": root.certificate },
);

describe("a listener with certificates for several domains", () => {
  let phones: Phone[];
  let hop: StreamHop;
  let border: Border;
  const peers: StreamPeer[] = [];

  function configuration(second: IssuingAuthority): BorderConfiguration {
    const plain = { address: host, host, port: 0 };
    const served = (domain: string, { certificate, privateKey }: IssuingAuthority) => ({
      domains: [domain],
      certificate,
      key: privateKey,
    });
    const settings = (text: string) => ({ hops: [readHop(text)!], listener: undefined, numeric: false });
    return {
      secret: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      queue: defaultQueue,
      listeners: [
        { ...plain, name: "inside-1", transport: "udp" },
        { ...plain, name: "inside-2", transport: "udp" },
        { ...plain, name: "inside-3", transport: "udp" },
        {
          ...plain,
          name: "outside",
          transport: "tls",
          host: "home1.example",
          certificates: [served("home1.example", home1), served("home2.example", second)],
        },
      ],
      networks: new Map([
        ...phones.map(({ port }, index) => [`home-${index + 1}`, settings(`udp:${host}:${port}`)] as const),
        ["carrier-c", settings(`tls:${host}:${hop.port}`)],
      ]),
    };
  }

  before(async () => {
    phones = [await Phone.open(), await Phone.open(), await Phone.open()];
    hop = await StreamHop.tls({
      cert: carrier.certificate,
      key: carrier.privateKey,
      requestCert: true,
      rejectUnauthorized: false,
    });
    border = new Border(engine, configuration(home2));
    await border.listen();
  });
  after(async () => {
    for (const peer of peers) peer.close();
    hop.close();
    await border.close();
    for (const phone of phones) phone.close();
  });

  const outside = (): number => border.sides.find(({ name }) => name === "outside")!.port;

  /** The partner connects and asks for that domain. */
  async function connected(servername: string): Promise<StreamPeer> {
    const peer = await StreamPeer.tls(outside(), {
      servername,
      cert: carrier.certificate,
      key: carrier.privateKey,
    });
    peers.push(peer);
    return peer;
  }

  const serialOf = ({ certificate }: IssuingAuthority): string =>
    new X509Certificate(certificate).serialNumber;
  const namesOf = (peer: StreamPeer): readonly string[] =>
    sipIdentities(readCertificate((peer.socket as TLSSocket).getPeerX509Certificate()!.raw));

  let calls = 0;
  /** From a network of ours, by number, to the partner; the connection on which it came. */
  async function called(from: number): Promise<StreamPeer> {
    const callId = `served-${++calls}`;
    const phone = phones[from - 1]!;
    const via = `SIP/2.0/UDP ${host}:${phone.port};branch=z9hG4bK${callId}`;
    const side = border.sides.find(({ name }) => name === `inside-${from}`)!;
    phone.send(writeRequest({ uri: "sip:bob@carrier-c.example", via, callId }), side.port);
    const came = (): StreamPeer | undefined =>
      [...hop.peers, ...peers].find(({ received }) => received.includes(`Call-ID: ${callId}\r\n`));
    for (const end = performance.now() + 10_000; came() === undefined && performance.now() < end; )
      await new Promise((resolve) => setTimeout(resolve, 5));
    const peer = came();
    assert.ok(peer, `${callId} never came`);
    return peer;
  }

  it("shows the one of the domain that SNI names, else the first", async () => {
    assert.equal((await connected("home2.example")).shownSerial, serialOf(home2));
    assert.equal((await connected("HOME1.example")).shownSerial, serialOf(home1));
    assert.equal((await connected("home3.example")).shownSerial, serialOf(home1));
  });

  it("shows, where it opens, the one of the network that sends, on a connection of its own", async () => {
    const [first, second] = [await called(1), await called(2)];
    assert.deepEqual(namesOf(first), ["home1.example"]);
    assert.deepEqual(namesOf(second), ["home2.example"]);
    assert.equal(await called(2), second);
    assert.equal(await called(1), first);
    assert.equal(await called(3), first, "a network without a certificate has the first");
    assert.equal(hop.peers.length, 2);
  });

  it("uses a partner's own connection only in the name of the domain that the partner asked for", async () => {
    const offered = await connected("home2.example");
    const via = `SIP/2.0/TLS ${host}:${hop.port};alias;branch=z9hG4bKoffer`;
    offered.send(writeRequest({ method: "OPTIONS", uri: "sip:bob@home2.example", via, callId: "offer" }));
    await phones[1]!.next();
    for (const peer of hop.peers) peer.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await called(2), offered);
    assert.notEqual(await called(1), offered);
  });

  it("shows a renewed one from then on", async () => {
    border.adopt(engine, configuration(renewed2));
    assert.equal((await connected("home2.example")).shownSerial, serialOf(renewed2));
    assert.equal((await connected("home1.example")).shownSerial, serialOf(home1));
  });
});
