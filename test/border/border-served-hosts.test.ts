/** How a listener with certificates of several domains is called in Via and Record-Route (RFC 5922 7.5). */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, it } from "node:test";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { textMessage, valuesOf } from "./phone.ts";
import { host, requestIn, type ServedDomain, ThreeNetworks } from "./three-networks.ts";
import { writeRequest } from "./written-messages.ts";

const homeRoot = makeAuthority("home root");
const home2 = makeCertificate("home2.example", homeRoot, {
  uris: ["sip:home2.example", "sip:edge.home2.example"],
});

describe("a listener one of whose certificates has a host of its own", () => {
  const served: readonly ServedDomain[] = [
    { domain: "home1.example", identity: makeCertificate("home1.example", homeRoot) },
    { domain: "home2.example", identity: home2, host: "edge.home2.example" },
  ];
  let there: ThreeNetworks;

  before(async () => {
    there = await ThreeNetworks.open(...served);
  });
  after(() => there.close());

  /** From a network of ours to the partner, as the partner gets it. */
  const sent = async (from: number, callId: string, method = "INVITE"): Promise<string> =>
    requestIn(await there.send(from, callId, method), callId, method)!;

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
    there.adopt(...served);
    const cancel = valuesOf(await sent(2, "cancelled", "CANCEL"), "Via")[0]!;
    const identity = /^SIP\/2\.0\/TLS edge\.home2\.example:\d+;alias;branch=[^;]+/;
    assert.equal(cancel.match(identity)?.[0], invite.match(identity)?.[0]);
    assert.match(cancel, identity);
  });

  it("gives responses their way back", async () => {
    const peer = await there.send(2, "answered");
    const request = requestIn(peer, "answered")!;
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
    peer.send(response);
    assert.match(await there.phones[1]!.next(), /^SIP\/2\.0 200 OK\r\n[^]*Call-ID: answered\r\n/);
  });

  it("is called by it towards a partner that sends to a network of that domain, and takes the Route back", async () => {
    const partner = await there.connected("home2.example");
    const via = (branch: string): string => `SIP/2.0/TLS ${host}:5061;branch=z9hG4bK${branch}`;
    partner.send(writeRequest({ uri: "sip:bob@home2.example", via: via("n1"), callId: "near" }));
    const invite = await there.phones[1]!.next();
    const [far, near] = valuesOf(invite, "Record-Route");
    assert.match(far!, new RegExp(`^<sip:${host}:`));
    assert.match(near!, /^<sip:edge\.home2\.example:\d+;transport=tls;lr;/);
    // Where the Route leads: the partner asks for its host, and is shown a certificate that names it.
    const back = await there.connected("edge.home2.example");
    assert.equal(back.shownSerial, new X509Certificate(home2.certificate).serialNumber);
    back.send(
      writeRequest({
        method: "BYE",
        uri: `sip:bob@${host}:${there.phones[1]!.port}`,
        via: via("n2"),
        to: "<sip:bob@home2.example>;tag=t1",
        callId: "near",
        cseq: 2,
        rows: [`Route: ${near}`, `Route: ${far}`],
      }),
    );
    assert.match(await there.phones[1]!.next(), /^BYE [^]*Call-ID: near\r\n/);
  });

  it("answers for itself under each of its names", async () => {
    const partner = await there.connected("home2.example");
    for (const name of ["home1.example", "edge.home2.example", "Edge.Home2.Example"]) {
      const via = `SIP/2.0/TLS ${host}:5061;branch=z9hG4bKo${name}`;
      const uri = `sip:${name}:${there.portOf("outside")}`;
      partner.send(writeRequest({ method: "OPTIONS", uri, via, callId: `o-${name}` }));
      assert.match(await partner.next(), /^SIP\/2\.0 200 /, name);
    }
  });
});
