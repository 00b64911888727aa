/**
 * Case 31: a resumed session must not know more of the peer than its full handshake did.
 *
 * Node's TLS client, by TLS 1.3 and 1.2. With openssl, and early data (g): test/peers/border-resumption.test.ts.
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it, mock } from "node:test";
import type { ConnectionOptions, SecureVersion, TLSSocket } from "node:tls";
import type { Engine } from "../../../engine/index.ts";
import { Phone, valuesOf } from "../../border/phone.ts";
import { StartedBorder, writtenPolicy } from "../../border/started-border.ts";
import { StreamPeer } from "../../border/stream-peer.ts";
import { makeAuthority, makeCertificate } from "../../certificate-authority.ts";
import { caseText } from "./case-text.ts";

const host = "127.0.0.1";
const day = 86_400_000;
const now = Date.now();
const root = makeAuthority("carrier root", { notAfter: now + 400 * day });
const otherRoot = makeAuthority("other root");
const carrier = makeCertificate("carrier-c.example", root, { notAfter: now + 2 * day });
const date = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** Whoever names no partner comes in, and is not trusted: unknownPeer = admit-untrusted. */
function admitting({ partner = "carrier-c", until = now + 100 * day } = {}): Engine {
  const text = `language 1
policy "a peer without a partner's name comes in untrusted"
network home {
  own
  domain "home1.example"
  listener "inside"
}
partner ${partner} {
  domain "${partner}.example"
  agreement "IWA-1" from ${date(now - day)} to ${date(until)}
  authority "carrier-root.pem"
}
partner partner-e {
  domain "partner-e.example"
  agreement "IWA-2" from ${date(now - day)} to ${date(now + 100 * day)}
  authority "other-root.pem"
}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
rule forged-identity
  on message from untrusted
  remove P-Asserted-Identity
  because "RFC 3325 5"
`;
  return writtenPolicy(text, {
    "carrier-root.pem": root.certificate,
    "other-root.pem": otherRoot.certificate,
  });
}

const message = caseText("07-two-pai-rows-trusted.sip");
const asserted = valuesOf(message, "P-Asserted-Identity");

for (const version of ["TLSv1.3", "TLSv1.2"] as const satisfies readonly SecureVersion[]) {
  describe(`case 31: a client that resumes its session, by ${version}`, () => {
    let home: Phone;
    let border: StartedBorder;
    let peers: StreamPeer[];

    beforeEach(async () => {
      peers = [];
      home = await Phone.open();
      border = await StartedBorder.start({
        engine: admitting(),
        listeners: ["inside udp", "outside tls", "other tls"],
        hops: { home: [`udp:${host}:${home.port}`] },
        identity: makeCertificate("home1.example", otherRoot),
      });
    });
    afterEach(async () => {
      mock.restoreAll();
      for (const peer of peers) peer.close();
      await border.close();
      home.close();
    });

    interface Visit {
      readonly peer: StreamPeer;
      /** The last ticket that came. */
      readonly session: () => Buffer | undefined;
    }

    async function visit(options: ConnectionOptions = {}, listener = "outside"): Promise<Visit> {
      const peer = await StreamPeer.tls(border.port(listener, "tls"), {
        minVersion: version,
        maxVersion: version,
        servername: "home1.example",
        ...options,
      });
      peers.push(peer);
      const socket = peer.socket as TLSSocket;
      // By TLS 1.2 it was there before anybody could listen.
      let session = version === "TLSv1.2" ? socket.getSession() : undefined;
      socket.on("session", (ticket) => {
        session = ticket;
      });
      return { peer, session: () => session };
    }

    /** A first visit whose message was heard, and what it brings along the second time. */
    async function ticketOf(options: ConnectionOptions = {}, listener = "outside"): Promise<Buffer> {
      const { peer, session } = await visit(options, listener);
      peer.send(message);
      await home.next();
      await border.until(() => session() !== undefined, "a ticket");
      peer.close();
      return session()!;
    }

    /** What home gets of the message, and what the border says of handshake and sender. */
    async function heard(peer: StreamPeer) {
      peer.send(message);
      const identity = valuesOf(await home.next(), "P-Asserted-Identity");
      const { event, decision } = border.handshakes.at(-1)!;
      const { from, decision: decided } = border.messages.at(-1)!;
      return {
        resumed: event.connection.tls?.resumed,
        partner: decision.partner,
        network: from.network,
        trusted: decided?.from.trusted,
        identity,
      };
    }
    const untrusted = (resumed: boolean, network = "stranger") => ({
      resumed,
      partner: undefined,
      network,
      trusted: false,
      identity: [],
    });
    const trusted = (resumed: boolean) => ({
      resumed,
      partner: "carrier-c",
      network: "carrier-c",
      trusted: true,
      identity: asserted,
    });
    const shown = { cert: carrier.certificate, key: carrier.privateKey };

    it("a, b, c: is as untrusted as without: no partner, and the identity is gone", async () => {
      const { peer } = await visit();
      assert.deepEqual(await heard(peer), untrusted(false));
      const session = await ticketOf();
      assert.deepEqual(await heard((await visit({ session })).peer), untrusted(true));
    });

    it("b: is untrusted whatever the library calls authorized: a name that no partner has", async () => {
      const { certificate, privateKey } = makeCertificate("stranger.example", root);
      const named = { cert: certificate, key: privateKey };
      assert.deepEqual(await heard((await visit(named)).peer), untrusted(false));
      const session = await ticketOf(named);
      assert.deepEqual(await heard((await visit({ session })).peer), untrusted(true));
    });

    it("d: is the partner whose certificate its session holds, though it shows none again", async () => {
      assert.deepEqual(await heard((await visit(shown)).peer), trusted(false));
      const session = await ticketOf(shown);
      assert.deepEqual(await heard((await visit({ session })).peer), trusted(true));
      assert.deepEqual(border.handshakes.at(-1)?.decision.identities, ["carrier-c.example"]);
    });

    it("e: is untrusted where carrier-c has left the partner list", async () => {
      const session = await ticketOf(shown);
      border.adopt({ engine: admitting({ partner: "carrier-x" }) });
      assert.deepEqual(await heard((await visit({ session })).peer), untrusted(true));
    });

    it("e: is untrusted where its agreement has ended", async () => {
      const session = await ticketOf(shown);
      border.adopt({ engine: admitting({ until: now - day }) });
      const { partner, ...rest } = await heard((await visit({ session })).peer);
      // The certificate still names the partner; it is the agreement that trust asks for.
      assert.equal(partner, "carrier-c");
      assert.deepEqual({ ...rest, partner: undefined }, untrusted(true, "carrier-c"));
    });

    it("e: is untrusted where the clock has passed the end of its agreement, or of its certificate", async () => {
      const session = await ticketOf(shown);
      const clock = Date.now.bind(Date);
      let shift = 3 * day;
      mock.method(Date, "now", () => clock() + shift);
      const expired = await heard((await visit({ session })).peer);
      assert.deepEqual(expired, untrusted(true));
      assert.match(border.handshakes.at(-1)?.decision.cause ?? "", /has expired/);
      shift = 0;
      border.adopt({ engine: admitting({ until: now + day / 2 }) });
      assert.deepEqual(await heard((await visit({ session })).peer), trusted(true));
      shift = 1.5 * day;
      const { partner, ...rest } = await heard((await visit({ session })).peer);
      assert.equal(partner, "carrier-c");
      assert.deepEqual({ ...rest, partner: undefined }, untrusted(true, "carrier-c"));
    });

    it("f: has a full handshake at another listener, whose tickets are its own", async () => {
      const session = await ticketOf(shown);
      const { peer } = await visit({ session }, "other");
      assert.equal((peer.socket as TLSSocket).isSessionReused(), false);
      assert.deepEqual(await heard(peer), untrusted(false));
      assert.equal(border.handshakes.at(-1)?.event.connection.listener, "other");
    });
  });
}
