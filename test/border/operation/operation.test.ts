/** A running border as an operator's machines see it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import {
  BorderMetrics,
  type ListenerSettings,
  OperationServer,
  type Passage,
} from "../../../border/index.ts";
import { compile, type MessageEvent } from "../../../engine/index.ts";
import { makeAuthority } from "../../certificate-authority.ts";
import { textMessage } from "../phone.ts";
import { network, smallPolicy } from "../small-policy.ts";
import { messageDecision } from "./log-lines.ts";

const at = Date.UTC(2026, 10, 25);
const home = {
  network: "home",
  connection: { transport: "udp", remoteAddress: "127.0.0.1" },
  transport: "udp",
  address: "127.0.0.1",
  port: 5060,
} as const;
const open = { ...home, network: "open-d" };

/** A border without connections. */
const idle = {
  connections: () => new Map<string, number>(),
  queuedBytes: () => ({ opening: 0, open: 0 }),
  received: () => new Map<string, number>(),
  returned: () => 0,
  refusals: () => new Map<string, number>(),
};

/** The samples of a metric, without its comments. */
async function samples(metrics: BorderMetrics, name: string): Promise<string[]> {
  const text = await metrics.registry.metrics();
  return text.split("\n").filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

function passage(facts: Partial<Extract<Passage, { kind: "message" }>>): Passage {
  return {
    kind: "message",
    at,
    method: "INVITE",
    status: undefined,
    from: home,
    to: open,
    outcome: { kind: "forwarded" },
    decision: undefined,
    asked: undefined,
    received: new Uint8Array(0),
    sent: undefined,
    ...facts,
  };
}

describe("metrics", () => {
  it("count messages by networks, verdict and outcome, and answers by status", async () => {
    const metrics = new BorderMetrics(idle);
    metrics.count(passage({}));
    metrics.count(passage({}));
    metrics.count(
      passage({
        to: undefined,
        outcome: { kind: "answered", status: 483, reason: "Too Many Hops", cause: "" },
      }),
    );
    metrics.count(
      passage({ outcome: { kind: "dropped", why: "flow", cause: "sip:somebody@example.com said so" } }),
    );
    assert.deepEqual(await samples(metrics, "privet_messages_total"), [
      'privet_messages_total{from="home",to="open-d",verdict="",outcome="forwarded"} 2',
      'privet_messages_total{from="home",to="",verdict="",outcome="answered"} 1',
      'privet_messages_total{from="home",to="open-d",verdict="",outcome="dropped"} 1',
    ]);
    assert.deepEqual(await samples(metrics, "privet_answers_total"), [
      'privet_answers_total{status="483"} 1',
    ]);
  });

  it("count what was dropped by why, and have every reason from the start", async () => {
    const metrics = new BorderMetrics(idle);
    const nothing = [
      "syntax",
      "policy",
      "ack",
      "flow",
      "no-way",
      "queue",
      "closed",
      "size",
      "share",
      "unanswerable",
    ].map((why) => `privet_drops_total{cause="${why}"} 0`);
    assert.deepEqual(await samples(metrics, "privet_drops_total"), nothing);
    for (const why of ["share", "queue", "share"] as const)
      metrics.count(passage({ outcome: { kind: "dropped", why, cause: "of alice@example.com" } }));
    assert.deepEqual(
      await samples(metrics, "privet_drops_total"),
      nothing.with(5, 'privet_drops_total{cause="queue"} 1').with(8, 'privet_drops_total{cause="share"} 2'),
    );
  });

  it("tell the bytes that wait, as they are when asked", async () => {
    let queued = { opening: 1_200, open: 3 };
    const metrics = new BorderMetrics({ ...idle, queuedBytes: () => queued });
    const expected = ({ opening, open: sending }: typeof queued) => [
      `privet_queue_bytes{connection="opening"} ${opening}`,
      `privet_queue_bytes{connection="open"} ${sending}`,
    ];
    assert.deepEqual(await samples(metrics, "privet_queue_bytes"), expected(queued));
    queued = { opening: 0, open: 70_000 };
    assert.deepEqual(await samples(metrics, "privet_queue_bytes"), expected(queued));
  });

  it("count rejections by rule and status, and broken rules of syntax by name", async () => {
    const policy = smallPolicy();
    const [, rule] = policy.rules;
    const action = {
      kind: "reject",
      status: 403,
      reason: "No",
      condition: rule!.condition,
      because: "",
      treatment: undefined,
      origin: rule!.origin,
    } as const;
    // Others apply as well, before and behind it by name, and one would answer with a higher status.
    const rules = [
      { ...rule!, name: "no-calls", actions: [action] },
      { ...rule!, name: "a-rule", actions: [{ ...action, status: 480 }] },
      rule!,
    ];
    const rejecting = { ...policy, rules };
    const engine = compile(rejecting);
    const text = (domain: string): string =>
      textMessage(
        `INVITE sip:bob@${domain} SIP/2.0`,
        "Via: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bK1",
        "From: <sip:alice@home1.example>;tag=1",
        "To: <sip:bob@open-d.example>",
        "Call-ID: 1",
        "CSeq: 1 INVITE",
      );
    const end = (name: string) => ({
      network: name,
      connection: { transport: "udp", listener: undefined, remoteAddress: "127.0.0.1" } as const,
    });
    const event = (bytes: string): MessageEvent => ({
      kind: "message",
      bytes: Buffer.from(bytes),
      framing: "datagram",
      at,
      from: end("home"),
      to: end("open-d"),
    });
    const metrics = new BorderMetrics(idle);
    metrics.inForce(rejecting, [], at);
    metrics.count(passage({ decision: engine.decide(event(text("open-d.example"))) }));
    metrics.count(
      passage({
        decision: engine.decide(event(text("open-d.example").replace("CSeq: 1 INVITE", "CSeq: 1 BYE"))),
      }),
    );
    assert.deepEqual(await samples(metrics, "privet_rejections_total"), [
      'privet_rejections_total{rule="no-calls",status="403"} 1',
    ]);
    assert.deepEqual(await samples(metrics, "privet_syntax_violations_total"), [
      'privet_syntax_violations_total{rule="cseq-method"} 1',
    ]);
  });

  it("count a rejection also where its account can't be told", async () => {
    const decision = {
      ...messageDecision({ verdict: "reject", status: 403, answeredBy: "no-calls" }),
      get rules(): never {
        throw new Error("it was read");
      },
    };
    const metrics = new BorderMetrics(idle);
    metrics.count(passage({ decision }));
    metrics.count(passage({ decision: messageDecision({ verdict: "reject", status: 500 }) }));
    assert.deepEqual(await samples(metrics, "privet_rejections_total"), [
      'privet_rejections_total{rule="no-calls",status="403"} 1',
      'privet_rejections_total{rule="",status="500"} 1',
    ]);
  });

  it("count the rules of the first five messages of a second, each rule once a message", async () => {
    const metrics = new BorderMetrics(idle);
    let reads = 0;
    const decision = {
      ...messageDecision({ verdict: "rewrite" }),
      get rules() {
        reads++;
        return ["withhold-identity", "withhold-identity", "leave"].map((name) => ({
          name,
          file: "x.privet",
          line: 1,
          because: "",
        }));
      },
    };
    for (let count = 0; count < 50; count++) metrics.count(passage({ decision }));
    metrics.count(passage({ decision, at: at + 1000 }));
    assert.equal(reads, 6);
    assert.deepEqual(await samples(metrics, "privet_sampled_messages_total"), [
      'privet_sampled_messages_total{verdict="rewrite"} 6',
    ]);
    assert.deepEqual(await samples(metrics, "privet_sampled_rules_total"), [
      'privet_sampled_rules_total{rule="withhold-identity",verdict="rewrite"} 6',
      'privet_sampled_rules_total{rule="leave",verdict="rewrite"} 6',
    ]);
  });

  it("tell connections, what was received, reloads, and when agreements and certificates end", async () => {
    const connections = new Map([
      ["udp", 3],
      ["tls", 1],
    ]);
    const refusals = new Map([
      ["open", 0],
      ["source-rate", 7],
    ]);
    const metrics = new BorderMetrics(
      {
        ...idle,
        connections: () => connections,
        received: () => new Map([["udp", 7]]),
        returned: () => 0,
        refusals: () => refusals,
      },
      () => at,
    );
    const until = at + 60 * 86_400_000;
    const partner = network("carrier-c", { kind: "partner", agreement: { name: "A-1", from: at, until } });
    const notAfter = Date.UTC(2027, 0, 1);
    const { certificate } = makeAuthority("border", { notAfter });
    const listener: ListenerSettings = {
      name: "outside",
      transport: "tls",
      address: "127.0.0.1",
      port: 0,
      host: "127.0.0.1",
      certificate,
    };
    // Sockets may share a name: what ends first counts, wherever it stands.
    const later = {
      ...listener,
      certificate: makeAuthority("border", { notAfter: notAfter + 86_400_000 }).certificate,
    };
    metrics.inForce(smallPolicy([partner]), [later, listener, later], at);
    assert.deepEqual(await samples(metrics, "privet_reloads_total"), [
      'privet_reloads_total{result="taken"} 0',
      'privet_reloads_total{result="refused"} 0',
    ]);
    metrics.reloaded("taken");
    metrics.reloaded("refused");
    assert.deepEqual(await samples(metrics, "privet_connections"), [
      'privet_connections{transport="udp"} 3',
      'privet_connections{transport="tls"} 1',
    ]);
    assert.deepEqual(await samples(metrics, "privet_connections_refused_total"), [
      'privet_connections_refused_total{reason="open"} 0',
      'privet_connections_refused_total{reason="source-rate"} 7',
    ]);
    // Twice: a page that is asked for again doesn't count anew.
    await metrics.registry.metrics();
    assert.deepEqual(await samples(metrics, "privet_received_total"), [
      'privet_received_total{transport="udp"} 7',
    ]);
    assert.deepEqual(await samples(metrics, "privet_agreement_end_timestamp_seconds"), [
      `privet_agreement_end_timestamp_seconds{partner="carrier-c"} ${until / 1000}`,
    ]);
    assert.deepEqual(await samples(metrics, "privet_agreements"), [
      'privet_agreements{state="pending"} 0',
      'privet_agreements{state="in-force"} 1',
      'privet_agreements{state="ended"} 0',
      'privet_agreements{state="none"} 0',
    ]);
    assert.deepEqual(await samples(metrics, "privet_certificate_end_timestamp_seconds"), [
      `privet_certificate_end_timestamp_seconds{listener="outside"} ${notAfter / 1000}`,
    ]);
    metrics.revocationLists(new Map([["old.crl", until]]));
    metrics.revocationLists(
      new Map([
        ["carrier-c.crl", until],
        ["lost.crl", 0],
      ]),
    );
    assert.deepEqual(await samples(metrics, "privet_revocation_list_end_timestamp_seconds"), [
      `privet_revocation_list_end_timestamp_seconds{file="carrier-c.crl"} ${until / 1000}`,
      'privet_revocation_list_end_timestamp_seconds{file="lost.crl"} 0',
    ]);
    assert.deepEqual(await samples(metrics, "privet_policy_loaded_timestamp_seconds"), [
      `privet_policy_loaded_timestamp_seconds ${at / 1000}`,
    ]);
    assert.deepEqual(await samples(metrics, "privet_reloads_total"), [
      'privet_reloads_total{result="taken"} 1',
      'privet_reloads_total{result="refused"} 1',
    ]);
  });
});

describe("the operator's pages", () => {
  it("answer over HTTP: metrics, life, readiness, and nothing else", async () => {
    let isReady = false;
    const metrics = new BorderMetrics({ ...idle, connections: () => new Map([["tcp", 2]]) });
    const server = new OperationServer({
      metrics: () => metrics.registry.metrics(),
      metricsType: metrics.registry.contentType,
      isReady: () => isReady,
    });
    const port = await server.listen("127.0.0.1", 0);
    const ask = async (path: string, method = "GET") => {
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { method });
      return {
        status: response.status,
        type: response.headers.get("content-type"),
        text: await response.text(),
      };
    };
    try {
      assert.deepEqual(await ask("/livez"), {
        status: 200,
        type: "text/plain; charset=utf-8",
        text: "alive\n",
      });
      assert.equal((await ask("/readyz")).status, 503);
      isReady = true;
      assert.equal((await ask("/readyz")).status, 200);
      const page = await ask("/metrics?from=somebody");
      assert.equal(page.type, "text/plain; version=0.0.4; charset=utf-8");
      assert.match(page.text, /^# TYPE privet_connections gauge\nprivet_connections\{transport="tcp"\} 2$/m);
      assert.deepEqual(await ask("/metrics", "HEAD"), { status: 200, type: page.type, text: "" });
      assert.equal((await ask("/metrics", "POST")).status, 405);
      assert.equal((await ask("/")).status, 404);
      assert.equal((await ask("/metrics/../livez/x")).status, 404);
    } finally {
      await server.close();
    }
  });

  it("close the connection of a client that does not finish its request", { timeout: 20_000 }, async () => {
    const server = new OperationServer({
      metrics: () => Promise.resolve(""),
      metricsType: "",
      isReady: () => true,
    });
    const port = await server.listen("127.0.0.1", 0);
    const clients = ["", "GET /livez HTTP/1.1\r\nHost: "].map((beginning) => {
      const socket = connect(port, "127.0.0.1", () => socket.write(beginning));
      socket.resume();
      return socket;
    });
    try {
      // Well before the half minute after which Node looks by itself.
      await Promise.all(clients.map((socket) => once(socket, "close")));
    } finally {
      for (const socket of clients) socket.destroy();
      await server.close();
    }
  });

  it("close at once, also while somebody says nothing", async () => {
    const server = new OperationServer({
      metrics: () => Promise.resolve(""),
      metricsType: "",
      isReady: () => true,
    });
    const port = await server.listen("127.0.0.1", 0);
    const silent = connect(port, "127.0.0.1");
    await new Promise((resolve) => silent.once("connect", resolve));
    await server.close();
    silent.destroy();
  });
});
