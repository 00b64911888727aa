/** Where a request goes that only DNS can tell (RFC 3263; scenarios S47 to S49, S51). */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { after, afterEach, before, describe, it } from "node:test";
import { makeCertificate } from "../certificate-authority.ts";
import { engineOf, host, LocatingHome, policy, root, statusOf } from "./locating-home.ts";
import { valuesOf } from "./phone.ts";
import { type Row, SmallZone } from "./small-zone.ts";
import { StreamHop } from "./stream-peer.ts";
import { branchOf } from "./written-messages.ts";

/** As S47 has them. */
const naptr = (...services: readonly string[]): readonly Row[] => {
  const known: Readonly<Record<string, Row>> = {
    "SIPS+D2T": "carrier-c.example NAPTR 50 50 s SIPS+D2T _sips._tcp.carrier-c.example",
    "SIP+D2T": "carrier-c.example NAPTR 90 50 s SIP+D2T _sip._tcp.carrier-c.example",
    "SIP+D2U": "carrier-c.example NAPTR 100 50 s SIP+D2U _sip._udp.carrier-c.example",
  };
  return services.map((service) => known[service]!);
};

describe("a request from home that DNS leads", () => {
  let there: LocatingHome;

  before(async () => {
    there = await LocatingHome.open();
  });
  after(() => there.close());
  afterEach(() => there.endTest());

  describe("to a partner that asks for TLS", () => {
    it("S47: goes over TLS to the port of SRV, its Request-URI unchanged, and keeps its identity", async () => {
      const hop = await there.edge();
      const zone = await there.zone(
        ...naptr("SIP+D2U", "SIP+D2T", "SIPS+D2T"),
        `_sips._tcp.carrier-c.example SRV 0 0 ${hop.port} edge.carrier-c.example`,
        `edge.carrier-c.example A ${host}`,
      );
      await there.start(zone);
      there.call(there.request("sip:bob@carrier-c.example"));
      const text = await (await hop.peer()).next();
      assert.match(text, /^INVITE sip:bob@carrier-c\.example SIP\/2\.0\r\n/);
      assert.deepEqual(valuesOf(text, "P-Asserted-Identity"), ["<sip:alice@home1.example>"]);
      const { event, decision } = there.border.handshakes.at(-1)!;
      assert.equal(event.role, "client");
      assert.equal(event.domain, "carrier-c.example");
      assert.equal(decision.partner, "carrier-c");
    });

    it("is answered 503 where the server it leads to shows another partner's certificate", async () => {
      const hop = await there.edge(makeCertificate("carrier-d.example", root));
      const zone = await there.zone(
        ...naptr("SIPS+D2T"),
        `_sips._tcp.carrier-c.example SRV 0 0 ${hop.port} edge.carrier-d.example`,
        `edge.carrier-d.example A ${host}`,
      );
      await there.start(zone, {
        engine: engineOf(
          policy(`rule refuse-strangers
  on handshake
  unless certificate names partner
  reject "no interworking partner"
  because "TS 33.203 6.5"`),
        ),
      });
      there.call(there.request("sip:bob@carrier-c.example"));
      assert.equal(statusOf(await there.home.next()), 503);
      assert.equal(
        hop.peers.every(({ received }) => received === ""),
        true,
      );
    });

    it("S48: is refused, not sent in clear, once the SIPS records are gone, and that is told", async () => {
      const hop = await there.edge();
      const clear = await there.phone(host);
      const rest = [
        `_sips._tcp.carrier-c.example SRV 0 0 ${hop.port} edge.carrier-c.example`,
        `_sip._udp.carrier-c.example SRV 0 0 ${clear.port} edge.carrier-c.example`,
        `_sip._tcp.carrier-c.example SRV 0 0 ${hop.port} edge.carrier-c.example`,
        `edge.carrier-c.example A ${host}`,
      ];
      const zone = await there.zone(...naptr("SIPS+D2T", "SIP+D2T", "SIP+D2U"), ...rest);
      await there.start(zone);
      there.call(there.request("sip:bob@carrier-c.example"));
      await (await hop.peer()).next();
      assert.deepEqual(there.border.withdrawn, []);

      zone.replace([...naptr("SIP+D2T", "SIP+D2U"), ...rest]);
      there.call(there.request("sip:bob@carrier-c.example"));
      const answer = await there.home.next();
      assert.equal(statusOf(answer), 480);
      assert.deepEqual(valuesOf(answer, "Warning"), [`381 ${host} "SIPS Required"`]);
      assert.deepEqual(await clear.silence(), []);
      assert.equal(hop.peers[0]?.received.split("INVITE").length, 2 + 1);
      assert.deepEqual(
        there.border.withdrawn.map(({ domain, network, isRefused }) => ({ domain, network, isRefused })),
        [{ domain: "carrier-c.example", network: "carrier-c", isRefused: true }],
      );
      // Once: not for each message.
      there.call(there.request("sip:bob@carrier-c.example"));
      await there.home.next();
      assert.equal(there.border.withdrawn.length, 1);
    });

    it("in a dialog goes to the partner's own domain where its Contact is an address that nobody may follow", async () => {
      const hop = await there.edge();
      const zone = await there.zone(
        ...naptr("SIPS+D2T"),
        `_sips._tcp.carrier-c.example SRV 0 0 ${hop.port} edge.carrier-c.example`,
        `edge.carrier-c.example A ${host}`,
      );
      await there.start(zone);
      const invite = there.request("sip:bob@carrier-c.example");
      there.call(invite);
      const arrived = await (await hop.peer()).next();
      const routes = valuesOf(arrived, "Record-Route").toReversed();
      const bye = there.request("sip:bob@10.9.9.9:5070", {
        method: "BYE",
        callId: valuesOf(arrived, "Call-ID")[0]!,
        to: "<sip:bob@carrier-c.example>;tag=b",
        cseq: 2,
        rows: routes.map((route) => `Route: ${route}`),
      });
      there.call(bye);
      assert.match(await (await hop.peer()).next(), /^BYE sip:bob@10\.9\.9\.9:5070 /);
      assert.equal(hop.peers.length, 1);
    });
  });

  describe("to a network that asks for nothing", () => {
    it("S49: is never sent in clear where it is sips: 480 with Warning 380", async () => {
      const clear = await there.phone("127.0.0.12");
      const zone = await there.zone(
        "open-d.example NAPTR 50 50 s SIP+D2U _sip._udp.open-d.example",
        `_sip._udp.open-d.example SRV 0 0 ${clear.port} open-d.example`,
      );
      await there.start(zone, { listeners: ["inside udp", "outside udp"] });
      there.call(there.request("sips:x@open-d.example"));
      const answer = await there.home.next();
      assert.equal(statusOf(answer), 480);
      assert.deepEqual(valuesOf(answer, "Warning"), [`380 ${host} "SIPS Not Allowed"`]);
      assert.deepEqual(await clear.silence(), []);
    });

    it("is held to the TLS that it asked for once, where there.border.json says so", async () => {
      const secure = await there.edge(makeCertificate("open-d.example", root));
      const clear = await there.phone("127.0.0.12");
      const rest = [
        `_sips._tcp.open-d.example SRV 0 0 ${secure.port} secure.open-d.example`,
        `_sip._udp.open-d.example SRV 0 0 ${clear.port} clear.open-d.example`,
        "secure.open-d.example A 127.0.0.1",
        "clear.open-d.example A 127.0.0.12",
        "open-d.example NAPTR 90 50 s SIP+D2U _sip._udp.open-d.example",
      ];
      const asks = "open-d.example NAPTR 50 50 s SIPS+D2T _sips._tcp.open-d.example";
      const declared = engineOf(
        policy()
          .replace("  address 127.0.0.0/30\n", "")
          .replace("127.0.0.12/32", '127.0.0.0/28\n  authority "carrier.pem"'),
      );
      const zone = await there.zone(asks, ...rest);
      await there.start(zone, { engine: declared, dns: { servers: zone.servers, withdrawn: "refuse" } });
      there.call(there.request("sip:x@open-d.example"));
      await (await secure.peer()).next();
      zone.replace(rest);
      for (let one = 0; one < 2; one++) {
        there.call(there.request("sip:x@open-d.example"));
        const answer = await there.home.next();
        assert.equal(statusOf(answer), 480);
        assert.deepEqual(valuesOf(answer, "Warning"), [`381 ${host} "SIPS Required"`]);
      }
      assert.deepEqual(await clear.silence(), []);
      assert.deepEqual(
        there.border.withdrawn.map(({ domain, isRefused }) => ({ domain, isRefused })),
        [{ domain: "open-d.example", isRefused: true }],
      );
      zone.replace([asks, ...rest]);
      there.call(there.request("sip:x@open-d.example"));
      assert.match(await (await secure.peer()).next(), /^INVITE /);
    });

    it("goes another way than TLS where no certificate could be believed, without what a stranger may not see", async () => {
      const clear = await there.phone("127.0.0.12");
      const zone = await there.zone(
        "somebody.example NAPTR 50 50 s SIPS+D2T _sips._tcp.somebody.example",
        "somebody.example NAPTR 90 50 s SIP+D2U _sip._udp.somebody.example",
        "_sips._tcp.somebody.example SRV 0 0 5061 proxy.somebody.example",
        `_sip._udp.somebody.example SRV 0 0 ${clear.port} proxy.somebody.example`,
        "proxy.somebody.example A 127.0.0.12",
      );
      await there.start(zone);
      there.call(there.request("sip:x@somebody.example"));
      assert.deepEqual(valuesOf(await clear.next(), "P-Asserted-Identity"), []);
      there.call(there.request("sips:x@somebody.example"));
      const answer = await there.home.next();
      assert.equal(statusOf(answer), 480);
      assert.deepEqual(valuesOf(answer, "Warning"), [`380 ${host} "SIPS Not Allowed"`]);
      assert.deepEqual(await clear.silence(), []);
    });

    it("loses what a stranger may not see, and has the network of the address", async () => {
      const clear = await there.phone("127.0.0.12");
      const zone = await there.zone(
        `_sip._udp.somebody.example SRV 0 0 ${clear.port} proxy.somebody.example`,
        "proxy.somebody.example A 127.0.0.12",
      );
      await there.start(zone);
      there.call(there.request("sip:x@somebody.example"));
      assert.deepEqual(valuesOf(await clear.next(), "P-Asserted-Identity"), []);
      assert.equal(there.border.messages.at(-1)?.to?.network, "open-d");
    });

    it("S52: loses the same in a later request of its dialog, after a restart", async () => {
      const clear = await there.phone("127.0.0.12");
      const zone = await there.zone(
        `_sip._udp.open-d.example SRV 0 0 ${clear.port} proxy.open-d.example`,
        "proxy.open-d.example A 127.0.0.12",
      );
      await there.start(zone);
      there.call(there.request("sip:x@open-d.example"));
      const invite = await clear.next();
      await there.border.restart();
      const routes = valuesOf(invite, "Record-Route").toReversed();
      there.call(
        there.request(`sip:x@127.0.0.12:${clear.port}`, {
          method: "BYE",
          callId: valuesOf(invite, "Call-ID")[0]!,
          to: "<sip:x@open-d.example>;tag=x",
          cseq: 2,
          rows: [
            ...routes.map((route) => `Route: ${route}`),
            "P-Asserted-Identity: <sip:alice@home1.example>",
          ],
        }),
      );
      const bye = await clear.next();
      assert.match(bye, /^BYE /);
      assert.deepEqual(valuesOf(bye, "P-Asserted-Identity"), []);
    });

    it("S51: tries the next server where one can't be connected to", async () => {
      const refusing = await StreamHop.tcp();
      refusing.close();
      const taking = await StreamHop.tcp();
      there.keep(taking);
      const zone = await there.zone(
        `_sip._tcp.open-d.example SRV 10 0 ${refusing.port} a.open-d.example`,
        `_sip._tcp.open-d.example SRV 20 0 ${taking.port} b.open-d.example`,
        "a.open-d.example A 127.0.0.1",
        "b.open-d.example A 127.0.0.1",
      );
      const declared = engineOf(
        policy().replace("127.0.0.12/32", "127.0.0.1/32").replace("  address 127.0.0.0/30\n", ""),
      );
      await there.start(zone, { engine: declared });
      const invite = there.request("sip:x@open-d.example;transport=tcp");
      there.call(invite);
      const sent = await (await taking.peer()).next();
      assert.match(sent, /^INVITE /);
      // The first is passed over meanwhile, so that the CANCEL takes the same way, under the same branch.
      there.call(invite.replaceAll("INVITE", "CANCEL"));
      const cancel = await (await taking.peer()).next();
      assert.match(cancel, /^CANCEL /);
      assert.equal(branchOf(cancel), branchOf(sent));
    });
  });

  describe("to a server that is being connected to when a new policy comes", () => {
    it("begins with the first that the new policy leaves", async () => {
      const mute = createServer();
      await once(mute.listen(0, "127.0.0.2"), "listening");
      const { port } = mute.address() as AddressInfo;
      const good = await there.edge();
      const rows = [
        ...naptr("SIPS+D2T"),
        `_sips._tcp.carrier-c.example SRV 10 0 ${port} mute.carrier-c.example`,
        `_sips._tcp.carrier-c.example SRV 20 0 ${good.port} edge.carrier-c.example`,
        "mute.carrier-c.example A 127.0.0.2",
        `edge.carrier-c.example A ${host}`,
      ];
      // What DNS says outlives the reload, so that the list is made anew of the same records.
      await there.start(there.keep(await SmallZone.serve(rows, 60)));
      there.call(there.request("sip:bob@carrier-c.example"));
      const [held] = (await once(mute, "connection")) as [Socket];
      // The second of two is the only one now.
      there.border.adopt({ engine: engineOf(policy().replace("127.0.0.0/30", `${host}/32`)) });
      held.destroy();
      assert.match(await (await good.peer()).next(), /^INVITE /);
      mute.close();
    });
  });

  describe("to what may not be followed", () => {
    for (const [what, address] of [
      ["an address that is not public", "10.0.0.1"],
      ["the loopback of this machine", "127.0.0.77"],
      ["an IPv4 address dressed as IPv6", "::ffff:127.0.0.77"],
    ] as const)
      it(`is answered 480: ${what}`, async () => {
        const zone = await there.zone(`trap.example ${address.includes(":") ? "AAAA" : "A"} ${address}`);
        await there.start(zone, { listeners: ["inside udp", "outside udp", "outside udp ::1"] });
        there.call(there.request("sip:x@trap.example"));
        const answer = await there.home.next();
        assert.equal(statusOf(answer), 480);
        assert.match(await there.outcome(), /no address that may be followed/);
      });

    it("is answered 480 where a name leads into our own network", async () => {
      const inside = engineOf(
        policy().replace('  listener "inside"', '  listener "inside"\n  address 198.51.100.0/24'),
      );
      const zone = await there.zone("trap.example A 198.51.100.7");
      await there.start(zone, { engine: inside });
      there.call(there.request("sip:x@trap.example"));
      assert.equal(statusOf(await there.home.next()), 480);
    });

    it("is answered 404 where the name does not exist", async () => {
      await there.start(await there.zone("open-d.example A 127.0.0.12"));
      there.call(there.request("sip:x@nowhere.example"));
      assert.equal(statusOf(await there.home.next()), 404);
    });
  });

  it("spends no DNS on what a rule refuses to that network anyway", async () => {
    const zone = await there.zone();
    const refusing = engineOf(
      policy(`rule no-calls
  on message to open-d
  when method is INVITE
  reject 403 "no calls there"
  because "agreement"`),
    );
    await there.start(zone, { engine: refusing });
    there.call(there.request("sip:x@open-d.example"));
    assert.equal(statusOf(await there.home.next()), 403);
    assert.deepEqual(zone.server.questions, []);
  });
});
