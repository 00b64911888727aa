/**
 * "Forwarding without state": branch, targets and queues; and what a fault costs.
 *
 * branch, and the hop drawn by it, over changes: here, corpora/border/cancel-after-change
 * what goes into the branch: forwarding/transaction
 * the next target at once, a stateless 503 where none is left: here, border-streams
 * a target that refuses our certificate when the request is written: corpora/border/early-bytes
 * a bounded queue in bytes and age, also while connecting: here; alone: forwarding/links
 * what a full queue does to requests and responses: here; to own answers: border-faults
 */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { compile, type Engine } from "../../../engine/index.ts";
import { makeAuthority, makeCertificate } from "../../certificate-authority.ts";
import { found } from "../../until.ts";
import { Phone, valuesOf } from "../phone.ts";
import { StartedBorder, writtenPolicy } from "../started-border.ts";
import { StreamHop, StreamPeer } from "../stream-peer.ts";
import { branchOf, type WrittenRequest, writeRequest, writeResponse } from "../written-messages.ts";
import { host, hostOf, Neighbourhood, networks } from "./neighbourhood.ts";

const listeners = ["inside udp", "inside tcp", "outside udp", "outside tcp"];

/** A port of this machine that refuses connections. */
async function deadPort(): Promise<number> {
  const hop = await StreamHop.tcp();
  hop.close();
  return hop.port;
}

describe("branch: CANCEL, ACK to non-2xx and retransmissions get the same one after a reconnect, a reload, a restart, and through another border", () => {
  let home: Phone;
  let hops: readonly StreamHop[];
  let border: StartedBorder;
  const configured = () => ({
    engine: writtenPolicy(networks()),
    listeners,
    hops: { "open-d": hops.map(({ port }) => `tcp:${host}:${port}`) },
  });
  before(async () => {
    home = await Phone.open(hostOf.home);
    hops = await Promise.all([StreamHop.tcp(), StreamHop.tcp(), StreamHop.tcp()]);
    border = await StartedBorder.start(configured());
  });
  after(async () => {
    for (const hop of hops) hop.close();
    await border.close();
    home.close();
  });

  const written = (changes: Partial<WrittenRequest> = {}): string =>
    writeRequest({ via: `SIP/2.0/UDP ${hostOf.home}:${home.port};branch=z9hG4bKt1`, ...changes });

  /** Which hop has it, and under which branch; whatever connection it came on. */
  async function wayOf(text: string, by: StartedBorder = border): Promise<readonly [number, string]> {
    home.send(text, by.port("inside", "udp"));
    return found(async () => {
      for (const [index, hop] of hops.entries()) {
        for (const peer of hop.peers) {
          const [came] = await peer.silence(1);
          if (came !== undefined) return [index, branchOf(came)] as const;
        }
      }
      return undefined;
    }, "the message");
  }

  it("and the hop with it", async () => {
    const way = await wayOf(written());
    const cancel = written({ method: "CANCEL" });
    const ack = written({ method: "ACK", to: "<sip:bob@open-d.example>;tag=b1" });
    for (const peer of hops.flatMap(({ peers }) => peers)) peer.close();
    await border.until(() => border.connections("tcp") === 0, "the end of the connections");
    assert.deepEqual(await wayOf(cancel), way, "after a reconnect");
    border.adopt({
      engine: writtenPolicy(networks('rule more\n  on message to foreign\n  mark more\n  because "test"')),
    });
    assert.deepEqual(await wayOf(cancel), way, "after a reload");
    await border.restart();
    assert.deepEqual(await wayOf(ack), way, "after a restart");
    const other = await StartedBorder.start(configured());
    assert.deepEqual(await wayOf(ack, other), way, "through another border");
    assert.deepEqual(await wayOf(written(), other), way, "a retransmission through another border");
    await other.close();
  });

  it("keyed: a border of another secret has another branch", async () => {
    const [, branch] = await wayOf(written());
    const other = await StartedBorder.start({ ...configured(), secret: Buffer.alloc(16, 9) });
    const [, theirs] = await wayOf(written(), other);
    assert.notEqual(theirs, branch);
    await other.close();
  });
});

describe("if connecting fails before a byte was written, the next target is tried at once; none left is a stateless 503", () => {
  let home: Phone;
  before(async () => {
    home = await Phone.open(hostOf.home);
  });
  after(() => home.close());

  const call = (border: StartedBorder, index: number): void =>
    home.send(
      writeRequest({
        method: "MESSAGE",
        via: `SIP/2.0/UDP ${hostOf.home}:${home.port};branch=z9hG4bKn${index}`,
        callId: `n${index}@test`,
      }),
      border.port("inside", "udp"),
    );

  it("two dead hops and one that lives: each of many calls arrives, once", async () => {
    const hop = await StreamHop.tcp();
    const border = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners,
      hops: { "open-d": [await deadPort(), hop.port, await deadPort()].map((port) => `tcp:${host}:${port}`) },
    });
    for (let index = 0; index < 12; index++) {
      call(border, index);
      const peer = await hop.peer();
      assert.deepEqual(valuesOf(await peer.next(), "Call-ID"), [`n${index}@test`]);
    }
    assert.deepEqual(await home.silence(), []);
    assert.equal(hop.peers.length, 1);
    await border.close();
    hop.close();
  });

  it("none left: 503, the same each time, and the cause in what is told", async () => {
    const border = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners,
      hops: { "open-d": [`tcp:${host}:${await deadPort()}`, `tcp:${host}:${await deadPort()}`] },
    });
    call(border, 1);
    const answer = await home.next();
    assert.match(answer, /^SIP\/2\.0 503 Service Unavailable\r\n/);
    call(border, 1);
    assert.equal(await home.next(), answer);
    const { outcome } = border.messages.at(-1)!;
    assert.match(outcome.kind === "answered" ? outcome.cause : "", /ECONNREFUSED/);
    await border.close();
  });
});

describe("queues: every target has a bounded queue in bytes and age, also while connecting", () => {
  let home: Phone;
  let border: StartedBorder;
  /** Takes TCP connections and never shakes hands. */
  let mute: StreamHop;
  const queue = { bytes: 1_000, milliseconds: 1_500 };

  before(async () => {
    home = await Phone.open(hostOf.home);
    mute = await StreamHop.tcp();
    border = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners: ["inside udp", "outside tls"],
      hops: { "open-d": [`tls:${host}:${mute.port}`] },
      identity: makeCertificate("home1.example", makeAuthority("home root")),
      queue,
    });
  });
  after(async () => {
    mute.close();
    await border.close();
    home.close();
  });

  const message = (index: number, method = "MESSAGE"): string =>
    writeRequest({
      method,
      via: `SIP/2.0/UDP ${hostOf.home}:${home.port};branch=z9hG4bKq${index}`,
      callId: `q${index}@test`,
    });

  it("overflow answers 503 to requests, at once; what waits gets its 503 when its time is over", async () => {
    const size = message(10).length;
    const fits = Math.floor(queue.bytes / size);
    const began = performance.now();
    for (let index = 10; index < 20; index++) home.send(message(index), border.port("inside", "udp"));
    const answers: string[] = [];
    for (let index = 10; index < 20; index++) answers.push(await home.next());
    assert.ok(performance.now() - began >= queue.milliseconds - 50);
    for (const answer of answers) assert.match(answer, /^SIP\/2\.0 503 Service Unavailable\r\n/);
    const causes = border.messages.map(({ outcome }) => (outcome.kind === "answered" ? outcome.cause : ""));
    assert.equal(causes.filter((cause) => cause === "the queue to open-d is full").length, 10 - fits);
    assert.equal(causes.filter((cause) => cause.includes("within the time")).length, fits);
    // Those that found no room were answered first: they waited for nothing.
    assert.deepEqual(causes.slice(0, 10 - fits), Array(10 - fits).fill("the queue to open-d is full"));
  });

  it("an ACK that finds no room is dropped and told, and nobody is answered", async () => {
    border.passages.length = 0;
    for (let index = 30; index < 40; index++) home.send(message(index, "ACK"), border.port("inside", "udp"));
    await border.until(() => border.messages.length === 10, "all of them");
    for (const { outcome } of border.messages) assert.equal(outcome.kind, "dropped");
    assert.deepEqual(await home.silence(), []);
  });
});

describe("queues: overflow answers 503 to requests and drops and counts responses", () => {
  let border: StartedBorder;
  let hop: StreamHop;
  let home: StreamPeer;
  const queue = { bytes: 6_000, milliseconds: 2_000 };
  const count = 60;
  beforeEach(async () => {
    hop = await StreamHop.tcp();
    border = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners,
      hops: { "open-d": [`tcp:${host}:${hop.port}`] },
      queue,
    });
    home = await StreamPeer.tcp(border.port("inside", "tcp"));
  });
  afterEach(async () => {
    home.close();
    await border.close();
    hop.close();
  });

  const request = (index: number): string =>
    writeRequest({
      method: "MESSAGE",
      via: `SIP/2.0/TCP ${host};branch=z9hG4bKo${index}`,
      callId: `o${index}@test`,
    });
  const kinds = (): ReadonlyMap<string, number> => {
    const counts = new Map<string, number>();
    for (const { outcome } of border.messages) counts.set(outcome.kind, (counts.get(outcome.kind) ?? 0) + 1);
    return counts;
  };

  it("requests in one breath: as many as the queue to the target takes are sent on, each other is answered 503", async () => {
    home.send(request(0));
    const peer = await hop.peer();
    await peer.next();
    border.passages.length = 0;
    home.send(Array.from({ length: count }, (_, index) => request(index + 1)).join(""));
    await border.until(() => border.messages.length === count, "all of them");
    const forwarded = kinds().get("forwarded") ?? 0;
    assert.ok(forwarded > 5 && forwarded < count, `${forwarded} forwarded`);
    assert.equal((kinds().get("answered") ?? 0) + (kinds().get("dropped") ?? 0), count - forwarded);
    for (let index = 0; index < forwarded; index++) assert.match(await peer.next(), /^MESSAGE /);
    assert.deepEqual(await peer.silence(), [], "no more than were told");
    for (let index = 0; index < (kinds().get("answered") ?? 0); index++)
      assert.match(await home.next(), /^SIP\/2\.0 503 Service Unavailable\r\n/);
    assert.deepEqual(await home.silence(0), []);
    // The queue has gone: the next request passes.
    home.send(request(count + 1));
    assert.match(await peer.next(), /^MESSAGE /);
  });

  it("responses in one breath: what the way back can't take is dropped and counted, and the next one passes", async () => {
    home.send(request(0));
    const peer = await hop.peer();
    const ok = writeResponse(await peer.next(), "200 OK");
    border.passages.length = 0;
    peer.send(ok.repeat(count));
    await border.until(() => border.messages.length === count, "all of them");
    const [forwarded, dropped] = [kinds().get("forwarded") ?? 0, kinds().get("dropped") ?? 0];
    assert.ok(forwarded > 5 && dropped > 5, `${forwarded} forwarded, ${dropped} dropped`);
    assert.equal(forwarded + dropped, count);
    for (const { outcome } of border.messages)
      if (outcome.kind === "dropped") assert.equal(outcome.cause, "the way back is full");
    for (let index = 0; index < forwarded; index++) assert.match(await home.next(), /^SIP\/2\.0 200 OK\r\n/);
    assert.deepEqual(await home.silence(), []);
    peer.send(ok);
    assert.match(await home.next(), /^SIP\/2\.0 200 OK\r\n/);
  });
});

describe("one message that goes wrong costs that message alone", () => {
  /** Throws in the gate that a message's Subject names. */
  function faulty(): Engine {
    const sound = compile(writtenPolicy(networks()).policy);
    const breaks = (bytes: Uint8Array, gate: string): boolean =>
      Buffer.from(bytes).includes(`Subject: ${gate}`);
    return {
      policy: sound.policy,
      fields: sound.fields,
      networkOf: (connection, at) => sound.networkOf(connection, at),
      decide: () => {
        throw new Error("there is no handshake here");
      },
      enter: (message) => {
        if (breaks(message.bytes, "enter")) throw new Error("enter is broken");
        return sound.enter(message);
      },
      refuses: (...way) => sound.refuses(...way),
      leave: (entered, ...way) => {
        if (breaks(entered.scan.bytes, "leave")) throw new Error("leave is broken");
        return sound.leave(entered, ...way);
      },
      explain: (event) => sound.explain(event),
    };
  }

  let there: Neighbourhood;
  before(async () => {
    there = await Neighbourhood.settle(networks(), { engine: faulty() });
  });
  after(() => there.close());

  for (const gate of ["enter", "leave"]) {
    it(`a request in ${gate}: 500, nothing of it is passed on, and its neighbours are carried`, async () => {
      there.send("home", there.request("home", `e1-${gate}`));
      there.send("home", there.request("home", `e2-${gate}`, { rows: [`Subject: ${gate}`] }));
      there.send("home", there.request("home", `e3-${gate}`));
      for (const branch of [`e1-${gate}`, `e3-${gate}`])
        assert.deepEqual(valuesOf(await there.open.next(), "Call-ID"), [`${branch}@test`]);
      const answer = await there.home.next();
      assert.match(answer, /^SIP\/2\.0 500 Server Internal Error\r\n/);
      assert.doesNotMatch(answer, /broken/);
      assert.deepEqual(await there.silence(), []);
      const { outcome } = there.border.messages.find((one) => one.outcome.kind === "failed")!;
      assert.match(outcome.kind === "failed" ? outcome.cause : "", /is broken$/);
      there.border.passages.length = 0;
    });

    it(`a response in ${gate}: lost without a word, and its neighbours are carried`, async () => {
      there.send("home", there.request("home", `e4-${gate}`));
      const invite = await there.open.next();
      there.send("open", writeResponse(invite, "180 Ringing"));
      there.send("open", writeResponse(invite, "183 Session Progress", `Subject: ${gate}`));
      there.send("open", writeResponse(invite, "200 OK"));
      assert.match(await there.home.next(), /^SIP\/2\.0 180 /);
      assert.match(await there.home.next(), /^SIP\/2\.0 200 /);
      assert.deepEqual(await there.silence(), []);
      there.border.passages.length = 0;
    });
  }
});
