/** Several processes as one border, as an operator's machines see it. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BorderMetrics, MergedMetrics, type Passage, type ProcessMetrics } from "../../../border/index.ts";
import { network, smallPolicy } from "../small-policy.ts";

const home = { network: "home", transport: "udp", address: "127.0.0.1", port: 5060 } as const;
const forwarded: Passage = {
  kind: "message",
  at: 0,
  method: "INVITE",
  status: undefined,
  from: home,
  to: { ...home, network: "open-d" },
  outcome: { kind: "forwarded" },
  asked: undefined,
  decision: undefined,
  received: new Uint8Array(0),
  sent: undefined,
};
const partner = network("carrier-c", {
  kind: "partner",
  agreement: { name: "A-1", from: 0, until: Date.UTC(2027, 0, 1) },
});

/** Of a process with so many messages and TCP connections, whose policy came into force at `at`. */
function metricsOf(messages: number, connections: number, at: number): Promise<ProcessMetrics> {
  const metrics = new BorderMetrics(
    {
      connections: () => new Map([["tcp", connections]]),
      received: () => new Map([["udp", messages]]),
      returned: () => 0,
      queuedBytes: () => ({ opening: 0, open: 100 }),
      refusals: () => new Map([["open", 1]]),
    },
    () => Date.UTC(2026, 11, 1),
  );
  metrics.inForce(smallPolicy([partner]), [], at);
  for (let i = 0; i < messages; i++) metrics.count(forwarded);
  metrics.handed();
  // As it arrives in another process.
  return metrics.registry.getMetricsAsJSON().then((json) => structuredClone(json));
}

async function samples(merged: MergedMetrics): Promise<readonly string[]> {
  const text = await merged.text();
  return text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

const sum = (count: number): string =>
  `privet_messages_total{from="home",to="open-d",verdict="",outcome="forwarded"} ${count}`;

describe("the metrics of several processes", () => {
  it("are sums of counts and connections, and of times the earliest", async () => {
    const merged = new MergedMetrics(() => 2);
    merged.tell(1, await metricsOf(3, 2, 2_000));
    merged.tell(2, await metricsOf(4, 5, 1_000));
    merged.reloaded("refused");
    const told = await samples(merged);
    for (const sample of [
      sum(7),
      'privet_connections{transport="tcp"} 7',
      'privet_queue_bytes{connection="open"} 200',
      'privet_connections_refused_total{reason="open"} 2',
      'privet_received_total{transport="udp"} 7',
      "privet_responses_handed_total 2",
      "privet_policy_loaded_timestamp_seconds 1",
      `privet_agreement_end_timestamp_seconds{partner="carrier-c"} ${Date.UTC(2027, 0, 1) / 1000}`,
      'privet_agreements{state="in-force"} 1',
      'privet_reloads_total{result="refused"} 1',
      'privet_reloads_total{result="taken"} 0',
      "privet_workers 2",
    ]) {
      assert.ok(told.includes(sample), `${sample} among ${told.join("\n")}`);
    }
    assert.match(await merged.text(), /^# TYPE privet_messages_total counter$/m);
  });

  it("keep what an ended process had counted, and nothing else of it", async () => {
    const merged = new MergedMetrics(() => 1);
    for (const process of [1, 2, 3]) merged.tell(process, await metricsOf(3, 2, 1_000 * process));
    const before = merged.text();
    merged.end(1);
    const told = await samples(merged);
    merged.end(2);
    merged.end(2);
    assert.match(await before, new RegExp(`^${sum(9).replace(/[{}"]/g, ".")}$`, "m"));
    assert.ok(told.includes(sum(9)));
    assert.ok(told.includes('privet_connections{transport="tcp"} 4'));
    assert.ok(told.includes("privet_policy_loaded_timestamp_seconds 2"));
    const last = await samples(merged);
    assert.ok(last.includes(sum(9)));
    assert.ok(last.includes('privet_connections{transport="tcp"} 2'));
    merged.tell(4, await metricsOf(1, 1, 1_000));
    assert.ok((await samples(merged)).includes(sum(10)));
  });

  it("are those of the border as a whole before any process has told its own", async () => {
    const told = await samples(new MergedMetrics(() => 0));
    assert.deepEqual(told, [
      'privet_reloads_total{result="taken"} 0',
      'privet_reloads_total{result="refused"} 0',
      "privet_workers 0",
    ]);
  });
});
