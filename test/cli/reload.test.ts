/** `privet run` as its own process: it takes a new policy while it runs, and none that has a mistake. */
import assert from "node:assert/strict";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Phone, textMessage, valuesOf } from "../border/phone.ts";
import { Running } from "../running.ts";

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
  const folder = mkdtempSync(join(tmpdir(), "privet-reload-"));
  const file = join(folder, "border.json");
  let home: Phone;
  let open: Phone;
  let running: Running;
  let heard = 0;
  let inside = 0;
  let operation = 0;
  let calls = 0;

  const write = (name: string, text: string): void => {
    writeFileSync(join(folder, `${name}.new`), text);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  };
  const border = (changes: object = {}): string =>
    JSON.stringify({
      policy: "p.privet",
      secret: "00".repeat(16),
      operation: { port: 0 },
      listeners: [
        { name: "inside", transport: "udp", address: "127.0.0.1", port: 0 },
        { name: "outside", transport: "udp", address: "127.0.0.1", port: 0 },
      ],
      networks: {
        home: { hops: [`udp:127.0.0.1:${home.port}`] },
        "open-d": { hops: [`udp:127.0.0.1:${open.port}`], listener: "outside" },
      },
      ...changes,
    });
  /** Waits for a line that has not been waited for yet. */
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    const match = await running.until(pattern, heard);
    heard += match.index + match[0].length;
    return match;
  };
  const call = async (): Promise<string> => {
    calls++;
    home.send(
      textMessage(
        "OPTIONS sip:bob@open-d.example SIP/2.0",
        `Via: SIP/2.0/UDP 127.0.0.1:${home.port};branch=z9hG4bK${calls}`,
        "Max-Forwards: 70",
        "From: <sip:alice@home1.example>;tag=1",
        "To: <sip:bob@open-d.example>",
        `Call-ID: ${calls}`,
        "CSeq: 1 OPTIONS",
        "P-Asserted-Identity: <sip:alice@home1.example>",
        "Subject: hello",
        "Content-Length: 0",
      ),
      inside,
    );
    return open.next();
  };
  const has = (message: string, field: string): boolean => valuesOf(message, field).length > 0;

  before(async () => {
    home = await Phone.open();
    open = await Phone.open();
    write("p.privet", policy("remove Subject"));
    write("border.json", border());
    running = Running.privet("run", file);
    inside = Number((await until(/listening inside udp 127\.0\.0\.1:(\d+)\n/))[1]);
    operation = Number((await until(/operation http 127\.0\.0\.1:(\d+)\n/))[1]);
  });
  after(async () => {
    await running.stop("SIGKILL");
    home.close();
    open.close();
    rmSync(folder, { recursive: true });
  });

  it("decides by the new policy once it is told to read it", async () => {
    const old = await call();
    assert.deepEqual([has(old, "Subject"), has(old, "P-Asserted-Identity")], [false, true]);
    write("p.privet", policy("remove P-Asserted-Identity"));
    running.child.kill("SIGHUP");
    await until(/^reloaded .*border\.json: policy reloaded\n/m);
    const next = await call();
    assert.deepEqual([has(next, "Subject"), has(next, "P-Asserted-Identity")], [true, false]);
  });

  it("carries the response of a request that the old policy let through", async () => {
    const request = await call();
    write("p.privet", policy("remove P-Asserted-Identity, Subject"));
    running.child.kill("SIGHUP");
    await until(/^reloaded /m);
    const copied = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
      valuesOf(request, field).map((value) => `${field}: ${value}`),
    );
    const outside = Number(/^SIP\/2\.0\/UDP 127\.0\.0\.1:(\d+)/.exec(valuesOf(request, "Via")[0]!)![1]);
    open.send(textMessage("SIP/2.0 200 OK", ...copied, "Content-Length: 0"), outside);
    assert.match(await home.next(), /^SIP\/2\.0 200 OK\r\n/);
  });

  it("keeps what is in force where the new version has a mistake, and says so", async () => {
    const kept = await call();
    assert.deepEqual([has(kept, "Subject"), has(kept, "P-Asserted-Identity")], [false, false]);
    for (const [change, complaint] of [
      [() => write("p.privet", policy("remove Subjekt")), /Subjekt/],
      [() => write("p.privet", "language 1\n"), /the policy has no network `home`/],
      [() => write("border.json", border({ networks: {} })), /our own network home has no hop/],
      [
        () => write("border.json", border({ secret: "11".repeat(16) })),
        /another secret would lose the calls in progress/,
      ],
      [
        () =>
          write(
            "border.json",
            border({
              listeners: [1, 2].map((port) => ({
                name: port === 1 ? "inside" : "outside",
                transport: "udp",
                address: "127.0.0.1",
                port,
              })),
            }),
          ),
        /sockets stay as they are/,
      ],
      [() => write("border.json", "{"), /border\.json/],
      [() => rmSync(join(folder, "p.privet")), /p\.privet/],
    ] as const) {
      write("p.privet", policy("remove Subject"));
      write("border.json", border());
      change();
      running.child.kill("SIGHUP");
      const { index, input } = await until(/error: not reloaded: what was in force stays in force\n/);
      assert.match(input.slice(0, index), complaint);
      const still = await call();
      assert.deepEqual([has(still, "Subject"), has(still, "P-Asserted-Identity")], [false, false]);
    }
  });

  it("reads a file that has changed without being told", async () => {
    write("border.json", border());
    write("p.privet", policy('reject 403 "No"'));
    await until(/^reloaded /m);
    const placed = calls;
    await assert.rejects(
      Promise.race([call(), home.next().then((answer) => Promise.reject(new Error(answer)))]),
      /^Error: SIP\/2\.0 403 /,
    );
    assert.equal(calls, placed + 1);
  });

  it("tells an operator's machines how it does", async () => {
    const ask = async (page: string): Promise<string> =>
      (await fetch(`http://127.0.0.1:${operation}/${page}`)).text();
    assert.equal(await ask("readyz"), "ready\n");
    const metrics = await ask("metrics");
    for (const sample of [
      /^privet_messages_total\{from="home",to="open-d",verdict="rewrite",outcome="forwarded"\} \d+$/m,
      /^privet_rejections_total\{rule="only-rule",status="403"\} 1$/m,
      /^privet_reloads_total\{result="taken"\} 3$/m,
      /^privet_reloads_total\{result="refused"\} 7$/m,
    ]) {
      assert.match(metrics, sample);
    }
  });

  it("ends at SIGTERM", async () => {
    assert.equal(await running.stop("SIGTERM"), 0);
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
