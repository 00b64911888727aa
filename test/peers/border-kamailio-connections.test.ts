/** Connections with a partner's Kamailio: pinged, lost within a call, and refused for its certificate. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Phone } from "../border/phone.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { CarrierEdge } from "./carrier-edge.ts";
import { ackOf, answerTo, DialogEnd, inviteOf } from "./dialog-end.ts";
import type { RunningKamailio } from "./kamailio.ts";
import { nextButTrying } from "./subscriber.ts";

describe("a partner's Kamailio", () => {
  let edge: CarrierEdge;
  let home: Phone;
  let foreign: Phone;

  before(async () => {
    home = await Phone.open();
    foreign = await Phone.open();
    edge = await CarrierEdge.start({ home: [`udp:127.0.0.1:${home.port}`] }, foreign.port);
  });
  after(async () => {
    home.close();
    foreign.close();
    assert.equal(await edge.stop(), 0);
  });

  /** By the first hop of each. */
  function send(from: Phone, text: string): void {
    from.send(text, from === home ? edge.border.port("inside", "udp") : edge.ports.inside);
  }

  const carol = "carol@carrier-c.example";
  const alice = "alice@home1.example";

  /** Both ends of a call that is answered, the caller's first. */
  async function establish(from: Phone, to: Phone, text: string): Promise<readonly [DialogEnd, DialogEnd]> {
    send(from, text);
    const offered = await nextButTrying(to);
    send(to, answerTo(offered, "200 OK", { tag: "b", contact: `sip:127.0.0.1:${to.port}` }));
    const ends = [DialogEnd.ofCaller(await nextButTrying(from)), DialogEnd.ofCallee(offered, "b")] as const;
    send(from, ends[0].request("ACK", from.port));
    assert.match(await nextButTrying(to), /^ACK /);
    return ends;
  }

  async function hangUp(end: DialogEnd, by: Phone, other: Phone): Promise<void> {
    send(by, end.request("BYE", by.port));
    const bye = await nextButTrying(other);
    assert.match(bye, /^BYE /);
    send(other, answerTo(bye, "200 OK"));
    assert.match(await nextButTrying(by), /^SIP\/2\.0 200 OK\r\n[^]*\r\nCSeq: \d+ BYE\r\n/);
  }

  describe("that is restarted within a call", () => {
    let kamailio: RunningKamailio;
    before(() =>
      edge.witnessed(async () => {
        kamailio = await edge.startKamailio(makeCertificate("carrier-c.example", edge.border.carrierRoot));
      }),
    );
    after(() => kamailio.stop());

    async function restart(): Promise<void> {
      await kamailio.stop();
      await kamailio.start();
    }

    const called = {
      carol: () => inviteOf(home, alice, carol),
      alice: () => inviteOf(foreign, carol, alice),
    };

    it("takes the caller's BYE over a new connection", () =>
      edge.witnessed(async () => {
        const [caller] = await establish(home, foreign, called.carol());
        const earlier = edge.handshakes("allow", "client");
        await restart();
        await hangUp(caller, home, foreign);
        assert.equal(edge.handshakes("allow", "client"), earlier + 1);
      }));

    it("brings the BYE of its own user over a new connection", () =>
      edge.witnessed(async () => {
        const [caller] = await establish(foreign, home, called.alice());
        const earlier = edge.handshakes("allow", "server");
        await restart();
        await hangUp(caller, foreign, home);
        assert.equal(edge.handshakes("allow", "server"), earlier + 1);
      }));

    it("sends its requests over the connection that the border opened and offers (RFC 5923)", () =>
      edge.witnessed(async () => {
        await restart();
        const [callersEnd] = await establish(home, foreign, called.carol());
        const earlier = edge.handshakes("allow", "server");
        const [carolsEnd] = await establish(foreign, home, called.alice());
        await hangUp(carolsEnd, foreign, home);
        await hangUp(callersEnd, home, foreign);
        assert.equal(edge.handshakes("allow", "server"), earlier);
      }));

    it("brings and takes the BYE of the one who was called", () =>
      edge.witnessed(async () => {
        const [, carolsEnd] = await establish(home, foreign, called.carol());
        await restart();
        await hangUp(carolsEnd, foreign, home);
        const [, alicesEnd] = await establish(foreign, home, called.alice());
        await restart();
        await hangUp(alicesEnd, home, foreign);
      }));

    it("gets the answer to what it sent before by its Via (RFC 3261 18.2.2)", () =>
      edge.witnessed(async () => {
        send(foreign, called.alice());
        const offered = await nextButTrying(home);
        await restart();
        send(home, answerTo(offered, "200 OK", { tag: "b", contact: `sip:127.0.0.1:${home.port}` }));
        const ok = await nextButTrying(foreign);
        assert.match(ok, /^SIP\/2\.0 200 OK\r\nVia: SIP\/2\.0\/UDP 127\.0\.0\.1:\d+;[^\r]*\r\n(?!Via)/);
        await hangUp(DialogEnd.ofCaller(ok), foreign, home);
      }));
  });

  it("that pings finds the border alive, and goes on sending calls", () =>
    edge.witnessed(async () => {
      const certificate = makeCertificate("carrier-c.example", edge.border.carrierRoot);
      const interval = 'modparam("dispatcher", "ds_ping_interval", ';
      const kamailio = await edge.startKamailio(certificate, { lines: { [interval]: `${interval}1)` } });
      await edge.border.until(/(OPTIONS +carrier-c \(tls\) → –: answered 200 OK[^]*){2}/);
      send(foreign, inviteOf(foreign, carol, alice));
      const offered = await nextButTrying(home);
      send(home, answerTo(offered, "486 Busy Here", { tag: "b" }));
      assert.match(await nextButTrying(home), /^ACK /);
      const busy = await nextButTrying(foreign);
      assert.match(busy, /^SIP\/2\.0 486 Busy Here\r\n/);
      send(foreign, ackOf(busy));
      await kamailio.stop();
    }));

  const refused = [
    ["names another network", () => makeCertificate("open-d.example", edge.border.carrierRoot)],
    ["is of another authority", () => makeCertificate("carrier-c.example", makeAuthority("somebody's root"))],
    [
      "names the host instead of the domain",
      () => makeCertificate("edge.carrier-c.example", edge.border.carrierRoot),
    ],
  ] as const;
  for (const [what, certificate] of refused) {
    describe(`whose certificate ${what}`, () => {
      let kamailio: RunningKamailio;
      before(() =>
        edge.witnessed(async () => {
          kamailio = await edge.startKamailio(certificate());
        }),
      );
      after(() => kamailio.stop());

      it("gets no byte of SIP from the border, and the caller a 503", () =>
        edge.witnessed(async () => {
          const earlier = edge.handshakes("reject", "client");
          send(home, inviteOf(home, alice, carol));
          assert.match(await nextButTrying(home), /^SIP\/2\.0 503 Service Unavailable\r\n/);
          assert.equal(edge.handshakes("reject", "client"), earlier + 1);
          assert.deepEqual(await foreign.silence(), []);
        }));

      it("brings no byte of SIP to home", () =>
        edge.witnessed(async () => {
          const earlier = edge.handshakes("reject", "server");
          const invites = edge.border.said.split(" INVITE ").length;
          send(foreign, inviteOf(foreign, carol, alice));
          await edge.border.until(new RegExp(`(reject +TLS from [^]*){${earlier + 1}}`));
          assert.deepEqual(await home.silence(), []);
          assert.equal(edge.border.said.split(" INVITE ").length, invites);
          assert.deepEqual(
            (await foreign.silence()).filter((message) => !message.startsWith("SIP/2.0 100 ")),
            [],
          );
        }));
    });
  }

  it("refuses a border whose certificate names another domain than that of its configuration", () =>
    edge.witnessed(async () => {
      const certificate = makeCertificate("carrier-c.example", edge.border.carrierRoot);
      const kamailio = await edge.startKamailio(certificate, { peer: "home2.example" });
      send(home, inviteOf(home, alice, carol));
      assert.match(await nextButTrying(home), /^SIP\/2\.0 403 Forbidden\r\n/);
      await kamailio.until(/refused: 127\.0\.0\.1 shows a certificate of 'sip:home1\.example'/);
      assert.deepEqual(await foreign.silence(), []);
      await kamailio.stop();
    }));
});
