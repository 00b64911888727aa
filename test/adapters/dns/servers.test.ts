/** Of several name servers one answers. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { Resolver } from "../../../adapters/index.ts";
import { Asking, causeOf, ofSip, wellAnswered } from "./asking.ts";
import {
  type Answerer,
  type Asked,
  a,
  answersByTcp,
  answersWell,
  answerTo,
  code,
  FakeServer,
  isSilent,
  saysCode,
} from "./fake-server.ts";

const asking = new Asking();
afterEach(() => asking.close());

const settings = { servers: [], timeout: 1_000, cache: 1, mostTtl: 1, pending: 1 };

/** Where nobody listens (any more). */
async function deserted(): Promise<{ readonly address: string; readonly port: number }> {
  const server = await FakeServer.start(isSilent);
  await server.close();
  return server.server;
}

describe("the list of servers", () => {
  it("has at least one, each with an address and a port", () => {
    const given = (address: string, port: number): Resolver =>
      new Resolver({ ...settings, servers: [{ address, port }] });
    assert.throws(() => new Resolver(settings), /its list is empty/);
    assert.throws(() => given("ns.example.net", 53), /name server "ns.example.net" is no IP address/);
    assert.throws(() => given("192.0.2.53", 0), /192.0.2.53: 0 is no port/);
    assert.throws(() => given("192.0.2.53", 65_536), /65536 is no port/);
    given("192.0.2.53", 53).close();
    given("2001:db8::53", 53).close();
  });
});

describe("the next server is asked", () => {
  for (const [what, answerer, cause] of [
    ["fails", saysCode(code.serverFailure), /SERVFAIL/],
    ["refuses", saysCode(code.refused), /REFUSED/],
    ["can't read the question", saysCode(code.formatError), /FORMERR/],
    [
      "sends what can't be read",
      ((asked) =>
        asked.send(
          Buffer.concat([answerTo(asked, { answers: [a(asked.name, "192.0.2.9")] }), Buffer.from("x")]),
        )) satisfies Answerer,
      /goes on behind its last record/,
    ],
    ["breaks off over TCP", answersByTcp((asked) => asked.end()), /the connection ended/],
  ] as const)
    it(`where one ${what}`, async () => {
      const bad = await asking.server(answerer);
      const good = await asking.server(answersWell);
      const resolver = asking.resolver([bad.server, good.server]);
      assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
      assert.deepEqual(good.questions, ["udp A sip.example.net"]);
      const told = [...asking.all("answered"), ...asking.all("unanswered")];
      assert.ok(told.some((event) => event.server === bad.server || event.server.port === bad.server.port));
      assert.ok(
        told.some((event) => cause.test(event.cause ?? "")),
        String(cause),
      );
    });

  it("where nobody listens: at once", async () => {
    const good = await asking.server(answersWell);
    const resolver = asking.resolver([await deserted(), good.server], { timeout: 60_000 });
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    // Not for the end of a turn, which is a second here.
    assert.deepEqual(
      asking.all("unanswered").map(({ cause }) => cause),
      ["nobody listens there"],
    );
    assert.match(asking.all("passed-over")[0]!.cause, /nobody listens there$/);
  });

  it("not where one says that the name doesn't exist", async () => {
    const one = await asking.server(saysCode(code.nameError));
    const other = await asking.server(answersWell);
    const resolver = asking.resolver([one.server, other.server]);
    assert.deepEqual(await resolver.ask(ofSip), { kind: "no-such-name", ttl: 0 });
    assert.deepEqual(other.asked, []);
  });

  it("and where all fail, the failure names each", async () => {
    const one = await asking.server(saysCode(code.serverFailure));
    const other = await asking.server(saysCode(code.refused));
    const resolver = asking.resolver([one.server, other.server]);
    const { port } = one.server;
    assert.equal(
      causeOf(await resolver.ask(ofSip)),
      `127.0.0.1 port ${port}: the server failed (SERVFAIL); ` +
        `127.0.0.1 port ${other.server.port}: the server refused (REFUSED)`,
    );
  });
});

describe("a server that is silent", () => {
  it("costs a fifth of the time where there are two, and later questions nothing", async () => {
    const dead = await asking.server(isSilent);
    const good = await asking.server(answersWell);
    const resolver = asking.resolver([dead.server, good.server], { timeout: 10_000, cache: 0 });
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    assert.deepEqual(asking.all("passed-over")[0], {
      kind: "passed-over",
      server: dead.server,
      cause: "no answer in 1000 ms",
    });
    assert.deepEqual(await resolver.ask({ type: "A", name: "other.example.net" }), wellAnswered);
    assert.deepEqual(dead.questions, ["udp A sip.example.net"]);
  });

  it("is asked first again by one question in 30 seconds, and is back when it answers", async () => {
    let isDead = true;
    let now = 0;
    const first = await asking.server((asked) => {
      if (!isDead) answersWell(asked);
    });
    const second = await asking.server(answersWell);
    const servers = [first.server, second.server];
    const resolver = asking.resolver(servers, { timeout: 8_000, cache: 0 }, () => now);
    await resolver.ask(ofSip);
    assert.equal(asking.all("passed-over").length, 1);
    isDead = false;
    now = 29_999;
    await resolver.ask(ofSip);
    assert.deepEqual([first.asked.length, second.asked.length], [1, 2]);
    now = 30_000;
    await Promise.all([resolver.ask(ofSip), resolver.ask({ type: "A", name: "other.example.net" })]);
    assert.deepEqual(first.questions.slice(1), ["udp A sip.example.net"]);
    assert.deepEqual(second.questions.slice(2), ["udp A other.example.net"]);
    assert.deepEqual(asking.all("back"), [{ kind: "back", server: first.server }]);
    await resolver.ask(ofSip);
    assert.equal(first.asked.length, 3);
  });

  it("may still answer while the next one is asked", async () => {
    const held: Asked[] = [];
    const slow = await asking.server((asked) => held.push(asked));
    const dead = await asking.server(() => {
      for (const asked of held.splice(0)) answersWell(asked);
    });
    const resolver = asking.resolver([slow.server, dead.server], { timeout: 8_000 });
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    assert.equal(dead.asked.length, 1);
    assert.deepEqual(asking.all("back"), [{ kind: "back", server: slow.server }]);
  });

  it("is sent the same once more: a datagram may have been lost", async () => {
    let lost = 0;
    const { server, resolver } = await asking.pair(
      (asked) => {
        if (lost++ > 0) answersWell(asked);
      },
      { timeout: 9_000 },
    );
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    assert.equal(server.asked.length, 1);
    // From the same port, and the same bytes.
    assert.equal(server.repeated.length, 1);
  });
});
