/** The policy's TLS profile in a border: for handshakes to come, and for connections that stand (TS 33.210 6.2). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { ConnectionOptions } from "node:tls";
import type { Engine } from "../../engine/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { Phone } from "./phone.ts";
import { StartedBorder, writtenPolicy } from "./started-border.ts";
import { StreamHop, StreamPeer } from "./stream-peer.ts";
import { writeRequest } from "./written-messages.ts";

const host = "127.0.0.1";
const day = 86_400_000;
const root = makeAuthority("carrier root");
const own = makeCertificate("home1.example", makeAuthority("home root"));
const carrier = makeCertificate("carrier-c.example", root);
const time = (at: number): string => new Date(at).toISOString();

function offering(tls: string): Engine {
  return writtenPolicy(
    `language 1
policy "profiles"
network home { own domain "home1.example" listener "inside" }
partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-1" from ${time(Date.now() - day)} to ${time(Date.now() + day)}
  authority "carrier.pem"
}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
rule partners-alone
  on handshake
  when certificate names no partner
  reject "no interworking partner"
  because "TS 33.203 6.5"
${tls}
`,
    { "carrier.pem": root.certificate },
  );
}

const older = { maxVersion: "TLSv1.2" } as const;
const olderSuite = { ...older, ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" } as const;
const aes128 = `tls {
  suites TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
}`;

describe("a border whose policy names another TLS profile", () => {
  let home: Phone;
  let hop: StreamHop;
  let border: StartedBorder;
  const peers: StreamPeer[] = [];
  let calls = 0;

  beforeEach(async () => {
    home = await Phone.open();
    hop = await StreamHop.tls({ cert: carrier.certificate, key: carrier.privateKey, ...olderSuite });
  });
  afterEach(async () => {
    for (const peer of peers.splice(0)) peer.close();
    hop.close();
    await border.close();
    home.close();
  });

  async function start(tls: string): Promise<void> {
    border = await StartedBorder.start({
      engine: offering(tls),
      listeners: ["inside udp", "outside tls"],
      hops: { home: [`udp:${host}:${home.port}`], "carrier-c": [`tls:${host}:${hop.port}`] },
      identity: own,
    });
  }

  async function partner(options: ConnectionOptions = {}): Promise<StreamPeer> {
    const { certificate: cert, privateKey: key } = carrier;
    const peer = await StreamPeer.tls(border.port("outside", "tls"), { cert, key, ...options });
    peers.push(peer);
    return peer;
  }

  async function isHeard(peer: StreamPeer): Promise<void> {
    const callId = `profile-${++calls}`;
    const via = `SIP/2.0/TLS ${host};branch=z9hG4bK${callId}`;
    peer.send(writeRequest({ method: "OPTIONS", uri: "sip:bob@home1.example", via, callId }));
    assert.match(await home.next(), new RegExp(`Call-ID: ${callId}\r\n`));
  }

  function sendOut(): string {
    const callId = `profile-${++calls}`;
    const via = `SIP/2.0/UDP ${host}:${home.port};branch=z9hG4bK${callId}`;
    home.send(
      writeRequest({ uri: "sip:carol@carrier-c.example", via, callId }),
      border.port("inside", "udp"),
    );
    return callId;
  }

  const refused = (): readonly string[] =>
    border.handshakes
      .filter(({ decision }) => decision.verdict === "reject")
      .map(({ event, decision }) => `${event.role}: ${decision.reason}, ${decision.cause}`);

  it("offers it to whoever connects from then on, and closes the connections that it does not offer", async () => {
    await start("");
    const [gone, stays] = [await partner(older), await partner()];
    await isHeard(gone);
    await isHeard(stays);
    border.adopt({ engine: offering("tls { versions 1.3 }") });
    await gone.ended();
    await isHeard(stays);
    await assert.rejects(partner(older), { code: "ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION" });
    await isHeard(await partner());
    assert.deepEqual(refused(), ["server: the policy offers no TLS 1.2, the policy is new"]);
  });

  it("closes a connection whose suite has gone, of TLS 1.2 as of 1.3, and no other", async () => {
    await start("");
    const gone = [await partner(olderSuite), await partner({ ciphers: "TLS_CHACHA20_POLY1305_SHA256" })];
    const stays = [
      await partner({ ...older, ciphers: "ECDHE-ECDSA-AES128-GCM-SHA256" }),
      await partner({ ciphers: "TLS_AES_256_GCM_SHA384" }),
    ];
    for (const peer of [...gone, ...stays]) await isHeard(peer);
    border.adopt({ engine: offering(aes128) });
    for (const peer of gone) await peer.ended();
    for (const peer of stays) await isHeard(peer);
    assert.equal(refused().length, 2);
  });

  it("does so as client, and tells that the next handshake fails", async () => {
    await start("");
    const callId = sendOut();
    const first = await hop.peer();
    assert.match(await first.next(), new RegExp(`Call-ID: ${callId}\r\n`));
    border.adopt({ engine: offering(aes128) });
    await first.ended();
    sendOut();
    assert.match(await home.next(), /^SIP\/2\.0 503 /);
    border.adopt({ engine: offering("") });
    const again = sendOut();
    assert.match(await (await hop.peer(1)).next(), new RegExp(`Call-ID: ${again}\r\n`));
  });

  it("starts with it, in both roles", async () => {
    await start(aes128);
    await assert.rejects(partner(olderSuite), { code: "ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE" });
    await isHeard(await partner(older));
    sendOut();
    assert.match(await home.next(), /^SIP\/2\.0 503 /);
  });

  it("closes nothing where the lines have moved and say the same", async () => {
    await start(aes128);
    const peer = await partner();
    await isHeard(peer);
    border.adopt({ engine: offering(`\n// the same\n${aes128}`) });
    await isHeard(peer);
    assert.deepEqual(refused(), []);
  });
});
