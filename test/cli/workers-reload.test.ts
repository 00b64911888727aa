/** Several processes that share the listeners: a new version for all of them, and a start that fails. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { issueCertificate } from "../../wire/index.ts";
import { Phone, valuesOf } from "../border/phone.ts";
import { until } from "../until.ts";
import { BorderProcess } from "./border-process.ts";
import { host, isAlive, listener, page, policy, portsIn, request, sumOf } from "./shared-listeners.ts";

describe("a border of two workers that is reloaded", () => {
  const border = new BorderProcess();
  const pids = new Map<number, number>();
  let ports: ReadonlyMap<string, number>;
  let operation = 0;
  let home: Phone;
  let open: Phone;
  const dates = { notBefore: Date.now() - 86_400_000, notAfter: Date.now() + 86_400_000 };
  const own = issueCertificate({ commonName: "home1.example", ...dates });

  const call = async (): Promise<string> => {
    home.send(
      request(
        "sip:bob@open-d.example",
        `UDP ${host}:${home.port}`,
        "c",
        "P-Asserted-Identity: <sip:a@b.c>",
        "Subject: hello",
      ),
      ports.get("inside udp")!,
    );
    return open.next();
  };
  const hasSubject = async (): Promise<boolean> => valuesOf(await call(), "Subject").length > 0;
  /** Over several calls both workers are met, as far as chance allows; every answer must be the same. */
  const subjects = async (): Promise<boolean[]> => {
    const seen: boolean[] = [];
    for (let i = 0; i < 30; i++) seen.push(await hasSubject());
    return [...new Set(seen)];
  };

  before(async () => {
    home = await Phone.open();
    open = await Phone.open();
    border.write("p.privet", policy("remove Subject"));
    border.write("own.pem", own.certificate);
    border.write("own.key", own.privateKey);
    border.write(
      "border.json",
      JSON.stringify({
        policy: "p.privet",
        workers: 2,
        lossy: "accept",
        operation: { port: 0 },
        listeners: [
          listener("inside", "udp"),
          listener("outside", "udp"),
          { ...listener("outside", "tls"), certificate: "own.pem", key: "own.key" },
        ],
        networks: {
          home: { hops: [`udp:${host}:${home.port}`] },
          "open-d": { hops: [`udp:${host}:${open.port}`], listener: "outside" },
        },
      }),
    );
    border.start();
    for (let i = 0; i < 2; i++) {
      const [, number, pid] = await border.until(/^worker (\d) process (\d+)$/m);
      pids.set(Number(number), Number(pid));
    }
    operation = Number((await border.until(/operation http 127\.0\.0\.1:(\d+)\n/))[1]);
    ports = portsIn(border.output);
  });
  after(async () => {
    await border.remove();
    home.close();
    open.close();
  });

  it("decides by the new policy in every worker", async () => {
    assert.deepEqual(await subjects(), [false]);
    border.write("p.privet", policy("remove P-Asserted-Identity"));
    border.signal("SIGHUP");
    await border.until(/^reloaded .*border\.json: policy shared\n/m);
    assert.deepEqual(await subjects(), [true]);
  });

  it("keeps what is in force in every worker where the new version has a mistake", async () => {
    border.write("p.privet", policy("remove Subjekt"));
    border.signal("SIGHUP");
    const { index, input } = await border.until(/error: not reloaded: what was in force stays in force\n/);
    assert.match(input.slice(0, index), /Subjekt/);
    assert.deepEqual(await subjects(), [true]);
  });

  it("says what the workers can't use, and who they are", async () => {
    const first = pids.get(1)!;
    border.write("p.privet", `${policy("remove Subject")}option unread = yes\n`);
    process.kill(first, "SIGSTOP");
    border.signal("SIGHUP");
    // The first process has read the files by then, and no worker has.
    await border.until(/P4015/);
    border.write("p.privet", policy("remove Subjekt"));
    process.kill(first, "SIGCONT");
    const [text] = await border.until(/error: not reloaded \(.*\): what was in force stays in force\n/s);
    for (const [number, pid] of pids) assert.ok(text.includes(`worker ${number} (process ${pid}): `), text);
    assert.deepEqual(await subjects(), [true]);
    border.write("p.privet", policy("remove Subject"));
  });

  it("says which worker keeps the old version where the files change in between, and the next reload brings them together", async () => {
    const last = pids.get(2)!;
    process.kill(last, "SIGSTOP");
    border.signal("SIGHUP");
    // The first one has taken it; the other one reads what comes now.
    await until(async () => !(await hasSubject()));
    border.write("p.privet", policy("remove Subjekt"));
    process.kill(last, "SIGCONT");
    const [text] = await border.until(
      /error: not reloaded everywhere \(.*\): what was in force stays in force there\n/s,
    );
    assert.ok(text.includes(`worker 2 (process ${last}): `) && text.includes("Subjekt"), text);
    assert.ok(!text.includes("worker 1 "), text);
    border.write("p.privet", policy("remove Subject"));
    border.signal("SIGHUP");
    await border.until(/^reloaded /m);
    assert.deepEqual(await subjects(), [false]);
  });

  it("counts reloads once, not once a worker", async () => {
    const { text } = await page(operation, "metrics");
    // A file that was found changed may have been read once more.
    const said = (what: RegExp): number => border.everything.match(what)?.length ?? 0;
    assert.equal(sumOf(text, "privet_reloads_total", "taken"), said(/^reloaded /gm));
    assert.equal(sumOf(text, "privet_reloads_total", "refused"), said(/^error: not reloaded/gm));
    assert.match(text, /^privet_certificate_end_timestamp_seconds\{listener="outside"\} \d+$/m);
  });

  it("replaces a worker by one with the version in force, also where a signal hits it alone", async () => {
    // Its end is the primary's business.
    process.kill(pids.get(1)!, "SIGTERM");
    process.kill(pids.get(1)!, "SIGHUP");
    process.kill(pids.get(2)!, "SIGKILL");
    await border.until(/^worker 2 process \d+$/m);
    assert.ok(isAlive(pids.get(1)!));
    assert.deepEqual(await subjects(), [false]);
  });

  it("ends at SIGTERM", async () => {
    border.signal("SIGTERM");
    assert.equal(await border.ended(), 0);
    assert.ok(!isAlive(pids.get(1)!));
  });
});

describe("a border of two workers that can't start", () => {
  it("says which listener can't be bound, and ends with exit code 2", async () => {
    const border = new BorderProcess();
    const socket = createSocket("udp4");
    socket.bind(0, host);
    await once(socket, "listening");
    const { port } = socket.address();
    border.write("p.privet", policy());
    border.write(
      "border.json",
      JSON.stringify({
        policy: "p.privet",
        secret: "00".repeat(16),
        workers: 2,
        lossy: "accept",
        listeners: [listener("inside", "udp"), { ...listener("outside", "udp"), port }],
        networks: { home: { hops: [`udp:${host}:5060`] } },
      }),
    );
    try {
      border.start();
      await border.until(
        new RegExp(
          `^error: .*border\\.json: listener outside \\(udp 127\\.0\\.0\\.1 port ${port}\\): .*EADDRINUSE.*\\n  help: `,
          "m",
        ),
      );
      assert.equal(await border.ended(), 2);
      assert.equal(border.output, "");
    } finally {
      socket.close();
      await border.remove();
    }
  });
});
