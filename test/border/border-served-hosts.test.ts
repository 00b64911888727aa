/** How a listener with certificates of several domains is called in Via and Record-Route (RFC 5922 7.5). */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { Border, type BorderConfiguration, defaultQueue, readHop } from "../../border/index.ts";
import { type IssuingAuthority } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { writtenPolicy } from "./started-border.ts";
import { StreamHop, StreamPeer } from "./stream-peer.ts";
import { writeRequest } from "./written-messages.ts";

const host = "127.0.0.1";
const root = makeAuthority("carrier root");
const homeRoot = makeAuthority("home root");
const carrier = makeCertificate("carrier-c.example", root);
const home1 = makeCertificate("home1.example", homeRoot);
const home2 = makeCertificate("home2.example", homeRoot, {
  uris: ["sip:home2.example", "sip:edge.home2.example"],
});
const year = new Date().getUTCFullYear();

const own = (index: number): string => `network home-${index} {
  own
  domain "home${index}.example"
  listener "inside-${index}"
}
trust home-${index}
`;
const engine = writtenPolicy(
  `language 1
policy "two networks of ours, and one without a certificate"
${own(1)}${own(2)}${own(3)}
partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-1" from ${year}-01-01 to ${year + 1}-12-31
  authority "carrier.pem"
}
trust partner when secured by tls and certificate names partner and agreement in force
`,
  { "carrier.pem": root.certificate },
);

describe("a listener one of whose certificates has a host of its own", () => {
  let phones: Phone[];
  let hop: StreamHop;
  let border: Border;
  const peers: StreamPeer[] = [];

  function configuration(): BorderConfiguration {
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
        ...[1, 2, 3].map((index) => ({ ...plain, name: `inside-${index}`, transport: "udp" }) as const),
        {
          ...plain,
          name: "outside",
          transport: "tls",
          host: "home1.example",
          certificates: [
            served("home1.example", home1),
            { ...served("home2.example", home2), host: "edge.home2.example" },
          ],
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
    hop = await StreamHop.tls({ cert: carrier.certificate, key: carrier.privateKey });
    border = new Border(engine, configuration());
    await border.listen();
  });
  after(async () => {
    for (const peer of peers) peer.close();
    hop.close();
    await border.close();
    for (const phone of phones) phone.close();
  });

  const portOf = (name: string): number => border.sides.find((side) => side.name === name)!.port;

  async function connected(servername: string): Promise<StreamPeer> {
    const { certificate: cert, privateKey: key } = carrier;
    const peer = await StreamPeer.tls(portOf("outside"), { servername, cert, key });
    peers.push(peer);
    return peer;
  }

  /** From a network of ours to the partner, as the partner gets it. */
  async function sent(from: number, callId: string, method = "INVITE"): Promise<string> {
    const phone = phones[from - 1]!;
    const via = `SIP/2.0/UDP ${host}:${phone.port};branch=z9hG4bK${callId}`;
    phone.send(
      writeRequest({ method, uri: "sip:bob@carrier-c.example", via, callId }),
      portOf(`inside-${from}`),
    );
    const find = (): string | undefined =>
      hop.peers
        .flatMap(({ received }) => received.split(/(?<=\r\n\r\n)/))
        .find((text) => text.startsWith(`${method} `) && text.includes(`Call-ID: ${callId}\r\n`));
    for (const end = performance.now() + 10_000; performance.now() < end; ) {
      const text = find();
      if (text !== undefined) return text;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error(`${callId} never came`);
  }

  const hostsOf = (text: string): readonly (string | undefined)[] => [
    /SIP\/2\.0\/TLS ([^:;]+):/.exec(valuesOf(text, "Via")[0]!)?.[1],
    ...valuesOf(text, "Record-Route").map((value) => /<sip:([^:;]+)/.exec(value)?.[1]),
  ];

  it("is called by it towards a partner where a network of that domain sends, and by its own name else", async () => {
    assert.deepEqual(hostsOf(await sent(2, "far-2")), ["edge.home2.example", "edge.home2.example", host]);
    assert.deepEqual(hostsOf(await sent(1, "far-1")), ["home1.example", "home1.example", host]);
    assert.deepEqual(hostsOf(await sent(3, "far-3")), ["home1.example", "home1.example", host]);
  });

  it("gives a CANCEL the Via of its INVITE, after a reload too (RFC 3261 9.1)", async () => {
    const invite = valuesOf(await sent(2, "cancelled"), "Via")[0]!;
    border.adopt(engine, configuration());
    const cancel = valuesOf(await sent(2, "cancelled", "CANCEL"), "Via")[0]!;
    const identity = /^SIP\/2\.0\/TLS edge\.home2\.example:\d+;alias;branch=[^;]+/;
    assert.equal(cancel.match(identity)?.[0], invite.match(identity)?.[0]);
    assert.match(cancel, identity);
  });

  it("gives responses their way back", async () => {
    const request = await sent(2, "answered");
    const rows = ["Via", "Record-Route"].flatMap((name) =>
      valuesOf(request, name).map((value) => `${name}: ${value}`),
    );
    const response = textMessage(
      "SIP/2.0 200 OK",
      ...rows,
      "From: <sip:alice@home1.example>;tag=f1",
      "To: <sip:bob@open-d.example>;tag=t1",
      "Call-ID: answered",
      "CSeq: 1 INVITE",
      "Content-Length: 0",
    );
    hop.peers.find(({ received }) => received.includes("Call-ID: answered\r\n"))!.send(response);
    assert.match(await phones[1]!.next(), /^SIP\/2\.0 200 OK\r\n[^]*Call-ID: answered\r\n/);
  });

  it("is called by it towards a partner that sends to a network of that domain, and takes the Route back", async () => {
    const partner = await connected("home2.example");
    const via = (branch: string): string => `SIP/2.0/TLS ${host}:5061;branch=z9hG4bK${branch}`;
    partner.send(writeRequest({ uri: "sip:bob@home2.example", via: via("n1"), callId: "near" }));
    const invite = await phones[1]!.next();
    const [far, near] = valuesOf(invite, "Record-Route");
    assert.match(far!, new RegExp(`^<sip:${host}:`));
    assert.match(near!, /^<sip:edge\.home2\.example:\d+;transport=tls;lr;/);
    // Where the Route leads: the partner asks for its host, and is shown a certificate that names it.
    const back = await connected("edge.home2.example");
    assert.equal(back.shownSerial, new X509Certificate(home2.certificate).serialNumber);
    back.send(
      writeRequest({
        method: "BYE",
        uri: `sip:bob@${host}:${phones[1]!.port}`,
        via: via("n2"),
        to: "<sip:bob@home2.example>;tag=t1",
        callId: "near",
        cseq: 2,
        rows: [`Route: ${near}`, `Route: ${far}`],
      }),
    );
    assert.match(await phones[1]!.next(), /^BYE [^]*Call-ID: near\r\n/);
  });

  it("answers for itself under each of its names", async () => {
    const partner = await connected("home2.example");
    for (const name of ["home1.example", "edge.home2.example", "Edge.Home2.Example"]) {
      const via = `SIP/2.0/TLS ${host}:5061;branch=z9hG4bKo${name}`;
      const uri = `sip:${name}:${portOf("outside")}`;
      partner.send(writeRequest({ method: "OPTIONS", uri, via, callId: `o-${name}` }));
      assert.match(await partner.next(), /^SIP\/2\.0 200 /, name);
    }
  });
});
