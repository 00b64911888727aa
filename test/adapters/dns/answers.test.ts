/** What a resolver asks, and what it makes of answers. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { Answer } from "dns-packet";
import { Asking, causeOf, ofSip, wellAnswered } from "./asking.ts";
import { a, answersWell, answerTo, code, saysCode, soa } from "./fake-server.ts";

const asking = new Asking();
afterEach(() => asking.close());

describe("a question to a name server", () => {
  it("asks for recursion and 1232 bytes (RFC 1035 4.1.1, RFC 6891 6.1.2)", async () => {
    const { server, resolver } = await asking.pair(answersWell);
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    const [asked] = server.asked;
    assert.equal(asked!.bytes.readUInt16BE(2), 0x01_00);
    assert.equal(asked!.packet.additionals![0]!.type, "OPT");
    assert.equal(asked!.bytes.readUInt16BE(asked!.bytes.length - 8), 1_232);
    assert.deepEqual(server.questions, ["udp A sip.example.net"]);
  });

  it("has an id, a port and a letter case of its own each time (RFC 5452 9.2)", async () => {
    const { server, resolver } = await asking.pair(answersWell, { cache: 0 });
    for (let i = 0; i < 32; i++) await resolver.ask(ofSip);
    // 32 draws of 16 bits, of 13 letters and of some 28,000 ports: fewer than 24 different ones come
    // once in far more runs than there will be.
    for (const of of ["id", "port", "name"] as const)
      assert.ok(new Set(server.asked.map((asked) => asked[of])).size >= 24, of);
    assert.deepEqual(
      new Set(server.asked.map(({ name }) => name.toLowerCase())),
      new Set(["sip.example.net"]),
    );
  });

  it("is told of: server, transport, time and outcome", async () => {
    const { server, resolver } = await asking.pair(answersWell);
    await resolver.ask(ofSip);
    const about = { question: ofSip, server: server.server, transport: "udp" };
    assert.deepEqual(asking.all("asked"), [{ kind: "asked", ...about }]);
    const [answered] = asking.all("answered");
    assert.deepEqual(
      { ...answered, milliseconds: 0 },
      { kind: "answered", ...about, outcome: "records", milliseconds: 0 },
    );
    assert.ok(answered!.milliseconds >= 0 && answered!.milliseconds <= 10_000);
    assert.deepEqual(
      asking.all("settled").map(({ question, outcome }) => ({ question, outcome })),
      [{ question: ofSip, outcome: wellAnswered }],
    );
  });

  it("of no domain name is not asked", async () => {
    const { server, resolver } = await asking.pair(answersWell);
    for (const name of ["", "a..b", "a b", `${"x".repeat(64)}.net`])
      assert.equal(causeOf(await resolver.ask({ type: "A", name })), "it is no domain name");
    assert.deepEqual(server.asked, []);
  });
});

describe("an answer", () => {
  it("that the name doesn't exist is one, with the SOA's minimum for its time (RFC 2308 5)", async () => {
    const { resolver } = await asking.pair((asked) =>
      asked.send(answerTo(asked, { flags: code.nameError, authorities: [soa("example.net", 900, 60)] })),
    );
    assert.deepEqual(await resolver.ask(ofSip), { kind: "no-such-name", ttl: 60 });
    assert.deepEqual(resolver.known(ofSip), { kind: "no-such-name", ttl: 60 });
  });

  it("that there is no such record is another", async () => {
    const { resolver } = await asking.pair((asked) =>
      asked.send(answerTo(asked, { authorities: [soa("example.net", 30, 60)] })),
    );
    assert.deepEqual(await resolver.ask(ofSip), { kind: "no-data", ttl: 30 });
  });

  it("through an alias gives the records behind it, and the lower TTL (RFC 1034 3.6.2)", async () => {
    const alias = (name: string): Answer => ({ type: "CNAME", class: "IN", name, data: "b.test", ttl: 20 });
    const { resolver } = await asking.pair((asked) =>
      asked.send(answerTo(asked, { answers: [alias(asked.name), a("b.test", "192.0.2.9")] })),
    );
    assert.deepEqual(await resolver.ask(ofSip), {
      kind: "records",
      records: [{ type: "A", address: "192.0.2.9" }],
      ttl: 20,
    });
  });

  for (const [flags, cause] of [
    [code.formatError, /FORMERR/],
    [code.serverFailure, /SERVFAIL/],
    [code.notImplemented, /NOTIMP/],
    [code.refused, /REFUSED/],
  ] as const)
    it(`of code ${flags} tells nothing: a failure that names the server`, async () => {
      const { server, resolver } = await asking.pair(saysCode(flags));
      const failure = causeOf(await resolver.ask(ofSip));
      assert.match(failure, cause);
      assert.ok(failure.startsWith(`127.0.0.1 port ${server.server.port}: `), failure);
      assert.equal(server.asked.length, 1);
    });

  it("that names others to ask is a failure, not the lack of records (RFC 2308 2.2)", async () => {
    const { resolver } = await asking.pair((asked) =>
      asked.send(
        answerTo(asked, {
          authorities: [{ type: "NS", class: "IN", name: "net", ttl: 60, data: "ns.elsewhere.test" }],
        }),
      ),
    );
    assert.match(causeOf(await resolver.ask(ofSip)), /names others to ask/);
  });

  it("that can't be read is a failure, not the lack of records", async () => {
    const { resolver } = await asking.pair((asked) => {
      const bytes = answerTo(asked, { answers: [a(asked.name, "192.0.2.1")] });
      asked.send(bytes.subarray(0, -1));
    });
    assert.match(causeOf(await resolver.ask(ofSip)), /the answer ends inside the record/);
  });
});
