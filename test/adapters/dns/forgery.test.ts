/** Who can't see a question can't answer it (RFC 5452). */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, describe, it } from "node:test";
import fc from "fast-check";
import type { Outcome } from "../../../wire/index.ts";
import { Asking, causeOf, ofSip, wellAnswered } from "./asking.ts";
import { type Answerer, type Asked, a, answersByTcp, answersWell, answerTo, framed } from "./fake-server.ts";

const asking = new Asking();
afterEach(() => asking.close());

/** Somebody else's, in what the test changes. */
const forged = (asked: Asked): Buffer => answerTo(asked, { answers: [a(asked.name, "203.0.113.66")] });
const otherCase = (name: string): string =>
  name.replaceAll(/[a-z]/gi, (letter) => (letter < "a" ? letter.toLowerCase() : letter.toUpperCase()));

/** Sends these, then the right answer. */
const afterwardsWell =
  (...forgeries: readonly ((asked: Asked) => Uint8Array)[]): Answerer =>
  (asked) => {
    if (asked.transport === "udp") for (const forge of forgeries) asked.send(forge(asked));
    answersWell(asked);
  };

describe("over UDP what answers another question is passed over and counted", () => {
  for (const [what, forge, cause] of [
    ["another id", (asked: Asked) => forged({ ...asked, id: asked.id ^ 1 }), "has another id"],
    ["another name", (asked: Asked) => forged({ ...asked, name: "sop.example.net" }), "has another question"],
    ["another type", (asked: Asked) => forged({ ...asked, type: "AAAA" }), "has another question"],
    ["a question", (asked: Asked) => asked.bytes, "is no answer"],
    ["nothing", () => new Uint8Array(0), "has 0 bytes"],
  ] as const)
    it(what, async () => {
      const { server, resolver } = await asking.pair(afterwardsWell(forge));
      assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
      assert.deepEqual(
        asking.all("foreign").map(({ transport, cause: told }) => `${transport} ${told}`),
        [`udp ${cause}`],
      );
      assert.deepEqual(server.questions, ["udp A sip.example.net"]);
    });

  it("what comes from another port never arrives", async () => {
    const forger = createSocket("udp4");
    forger.bind(0, "127.0.0.1");
    await once(forger, "listening");
    const { resolver } = await asking.pair((asked) => {
      // Right in everything but its source, and first.
      forger.send(forged(asked), asked.port, "127.0.0.1", () => answersWell(asked));
    });
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    assert.deepEqual(asking.all("foreign"), []);
    forger.close();
  });

  it("whatever bytes come first, the right answer is the outcome", async () => {
    const first: { bytes: Uint8Array } = { bytes: new Uint8Array(0) };
    const { resolver } = await asking.pair(
      afterwardsWell(() => first.bytes),
      { cache: 0 },
    );
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 64 }), async (bytes) => {
        first.bytes = bytes;
        assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
      }),
      { numRuns: 50 },
    );
    assert.equal(asking.all("foreign").length, 50);
  });
});

describe("where UDP can't be trusted, TCP is asked", () => {
  it("after four that answer another question: the flood decides nothing", async () => {
    const flood: Answerer = (asked) => {
      if (asked.transport === "tcp") return answersWell(asked);
      for (let guess = 1; guess <= 200; guess++) asked.send(forged({ ...asked, id: asked.id ^ guess }));
      // The right id comes when nobody listens any more.
      asked.send(forged(asked));
    };
    const { server, resolver } = await asking.pair(flood);
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    assert.equal(asking.all("foreign").length, 4);
    assert.deepEqual(server.questions, ["udp A sip.example.net", "tcp A sip.example.net"]);
  });

  it("of a server that doesn't keep the letter case: in lower case, which any can repeat", async () => {
    const { server, resolver } = await asking.pair((asked) => {
      const lower = { ...asked, name: asked.name.toLowerCase() };
      asked.send(answerTo(lower, { answers: [a(lower.name, "192.0.2.1")] }));
    });
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    assert.deepEqual(
      asking.all("foreign").map(({ cause }) => cause),
      ["has the question in other letter case"],
    );
    assert.equal(server.asked[1]!.transport, "tcp");
    assert.equal(server.asked[1]!.name, "sip.example.net");
  });

  it("and is not believed in another letter case either", async () => {
    const { resolver } = await asking.pair((asked) =>
      asked.send(forged({ ...asked, name: otherCase(asked.name) })),
    );
    assert.match(causeOf(await resolver.ask(ofSip)), /over TCP has the question in other letter case/);
  });

  it("UDP is not believed where TCP fails", async () => {
    const { resolver } = await asking.pair((asked) => {
      if (asked.transport === "tcp") return asked.end();
      asked.send(forged({ ...asked, name: otherCase(asked.name) }));
      asked.send(forged(asked));
    });
    assert.match(causeOf(await resolver.ask(ofSip)), /the connection ended/);
  });

  it("another question answered over TCP ends the wait: the server's own fault", async () => {
    const { resolver } = await asking.pair(
      answersByTcp((asked) => asked.send(forged({ ...asked, id: asked.id ^ 1 }))),
    );
    assert.match(causeOf(await resolver.ask(ofSip)), /the message over TCP has another id/);
    assert.deepEqual(
      asking.all("foreign").map(({ transport }) => transport),
      ["tcp"],
    );
  });

  it("whatever bytes come over TCP, the outcome is a failure", async () => {
    const raw: { bytes: Uint8Array } = { bytes: new Uint8Array(0) };
    const { resolver } = await asking.pair(
      answersByTcp((asked) => {
        asked.write(raw.bytes);
        asked.end();
      }),
      { cache: 0 },
    );
    const anyBytes = fc.uint8Array({ maxLength: 64 });
    await fc.assert(
      fc.asyncProperty(fc.oneof(anyBytes, anyBytes.map(framed)), async (bytes) => {
        raw.bytes = bytes;
        const outcome: Outcome = await resolver.ask(ofSip);
        assert.equal(outcome.kind, "failure");
      }),
      { numRuns: 50 },
    );
  });
});
