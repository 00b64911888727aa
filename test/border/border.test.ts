/** The border over real UDP sockets, with a policy of two networks. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Border, defaultQueue, type Passage } from "../../border/index.ts";
import { compile, interpret } from "../../engine/index.ts";
import { until } from "../until.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { smallPolicy } from "./small-policy.ts";

const secret = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");

for (const [way, makeEngine] of Object.entries({ interpreted: interpret, compiled: compile })) {
  describe(`a border between home and open-d over UDP, its policy ${way}`, () => {
    let home: Phone;
    let open: Phone;
    let border: Border;
    let inside = 0;
    let outside = 0;
    const passages: Passage[] = [];

    async function start(): Promise<Border> {
      const started = new Border(makeEngine(smallPolicy()), {
        secret,
        listeners: [
          { name: "inside", transport: "udp", address: "127.0.0.1", port: inside, host: "127.0.0.1" },
          { name: "outside", transport: "udp", address: "127.0.0.1", port: outside, host: "127.0.0.1" },
        ],
        networks: new Map([
          [
            "home",
            {
              hops: [{ transport: "udp", address: "127.0.0.1", port: home.port }],
              listener: undefined,
              numeric: false,
            },
          ],
          [
            "open-d",
            {
              hops: [{ transport: "udp", address: "127.0.0.1", port: open.port }],
              listener: "outside",
              numeric: false,
            },
          ],
        ]),
        queue: defaultQueue,
      });
      await started.listen();
      started.passages$.subscribe((passage) => passages.push(passage));
      inside = started.sides[0]!.port;
      outside = started.sides[1]!.port;
      return started;
    }

    before(async () => {
      home = await Phone.open();
      open = await Phone.open();
      border = await start();
    });
    after(async () => {
      await border.close();
      home.close();
      open.close();
    });

    /** Why the next messages are dropped; empty for one that is not. */
    async function dropped(since: number, count: number): Promise<readonly string[]> {
      await until(() => passages.length >= since + count);
      return passages
        .slice(since)
        .map((one) => (one.kind === "message" && one.outcome.kind === "dropped" ? one.outcome.why : ""));
    }

    interface Asked {
      readonly method?: string;
      readonly uri?: string;
      readonly from?: Phone;
      readonly branch?: string;
      readonly toTag?: string;
      readonly callId?: string;
      readonly hops?: number | "none";
      readonly more?: readonly string[];
    }

    function request({
      method = "INVITE",
      uri = "sip:bob@open-d.example",
      from = home,
      branch = "z9hG4bKa1",
      toTag,
      callId = "c1@test",
      hops = 70,
      more = [],
    }: Asked): string {
      return textMessage(
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${from.port};branch=${branch}`,
        ...(hops === "none" ? [] : [`Max-Forwards: ${hops}`]),
        "From: <sip:alice@home1.example>;tag=f1",
        `To: <sip:bob@open-d.example>${toTag === undefined ? "" : `;tag=${toTag}`}`,
        `Call-ID: ${callId}`,
        `CSeq: 1 ${method}`,
        ...more,
        "Content-Length: 0",
      );
    }

    function response(to: string, status: string, ...more: readonly string[]): string {
      const copied = ["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
        valuesOf(to, field).map(
          (value) => `${field}: ${value}${field === "To" && !value.includes("tag=") ? ";tag=t1" : ""}`,
        ),
      );
      return textMessage(`SIP/2.0 ${status}`, ...copied, ...more, "Content-Length: 0");
    }

    it("carries a call out and its answers back", async () => {
      home.send(request({ more: ["P-Asserted-Identity: <sip:alice@home1.example>"] }), inside);
      const invite = await open.next();
      const [via, below] = valuesOf(invite, "Via");
      assert.match(
        via!,
        new RegExp(`^SIP/2.0/UDP 127.0.0.1:${outside};branch=z9hG4bK[0-9a-f]{32};pf=[A-Za-z0-9_-]{48}$`),
      );
      assert.equal(below, `SIP/2.0/UDP 127.0.0.1:${home.port};branch=z9hG4bKa1`);
      assert.deepEqual(valuesOf(invite, "Max-Forwards"), ["69"]);
      assert.deepEqual(valuesOf(invite, "P-Asserted-Identity"), []);
      const routes = valuesOf(invite, "Record-Route");
      assert.equal(routes.length, 2);
      assert.match(routes[0]!, new RegExp(`^<sip:127.0.0.1:${outside};lr;pr=[A-Za-z0-9_-]{20}>$`));
      assert.match(routes[1]!, new RegExp(`^<sip:127.0.0.1:${inside};lr;pr=[A-Za-z0-9_-]{20}>$`));

      open.send(response(invite, "180 Ringing"), outside);
      const ringing = await home.next();
      assert.match(ringing, /^SIP\/2.0 180 Ringing\r\n/);
      assert.deepEqual(valuesOf(ringing, "Via"), [`SIP/2.0/UDP 127.0.0.1:${home.port};branch=z9hG4bKa1`]);
    });

    it("carries a request of the dialog from both sides over its own Record-Route", async () => {
      home.send(request({ callId: "c2@test" }), inside);
      const invite = await open.next();
      const routes = valuesOf(invite, "Record-Route");
      const contact = `sip:bob@127.0.0.1:${open.port}`;

      home.send(
        request({
          method: "BYE",
          uri: contact,
          callId: "c2@test",
          branch: "z9hG4bKb2",
          toTag: "t1",
          more: routes.toReversed().map((route) => `Route: ${route}`),
        }),
        inside,
      );
      const bye = await open.next();
      assert.match(bye, new RegExp(`^BYE sip:bob@127.0.0.1:${open.port} SIP/2.0\r\n`));
      assert.deepEqual(valuesOf(bye, "Route"), []);
      assert.deepEqual(valuesOf(bye, "Record-Route"), []);

      open.send(
        request({
          method: "BYE",
          uri: "sip:alice@10.0.0.7",
          from: open,
          callId: "c2@test",
          branch: "z9hG4bKb3",
          toTag: "t1",
          more: [`Route: ${routes.join(", ")}, <sip:proxy.home1.example;lr>`],
        }),
        outside,
      );
      const back = await home.next();
      assert.match(back, /^BYE sip:alice@10.0.0.7 SIP\/2.0\r\n/);
      assert.deepEqual(valuesOf(back, "Route"), ["<sip:proxy.home1.example;lr>"]);
    });

    it("sends CANCEL and the ACK of a refusal under the branch of their INVITE, also after a restart", async () => {
      const branchOf = (message: string) => /branch=(z9hG4bK[0-9a-f]+)/.exec(message)![1];
      home.send(request({ callId: "c3@test", branch: "z9hG4bKc3" }), inside);
      const invite = await open.next();
      await border.close();
      border = await start();
      home.send(request({ method: "CANCEL", callId: "c3@test", branch: "z9hG4bKc3" }), inside);
      assert.equal(branchOf(await open.next()), branchOf(invite));
      open.send(response(invite, "487 Request Terminated"), outside);
      assert.match(await home.next(), /^SIP\/2.0 487 /);
      home.send(request({ method: "ACK", callId: "c3@test", branch: "z9hG4bKc3", toTag: "t1" }), inside);
      const ack = await open.next();
      assert.match(ack, /^ACK /);
      assert.equal(branchOf(ack), branchOf(invite));
    });

    it("adds Max-Forwards where there is none, and answers 483 at 0 (RFC 3261 16.3, 16.6)", async () => {
      home.send(request({ method: "MESSAGE", callId: "c4@test", branch: "z9hG4bKd1", hops: "none" }), inside);
      assert.deepEqual(valuesOf(await open.next(), "Max-Forwards"), ["70"]);
      home.send(request({ callId: "c5@test", branch: "z9hG4bKd2", hops: 0 }), inside);
      assert.match(await home.next(), /^SIP\/2.0 483 Too Many Hops\r\n/);
    });

    it("absorbs the ACK of an answer of its own, and no other", async () => {
      const asked = { callId: "c6@test", branch: "z9hG4bKe1", uri: "sip:x@nowhere.example" } as const;
      home.send(request(asked), inside);
      const refusal = await home.next();
      assert.match(refusal, /^SIP\/2.0 404 Not Found\r\n/);
      const tag = /tag=([0-9a-f]+)$/.exec(valuesOf(refusal, "To")[0]!)![1]!;
      home.send(request({ ...asked, method: "ACK", toTag: tag }), inside);
      home.send(request({ method: "ACK", callId: "c6@test", branch: "z9hG4bKe2", toTag: "theirs" }), inside);
      assert.match(await open.next(), /branch=z9hG4bKe2/);
      assert.deepEqual(await home.silence(), []);
    });

    it("is no open relay: a request from outside for another place is a 403", async () => {
      for (const [branch, uri] of [
        ["z9hG4bKf1", "sip:x@open-d.example"],
        ["z9hG4bKf2", "sip:x@198.51.100.7"],
        ["z9hG4bKf3", "sip:x@nowhere.example"],
      ] as const) {
        open.send(request({ from: open, uri, branch }), outside);
        assert.match(await open.next(), /^SIP\/2.0 403 Forbidden\r\n/, uri);
      }
      open.send(
        request({
          from: open,
          uri: "sip:bob@home1.example",
          branch: "z9hG4bKf4",
          more: ["Route: <sip:198.51.100.7;lr>"],
        }),
        outside,
      );
      assert.match(await open.next(), /^SIP\/2.0 403 Forbidden\r\n/);
    });

    it("removes a forged identity that comes from outside", async () => {
      open.send(
        request({
          from: open,
          uri: "sip:bob@home1.example",
          branch: "z9hG4bKg1",
          callId: "c7@test",
          more: ["P-Asserted-Identity: <sip:ceo@home1.example>", "Privacy: none"],
        }),
        outside,
      );
      const invite = await home.next();
      assert.deepEqual(valuesOf(invite, "P-Asserted-Identity"), []);
      assert.deepEqual(valuesOf(invite, "Privacy"), ["none"]);
      home.send(response(invite, "200 OK", "P-Asserted-Identity: <sip:bob@home1.example>"), inside);
      const ok = await open.next();
      assert.match(ok, /^SIP\/2.0 200 OK\r\n/);
      assert.deepEqual(valuesOf(ok, "P-Asserted-Identity"), []);
    });

    it("refuses a Route of its own that belongs to another dialog (RFC 3261 16.4)", async () => {
      home.send(request({ callId: "c8@test", branch: "z9hG4bKh1" }), inside);
      const [outer] = valuesOf(await open.next(), "Record-Route");
      const stolen = {
        method: "BYE",
        callId: "other@test",
        more: [`Route: ${outer!}`],
        uri: "sip:x@10.0.0.7",
      };
      home.send(request({ ...stolen, branch: "z9hG4bKh2", toTag: "t1" }), inside);
      assert.match(await home.next(), /^SIP\/2.0 481 /);
      home.send(request({ ...stolen, branch: "z9hG4bKh3" }), inside);
      assert.match(await home.next(), /^SIP\/2.0 403 /);
    });

    it("drops a response that it asked nobody for, and one from another network than it asked", async () => {
      home.send(request({ callId: "c9@test", branch: "z9hG4bKi1" }), inside);
      const invite = await open.next();
      const stranger = await Phone.open("127.0.0.2");
      const earlier = passages.length;
      stranger.send(response(invite, "200 OK"), outside);
      open.send(response(invite, "200 OK").replace(/pf=..../, "pf=AAAA"), outside);
      assert.deepEqual(await home.silence(), []);
      assert.deepEqual(await dropped(earlier, 2), ["flow", "flow"]);
      stranger.close();
      open.send(response(invite, "200 OK"), outside);
      assert.match(await home.next(), /^SIP\/2.0 200 OK\r\n/);
    });

    it("answers OPTIONS to itself (RFC 3261 11.2)", async () => {
      open.send(
        request({ method: "OPTIONS", from: open, uri: `sip:127.0.0.1:${outside}`, branch: "z9hG4bKj1" }),
        outside,
      );
      assert.match(await open.next(), /^SIP\/2.0 200 OK\r\n/);
    });

    it("answers a message that can be read in two ways with 400, and drops such an ACK or response", async () => {
      const twice = "To: <sip:bob@home1.example>;tag=\r\nTo: <sip:bob@home1.example>";
      const broken = (method: string, branch: string) =>
        request({ method, from: open, uri: "sip:bob@home1.example", branch }).replace(/To: .*/, twice);
      open.send(broken("INVITE", "z9hG4bKk1"), outside);
      const refusal = await open.next();
      assert.match(refusal, /^SIP\/2.0 400 Bad Request\r\n/);
      assert.equal(valuesOf(refusal, "To").length, 1);
      const earlier = passages.length;
      open.send(broken("ACK", "z9hG4bKk2"), outside);
      assert.deepEqual(await open.silence(), []);
      assert.deepEqual(await home.silence(0), []);
      assert.deepEqual(await dropped(earlier, 1), ["syntax"]);
    });

    it("drops an ACK that it would refuse (RFC 3261 17.1.1.3)", async () => {
      const earlier = passages.length;
      open.send(
        request({ method: "ACK", from: open, uri: "sip:x@nowhere.example", branch: "z9hG4bKk3" }),
        outside,
      );
      assert.deepEqual(await open.silence(), []);
      assert.deepEqual(await dropped(earlier, 1), ["ack"]);
    });

    it("never answers more than it was asked", async () => {
      open.send(
        textMessage(
          "INVITE sip:x@nowhere.example SIP/2.0",
          "v:SIP/2.0/UDP h;rport;branch=1",
          "f:<sip:a@b>;tag=1",
          "t:<sip:a@b>",
          "i:1",
          "CSeq:1 INVITE",
        ),
        outside,
      );
      assert.deepEqual(await open.silence(), []);
      assert.deepEqual(await dropped(passages.length - 1, 1), ["unanswerable"]);
      const last = passages.at(-1)!;
      assert.ok(
        last.kind === "message" &&
          last.outcome.kind === "dropped" &&
          /no answer can be made that is not larger/.test(last.outcome.cause),
      );
    });

    it("had no fault of its own on the way", () => {
      const faults = passages.filter((one) => one.kind === "message" && one.outcome.kind === "failed");
      assert.deepEqual(faults, []);
    });
  });
}
