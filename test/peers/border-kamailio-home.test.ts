/** Kamailio as registrar and proxy of home, the border in front: the configuration that docs/deployment.md shows. */
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Phone, valuesOf } from "../border/phone.ts";
import { makeCertificate } from "../certificate-authority.ts";
import { lastingPort } from "../lasting-port.ts";
import { CarrierEdge } from "./carrier-edge.ts";
import { ackOf, answerTo, DialogEnd, inviteOf } from "./dialog-end.ts";
import { RunningKamailio } from "./kamailio.ts";
import { nextButTrying, Subscriber } from "./subscriber.ts";

const pings = 'modparam("dispatcher", "ds_ping_interval", ';
const firstAnswer = 'modparam("tm", "fr_timer", ';

describe("the border in front of Kamailio", () => {
  let edge: CarrierEdge;
  let kamailio: RunningKamailio;
  const started: RunningKamailio[] = [];
  let alice: Subscriber;
  let bob: Phone;
  let carol: Phone;
  let homePort = 0;

  function kamailioOfHome(
    port: number,
    borders: readonly string[],
    line: string,
    value: string,
  ): RunningKamailio {
    const one = new RunningKamailio({
      folder: join(edge.border.folder, `home-${port}`),
      file: "kamailio-home.cfg",
      values: { HOME_DOMAIN: "home1.example", HOME_ADDRESS: "127.0.0.1", HOME_PORT: String(port) },
      lines: { [line]: `${line}${value})` },
      borders,
      streamPort: port,
    });
    started.push(one);
    return one;
  }

  const inside = (): string => `127.0.0.1:${edge.border.port("inside", "tcp")}`;

  before(async () => {
    alice = await Subscriber.open("alice", "alice's password");
    bob = await Phone.open();
    carol = await Phone.open();
    homePort = await lastingPort();
    const hops = { home: [`tcp:127.0.0.1:${homePort}`], "open-d": [`udp:127.0.0.1:${bob.port}`] };
    edge = await CarrierEdge.start(hops, carol.port);
    kamailio = kamailioOfHome(homePort, [inside()], pings, "1");
    await edge.witnessed(() => kamailio.start(), kamailio);
  });
  after(async () => {
    for (const phone of [alice.phone, bob, carol]) phone.close();
    for (const one of started) await one.stop();
    assert.equal(await edge.stop(), 0);
  });

  /** Of bob, to the border. */
  function fromBob(text: string): void {
    bob.send(text, edge.border.port("outside", "udp"));
  }

  /** Bob is called, and busy. */
  async function offeredToBob(proxy: number): Promise<string> {
    const offered = await nextButTrying(bob);
    assert.match(offered, /^INVITE sip:bob@open-d\.example SIP\/2\.0\r\n/);
    fromBob(answerTo(offered, "486 Busy Here", { tag: "b" }));
    assert.match(await nextButTrying(bob), /^ACK /);
    const busy = await alice.next();
    assert.match(busy, /^SIP\/2\.0 486 Busy Here\r\n/);
    alice.phone.send(ackOf(busy), proxy);
    return offered;
  }

  it("answers Kamailio's pings", () =>
    edge.witnessed(async () => {
      await edge.border.until(/(OPTIONS +home \(tcp\) → –: answered 200 OK[^]*){2}/);
    }, kamailio));

  it("gets the subscriber's call with the identity that Kamailio asserts, not the one that the phone does", () =>
    edge.witnessed(async () => {
      const forged = "P-Asserted-Identity: <sip:ceo@home1.example>";
      // As a phone says it that has an outbound proxy.
      const route = `Route: <sip:127.0.0.1:${homePort};lr>`;
      await alice.invite(homePort, "sip:bob@open-d.example", forged, route, "Privacy: none");
      const offered = await offeredToBob(homePort);
      assert.deepEqual(valuesOf(offered, "P-Asserted-Identity"), ["<sip:alice@home1.example>"]);
      assert.deepEqual(valuesOf(offered, "Proxy-Authorization"), []);
      assert.deepEqual(valuesOf(offered, "Route"), []);
    }, kamailio));

  it("withholds the identity that Kamailio asserts where the caller wants it so", () =>
    edge.witnessed(async () => {
      await alice.invite(homePort, "sip:bob@open-d.example", "Privacy: id");
      assert.deepEqual(valuesOf(await offeredToBob(homePort), "P-Asserted-Identity"), []);
    }, kamailio));

  it("brings calls to a registered subscriber, and no identity that a stranger asserts", () =>
    edge.witnessed(async () => {
      await alice.register(homePort);
      fromBob(inviteOf(bob, "ceo@home1.example", "alice@home1.example"));
      const offered = await alice.next();
      assert.match(offered, /^INVITE sip:alice@127\.0\.0\.2:\d+ SIP\/2\.0\r\n/);
      assert.deepEqual(valuesOf(offered, "P-Asserted-Identity"), []);
      alice.phone.send(answerTo(offered, "486 Busy Here", { tag: "a" }), homePort);
      assert.match(await nextButTrying(bob), /^SIP\/2\.0 486 Busy Here\r\n/);
      assert.match(await alice.next(), /^ACK /);
    }, kamailio));

  it("brings a partner's call with the identity that the partner asserts, and its BYE back", () =>
    edge.witnessed(async () => {
      await edge.startKamailio(makeCertificate("carrier-c.example", edge.border.carrierRoot));
      await alice.register(homePort);
      carol.send(inviteOf(carol, "carol@carrier-c.example", "alice@home1.example"), edge.ports.inside);
      const offered = await alice.next();
      assert.deepEqual(valuesOf(offered, "P-Asserted-Identity"), ["<sip:carol@carrier-c.example>"]);
      const contact = `sip:127.0.0.2:${alice.phone.port}`;
      alice.phone.send(answerTo(offered, "200 OK", { tag: "a", contact }), homePort);
      const carolsEnd = DialogEnd.ofCaller(await nextButTrying(carol));
      carol.send(carolsEnd.request("ACK", carol.port), edge.ports.inside);
      assert.match(await alice.next(), /^ACK /);
      alice.phone.send(DialogEnd.ofCallee(offered, "a").request("BYE", alice.phone.port), homePort);
      const bye = await nextButTrying(carol);
      assert.match(bye, /^BYE sip:127\.0\.0\.1:\d+ SIP\/2\.0\r\n/);
      carol.send(answerTo(bye, "200 OK"), edge.ports.inside);
      assert.match(await alice.next(), /^SIP\/2\.0 200 OK\r\n/);
    }, kamailio));

  it("finds both Kamailios alive by pings of its own", () =>
    edge.witnessed(async () => {
      edge.pingHops();
      await edge.border.until(/absorb +200 OPTIONS +home \(tcp\)/);
      await edge.border.until(/absorb +200 OPTIONS +carrier-c \(tls\)/);
    }, kamailio));

  it("is not taken for whoever has its address over UDP", () =>
    edge.witnessed(async () => {
      bob.send(inviteOf(bob, "ceo@home1.example", "alice@home1.example"), homePort);
      assert.match(await nextButTrying(bob), /^SIP\/2\.0 407 /);
    }, kamailio));

  it("stands in for borders that can't be reached or say nothing", async () => {
    const mute = createServer().unref();
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const silent = mute.address();
    assert.ok(silent !== null && typeof silent === "object");
    const port = await lastingPort();
    const borders = ["127.0.0.1:1", `127.0.0.1:${silent.port}`, inside()];
    const other = kamailioOfHome(port, borders, firstAnswer, "3000");
    await edge.witnessed(async () => {
      await other.start();
      // In turn: each of the three is asked first once.
      for (let i = 0; i < 3; i++) {
        await alice.invite(port, "sip:bob@open-d.example");
        await offeredToBob(port);
      }
    }, other);
    await other.stop();
    mute.close();
  });
});
