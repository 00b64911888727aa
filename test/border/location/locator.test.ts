/** How a message waits for DNS: at once where it is known, never longer than it may, never more than may. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Locator } from "../../../border/location/locator.ts";
import { type Draw, type Location, locateRequest, type Outcome, type Question } from "../../../wire/index.ts";

const address: Outcome = { kind: "records", records: [{ type: "A", address: "192.0.2.7" }], ttl: 60 };
const none: Outcome = { kind: "no-data", ttl: 60 };
const keyOf = ({ type, name }: Question): string => `${type} ${name}`;

/** A resolver that knows what is in `known`, and is told the rest. */
class Told {
  readonly known_ = new Map<string, Outcome>();
  readonly asked: string[] = [];
  answer: (question: Question) => Promise<Outcome> = () => new Promise(() => {});

  known(question: Question): Outcome | undefined {
    return this.known_.get(keyOf(question));
  }

  ask(question: Question): Promise<Outcome> {
    this.asked.push(keyOf(question));
    return this.answer(question);
  }
}

const begin = (draw: Draw) =>
  locateRequest({
    scheme: "sip",
    host: "open-d.example",
    supported: ["udp"],
    tlsDemanded: false,
    families: ["A"],
    draw,
  });
const wanted = { begin, draw: () => 0 };

const toldAll = (question: Question): Promise<Outcome> =>
  Promise.resolve(question.type === "A" ? address : none);
const targets = [{ transport: "udp", address: "192.0.2.7", port: 5060 }];
const limits = { milliseconds: 60, bytes: 1_000 };

describe("a location", () => {
  it("is had at once where all of it is known", () => {
    const told = new Told();
    for (const question of ["NAPTR open-d.example", "SRV _sip._udp.open-d.example"])
      told.known_.set(question, none);
    const locator = new Locator(told, limits);
    assert.equal(locator.now("key", wanted), undefined);
    told.known_.set("A open-d.example", address);
    assert.deepEqual(locator.now("key", wanted)?.targets, targets);
    assert.deepEqual(told.asked, []);
  });

  it("is waited for where it isn't", async () => {
    const told = new Told();
    told.answer = toldAll;
    const locator = new Locator(told, limits);
    const location = await new Promise<Location>((resolve) => {
      assert.equal(locator.wait(wanted, "open-d.example", 700, resolve), true);
      assert.equal(locator.waitingBytes(), 700);
    });
    assert.deepEqual(location.targets, targets);
    assert.deepEqual(told.asked, [
      "NAPTR open-d.example",
      "SRV _sip._udp.open-d.example",
      "A open-d.example",
    ]);
    assert.equal(locator.waitingBytes(), 0);
  });

  it("ends in time, whatever is not told, and asks nothing more then", async () => {
    const told = new Told();
    told.answer = (question) => (question.type === "NAPTR" ? toldAll(question) : new Promise(() => {}));
    const locator = new Locator(told, limits);
    const location = await new Promise<Location>((resolve) =>
      locator.wait(wanted, "open-d.example", 1, resolve),
    );
    assert.deepEqual(location.failure, {
      cause: "temporary",
      text: "DNS doesn't tell the SRV records of _sip._udp.open-d.example: not within 60 ms",
    });
    assert.equal(told.asked.length, 2);
  });

  it("of a host for which too much waits is refused, of another one not", async () => {
    const locator = new Locator(new Told(), limits);
    const ended: string[] = [];
    const wait = (host: string, size: number): boolean =>
      locator.wait(wanted, host, size, () => ended.push(host));
    assert.equal(wait("open-d.example", 600), true);
    assert.equal(wait("open-d.example", 401), false);
    assert.equal(wait("open-d.example", 400), true);
    assert.equal(wait("carrier-c.example", 1_000), true);
    await locator.drain();
    assert.deepEqual(ended.toSorted(), ["carrier-c.example", "open-d.example", "open-d.example"]);
    assert.equal(wait("open-d.example", 1_000), true);
    locator.close();
    await locator.drain();
    assert.equal(ended.length, 4);
  });

  it("is not drained for longer than one may take, however many more come", { timeout: 60_000 }, async () => {
    const locator = new Locator(new Told(), limits);
    let [waited, ended] = [0, 0];
    const wait = (): void => {
      if (locator.wait(wanted, "open-d.example", 1, () => ended++)) waited++;
    };
    wait();
    const coming = setInterval(wait, 10);
    try {
      await locator.drain();
    } finally {
      clearInterval(coming);
    }
    assert.equal(ended, waited);
    assert.ok(waited > 1);
    assert.equal(
      locator.wait(wanted, "open-d.example", 1, () => {}),
      false,
    );
  });

  it("in which something is at fault fails, and ends nothing else", async () => {
    const told = new Told();
    told.answer = () => {
      throw new TypeError("no such thing");
    };
    const locator = new Locator(told, limits);
    const location = await new Promise<Location>((resolve) =>
      locator.wait(wanted, "open-d.example", 1, resolve),
    );
    assert.deepEqual(location.failure, {
      cause: "temporary",
      text: "open-d.example could not be located: no such thing",
    });
    assert.equal(locator.waitingBytes(), 0);
  });
});
