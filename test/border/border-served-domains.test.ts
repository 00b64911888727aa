/** One listener that serves several domains, each with its own certificate (RFC 5922 7.8, RFC 5923 9.3). */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, before, describe, it } from "node:test";
import type { TLSSocket } from "node:tls";
import { type IssuingAuthority, readCertificate, sipIdentities } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import type { StreamPeer } from "./stream-peer.ts";
import { host, type ServedDomain, ThreeNetworks } from "./three-networks.ts";
import { writeRequest } from "./written-messages.ts";

const homeRoot = makeAuthority("home root");
const own = (domain: string) => makeCertificate(domain, homeRoot);
const [home1, home2, renewed2] = [own("home1.example"), own("home2.example"), own("home2.example")];

describe("a listener with certificates for several domains", () => {
  const first: ServedDomain = { domain: "home1.example", identity: home1 };
  let there: ThreeNetworks;

  before(async () => {
    there = await ThreeNetworks.open(first, { domain: "home2.example", identity: home2 });
  });
  after(() => there.close());

  const serialOf = ({ certificate }: IssuingAuthority): string =>
    new X509Certificate(certificate).serialNumber;
  const namesOf = (peer: StreamPeer): readonly string[] =>
    sipIdentities(readCertificate((peer.socket as TLSSocket).getPeerX509Certificate()!.raw));

  let calls = 0;
  const called = (from: number): Promise<StreamPeer> => there.send(from, `served-${++calls}`);

  it("shows the one of the domain that SNI names, else the first", async () => {
    assert.equal((await there.connected("home2.example")).shownSerial, serialOf(home2));
    assert.equal((await there.connected("HOME1.example")).shownSerial, serialOf(home1));
    assert.equal((await there.connected("home3.example")).shownSerial, serialOf(home1));
  });

  it("shows, where it opens, the one of the network that sends, on a connection of its own", async () => {
    const [one, two] = [await called(1), await called(2)];
    assert.deepEqual(namesOf(one), ["home1.example"]);
    assert.deepEqual(namesOf(two), ["home2.example"]);
    assert.equal(await called(2), two);
    assert.equal(await called(1), one);
    assert.equal(await called(3), one, "a network without a certificate has the first");
    assert.equal(there.hop.peers.length, 2);
  });

  it("uses a partner's own connection only in the name of the domain that the partner asked for", async () => {
    const offered = await there.connected("home2.example");
    const via = `SIP/2.0/TLS ${host}:${there.hop.port};alias;branch=z9hG4bKoffer`;
    offered.send(writeRequest({ method: "OPTIONS", uri: "sip:bob@home2.example", via, callId: "offer" }));
    await there.phones[1]!.next();
    for (const peer of there.hop.peers) peer.close();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await called(2), offered);
    assert.notEqual(await called(1), offered);
  });

  it("shows a renewed one from then on", async () => {
    there.adopt(first, { domain: "home2.example", identity: renewed2 });
    assert.equal((await there.connected("home2.example")).shownSerial, serialOf(renewed2));
    assert.equal((await there.connected("home1.example")).shownSerial, serialOf(home1));
  });
});
