/** What a resolver takes and keeps at most: time, questions under way, memory. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import type { Outcome, Question } from "../../../wire/index.ts";
import { Asking, causeOf, ofSip, wellAnswered } from "./asking.ts";
import {
  type Answerer,
  type Asked,
  a,
  answersByTcp,
  answersWell,
  answerTo,
  code,
  isSilent,
  saysCode,
  soa,
} from "./fake-server.ts";

const asking = new Asking();
afterEach(() => asking.close());

const named = (label: string): Question => ({ type: "A", name: `${label}.example.net` });
const withTtl =
  (ttl: number): Answerer =>
  (asked) =>
    asked.send(answerTo(asked, { answers: [a(asked.name, "192.0.2.1", ttl)] }));

describe("time", () => {
  it("ends a question that nobody answers, as a failure", async () => {
    const { server, resolver } = await asking.pair(isSilent, { timeout: 300 });
    const cause = `127.0.0.1 port ${server.server.port}: no answer in 300 ms`;
    assert.equal(causeOf(await resolver.ask(ofSip)), cause);
    assert.deepEqual(
      asking.all("passed-over").map((event) => event.server),
      [server.server],
    );
    const [settled] = asking.all("settled");
    assert.ok(settled!.milliseconds >= 290 && settled!.milliseconds < 20_000, `${settled!.milliseconds} ms`);
  });

  it("and an answer that comes later changes nothing", async () => {
    const late: Asked[] = [];
    const { resolver } = await asking.pair((asked) => late.push(asked), { timeout: 100 });
    causeOf(await resolver.ask(ofSip));
    for (const asked of late) answersWell(asked);
    await pass(50);
    causeOf(resolver.known(ofSip));
    assert.deepEqual(asking.all("answered"), []);
  });

  it("counts what went before TCP", async () => {
    const { resolver } = await asking.pair(
      answersByTcp(() => {}),
      { timeout: 300 },
    );
    assert.match(causeOf(await resolver.ask(ofSip)), /no answer in 300 ms/);
    const [settled] = asking.all("settled");
    assert.ok(settled!.milliseconds < 20_000, `${settled!.milliseconds} ms`);
  });
});

describe("questions under way", () => {
  it("are asked once where they are equal, in whatever letter case", async () => {
    const { server, resolver } = await asking.pair((asked) => setTimeout(() => answersWell(asked), 50));
    const all = ["sip.example.net", "SIP.example.net", "sip.example.net"];
    const outcomes = await Promise.all(all.map((name) => resolver.ask({ type: "A", name })));
    assert.deepEqual(outcomes, [wellAnswered, wellAnswered, wellAnswered]);
    assert.equal(server.asked.length, 1);
  });

  it("are several where their types or names differ", async () => {
    const { server, resolver } = await asking.pair(saysCode(code.nameError));
    await Promise.all([
      resolver.ask(ofSip),
      resolver.ask({ ...ofSip, type: "AAAA" }),
      resolver.ask(named("other")),
    ]);
    assert.equal(server.asked.length, 3);
  });

  it("are no more than the setting says: another fails at once, and that is not remembered", async () => {
    const { server, resolver } = await asking.pair((asked) => setTimeout(() => answersWell(asked), 50), {
      pending: 2,
    });
    const first = [resolver.ask(named("a")), resolver.ask(named("b"))];
    assert.equal(causeOf(await resolver.ask(named("c"))), "2 questions are under way already");
    assert.equal(resolver.known(named("c")), undefined);
    // One more that waits for the same is no question more.
    assert.deepEqual(await resolver.ask(named("a")), wellAnswered);
    assert.deepEqual(await Promise.all(first), [wellAnswered, wellAnswered]);
    assert.deepEqual(await resolver.ask(named("c")), wellAnswered);
    assert.equal(server.asked.length, 3);
  });

  it("end as failures where the resolver is closed", async () => {
    const { server, resolver } = await asking.pair(answersByTcp(() => {}));
    const waiting = [resolver.ask(named("a")), resolver.ask(named("b"))];
    while (server.asked.length < 3) await pass(5);
    resolver.close();
    assert.deepEqual((await Promise.all(waiting)).map(causeOf), [
      "the resolver was closed",
      "the resolver was closed",
    ]);
    assert.equal(causeOf(await resolver.ask(ofSip)), "the resolver is closed");
    assert.equal(resolver.known(named("a")), undefined);
    resolver.close();
  });
});

describe("a resolver may be closed", () => {
  it("before its question has left", async () => {
    const { resolver } = await asking.pair(isSilent);
    const waiting = resolver.ask(ofSip);
    resolver.close();
    assert.equal(causeOf(await waiting), "the resolver was closed");
  });

  // With the milliseconds until the first question is given up, which for some must not be too soon on a busy machine.
  for (const [kind, timeout] of [
    ["asked", 10_000],
    ["foreign", 10_000],
    ["unanswered", 500],
    ["passed-over", 500],
    ["answered", 2_000],
    ["back", 2_000],
  ] as const)
    it(`by who hears its event ${kind}`, async () => {
      let isDead = true;
      const first = await asking.server((asked) => {
        if (isDead) asked.send(answerTo({ ...asked, id: asked.id ^ 1 }, {}));
        else answersWell(asked);
      });
      let now = 0;
      const resolver = asking.resolver([first.server], { timeout }, () => now);
      let isClosing = false;
      resolver.events$.subscribe((event) => {
        if (event.kind !== kind) return;
        isClosing = true;
        resolver.close();
      });
      const outcomes = [await resolver.ask(ofSip)];
      isDead = false;
      now = 60_000;
      outcomes.push(await resolver.ask(ofSip));
      assert.ok(isClosing);
      assert.deepEqual(
        outcomes.map((one) => one.kind),
        ["failure", "failure"],
      );
    });
});

describe("an outcome is remembered", () => {
  it("for its TTL, by type and by name in any letter case", async () => {
    let now = 1_000;
    const { server, resolver } = await asking.pair(withTtl(30), {}, () => now);
    assert.equal(resolver.known(ofSip), undefined);
    await resolver.ask(ofSip);
    now += 29_999;
    assert.equal(resolver.known({ type: "A", name: "SIP.Example.NET" })?.kind, "records");
    assert.equal(resolver.known({ ...ofSip, type: "AAAA" }), undefined);
    await resolver.ask(ofSip);
    assert.equal(server.asked.length, 1);
    now += 1;
    assert.equal(resolver.known(ofSip), undefined);
    await resolver.ask(ofSip);
    assert.equal(server.asked.length, 2);
  });

  it("not at all with TTL 0: it is good for those who wait (RFC 1035 3.2.1)", async () => {
    const { server, resolver } = await asking.pair(withTtl(0));
    const both = await Promise.all([resolver.ask(ofSip), resolver.ask(ofSip)]);
    assert.deepEqual(
      both.map(({ kind }) => kind),
      ["records", "records"],
    );
    assert.equal(resolver.known(ofSip), undefined);
    await resolver.ask(ofSip);
    assert.equal(server.asked.length, 2);
  });

  it("no longer than the setting says", async () => {
    let now = 0;
    const { resolver } = await asking.pair(withTtl(2_147_483_647), { mostTtl: 60 }, () => now);
    await resolver.ask(ofSip);
    now = 59_999;
    assert.equal(resolver.known(ofSip)?.kind, "records");
    now = 60_000;
    assert.equal(resolver.known(ofSip), undefined);
  });

  it("three hours at most where there is nothing (RFC 2308 5)", async () => {
    let now = 0;
    const { resolver } = await asking.pair(
      (asked) => asked.send(answerTo(asked, { authorities: [soa("example.net", 86_400, 86_400)] })),
      {},
      () => now,
    );
    await resolver.ask(ofSip);
    now = 10_799_999;
    assert.equal(resolver.known(ofSip)?.kind, "no-data");
    now = 10_800_000;
    assert.equal(resolver.known(ofSip), undefined);
  });

  it("five seconds where it is a failure (RFC 9520 3.2): a dead server is waited for once", async () => {
    let now = 0;
    const { server, resolver } = await asking.pair(isSilent, { timeout: 100 }, () => now);
    const failure = await resolver.ask(ofSip);
    const count = server.asked.length;
    assert.deepEqual(await resolver.ask(ofSip), failure);
    now = 4_999;
    assert.deepEqual(resolver.known(ofSip), failure);
    assert.equal(server.asked.length, count);
    now = 5_000;
    assert.equal(resolver.known(ofSip), undefined);
  });

  it("among so many that were used last", async () => {
    const { resolver } = await asking.pair(answersWell, { cache: 3 });
    for (const label of ["a", "b", "c"]) await resolver.ask(named(label));
    const known = (label: string): Outcome | undefined => resolver.known(named(label));
    assert.deepEqual(known("a"), wellAnswered);
    await resolver.ask(named("d"));
    assert.deepEqual(
      ["a", "b", "c", "d"].filter((label) => known(label) !== undefined),
      ["a", "c", "d"],
    );
  });

  it("never where nothing is to be", async () => {
    const { resolver } = await asking.pair(answersWell, { cache: 0 });
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    assert.equal(resolver.known(ofSip), undefined);
  });
});
