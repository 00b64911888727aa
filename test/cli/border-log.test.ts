/** What a running border says, as border.json asks. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Border, defaultQueue, type LogSettings } from "../../border/index.ts";
import { startLog } from "../../cli/border-log.ts";
import { compile } from "../../engine/index.ts";
import { Phone, textMessage } from "../border/phone.ts";
import { smallPolicy } from "../border/small-policy.ts";
import { memoryIo } from "./memory-io.ts";

/** A border that carries one OPTIONS out and refuses another; what it said on both outputs. */
async function saidBy(settings: LogSettings): Promise<{ readonly out: string; readonly err: string }> {
  const home = await Phone.open();
  const open = await Phone.open();
  const hop = (port: number) => ({ transport: "udp", address: "127.0.0.1", port }) as const;
  const listener = (name: string) =>
    ({ name, transport: "udp", address: "127.0.0.1", port: 0, host: "127.0.0.1" }) as const;
  const border = new Border(compile(smallPolicy()), {
    secret: new Uint8Array(16),
    listeners: [listener("inside"), listener("outside")],
    networks: new Map([
      ["home", { hops: [hop(home.port)], listener: "inside", numeric: false }],
      ["open-d", { hops: [hop(open.port)], listener: "outside", numeric: false }],
    ]),
    queue: defaultQueue,
  });
  const io = memoryIo();
  const log = startLog(border, settings, io);
  await border.listen();
  log.started(border.sides);
  for (const domain of ["open-d.example", "nowhere.example"]) {
    home.send(
      textMessage(
        `OPTIONS sip:bob@${domain} SIP/2.0`,
        `Via: SIP/2.0/UDP 127.0.0.1:${home.port};branch=z9hG4bK${domain}`,
        "Max-Forwards: 70",
        'From: "Alice Liddell" <sip:alice@home1.example>;tag=1',
        `To: <sip:bob@${domain}>`,
        "Call-ID: call-of-alice",
        "CSeq: 1 OPTIONS",
      ),
      border.sides[0]!.port,
    );
  }
  await open.next();
  await home.next();
  log.operation("127.0.0.1", 9464);
  log.reloaded("border.json", "small");
  log.notReloaded("what was in force stays in force");
  log.stopping();
  await border.close();
  home.close();
  open.close();
  return { out: io.said().toString(), err: io.complained() };
}

const json = { format: "json", identities: "masked", accounts: false } as const;

describe("what a running border says", () => {
  it("is nothing but JSON lines on standard output, which tell no subscriber", async () => {
    const { out, err } = await saidBy({ ...json, level: "decisions" });
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));
    assert.deepEqual(
      lines.map(({ level, kind }) => `${String(level)} ${String(kind)}`),
      ["info started", "info message", "warn message", "info reloaded", "error reloaded", "info stopping"],
    );
    assert.doesNotMatch(out, /alice|liddell|bob|call-of/i);
    assert.equal(err, "operation http 127.0.0.1:9464\n");
  });

  it("is what was refused alone, where the operator wants no more", async () => {
    const { out } = await saidBy({ ...json, level: "rejections" });
    const lines = out
      .trimEnd()
      .split("\n")
      .map((line): Record<string, unknown> => JSON.parse(line));
    assert.deepEqual(
      lines.filter(({ kind }) => kind === "message").map(({ level }) => level),
      ["warn"],
    );
  });

  it("is lines for people, or few of them", async () => {
    const loud = await saidBy({ format: "text", level: "decisions" });
    assert.match(loud.out, /^listening inside udp 127\.0\.0\.1:\d+$/m);
    assert.match(loud.out, /^\d\d:\d\d:\d\d\.\d{3} .*OPTIONS/m);
    assert.match(loud.out, /^reloaded border\.json: policy small$/m);
    const quiet = await saidBy({ format: "text", level: "quiet" });
    assert.doesNotMatch(quiet.out, /OPTIONS/);
  });
});
