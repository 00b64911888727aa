/** A border that asks BIND where its partners are (RFC 3263; scenarios S47 and S48). */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { host, LocatingHome, statusOf } from "../border/locating-home.ts";
import { valuesOf } from "../border/phone.ts";
import { RunningNameServer } from "./name-servers.ts";

const folder = mkdtempSync(join(tmpdir(), "privet-border-dns-"));

/** As case 29 has it: services of others beside, in mixed case. `port` is where TLS is served. */
const zone = (serial: number, port: number, asksForTls: boolean): string => `$ORIGIN carrier-c.example.
$TTL 1
@ SOA ns hostmaster ${serial} 3600 600 86400 1
@ NS ns
@ NAPTR 5 0 "u" "E2U+sip" "!^.*$!sip:x@open-d.example!" .
${asksForTls ? '@ NAPTR 10 0 "S" "sips+d2t" "" _SIPS._TCP.Carrier-C.example.' : ""}
@ NAPTR 20 0 "s" "SIP+D2T" "" _sip._tcp.carrier-c.example.
_sips._tcp SRV 0 0 ${port} Edge
_sip._tcp SRV 0 0 ${port} edge
ns A 127.0.0.1
edge A 127.0.0.1
`;

describe("a call from home to carrier-c, which has no hop", () => {
  let there: LocatingHome;
  let server: RunningNameServer;

  before(async () => {
    there = await LocatingHome.open();
  });
  afterEach(async () => {
    await there.endTest();
    await server.stop();
  });
  after(() => {
    there.close();
    rmSync(folder, { recursive: true });
  });

  it("arrives by NAPTR alone, and is refused, not sent in clear, once its SIPS records are gone", async () => {
    const edge = await there.edge();
    server = await RunningNameServer.named({
      folder,
      zones: { "carrier-c.example": zone(1, edge.port, true) },
    });
    await there.start({ servers: [server.server] });
    there.call(there.request("sip:bob@carrier-c.example"));
    const arrived = await (await edge.peer()).next();
    assert.match(arrived, /^INVITE sip:bob@carrier-c\.example SIP\/2\.0\r\n/);
    assert.deepEqual(valuesOf(arrived, "P-Asserted-Identity"), ["<sip:alice@home1.example>"]);

    await server.replace("carrier-c.example", zone(2, edge.port, false));
    // Longer than the TTL.
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    there.call(there.request("sip:bob@carrier-c.example"));
    const answer = await there.home.next();
    assert.equal(statusOf(answer), 480);
    assert.deepEqual(valuesOf(answer, "Warning"), [`381 ${host} "SIPS Required"`]);
    assert.equal(edge.peers.length, 1);
    assert.equal((await edge.peer()).received.includes(valuesOf(answer, "Call-ID")[0]!), false);
    assert.deepEqual(
      there.border.withdrawn.map(({ domain, isRefused }) => ({ domain, isRefused })),
      [{ domain: "carrier-c.example", isRefused: true }],
    );
  });

  it("arrives although the first of two name servers is dead", async () => {
    const edge = await there.edge();
    server = await RunningNameServer.named({
      folder,
      zones: { "carrier-c.example": zone(1, edge.port, true) },
    });
    const silent = await there.zone();
    silent.isDead = true;
    await there.start({ servers: [...silent.servers, server.server] });
    there.call(there.request("sip:bob@carrier-c.example"));
    assert.match(await (await edge.peer()).next(), /^INVITE /);
  });
});

describe("case 35, whose SRV records come in another order", () => {
  let there: LocatingHome;
  let server: RunningNameServer;

  before(async () => {
    there = await LocatingHome.open();
  });
  after(async () => {
    await there.endTest();
    there.close();
    await server.stop();
  });

  it("goes where its INVITE went, and so does its CANCEL, after the TTL and after a restart", async () => {
    const edges = [await there.edge(), await there.edge(), await there.edge()];
    const rows = edges.map(({ port }) => `_sips._tcp SRV 10 0 ${port} edge`);
    const text = (serial: number, srv: readonly string[]): string => `$ORIGIN carrier-c.example.
$TTL 1
@ SOA ns hostmaster ${serial} 3600 600 86400 1
@ NS ns
@ NAPTR 10 0 "s" "SIPS+D2T" "" _sips._tcp
${srv.join("\n")}
ns A 127.0.0.1
edge A 127.0.0.1
`;
    const own = mkdtempSync(join(tmpdir(), "privet-border-dns-"));
    server = await RunningNameServer.named({ folder: own, zones: { "carrier-c.example": text(1, rows) } });
    await there.start({ servers: [server.server] });
    const invite = there.request("sip:bob@carrier-c.example");
    there.call(invite);
    const took = await Promise.any(edges.map(async (edge) => ({ edge, peer: await edge.peer() })));
    assert.match(await took.peer.next(), /^INVITE /);

    await server.replace("carrier-c.example", text(2, rows.toReversed()));
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    const cancel = invite.replaceAll("INVITE", "CANCEL");
    there.call(cancel);
    assert.match(await took.peer.next(), /^CANCEL /);
    await there.border.restart();
    there.call(cancel);
    assert.match(await (await took.edge.peer(1)).next(), /^CANCEL /);
    assert.deepEqual(
      edges.map(({ peers }) => peers.length).toSorted((a, b) => a - b),
      [0, 0, 2],
    );
    rmSync(own, { recursive: true });
  });
});
