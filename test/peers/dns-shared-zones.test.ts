/**
 * Case 29 of `../shared/cases` and the zones of other projects in `../shared/corpora/dns`, served by BIND
 * and by Knot. `test/corpora/wire/location.test.ts` has the same without a network.
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { foldName, type Location, type SoughtRequest } from "../../wire/index.ts";
import { Asking } from "../adapters/dns/asking.ts";
import { located } from "../adapters/dns/located.ts";
import { shared } from "../corpora/wire/shared-folder.ts";
import { written } from "../wire/dns/locating.ts";
import { RunningNameServer } from "./name-servers.ts";

const kamailio = "mnc001.mcc001.3gppnetwork.org";
const open5gs = `ims.${kamailio}`;
const isThere = existsSync(join(shared, "corpora", "dns"));

const read = (...path: string[]): string => readFileSync(join(shared, ...path), "latin1");

/** Zones of one server; both below one 3GPP domain would be one in the other, so they are two lots. */
const lots = (): readonly Readonly<Record<string, string>>[] => [
  {
    "carrier-c.example": read("cases", "29-dns-mixed-case-and-foreign-services.zone"),
    // Knot reads no A6 (RFC 6563 made it historic), and no origin below the one before.
    "example.com": read("corpora", "dns", "sofia-sip", "example.com")
      .replaceAll(/^.*\sA6\s.*\n/gm, "")
      .replace("$ORIGIN iptel\n", "$ORIGIN iptel.example.com.\n"),
    [kamailio]: read("corpora", "dns", "kamailio", kamailio),
  },
  {
    [open5gs]: read("corpora", "dns", "docker_open5gs", "dns", "ims_zone")
      .replaceAll("IMS_DOMAIN", open5gs)
      .replaceAll(/\b[A-Z]+_IP\b/g, "192.0.2.7"),
  },
];

for (const program of ["named", "knotd"] as const)
  describe(`${program}, with the shared zones`, { skip: !isThere && "needs ../shared" }, () => {
    const folder = mkdtempSync(join(tmpdir(), "privet-dns-"));
    const asking = new Asking();
    const servers: RunningNameServer[] = [];

    before(async () => {
      for (const [index, zones] of lots().entries())
        servers.push(await RunningNameServer[program]({ folder: join(folder, `${index}`), zones }));
    });
    after(async () => {
      for (const server of servers) await server.stop();
      rmSync(folder, { recursive: true });
    });
    afterEach(() => asking.close());

    const locate = (lot: 0 | 1, host: string, given: Partial<SoughtRequest> = {}): Promise<Location> =>
      located(asking.resolver([servers[lot]!.server], { timeout: 10_000 }), host, given);

    it("case 29: leads to TLS past records that are no SIP", async () => {
      const location = await locate(0, "Carrier-C.example");
      assert.deepEqual(written(location), ["tls 198.51.100.61 5061", "tls 2001:db8:c::61 5061"]);
      assert.equal(location.domain, "carrier-c.example");
      assert.deepEqual(
        asking.all("asked").map(({ question: { type, name } }) => `${type} ${foldName(name)}`),
        [
          "NAPTR carrier-c.example",
          "SRV _sips._tcp.carrier-c.example",
          "A edge.carrier-c.example",
          "AAAA edge.carrier-c.example",
        ],
      );
      assert.deepEqual(asking.all("foreign"), []);
    });

    it("sofia-sip's: priorities, and both families of each server", async () => {
      const location = await locate(0, "example.com");
      assert.deepEqual(written(location), [
        "tls 194.2.188.133 5061",
        "tls 3ff0:10:3012:c000:2c0:95ff:fee2:4b78 5061",
        "tls 194.2.188.135 5050",
        "tls 3ffe:1200:3012:c006:206:5bff:fe55:462f 5050",
        "tls 194.2.188.134 5060",
        "tls 3ff0:12:3012:c006:a08:20ff:fe7d:e7ac 5060",
      ]);
    });

    it("sofia-sip's aliases in a circle tell nothing", async () => {
      const location = await locate(0, "cloop.example.com", { port: 5060 });
      assert.match(location.failure!.text, /in a circle|SERVFAIL/);
    });

    it("kamailio's: no NAPTR, SRV of both transports", async () => {
      assert.deepEqual(written(await locate(0, kamailio)), ["tcp 127.0.0.1 4060"]);
      assert.deepEqual(written(await locate(0, `hss.${kamailio}`)), ["udp 127.0.0.1 5060"]);
      assert.equal(written(await locate(0, `nobody.${kamailio}`)), "no-such-domain");
    });

    it("docker_open5gs': two NAPTR of one order and preference, and no TLS", async () => {
      const location = await locate(1, open5gs);
      assert.deepEqual(written(location), ["tcp 192.0.2.7 4060"]);
      assert.equal(location.sips, "not-offered");
      assert.equal(written(await locate(1, open5gs, { tlsDemanded: true })), "tls-not-offered");
    });
  });
