/** `privet run` that locates by DNS, as an operator sees it: log and metrics, of one process and of two workers. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Phone } from "../border/phone.ts";
import { SmallZone } from "../border/small-zone.ts";
import { writeRequest } from "../border/written-messages.ts";
import { until } from "../until.ts";
import { BorderProcess } from "./border-process.ts";

const host = "127.0.0.1";
const homeHost = "127.0.0.11";
const year = new Date().getUTCFullYear();

/** carrier-c has no hop. */
const policy = `language 1
policy "located"
network home {
  own
  domain "home1.example"
  listener "inside"
}
partner carrier-c {
  domain "carrier-c.example"
  address ${host}/32
  agreement "IWA-1" from ${year - 1}-01-01 to ${year + 1}-12-31
}
trust home
`;

for (const workers of [1, 2])
  describe(`a border of ${workers === 1 ? "one process" : "two workers"} that locates by DNS`, () => {
    const border = new BorderProcess();
    let home: Phone;
    let carrier: Phone;
    let zone: SmallZone;
    let port = 0;
    let operation = 0;
    let calls = 0;

    const clear = (): readonly string[] => [
      "carrier-c.example NAPTR 90 50 s SIP+D2U _sip._udp.carrier-c.example",
      `_sip._udp.carrier-c.example SRV 0 0 ${carrier.port} edge.carrier-c.example`,
      `edge.carrier-c.example A ${host}`,
    ];
    // Nobody here speaks TLS: the records alone count.
    const asksForTls = "carrier-c.example NAPTR 50 50 s SIPS+D2T _sips._tcp.carrier-c.example";

    before(async () => {
      home = await Phone.open(homeHost);
      carrier = await Phone.open(host);
      zone = await SmallZone.serve([asksForTls, ...clear()]);
      border.write("p.privet", policy);
      border.write(
        "border.json",
        JSON.stringify({
          policy: "p.privet",
          secret: "000102030405060708090a0b0c0d0e0f",
          workers,
          listeners: [
            { name: "inside", transport: "udp", address: host, port: 0 },
            { name: "outside", transport: "udp", address: host, port: 0 },
          ],
          networks: { home: { hops: [`udp:${homeHost}:${home.port}`] } },
          dns: { servers: zone.servers.map((one) => `${one.address}:${one.port}`), milliseconds: 4_000 },
          operation: { port: 0 },
          log: { level: "decisions" },
        }),
      );
      border.start();
      const [, listening] = await border.until(/"kind":"started","listeners":(\[.*?\])/);
      port = JSON.parse(listening!)[0].port;
      operation = Number((await border.until(/operation http 127\.0\.0\.1:(\d+)$/m))[1]);
    });
    after(async () => {
      await border.remove();
      await zone.close();
      home.close();
      carrier.close();
    });

    const call = (uri: string): void => {
      const callId = `located-${++calls}`;
      const via = `SIP/2.0/UDP ${homeHost}:${home.port};branch=z9hG4bK${callId}`;
      home.send(writeRequest({ method: "OPTIONS", uri, via, callId }), port);
    };
    /** A page without a worker that was too busy to tell is followed by one with it. */
    const shows = (line: RegExp): Promise<void> =>
      until(
        async () => line.test(await (await fetch(`http://${host}:${operation}/metrics`)).text()),
        String(line),
      );

    it("leads a call over what is published, and tells of a partner that asks for TLS no longer", async () => {
      call("sip:bob@carrier-c.example");
      assert.match(await carrier.next(), /^OPTIONS sip:bob@carrier-c\.example SIP\/2\.0\r\n/);
      await shows(/^privet_dns_server_up\{server="127\.0\.0\.1:\d+"\} 1$/m);
      await shows(
        /^privet_dns_answers_total\{server="127\.0\.0\.1:\d+",transport="udp",outcome="records"\} \d+$/m,
      );

      zone.replace(clear());
      // Any worker may have the next one; each tells of what it has seen itself.
      for (let one = 0; one < 6; one++) {
        call("sip:bob@carrier-c.example");
        await carrier.next();
      }
      if (workers > 1) return;
      const [line] = await border.until(/^.*"kind":"sips-withdrawn".*$/m);
      const { level, network, domain, clear: isClear } = JSON.parse(line);
      assert.deepEqual(
        { level, network, domain, isClear },
        { level: "warn", network: "carrier-c", domain: "carrier-c.example", isClear: "allowed" },
      );
      await shows(/^privet_sips_withdrawn_total\{network="carrier-c"\} 1$/m);
    });

    it("tells of a name server that is silent", async () => {
      zone.isDead = true;
      call("sip:bob@nobody.example");
      assert.match(await home.next(), /^SIP\/2\.0 503 /);
      const [line] = await border.until(/^.*"kind":"name-server".*$/m);
      const { level, server, up } = JSON.parse(line);
      assert.deepEqual({ level, up }, { level: "warn", up: false });
      assert.equal(server, `${zone.servers[0]!.address}:${zone.servers[0]!.port}`);
      await shows(/^privet_dns_server_up\{server="127\.0\.0\.1:\d+"\} 0$/m);
      // Whom a subscriber sought stands in no line.
      assert.doesNotMatch(border.everything, /nobody/);
    });
  });
