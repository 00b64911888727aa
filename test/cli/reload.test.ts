/** `privet run` as its own process: it takes a new policy while it runs, and none that has a mistake. */
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { textMessage, valuesOf } from "../border/phone.ts";
import { ReloadableBorder } from "./reloadable-border.ts";

const policy = (rule: string): string => `language 1
policy "reloaded"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network open-d {
  domain "open-d.example"
  listener "outside"
}
trust home
rule only-rule
  on message to untrusted
  ${rule}
  because "house rule"
`;

describe("a running border", () => {
  let there: ReloadableBorder;

  const has = (message: string, field: string): boolean => valuesOf(message, field).length > 0;

  before(async () => {
    there = await ReloadableBorder.start({ "p.privet": policy("remove Subject") }, {});
  });
  after(() => there.end());

  it("decides by the new policy once it is told to read it", async () => {
    const old = await there.call();
    assert.deepEqual([has(old, "Subject"), has(old, "P-Asserted-Identity")], [false, true]);
    there.write("p.privet", policy("remove P-Asserted-Identity"));
    there.hangUp();
    await there.until(/^reloaded .*border\.json: policy reloaded\n/m);
    const next = await there.call();
    assert.deepEqual([has(next, "Subject"), has(next, "P-Asserted-Identity")], [true, false]);
  });

  it("carries the response of a request that the old policy let through", async () => {
    const request = await there.call();
    there.write("p.privet", policy("remove P-Asserted-Identity, Subject"));
    there.hangUp();
    await there.until(/^reloaded /m);
    const copied = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
      valuesOf(request, field).map((value) => `${field}: ${value}`),
    );
    const outside = Number(/^SIP\/2\.0\/UDP 127\.0\.0\.1:(\d+)/.exec(valuesOf(request, "Via")[0]!)![1]);
    there.open.send(textMessage("SIP/2.0 200 OK", ...copied, "Content-Length: 0"), outside);
    assert.match(await there.home.next(), /^SIP\/2\.0 200 OK\r\n/);
  });

  it("keeps what is in force where the new version has a mistake, and says so", async () => {
    const kept = await there.call();
    assert.deepEqual([has(kept, "Subject"), has(kept, "P-Asserted-Identity")], [false, false]);
    for (const [change, complaint] of [
      [() => there.write("p.privet", policy("remove Subjekt")), /Subjekt/],
      [() => there.write("p.privet", "language 1\n"), /the policy has no network `home`/],
      [() => there.configure({ networks: {} }), /our own network home has no hop/],
      [() => there.configure({ secret: "11".repeat(16) }), /another secret would lose the calls in progress/],
      [
        () =>
          there.configure({
            listeners: [1, 2].map((port) => ({
              name: port === 1 ? "inside" : "outside",
              transport: "udp",
              address: "127.0.0.1",
              port,
            })),
          }),
        /sockets stay as they are/,
      ],
      [() => there.write("border.json", "{"), /border\.json/],
      [() => rmSync(join(there.folder, "p.privet")), /p\.privet/],
    ] as const) {
      there.write("p.privet", policy("remove Subject"));
      there.configure();
      change();
      there.hangUp();
      const { index, input } = await there.until(/error: not reloaded: what was in force stays in force\n/);
      assert.match(input.slice(0, index), complaint);
      const still = await there.call();
      assert.deepEqual([has(still, "Subject"), has(still, "P-Asserted-Identity")], [false, false]);
    }
  });

  it("reads a file that has changed without being told", async () => {
    there.configure();
    there.write("p.privet", policy('reject 403 "No"'));
    await there.until(/^reloaded /m);
    const placed = there.calls;
    await assert.rejects(
      Promise.race([there.call(), there.home.next().then((answer) => Promise.reject(new Error(answer)))]),
      /^Error: SIP\/2\.0 403 /,
    );
    assert.equal(there.calls, placed + 1);
  });

  it("tells an operator's machines how it does", async () => {
    assert.equal(await there.page("readyz"), "ready\n");
    const metrics = await there.page("metrics");
    const said = (line: RegExp): number => there.running.said.match(line)?.length ?? 0;
    const [taken, refused] = [said(/^reloaded /gm), said(/^error: not reloaded/gm)];
    // The watch may look at the file that is gone once more.
    assert.ok(taken >= 3 && refused >= 7);
    for (const sample of [
      /^privet_messages_total\{from="home",to="open-d",verdict="rewrite",outcome="forwarded"\} \d+$/m,
      /^privet_rejections_total\{rule="only-rule",status="403"\} 1$/m,
      new RegExp(`^privet_reloads_total\\{result="taken"\\} ${taken}$`, "m"),
      new RegExp(`^privet_reloads_total\\{result="refused"\\} ${refused}$`, "m"),
    ]) {
      assert.match(metrics, sample);
    }
  });

  it("ends at SIGTERM", async () => {
    assert.equal(await there.running.stop("SIGTERM"), 0);
  });
});

describe("privet run --check-config", () => {
  it("opens no socket, and says what would not start", async () => {
    const { runBorder } = await import("../../cli/run.ts");
    const { memoryIo } = await import("./memory-io.ts");
    const { packageRoot } = await import("../package-root.ts");
    const good = memoryIo();
    assert.equal(await runBorder(["--check-config", join(packageRoot, "examples/border.json")], good), 0);
    assert.match(good.said().toString(), /examples\/border\.json: can start, with policy /);
    const bad = memoryIo();
    assert.equal(await runBorder(["--check-config", join(packageRoot, "package.json")], bad), 2);
    assert.match(bad.complained(), /error: .*package\.json/);
    await assert.rejects(runBorder(["--check-config"], memoryIo()), /--check-config needs a border\.json/);
  });
});
