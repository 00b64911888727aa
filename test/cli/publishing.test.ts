/** `privet run` that answers by DNS for what its policy publishes. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { until } from "../until.ts";
import { question, said } from "../wire/dns/published.ts";
import { BorderProcess } from "./border-process.ts";
import { host, listener } from "./shared-listeners.ts";

const policy = (address: string): string => `language 1
policy "published"
network home {
  own
  domain "home1.example"
  listener "inside"
}
trust home
publish "home1.example" {
  host "edge1.home1.example" address ${address}
  tls "edge1.home1.example" port 5061 priority 10 weight 50
}
`;

async function addressAt(port: number): Promise<string> {
  const socket = createSocket("udp4");
  const answer = once(socket, "message", { signal: AbortSignal.timeout(10_000) });
  socket.send(question("A", "edge1.home1.example"), port, host);
  const [bytes] = (await answer) as [Buffer];
  socket.close();
  return said(bytes).answers.join();
}

for (const workers of [1, 2])
  describe(`a border of ${workers === 1 ? "one process" : "two workers"}`, () => {
    const border = new BorderProcess();
    let port = 0;
    let operation = 0;
    const publish = { listen: [`${host}:0`] };
    const write = (settings: object = {}): void =>
      border.write(
        "border.json",
        JSON.stringify({
          policy: "p.privet",
          secret: "000102030405060708090a0b0c0d0e0f",
          workers,
          publish,
          operation: { port: 0 },
          listeners: [listener("inside", "udp")],
          networks: { home: { hops: ["udp:127.0.0.1:9"] } },
          ...settings,
        }),
      );

    before(async () => {
      border.write("p.privet", policy("192.0.2.1"));
      write();
      border.start();
      port = Number((await border.until(/^publishing dns 127\.0\.0\.1:(\d+)$/m))[1]);
      operation = Number((await border.until(/^operation http 127\.0\.0\.1:(\d+)$/m))[1]);
    });
    after(() => border.remove());

    it("answers for what its policy publishes", async () => {
      assert.equal(await addressAt(port), "edge1.home1.example 300 A 192.0.2.1");
    });

    it("counts what it answers", async () => {
      const page = await (await fetch(`http://${host}:${operation}/metrics`)).text();
      assert.match(page, /^privet_publish_answers_total\{transport="udp",code="NOERROR"\} 1$/m);
      assert.match(page, /^privet_publish_answers_total\{transport="tcp",code="REFUSED"\} 0$/m);
      assert.match(page, /^privet_publish_dropped_total\{transport="tcp",cause="slow"\} 0$/m);
      assert.match(page, /^privet_publish_cut_total\{cause="share"\} 0$/m);
    });

    it("takes new records, and keeps its own where a new version is refused", async () => {
      write({ publish: { ...publish, answers: 7 } });
      border.write("p.privet", policy("192.0.2.77"));
      border.signal("SIGHUP");
      await border.until(/\/publish: questions of DNS are answered where and as often as was said/);
      await border.until(/^error: not reloaded/m);
      assert.equal(await addressAt(port), "edge1.home1.example 300 A 192.0.2.1");
      write();
      border.signal("SIGHUP");
      await border.until(/^reloaded/m);
      assert.equal(await addressAt(port), "edge1.home1.example 300 A 192.0.2.77");
    });

    it("lets its port go at its end", async () => {
      border.signal("SIGTERM");
      assert.equal(await border.ended(), 0);
      const socket = createSocket("udp4").bind(port, host);
      await once(socket, "listening");
      socket.close();
    });
  });

describe("a border whose port for DNS is taken", () => {
  it("does not start, and says why", async () => {
    const taken = createSocket("udp4").bind(0, host);
    await once(taken, "listening");
    const { port } = taken.address();
    const border = new BorderProcess();
    border.write("p.privet", policy("192.0.2.1"));
    border.write(
      "border.json",
      JSON.stringify({
        policy: "p.privet",
        publish: { listen: [`${host}:${port}`] },
        listeners: [listener("inside", "udp")],
        networks: { home: { hops: ["udp:127.0.0.1:9"] } },
      }),
    );
    border.start();
    assert.equal(await border.ended(), 2);
    await until(() => border.everything.includes("/publish: "));
    assert.match(border.everything, /\/publish: bind EADDRINUSE 127\.0\.0\.1:\d+\n {2}help: /);
    taken.close();
    await border.remove();
  });
});
