/**
 * "Forwarding without state": the flow parameter, and what responses may and may not do.
 *
 * flow parameter: here; its bytes: via/flow
 * received in both spellings, rport, sent-by over IPv6: border-ipv6, corpora/border/ack-and-response
 * if the flow is dead, back by Via: here over TCP; over TLS with the network's domain: border-streams
 *    ("answers by Via, over TLS …")
 * 100 is never originated, always forwarded; 503 is passed on: here
 * borders side by side share nothing but policy and keys: here ("… from a border of the same secret …")
 */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it, mock } from "node:test";
import { Phone, valuesOf } from "../phone.ts";
import { StartedBorder, writtenPolicy } from "../started-border.ts";
import { StreamHop, StreamPeer } from "../stream-peer.ts";
import { branchOf, writeRequest, writeResponse } from "../written-messages.ts";
import { host, hostOf, Neighbourhood, networks } from "./neighbourhood.ts";

const hour = 3_600_000;
const notOurs = "dropped: the topmost Via is none of ours";

describe("flow parameter: a response is accepted only from that to-network and within the life of a transaction", () => {
  let there: Neighbourhood;
  let count = 0;
  before(async () => {
    there = await Neighbourhood.settle();
  });
  after(() => there.close());
  afterEach(() => mock.restoreAll());

  /** A request of home as open-d has it. */
  async function asked(via?: string): Promise<string> {
    count++;
    there.send("home", there.request("home", `f${count}`, via === undefined ? {} : { via }));
    return there.open.next();
  }

  async function dropped(cause: string): Promise<void> {
    assert.deepEqual(await there.silence(), []);
    assert.equal(there.lastOutcome, cause);
  }

  it("is carried back as the answer of the network that was asked", async () => {
    const invite = await asked();
    there.send("open", writeResponse(invite, "200 OK"));
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/);
    const { from, to } = there.border.messages.at(-1)!;
    assert.deepEqual([from.network, to?.network], ["open-d", "home"]);
  });

  it("from another network than was asked, and from the network that asked, is dropped", async () => {
    const ok = writeResponse(await asked(), "200 OK");
    for (const party of ["ims", "home"] as const) {
      there.send(party, ok);
      await dropped("dropped: the request went to open-d, not here");
    }
    there.send("open", ok);
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/);
  });

  it("from another network's address by the listener of the network that was asked counts as that network's", async () => {
    // The listener says who it is; the address says it only where no listener does.
    const ok = writeResponse(await asked(), "200 OK");
    there.ims.send(ok, there.port("open"));
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/);
  });

  it("of another branch, of none, or with the flow of another request, is dropped", async () => {
    const [one, other] = [await asked(), await asked()];
    const flowOf = (text: string): string => /;pf=([^\r;]*)/.exec(text)![1]!;
    const ok = writeResponse(one, "200 OK");
    for (const changed of [
      ok.replace(branchOf(one), branchOf(other)),
      ok.replace(`;branch=${branchOf(one)}`, ""),
      ok.replace(branchOf(one), "z9hG4bK1"),
      ok.replace(flowOf(one), flowOf(other)),
      ok.replace(`;pf=${flowOf(one)}`, ""),
      ok.replace(flowOf(one), ""),
      ok.replace(flowOf(one), `${flowOf(one)}A`),
    ]) {
      assert.notEqual(changed, ok);
      there.send("open", changed);
      await dropped(notOurs);
    }
  });

  it("whose next Via says another way than the request's is dropped: it would send where a peer likes", async () => {
    const invite = await asked();
    const [, below] = valuesOf(invite, "Via");
    const ok = writeResponse(invite, "200 OK");
    for (const changed of [
      below!.replace(hostOf.home, hostOf.ims),
      below!.replace(/:\d+/, `:${there.ims.port}`),
      below!.replace("UDP", "TCP"),
      `${below};received=${hostOf.ims}`,
      `${below};rport=${there.ims.port}`,
    ]) {
      there.send("open", ok.replace(below!, changed));
      await dropped(notOurs);
    }
    there.send("open", ok.replace(/\r\nVia:[^\r]*(?=\r\nRecord-Route|\r\nFrom)/, ""));
    await dropped("dropped: no Via below ours");
  });

  it("is accepted within the hour, and dropped behind it", async () => {
    const ok = writeResponse(await asked(), "200 OK");
    const clock = Date.now.bind(Date);
    let shift = hour - 60_000;
    mock.method(Date, "now", () => clock() + shift);
    there.send("open", ok);
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/);
    shift = hour + 120_000;
    there.send("open", ok);
    await dropped(notOurs);
    // A day later the coarse time of the flow is no nearer to it.
    shift = 24 * hour;
    there.send("open", ok);
    await dropped(notOurs);
  });

  it("never maddr: a response goes to the source of its request, whatever maddr says (RFC 3261 18.2.2)", async () => {
    const via = `SIP/2.0/UDP ${hostOf.home}:${there.home.port};maddr=${hostOf.ims};branch=z9hG4bKm1`;
    const invite = await asked(via);
    there.send("open", writeResponse(invite, "200 OK"));
    assert.deepEqual(valuesOf(await there.home.next(), "Via"), [via]);
    const own = await asked(`${via}x`);
    there.send(
      "open",
      writeResponse(own, "180 Ringing").replace(`;branch=${branchOf(own)}`, `;maddr=${hostOf.ims}$&`),
    );
    assert.match(await there.home.next(), /^SIP\/2\.0 180 /);
    assert.deepEqual(await there.silence(), []);
  });

  it("received and rport that a sender made up are written over, and the response goes to the sender", async () => {
    const via = `SIP/2.0/UDP ${hostOf.ims}:${there.ims.port};received=${hostOf.ims};rport=${there.ims.port};branch=z9hG4bKm2`;
    const invite = await asked(via);
    assert.equal(
      valuesOf(invite, "Via")[1],
      `SIP/2.0/UDP ${hostOf.ims}:${there.ims.port};received=${hostOf.home};rport=${there.home.port};branch=z9hG4bKm2`,
    );
    there.send("open", writeResponse(invite, "200 OK"));
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/);
    assert.deepEqual(await there.silence(), []);
  });

  it("100 is never originated, always forwarded", async () => {
    const invite = await asked();
    assert.deepEqual(await there.home.silence(250), [], "nobody has said 100 yet");
    there.send("open", writeResponse(invite, "100 Trying"));
    assert.match(await there.home.next(), /^SIP\/2\.0 100 Trying\r\n/);
  });

  it("503 is passed on, as every other status", async () => {
    const invite = await asked();
    for (const status of ["180 Ringing", "302 Moved", "503 Service Unavailable", "606 Not Acceptable"]) {
      there.send("open", writeResponse(invite, status, "Retry-After: 20"));
      const back = await there.home.next();
      assert.equal(back.split("\r\n")[0], `SIP/2.0 ${status}`);
      assert.deepEqual(valuesOf(back, "Retry-After"), ["20"]);
    }
  });

  it("a retransmitted 200, from a border of the same secret, in another process, and after a reload", async () => {
    const ok = writeResponse(await asked(), "200 OK");
    const other = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners: ["inside udp", "outside udp", "zb udp"],
    });
    there.open.send(ok, other.port("outside", "udp"));
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/, "by a border beside it");
    await other.close();
    there.border.adopt({
      engine: writtenPolicy(networks('rule more\n  on message to foreign\n  mark more\n  because "test"')),
    });
    there.send("open", ok);
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/, "after a reload");
    await there.border.restart();
    there.send("open", ok);
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/, "after a restart");
  });

  it("whose network a reload has taken away is dropped", async () => {
    there.send("home", there.request("home", "gone", { uri: "sip:x@ims-b.example" }));
    const ok = writeResponse(await there.ims.next(), "200 OK");
    const left = networks().replace(/network ims-b \{[^}]*\}/, "");
    there.border.adopt({ engine: writtenPolicy(left) });
    there.send("ims", ok);
    await dropped(notOurs);
    there.border.adopt({ engine: writtenPolicy(networks()) });
    there.send("ims", ok);
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/);
  });

  it("of another secret is nobody's", async () => {
    const ok = writeResponse(await asked(), "200 OK");
    const stranger = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners: ["inside udp", "outside udp", "zb udp"],
      secret: Buffer.alloc(16, 9),
    });
    there.open.send(ok, stranger.port("outside", "udp"));
    await stranger.until(() => stranger.messages.length === 1, "the response");
    assert.deepEqual(await there.silence(), []);
    assert.equal(stranger.messages[0]!.outcome.kind, "dropped");
    await stranger.close();
  });
});

describe("flow parameter: which connection the request came from, and if the flow is dead, back by Via", () => {
  let open: Phone;
  let border: StartedBorder;
  beforeEach(async () => {
    open = await Phone.open(hostOf.open);
    border = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners: ["inside tcp", "outside udp"],
      hops: { "open-d": [`udp:${hostOf.open}:${open.port}`] },
    });
  });
  afterEach(async () => {
    await border.close();
    open.close();
  });

  async function asked(peer: StreamPeer, sentBy: string): Promise<string> {
    peer.send(writeRequest({ via: `SIP/2.0/TCP ${sentBy};branch=z9hG4bKd1` }));
    return open.next();
  }

  it("two connections from one address have each its own answers", async () => {
    const [one, other] = [
      await StreamPeer.tcp(border.port("inside", "tcp")),
      await StreamPeer.tcp(border.port("inside", "tcp")),
    ];
    const toOne = await asked(one, `${host}:5060`);
    const toOther = await asked(other, `${host}:5060`);
    // The flow tells them apart, though the branch and the Via below are the same.
    assert.equal(branchOf(toOne), branchOf(toOther));
    open.send(writeResponse(toOther, "486 Busy Here"), border.port("outside", "udp"));
    assert.match(await other.next(), /^SIP\/2\.0 486 /);
    open.send(writeResponse(toOne, "200 OK"), border.port("outside", "udp"));
    assert.match(await one.next(), /^SIP\/2\.0 200 /);
    assert.deepEqual([...(await one.silence()), ...(await other.silence(0))], []);
    one.close();
    other.close();
  });

  it("a response on a dead connection goes back by Via: received, and the port of sent-by", async () => {
    const listening = await StreamHop.tcp();
    const peer = await StreamPeer.tcp(border.port("inside", "tcp"));
    const invite = await asked(peer, `pc.home1.example:${listening.port}`);
    peer.close();
    await border.until(() => border.connections("tcp") === 0, "the end of the connection");
    open.send(writeResponse(invite, "200 OK"), border.port("outside", "udp"));
    const back = await listening.peer();
    assert.match(await back.next(), /^SIP\/2\.0 200 OK\r\nVia: SIP\/2\.0\/TCP pc\.home1\.example:/);
    listening.close();
  });

  it("a response whose way back is gone is dropped, and the next message is carried", async () => {
    const peer = await StreamPeer.tcp(border.port("inside", "tcp"));
    const invite = await asked(peer, `${host}:1`);
    peer.close();
    await border.until(() => border.connections("tcp") === 0, "the end of the connection");
    open.send(writeResponse(invite, "200 OK"), border.port("outside", "udp"));
    await border.until(() => border.messages.at(-1)?.outcome.kind === "dropped", "the drop");
    const { outcome } = border.messages.at(-1)!;
    assert.match(outcome.kind === "dropped" ? outcome.cause : "", /^no way back to home: .*ECONNREFUSED/);
    const next = await StreamPeer.tcp(border.port("inside", "tcp"));
    assert.match(await asked(next, `${host}:1`), /^INVITE /);
    next.close();
  });
});
