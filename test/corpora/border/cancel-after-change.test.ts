/**
 * Case 35: CANCEL, ACK and retransmissions find the way of their INVITE, under the same branch, without state.
 *
 * Step 2 is here without its DNS: the hops are those of border.json, which no server puts in another
 * order. What SRV records in another order do is to be tested where locations come by DNS.
 */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import type { Engine } from "../../../engine/index.ts";
import { Phone, valuesOf } from "../../border/phone.ts";
import { StartedBorder, writtenPolicy } from "../../border/started-border.ts";
import { branchOf, type WrittenRequest, writeRequest, writeResponse } from "../../border/written-messages.ts";
import { found } from "../../until.ts";

const host = "127.0.0.1";

function policy(...more: readonly string[]): Engine {
  return writtenPolicy(`language 1
policy "home calls carrier-c"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network carrier-c {
  domain "carrier-c.example"
  listener "outside"
}
trust home
${more.join("\n")}
`);
}

describe("case 35: a border that keeps no transaction, between home and carrier-c with three hops", () => {
  let home: Phone;
  let hops: readonly Phone[];
  let border: StartedBorder;

  beforeEach(async () => {
    home = await Phone.open();
    hops = await Promise.all([Phone.open(), Phone.open(), Phone.open()]);
    border = await StartedBorder.start({
      engine: policy(),
      listeners: ["inside udp", "outside udp"],
      hops: { "carrier-c": hops.map(({ port }) => `udp:${host}:${port}`) },
    });
  });
  afterEach(async () => {
    await border.close();
    for (const phone of [home, ...hops]) phone.close();
  });

  const via = "SIP/2.0/UDP 192.0.2.10:5060;rport;branch=z9hG4bKx35";
  const written = (changes: Partial<WrittenRequest> = {}): string =>
    writeRequest({
      uri: "sip:bob@carrier-c.example",
      to: "<sip:bob@carrier-c.example>",
      via,
      callId: "case35-7f3a",
      ...changes,
    });
  const cancel = written({ method: "CANCEL" });
  const ack = written({ method: "ACK", to: "<sip:bob@carrier-c.example>;tag=b1" });

  interface Way {
    readonly hop: number;
    readonly branch: string;
    readonly text: string;
  }

  /** Where the border sends it, and under which branch. */
  async function wayOf(text: string): Promise<Way> {
    home.send(text, border.port("inside", "udp"));
    return arrived();
  }

  async function arrived(): Promise<Way> {
    return found(async () => {
      for (const [hop, phone] of hops.entries()) {
        const [text, ...others] = await phone.silence(1);
        if (text === undefined) continue;
        assert.deepEqual(others, []);
        return { hop, branch: branchOf(text), text };
      }
      return undefined;
    }, "the message");
  }

  const same = (one: Way, other: Way, what: string): void =>
    assert.deepEqual([one.hop, one.branch], [other.hop, other.branch], what);

  it("1: sends a retransmission to the same target under the same branch", async () => {
    const invite = await wayOf(written());
    assert.match(invite.branch, /^z9hG4bK/);
    const again = await wayOf(written());
    same(again, invite, "the same bytes again");
    assert.equal(
      again.text.replace(/;pf=[^\r]*/, ""),
      invite.text.replace(/;pf=[^\r]*/, ""),
      "but for the flow, which may hold another time",
    );
  });

  it("1, 2: sends the CANCEL of each of many calls after its INVITE, and all hops have their share", async () => {
    const drawn = new Set<number>();
    for (let call = 0; call < 40; call++) {
      const own = { via: `${via}-${call}`, callId: `case35-${call}` };
      const invite = await wayOf(written(own));
      same(await wayOf(written({ ...own, method: "CANCEL" })), invite, `call ${call}`);
      drawn.add(invite.hop);
    }
    assert.deepEqual(
      [...drawn].toSorted((one, other) => one - other),
      [0, 1, 2],
    );
  });

  it("3: does so after a restart, with the CANCEL again, the answer 487 and the ACK for it", async () => {
    const invite = await wayOf(written());
    same(await wayOf(cancel), invite, "CANCEL");
    await border.restart();
    same(await wayOf(cancel), invite, "CANCEL again");
    hops[invite.hop]!.send(
      writeResponse(invite.text, "487 Request Terminated"),
      border.port("outside", "udp"),
    );
    const terminated = await home.next();
    assert.match(terminated, /^SIP\/2\.0 487 Request Terminated\r\n/);
    assert.deepEqual(valuesOf(terminated, "Via"), [
      `SIP/2.0/UDP 192.0.2.10:5060;rport=${home.port};branch=z9hG4bKx35;received=${host}`,
    ]);
    same(await wayOf(ack), invite, "ACK");
  });

  it("4: sends the ACK of a 200 by its own Route, under another branch", async () => {
    const invite = await wayOf(written());
    hops[invite.hop]!.send(writeResponse(invite.text, "200 OK"), border.port("outside", "udp"));
    const routes = valuesOf(await home.next(), "Record-Route").toReversed();
    const [elsewhere] = hops.filter((_, index) => index !== invite.hop);
    const way = await wayOf(
      written({
        method: "ACK",
        uri: "sip:bob@192.0.2.99",
        to: "<sip:bob@carrier-c.example>;tag=b1",
        via: via.replace("x35", "x35ack"),
        rows: [...routes, `<sip:${host}:${elsewhere!.port};lr>`].map((route) => `Route: ${route}`),
      }),
    );
    assert.equal(hops[way.hop], elsewhere);
    assert.notEqual(way.branch, invite.branch);
    assert.match(way.text, /^ACK sip:bob@192\.0\.2\.99 SIP\/2\.0\r\n/);
    assert.deepEqual(valuesOf(way.text, "Route"), [`<sip:${host}:${elsewhere!.port};lr>`]);
  });

  it("5: has another branch for another top branch of the same Call-ID, From tag and CSeq", async () => {
    const invite = await wayOf(written());
    const other = await wayOf(written({ via: via.replace("x35", "y35") }));
    assert.notEqual(other.branch, invite.branch);
  });

  it("6: without a magic cookie has a branch that CANCEL and ACK share, and no other transaction", async () => {
    const old = { via: "SIP/2.0/UDP 192.0.2.10:5060;rport;branch=1" };
    const invite = await wayOf(written(old));
    assert.match(invite.branch, /^z9hG4bK/, "ours has the cookie");
    same(await wayOf(written({ ...old, method: "CANCEL" })), invite, "CANCEL");
    // The ACK has the To tag of the answer, which the INVITE had not: so that is left out.
    same(
      await wayOf(written({ ...old, method: "ACK", to: "<sip:bob@carrier-c.example>;tag=b1" })),
      invite,
      "ACK",
    );
    for (const [what, change] of [
      ["Via", { via: "SIP/2.0/UDP 192.0.2.11:5060;rport;branch=1" }],
      ["From tag", { from: "<sip:alice@home1.example>;tag=f2" }],
      ["Call-ID", { callId: "case35-other" }],
      ["CSeq", { cseq: 2 }],
      ["Request-URI", { uri: "sip:carol@carrier-c.example" }],
    ] as const)
      assert.notEqual((await wayOf(written({ ...old, ...change }))).branch, invite.branch, what);
  });

  it("7: after a reload that refuses the caller's network refuses a new INVITE, and carries CANCEL and ACK", async () => {
    const invite = await wayOf(written());
    const refusing = `rule no-calls-any-more
  on request from home
  reject 403 "no calls any more"
  because "test"`;
    border.adopt({ engine: policy(refusing) });
    home.send(
      written({ via: via.replace("x35", "z35"), callId: "case35-new" }),
      border.port("inside", "udp"),
    );
    assert.match(await home.next(), /^SIP\/2\.0 403 /);
    same(await wayOf(cancel), invite, "CANCEL");
    hops[invite.hop]!.send(
      writeResponse(invite.text, "487 Request Terminated"),
      border.port("outside", "udp"),
    );
    assert.match(await home.next(), /^SIP\/2\.0 487 /);
    same(await wayOf(ack), invite, "ACK");
    assert.deepEqual(await home.silence(), [], "no 481 of the border's own");
  });

  it("8: forwards both copies of a CANCEL and answers neither", async () => {
    const invite = await wayOf(written());
    same(await wayOf(cancel), invite, "the first");
    same(await wayOf(cancel), invite, "the second");
    assert.deepEqual(await home.silence(), []);
    assert.deepEqual(
      border.messages.map(({ method, outcome }) => `${method} ${outcome.kind}`),
      ["INVITE forwarded", "CANCEL forwarded", "CANCEL forwarded"],
    );
  });
});
