/** `privet run` as its own process, with a policy on trial. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { Phone, textMessage, valuesOf } from "../border/phone.ts";

const program = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
const patience = 20_000;

const policy = (title: string, lines: string, network = "open-d"): string => `language 1
policy "${title}"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network ${network} {
  domain "open-d.example"
  listener "outside"
}
trust home
rule only-rule
  on request to untrusted
  ${lines}
  because "house rule"
`;

describe("privet run with a shadow policy", () => {
  const folder = mkdtempSync(join(tmpdir(), "privet-trial-"));
  let home: Phone;
  let open: Phone;
  let child: ChildProcess;
  let said = "";
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
      shadow: "next.privet",
      secret: "00".repeat(16),
      log: { level: "rejections" },
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
  /** Waits for what has not been waited for yet. */
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (const end = Date.now() + patience; Date.now() < end; ) {
      const match = pattern.exec(said);
      if (match !== null) {
        said = said.slice(match.index + match[0].length);
        return match;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`never said ${pattern}: ${said}`);
  };
  /** A call goes out as the policy in force has it: with Subject, without an identity. */
  const call = async (): Promise<void> => {
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
    const passed = await open.next();
    assert.deepEqual(valuesOf(passed, "P-Asserted-Identity"), []);
    assert.deepEqual(valuesOf(passed, "Subject"), ["hello"]);
  };
  const metrics = async (): Promise<readonly string[]> => {
    const text = await (await fetch(`http://127.0.0.1:${operation}/metrics`)).text();
    return text.split("\n").filter((line) => /^privet_shadow\w*\{/.test(line) && !line.endsWith(" 0"));
  };

  before(async () => {
    home = await Phone.open();
    open = await Phone.open();
    write("p.privet", policy("old", "remove P-Asserted-Identity"));
    write("next.privet", policy("new", 'reject 403 "No"'));
    write("border.json", border());
    child = spawn(process.execPath, [program, "run", join(folder, "border.json")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        said += chunk;
      });
    }
    inside = Number(
      (await until(/"name":"inside","transport":"udp","address":"127\.0\.0\.1","port":(\d+)/))[1],
    );
    operation = Number((await until(/operation http 127\.0\.0\.1:(\d+)\n/))[1]);
  });
  after(async () => {
    if (child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    home.close();
    open.close();
    rmSync(folder, { recursive: true });
  });

  it("logs and counts what it would have done, and does what the policy in force says", async () => {
    await call();
    const [line] = await until(/^\{.*"kind":"shadow".*\}$/m);
    const { now, then } = JSON.parse(line) as Record<string, { verdict: string; status?: number }>;
    assert.deepEqual([now!.verdict, then!.verdict, then!.status], ["rewrite", "reject", 403]);
    assert.doesNotMatch(line, /alice|bob/);
    assert.deepEqual(await metrics(), [
      'privet_shadow_total{result="different"} 1',
      'privet_shadow_differences_total{from="home",to="open-d",now="rewrite",then="403"} 1',
    ]);
  });

  it("takes another shadow policy, and warns of what it lacks", async () => {
    write("next.privet", policy("newer", "remove P-Asserted-Identity", "open-x"));
    child.kill("SIGHUP");
    await until(
      /warning: .*border\.json \/networks\/open-d: were the shadow policy in force: the policy has no network `open-d`/,
    );
    await until(/"kind":"reloaded","ok":true,.*policy old, on trial: newer"/);
    await call();
    assert.deepEqual(await metrics(), [
      'privet_shadow_total{result="same"} 1',
      'privet_shadow_total{result="different"} 1',
      'privet_shadow_differences_total{from="home",to="open-d",now="rewrite",then="403"} 1',
    ]);
  });

  it("keeps both policies where either of the new ones has a mistake", async () => {
    write("next.privet", policy("newest", "remove Subjekt"));
    child.kill("SIGHUP");
    const { index, input } = await until(/error: not reloaded: what was in force stays in force\n/);
    assert.match(input.slice(0, index), /of the shadow policy:\n.*next\.privet/s);
    await call();
    assert.ok((await metrics()).includes('privet_shadow_total{result="same"} 2'));
  });

  it("reads a changed shadow policy without being told", async () => {
    write("next.privet", policy("changed", "remove Subject"));
    await until(/"kind":"reloaded","ok":true,.*policy old, on trial: changed"/);
    await call();
    const [line] = await until(/^\{.*"kind":"shadow".*\}$/m);
    assert.deepEqual(JSON.parse(line).fields, ["P-Asserted-Identity", "Subject"]);
  });

  it("tries nothing any more once border.json names none", async () => {
    const counted = await metrics();
    write("border.json", border({ shadow: undefined }));
    child.kill("SIGHUP");
    await until(/"kind":"reloaded","ok":true,.*policy old"/);
    await call();
    assert.deepEqual(await metrics(), counted);
  });
});

describe("privet run --check-config with a shadow policy", () => {
  it("says what is on trial, and what would not start", async () => {
    const { runBorder } = await import("../../cli/run.ts");
    const { memoryIo } = await import("./memory-io.ts");
    const folder = mkdtempSync(join(tmpdir(), "privet-trial-"));
    const file = join(folder, "border.json");
    writeFileSync(join(folder, "p.privet"), policy("old", "remove P-Asserted-Identity"));
    writeFileSync(join(folder, "next.privet"), policy("new", "remove Subject"));
    const write = (shadow: string): void =>
      writeFileSync(
        file,
        JSON.stringify({
          policy: "p.privet",
          shadow,
          secret: "00".repeat(16),
          listeners: [
            { name: "inside", transport: "udp", address: "127.0.0.1", port: 0 },
            { name: "outside", transport: "udp", address: "127.0.0.1", port: 0 },
          ],
          networks: { home: { hops: ["udp:127.0.0.1:5070"] }, "open-d": {} },
        }),
      );
    write("next.privet");
    const good = memoryIo();
    assert.equal(await runBorder(["--check-config", file], good), 0);
    assert.match(good.said().toString(), /can start, with policy old, on trial: new\n/);
    assert.equal(good.complained(), "");
    write("missing.privet");
    const bad = memoryIo();
    assert.equal(await runBorder(["--check-config", file], bad), 2);
    assert.match(bad.complained(), /^of the shadow policy:\n.*missing\.privet/s);
    rmSync(folder, { recursive: true });
  });
});
