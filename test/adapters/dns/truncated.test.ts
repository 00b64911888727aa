/** An answer that is cut short is asked for again over TCP (RFC 2181 9, RFC 7766 5). */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import dnsPacket from "dns-packet";
import type { Outcome } from "../../../wire/index.ts";
import { Asking, causeOf, ofSip, wellAnswered } from "./asking.ts";
import { type Asked, a, answersByTcp, answersWell, answerTo, framed } from "./fake-server.ts";

const asking = new Asking();
afterEach(() => asking.close());

const wellFramed = (asked: Asked): Buffer =>
  framed(answerTo(asked, { answers: [a(asked.name, "192.0.2.1")] }));

describe("an answer that is cut short over UDP", () => {
  it("is asked for over TCP, of the same server", async () => {
    const { server, resolver } = await asking.pair(answersByTcp(answersWell));
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    assert.deepEqual(server.questions, ["udp A sip.example.net", "tcp A sip.example.net"]);
    assert.deepEqual(
      asking.all("answered").map(({ transport, outcome }) => `${transport} ${outcome}`),
      ["udp truncated", "tcp records"],
    );
  });

  it("is asked for over TCP by IPv6 too", async () => {
    const server = await asking.server(answersByTcp(answersWell), "::1");
    const resolver = asking.resolver([server.server]);
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    assert.deepEqual(server.questions, ["udp A sip.example.net", "tcp A sip.example.net"]);
  });

  it("has 4,000 bytes there, in records that UDP left out", async () => {
    const count = 130;
    const address = (i: number): string => `192.0.2.${i + 1}`;
    const { server, resolver } = await asking.pair(
      answersByTcp((asked) => {
        const answers = Array.from({ length: count }, (_, i) => a(asked.name, address(i)));
        const bytes = answerTo(asked, { answers });
        assert.ok(bytes.length > 4_000, `${bytes.length}`);
        asked.send(bytes);
      }),
    );
    const outcome = await resolver.ask(ofSip);
    const expected: Outcome = {
      kind: "records",
      records: Array.from({ length: count }, (_, i) => ({ type: "A", address: address(i) })),
      ttl: 300,
    };
    assert.deepEqual(outcome, expected);
    assert.equal(server.asked.length, 2);
  });

  it("and over TCP too is a failure, never the lack of records", async () => {
    const { resolver } = await asking.pair((asked) =>
      asked.send(answerTo(asked, { flags: dnsPacket.TRUNCATED_RESPONSE })),
    );
    assert.match(causeOf(await resolver.ask(ofSip)), /cut short over TCP too/);
  });

  it("of a server without TCP is a failure, and the next server is asked", async () => {
    const cut = await asking.server(answersByTcp((asked) => asked.end()));
    const whole = await asking.server(answersWell);
    const resolver = asking.resolver([cut.server, whole.server]);
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
    assert.deepEqual(whole.questions, ["udp A sip.example.net"]);
    // It said something: it is not passed over.
    assert.deepEqual(asking.all("passed-over"), []);
  });
});

describe("over TCP an answer", () => {
  it("comes byte by byte", async () => {
    const { resolver } = await asking.pair(
      answersByTcp((asked) => {
        void (async () => {
          for (const byte of wellFramed(asked)) {
            asked.write(Uint8Array.of(byte));
            await pass(1);
          }
        })();
      }),
    );
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
  });

  it("is not what comes behind it", async () => {
    const { resolver } = await asking.pair(
      answersByTcp((asked) => asked.write(Buffer.concat([wellFramed(asked), Buffer.alloc(1_000, 0xff)]))),
    );
    assert.deepEqual(await resolver.ask(ofSip), wellAnswered);
  });

  for (const [what, kept] of [
    ["before its length", 0],
    ["inside its length", 1],
    ["behind its length", 2],
    ["before its last byte", -1],
  ] as const)
    it(`that ends ${what} is a failure`, async () => {
      const { resolver } = await asking.pair(
        answersByTcp((asked) => {
          asked.write(wellFramed(asked).subarray(0, kept));
          asked.end();
        }),
      );
      assert.match(
        causeOf(await resolver.ask(ofSip)),
        /the connection ended before the whole answer had come/,
      );
    });

  it("shorter than a header is refused at once", async () => {
    const { resolver } = await asking.pair(answersByTcp((asked) => asked.write(Uint8Array.of(0, 11, 1))));
    assert.match(causeOf(await resolver.ask(ofSip)), /announced an answer of 11 bytes/);
  });

  it("that never ends takes no longer than any other", async () => {
    const { resolver } = await asking.pair(
      answersByTcp((asked) => asked.write(wellFramed(asked).subarray(0, -1))),
      { timeout: 200 },
    );
    assert.match(causeOf(await resolver.ask(ofSip)), /no answer in 200 ms/);
  });
});
