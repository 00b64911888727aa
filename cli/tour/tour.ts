/** The tour: a real border on loopback, between neighbours that place real calls. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Passage } from "../../border/index.ts";
import { exitCode, type Io } from "../io.ts";
import { type Paint, painter, passageLine, passageStory, verdictOf } from "../passage-text.ts";
import { requestOf, type Step, steps } from "./steps.ts";
import { buildWorld, type World } from "./world.ts";

/** Passages that come behind the answer that a step waits for. */
const settleMilliseconds = 60;

/** Runs every step, then waits for `stopped`, if there is one. Resolves to the exit code. */
export async function runTour(io: Io, stopped: Promise<void> | undefined): Promise<number> {
  const paint = painter(io.color);
  const say = (...lines: readonly string[]): void => io.out(`${lines.join("\n")}\n`);
  const world = await buildWorld(io.now());
  const folder = stopped === undefined ? undefined : mkdtempSync(join(tmpdir(), "privet-tour-"));
  try {
    say(...opening(world, paint));
    const verdicts = new Set<string>();
    const subscription = world.border.passages$.subscribe((passage) => {
      verdicts.add(verdictOf(passage));
      for (const line of isNews(passage) ? passageStory(passage, paint) : [passageLine(passage, paint)])
        say(`  ${line}`);
    });
    const failed = await runSteps(world, say, paint);
    const missing = ["allow", "rewrite", "reject"].filter((verdict) => !verdicts.has(verdict));
    for (const verdict of missing) say(paint("reject", `no message came out as ${verdict}`));
    const good = failed === 0 && missing.length === 0;
    say(
      "",
      paint(
        good ? "allow" : "reject",
        `${steps.length - failed} of ${steps.length} steps came out as they should`,
      ),
    );
    if (folder !== undefined) {
      say(...farewell(world, folder, paint));
      await stopped;
    }
    subscription.unsubscribe();
    return good ? exitCode.clean : exitCode.findings;
  } finally {
    await world.close();
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}

async function runSteps(world: World, say: (...lines: string[]) => void, paint: Paint): Promise<number> {
  let failed = 0;
  for (const [index, step] of steps.entries()) {
    say("", paint("strong", `${index + 1}. ${step.title}`), paint("faint", `   ${step.about}`));
    const problems = await problemsOf(step, world);
    await new Promise((resolve) => setTimeout(resolve, settleMilliseconds));
    for (const problem of problems) say(paint("reject", `   not as it should be: ${problem}`));
    if (problems.length > 0) failed++;
  }
  return failed;
}

async function problemsOf(step: Step, world: World): Promise<readonly string[]> {
  try {
    return await step.run(world);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** What is told at length: the start of something, and whatever was changed or refused. */
function isNews(passage: Passage): boolean {
  if (passage.kind === "handshake" || verdictOf(passage) !== "allow") return true;
  return passage.status === undefined && (passage.method === "INVITE" || passage.method === "MESSAGE");
}

function opening({ border, policy, nameServer }: World, paint: Paint): readonly string[] {
  const sockets = border.sides.map(
    ({ name, transport, address, port }) => `${name} ${transport} ${address}:${port}`,
  );
  return [
    paint(
      "strong",
      "Privet, a border between SIP networks. Everything below happens on this machine, over real sockets.",
    ),
    "",
    `  policy     ${policy}`,
    `  listeners  ${sockets.join(", ")}`,
    `  dns        ${nameServer}, which answers for carrier-c`,
    "  networks   home (our own) · carrier-c (partner: agreement and TLS) · open-d (neither)",
    "",
    paint(
      "faint",
      "  each line: verdict, message, from → to;  - row as received, + row as sent, and the rule that did it",
    ),
  ];
}

/** How to send a message of one's own: files to edit, and commands that work as they stand. */
function farewell(world: World, folder: string, paint: Paint): readonly string[] {
  const outgoing = join(folder, "from-home.sip");
  const incoming = join(folder, "from-outside.sip");
  const sentBy = "UDP 127.0.0.1:9";
  const rows = [
    'P-Asserted-Identity: "Alice" <sip:alice@home1.example>',
    "P-Access-Network-Info: IEEE-802.11;i-wlan-node-id=020000000001",
    "Privacy: id",
  ];
  writeFileSync(
    outgoing,
    requestOf("MESSAGE", "sip:bob@open-d.example", sentBy, "<sip:alice@home1.example>", rows),
    "latin1",
  );
  writeFileSync(
    incoming,
    requestOf("MESSAGE", "sip:bob@home1.example", sentBy, "<sip:dave@open-d.example>", [
      "P-Asserted-Identity: <sip:ceo@home1.example>",
    ]),
    "latin1",
  );
  return [
    "",
    paint("strong", "The border keeps running. Send a message of your own from another terminal:"),
    "",
    `  ${sendCommand(outgoing, world.port("inside", "udp"))}`,
    "",
    paint("faint", `  or: nc -u -w 1 127.0.0.1 ${world.port("inside", "udp")} < ${outgoing}`),
    paint(
      "faint",
      `  from outside, with a forged identity: nc -u -w 1 127.0.0.1 ${world.port("outside", "udp")} < ${incoming}`,
    ),
    paint(
      "faint",
      `  where carrier-c is: npx privet locate sip:bob@carrier-c.example --server ${world.nameServer}`,
    ),
    paint("faint", "  the files are plain text: change a row and send again. Ctrl-C ends the border."),
    "",
  ];
}

/** Node alone: it prints the answer and ends. */
function sendCommand(file: string, port: number): string {
  const path = JSON.stringify(file).slice(1, -1);
  const script = `s=require('dgram').createSocket('udp4');s.on('message',m=>{console.log(String(m));s.close()});s.send(require('fs').readFileSync('${path}'),${port},'127.0.0.1')`;
  return `node -e "${script}"`;
}
