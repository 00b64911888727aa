/**
 * "Forwarding without state" and "Limits", as far as they speak of the border's own answers.
 *
 * To tag derived from the request, ACK absorbed: here
 * a UDP answer goes to the source and is never larger than the request: here
 * the standard's reason phrase for untrusted peers: here
 * OPTIONS to the border itself: here; pings of hops: border-pings
 * limits by source: border-flood
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Phone, textMessage, valuesOf } from "../phone.ts";
import { StartedBorder, writtenPolicy } from "../started-border.ts";
import { StreamPeer } from "../stream-peer.ts";
import { writeResponse } from "../written-messages.ts";
import { host, hostOf, Neighbourhood, networks } from "./neighbourhood.ts";

const tagOf = (message: string): string | undefined =>
  /;tag=([^;\s]+)/.exec(valuesOf(message, "To")[0]!)?.[1];

describe("own answers have a To tag derived from the request, so that an ACK to them is recognised and absorbed", () => {
  let there: Neighbourhood;
  before(async () => {
    there = await Neighbourhood.settle();
  });
  after(() => there.close());

  const nowhere = { uri: "sip:bob@nowhere.example", to: "<sip:bob@nowhere.example>" };

  async function refused(branch: string): Promise<string> {
    there.send("home", there.request("home", branch, nowhere));
    const answer = await there.home.next();
    assert.match(answer, /^SIP\/2\.0 404 Not Found\r\n/);
    return answer;
  }

  it("the same for a retransmission, after a restart, and from a border beside it; another for another transaction", async () => {
    const tag = tagOf(await refused("a1"));
    assert.match(tag ?? "", /^[0-9a-f]{8}$/);
    assert.equal(tagOf(await refused("a1")), tag);
    assert.notEqual(tagOf(await refused("a2")), tag);
    await there.border.restart();
    assert.equal(tagOf(await refused("a1")), tag);
    const beside = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners: ["inside udp"],
    });
    there.home.send(there.request("home", "a1", nowhere), beside.port("inside", "udp"));
    assert.equal(tagOf(await there.home.next()), tag);
    await beside.close();
  });

  it("the ACK ends here, also after a restart; one with another tag, or of another transaction, does not", async () => {
    const to = `<sip:bob@open-d.example>;tag=${tagOf(await refused("a3"))}`;
    const ack = (branch: string, changes: { readonly to: string }): string =>
      there.request("home", branch, { method: "ACK", ...changes });
    const acks = (): readonly string[] =>
      there.border.messages.filter(({ method }) => method === "ACK").map(({ outcome }) => outcome.kind);
    there.send("home", ack("a3", { to }));
    await there.border.until(() => acks().length === 1, "the ACK");
    await there.border.restart();
    there.send("home", ack("a3", { to }));
    await there.border.until(() => acks().length === 2, "the ACK again");
    assert.deepEqual(acks(), ["absorbed", "absorbed"]);
    assert.deepEqual(await there.silence(), []);
    there.send("home", ack("a3", { to: "<sip:bob@open-d.example>;tag=00000000" }));
    assert.match(await there.open.next(), /^ACK /);
    there.send("home", ack("a4", { to }));
    assert.match(await there.open.next(), /^ACK /);
  });

  it("a To that has a tag keeps it", async () => {
    there.send(
      "home",
      there.request("home", "a5", { ...nowhere, to: "<sip:bob@nowhere.example>;tag=theirs" }),
    );
    assert.deepEqual(valuesOf(await there.home.next(), "To"), ["<sip:bob@nowhere.example>;tag=theirs"]);
  });

  it("an ACK is never answered, whatever is wrong with it", async () => {
    for (const changes of [{ hops: 0 }, nowhere, { rows: ["Route: <sip:nowhere.example;lr>"] }]) {
      there.send("home", there.request("home", "a6", { method: "ACK", ...changes }));
    }
    assert.deepEqual(await there.silence(), []);
  });

  it("Max-Forwards 0 is a 483, also for a CANCEL, and 1 is sent on as 0 (RFC 3261 16.3 step 3)", async () => {
    for (const method of ["INVITE", "CANCEL", "BYE", "OPTIONS"]) {
      there.send("home", there.request("home", `h-${method}`, { method, hops: 0 }));
      assert.match(await there.home.next(), /^SIP\/2\.0 483 Too Many Hops\r\n/, method);
    }
    there.send("home", there.request("home", "h1", { hops: 1 }));
    assert.deepEqual(valuesOf(await there.open.next(), "Max-Forwards"), ["0"]);
  });
});

describe("a UDP answer that we originate goes to the source address and is never larger than the request", () => {
  let there: Neighbourhood;
  before(async () => {
    there = await Neighbourhood.settle();
  });
  after(() => there.close());

  it("to the source, whatever host, maddr or received the Via says", async () => {
    for (const via of [
      `SIP/2.0/UDP ${hostOf.ims}:PORT;branch=z9hG4bKu1`,
      `SIP/2.0/UDP nowhere.example:PORT;maddr=${hostOf.ims};branch=z9hG4bKu2`,
      `SIP/2.0/UDP ${hostOf.ims}:PORT;received=${hostOf.ims};branch=z9hG4bKu3`,
    ]) {
      const written = via.replace("PORT", String(there.open.port));
      there.send("open", there.request("open", "u", { uri: "sip:x@nowhere.example", via: written }));
      const answer = await there.open.next();
      assert.match(answer, /^SIP\/2\.0 403 /);
      assert.match(valuesOf(answer, "Via")[0]!, new RegExp(`received=${hostOf.open}`));
    }
    assert.deepEqual(await there.silence(), []);
  });

  it("at the port that Via names, or at the source's own where it asks for rport (RFC 3581 4)", async () => {
    const other = await Phone.open(hostOf.open);
    const ask = (rest: string): void =>
      there.send(
        "open",
        there.request("open", "u", {
          uri: "sip:x@nowhere.example",
          via: `SIP/2.0/UDP ${hostOf.open}:${other.port}${rest};branch=z9hG4bKu4`,
        }),
      );
    ask("");
    assert.match(await other.next(), /^SIP\/2\.0 403 /);
    ask(";rport=9");
    const answer = await there.open.next();
    assert.match(valuesOf(answer, "Via")[0]!, new RegExp(`;rport=${there.open.port};`));
    assert.deepEqual(await other.silence(), []);
    other.close();
  });

  it("never larger: without a word where none fits, over every size around the limit", async () => {
    for (let padding = 0; padding < 140; padding += 7) {
      const request = textMessage(
        "INVITE sip:x@nowhere.example SIP/2.0",
        `v:SIP/2.0/UDP h:${there.open.port};branch=z9hG4bKs${padding}`,
        "f:<sip:a@b>;tag=1",
        "t:<sip:a@b>",
        "i:1",
        "CSeq:1 INVITE",
        `s:${"x".repeat(padding)}`,
      );
      const earlier = there.border.messages.length;
      there.send("open", request);
      await there.border.until(() => there.border.messages.length > earlier, "the request");
      const { outcome, sent } = there.border.messages.at(-1)!;
      if (outcome.kind === "answered") {
        assert.equal(await there.open.next(), Buffer.from(sent!).toString("latin1"));
        assert.ok(sent!.length <= request.length, `${sent!.length} for ${request.length}`);
      } else {
        assert.match(there.lastOutcome, /^dropped: .*no answer can be made that is not larger/);
      }
    }
    const kinds = new Set(there.border.messages.slice(-20).map(({ outcome }) => outcome.kind));
    assert.deepEqual(
      [...kinds].toSorted((one, other) => one.localeCompare(other)),
      ["answered", "dropped"],
    );
    assert.deepEqual(await there.silence(), []);
  });
});

describe("reason phrases to untrusted peers are the standard's; details go to the log", () => {
  let there: Neighbourhood;
  before(async () => {
    there = await Neighbourhood.settle(
      networks(`rule no-subscriptions
  on request from anyone
  when method is SUBSCRIBE
  reject 489 "we keep no list of alice@home1.example"
  because "test"`),
    );
  });
  after(() => there.close());

  it("the rule's own words to home, the standard's to open-d, and the rule in what is told", async () => {
    const subscribe = { method: "SUBSCRIBE", uri: "sip:bob@home1.example" };
    there.send("home", there.request("home", "w1", subscribe));
    assert.match(await there.home.next(), /^SIP\/2\.0 489 we keep no list of alice@home1\.example\r\n/);
    there.send("open", there.request("open", "w2", subscribe));
    const answer = await there.open.next();
    assert.match(answer, /^SIP\/2\.0 489 Bad Event\r\n/);
    assert.doesNotMatch(answer, /list/);
    assert.equal(there.lastOutcome, "answered 489: we keep no list of alice@home1.example");
    const rules = there.border.messages.at(-1)?.decision?.rules ?? [];
    assert.ok(rules.some(({ name }) => name === "no-subscriptions"));
  });

  it("causes of the border's own stay in the log too", async () => {
    there.send("open", there.request("open", "w3", { uri: "sip:x@ims-b.example" }));
    const answer = await there.open.next();
    assert.match(answer, /^SIP\/2\.0 403 Forbidden\r\n/);
    assert.doesNotMatch(answer, /transit|ims-b\.example SIP/);
    assert.equal(there.lastOutcome, "answered 403: no transit from open-d to ims-b");
  });
});

describe("OPTIONS to the border itself is answered 200 statelessly", () => {
  let there: Neighbourhood;
  let tcp: StartedBorder;
  before(async () => {
    there = await Neighbourhood.settle();
    tcp = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners: ["inside udp", `outside tcp ${host} border.example`],
      hops: { home: [`udp:${hostOf.home}:${there.home.port}`] },
    });
  });
  after(async () => {
    await tcp.close();
    await there.close();
  });

  it("from home, from outside, by a Route of ours, and as the last hop of Max-Forwards", async () => {
    for (const party of ["home", "open"] as const) {
      const uri = `sip:${host}:${there.port(party)}`;
      for (const [branch, changes] of [
        ["o1", {}],
        ["o2", { hops: 0 }],
        ["o3", { rows: [`Route: <${uri};lr>`] }],
      ] as const) {
        there.send(party, there.request(party, branch, { method: "OPTIONS", uri, ...changes }));
        const answer = await there[party].next();
        assert.match(answer, /^SIP\/2\.0 200 OK\r\n/, `${party} ${branch}`);
      }
    }
    assert.deepEqual(await there.silence(), []);
  });

  it("on a stream, by the listener's name", async () => {
    const peer = await StreamPeer.tcp(tcp.port("outside", "tcp"));
    const uri = `sip:border.example:${tcp.port("outside", "tcp")};transport=tcp`;
    peer.send(there.request("open", "o4", { method: "OPTIONS", uri, via: "SIP/2.0/TCP h;branch=z9hG4bKo4" }));
    const answer = await peer.next();
    assert.match(answer, /^SIP\/2\.0 200 OK\r\n/);
    assert.deepEqual(valuesOf(answer, "Content-Length"), ["0"]);
    peer.close();
  });

  it("but one for somebody at home is home's, and another method is not the border's to answer with 200", async () => {
    there.send("open", there.request("open", "o5", { method: "OPTIONS", uri: "sip:home1.example" }));
    const asked = await there.home.next();
    assert.match(asked, /^OPTIONS /);
    there.send("home", writeResponse(asked, "200 OK"));
    assert.match(await there.open.next(), /^SIP\/2\.0 200 /);
    there.send(
      "home",
      there.request("home", "o6", { method: "MESSAGE", uri: `sip:${host}:${there.port("home")}` }),
    );
    assert.match(await there.home.next(), /^SIP\/2\.0 404 /);
  });
});
