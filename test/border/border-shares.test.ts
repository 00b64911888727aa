/** What networks may send and hold open, and what the border answers itself over UDP, on real sockets. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { until } from "../until.ts";
import { engine, flooder, honest, LimitedBorder, request } from "./limited-border.ts";
import { valuesOf } from "./phone.ts";

let scene: LimitedBorder;

describe("a border that gives a network 20 messages a second and 2 connections", () => {
  afterEach(() => scene.close());

  it("drops over UDP what all its sources send beyond, and carries all of the others", async () => {
    scene = await LimitedBorder.open({ carrier: { messages: 20 } });
    const uri = "sip:alice@home1.example";
    const started = Date.now();
    const [one, two, other] = [
      await scene.phone(flooder),
      await scene.phone(honest),
      await scene.phone(honest),
    ];
    for (let call = 0; call < 40; call++) {
      one.send(request(uri, `one-${call}`, `UDP ${flooder}:${one.port}`), scene.port("x", "udp"));
      two.send(request(uri, `two-${call}`, `UDP ${honest}:${two.port}`), scene.port("x", "udp"));
      other.send(request(uri, `other-${call}`, `UDP ${honest}:${other.port}`), scene.port("outside", "udp"));
    }
    await until(() => scene.passages.length === 120, "all messages");
    const seconds = (Date.now() - started) / 1000;
    const dropped = scene.causes("dropped");
    assert.ok(dropped.every((cause) => cause === "the network sends more than its share"));
    assert.ok(dropped.length <= 60, `a full share: ${dropped.length} dropped`);
    assert.ok(
      80 - dropped.length <= 20 * (1 + seconds) + 1,
      `no more than its share: ${dropped.length} dropped`,
    );
    const arrived: string[] = [];
    for (let i = 0; i < 120 - dropped.length; i++)
      arrived.push(valuesOf(await scene.home.next(), "Call-ID")[0]!);
    assert.equal(arrived.filter((call) => call.startsWith("other-")).length, 40);
  });

  it("answers 503 with Retry-After on a stream, also to our own where it has the limit", async () => {
    scene = await LimitedBorder.open({ home: { messages: 20 } });
    const line = await scene.tcp("inside", flooder);
    const port = scene.port("inside", "tcp");
    for (let call = 0; call < 200; call++) {
      line.socket.write(request(`sip:127.0.0.1:${port}`, `own-${call}`, "TCP 127.0.0.9"));
    }
    await until(() => line.text.split("\r\n\r\n").length === 201, "all answers");
    const answers = line.text.split("\r\n\r\n").slice(0, 200);
    const refused = answers.filter((answer) => answer.startsWith("SIP/2.0 503 "));
    assert.ok(refused.length > 0);
    for (const answer of refused) assert.deepEqual(valuesOf(`${answer}\r\n\r\n`, "Retry-After"), ["1"]);
    assert.ok(answers.slice(0, 20).every((answer) => answer.startsWith("SIP/2.0 200 ")));
    assert.deepEqual(
      new Set(scene.causes("answered")),
      new Set(["the border answers for itself", "the network sends more than its share"]),
    );
  });

  it("closes its newest connection beyond, wherever it comes from, and gives a free place again", async () => {
    scene = await LimitedBorder.open({ carrier: { connections: 2 } });
    const first = await scene.tcp("x", flooder);
    assert.equal(await scene.ask(first), "200");
    const second = await scene.tls("x", honest);
    assert.equal(await scene.ask(second, "TLS"), "200");
    const third = await scene.tcp("x", "127.0.0.4");
    await until(() => third.closed, "the end of the third");
    assert.equal(scene.border.refusals().get("network-connections"), 1);
    const others = await Promise.all(Array.from({ length: 4 }, () => scene.tcp("outside", flooder)));
    assert.equal(await scene.ask(others[3]!), "200");
    first.socket.destroy();
    await until(() => scene.border.connections().get("tcp") === 4, "the end of the first");
    assert.equal(await scene.ask(await scene.tcp("x", "127.0.0.4")), "200");
    assert.equal(second.closed, false);
  });

  it("counts those that stand when a reload brings the limit", async () => {
    scene = await LimitedBorder.open({});
    const held = [await scene.tcp("x", flooder), await scene.tcp("x", honest)];
    for (const line of held) assert.equal(await scene.ask(line), "200");
    const networks = new Map(scene.configuration.networks);
    networks.set("carrier-x", { ...networks.get("carrier-x")!, connections: 2 });
    scene.border.adopt(engine(), { ...scene.configuration, networks });
    const third = await scene.tcp("x", honest);
    await until(() => third.closed, "the end of the third");
    held[0]!.socket.destroy();
    await until(() => scene.border.connections().get("tcp") === 1, "the end of the first");
    assert.equal(await scene.ask(await scene.tcp("x", honest)), "200");
  });
});

describe("a border that answers over UDP", () => {
  afterEach(() => scene.close());

  for (const [what, limits, share] of [
    ["50 times a second without a word in border.json", {}, 50],
    [
      "as often as `sources.answers` says",
      { sources: { messages: undefined, connections: undefined, answers: 10 } },
      10,
    ],
  ] as const) {
    it(`answers a source ${what}, and drops what would get more`, async () => {
      scene = await LimitedBorder.open(limits);
      const [bad, good] = [await scene.phone(flooder), await scene.phone(honest)];
      const udp = scene.port("outside", "udp");
      const count = share * 4;
      const started = Date.now();
      for (let call = 0; call < count; call++) {
        const uri = call % 2 === 0 ? `sip:127.0.0.1:${udp}` : "sip:x@nowhere.example";
        bad.send(request(uri, `bad-${call}`, `UDP ${flooder}:${bad.port}`), udp);
      }
      good.send(request(`sip:127.0.0.1:${udp}`, "good", `UDP ${honest}:${good.port}`), udp);
      assert.match(await good.next(), /^SIP\/2\.0 200 /);
      await until(() => scene.passages.length === count + 1, "all messages");
      const seconds = (Date.now() - started) / 1000;
      const dropped = scene.causes("dropped");
      assert.ok(dropped.every((cause) => cause === "the source has had its share of answers"));
      const answered = count - dropped.length;
      assert.ok(answered >= share && answered <= share * (1 + seconds) + 1, `${answered} answers`);
      for (let i = 0; i < answered; i++) assert.match(await bad.next(), /^SIP\/2\.0 (?:200|403) /);
      assert.deepEqual(await bad.silence(50), []);
    });
  }

  it("answers our own networks always, and forwards what it would not answer", async () => {
    scene = await LimitedBorder.open({
      sources: { messages: undefined, connections: undefined, answers: 1 },
    });
    const udp = scene.port("inside", "udp");
    for (let call = 0; call < 60; call++) {
      scene.home.send(
        request(`sip:127.0.0.1:${udp}`, `own-${call}`, `UDP 127.0.0.1:${scene.home.port}`),
        udp,
      );
    }
    for (let call = 0; call < 60; call++) assert.match(await scene.home.next(), /^SIP\/2\.0 200 /);
    const phone = await scene.phone(honest);
    for (let call = 0; call < 60; call++) {
      const text = request("sip:alice@home1.example", `in-${call}`, `UDP ${honest}:${phone.port}`);
      phone.send(text, scene.port("outside", "udp"));
    }
    for (let call = 0; call < 60; call++) assert.match(await scene.home.next(), /^OPTIONS sip:alice@/);
  });
});
