/** A border with a policy on trial sends what a border without one sends, byte for byte. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TlsAdapter } from "../../adapters/index.ts";
import {
  Border,
  type BorderConfiguration,
  type Comparison,
  defaultQueue,
  labelOf,
  type Passage,
  Shadow,
} from "../../border/index.ts";
import type { Engine } from "../../engine/index.ts";
import { Recorder } from "../adapters/recorder.ts";
import { makeCertificate } from "../certificate-authority.ts";
import { until } from "../until.ts";
import { openLog, readLines } from "./operation/log-lines.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { brokenEngine, engineOf, rule } from "./shadow/trial-policies.ts";

const host = "127.0.0.1";
const secret = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
const withhold = rule("withhold", "message to untrusted", "remove P-Asserted-Identity");
const strict =
  withhold +
  rule("hide-subject", "message to untrusted", "remove Subject") +
  rule("no-messages", "request to untrusted", "when method is MESSAGE", 'reject 403 "No Messages"') +
  rule("no-pings", "request from untrusted", "when method is OPTIONS", 'reject 405 "No"') +
  rule("nobody", "handshake", "unless certificate names partner", 'reject "no partner"');

/** A border between the phones; `comparisons` are those of its trial. */
class Trying {
  readonly border: Border;
  readonly comparisons: Comparison[] = [];
  readonly passages: Passage[] = [];
  readonly shadow = new Shadow();
  private readonly log = openLog();

  constructor(configuration: BorderConfiguration, shadow: Engine | undefined) {
    this.border = new Border(engineOf(withhold), configuration);
    this.border.passages$.subscribe((passage) => this.passages.push(passage));
    this.shadow.comparisons$.subscribe((one) => {
      this.comparisons.push(one);
      this.log.log.compared(one);
    });
    this.try(shadow);
    this.border.passages$.subscribe((passage) => this.shadow.see(passage));
  }

  try(shadow: Engine | undefined): void {
    this.shadow.try(shadow && { inForce: engineOf(withhold), shadow, share: 1, secret });
  }

  port(side: "inside" | "outside" | "tls"): number {
    return this.border.sides.find(({ name }) => name === side)!.port;
  }

  logged(): string {
    return this.log.text();
  }

  /** With the ports, and the process and the time in `pf`, as they are in every border. */
  common(text: string): string {
    return text
      .replaceAll(`:${this.port("inside")}`, ":inside")
      .replaceAll(`:${this.port("outside")}`, ":outside")
      .replace(/;pf=[\w-]+/gu, ";pf");
  }
}

describe("a border with a policy on trial", () => {
  let home: Phone;
  let open: Phone;
  let alone: Trying;
  let trying: Trying;
  const identity = makeCertificate("home1.example", undefined);

  before(async () => {
    home = await Phone.open();
    open = await Phone.open();
    const hop = ({ port }: Phone) => ({ transport: "udp", address: host, port }) as const;
    const configuration: BorderConfiguration = {
      secret,
      listeners: [
        { name: "inside", transport: "udp", address: host, host, port: 0 },
        { name: "outside", transport: "udp", address: host, host, port: 0 },
        {
          name: "tls",
          transport: "tls",
          address: host,
          host: "home1.example",
          port: 0,
          certificate: identity.certificate,
          key: identity.privateKey,
        },
      ],
      networks: new Map([
        ["home", { hops: [hop(home)], listener: undefined, numeric: false }],
        ["open-d", { hops: [hop(open)], listener: undefined, numeric: false }],
      ]),
      queue: defaultQueue,
    };
    alone = new Trying(configuration, undefined);
    trying = new Trying(configuration, engineOf(strict));
    await alone.border.listen();
    await trying.border.listen();
  });
  after(async () => {
    await alone.border.close();
    await trying.border.close();
    home.close();
    open.close();
  });

  const request = (phone: Phone, start: string, ...rows: readonly string[]): string => {
    const [method = "", uri = ""] = start.split(" ");
    return textMessage(
      `${start} SIP/2.0`,
      `Via: SIP/2.0/UDP ${host}:${phone.port};branch=z9hG4bK-${method}`,
      "Max-Forwards: 70",
      'From: "Alice" <sip:alice@home1.example>;tag=f1',
      `To: <${uri}>`,
      `Call-ID: ${method}-of-alice`,
      `CSeq: 1 ${method}`,
      "P-Asserted-Identity: <sip:alice@home1.example>",
      ...rows,
      "Content-Length: 0",
    );
  };
  const response = (to: string): string => {
    const copied = ["Via", "From", "To", "Call-ID", "CSeq", "Record-Route"].flatMap((field) =>
      valuesOf(to, field).map((value) => `${field}: ${value}`),
    );
    return textMessage("SIP/2.0 200 OK", ...copied, "Subject: fine", "Content-Length: 0");
  };

  /** Sends it through both; what came out, which is the same. */
  async function through(from: Phone, to: Phone, side: "inside" | "outside", text: string): Promise<string> {
    const out: string[] = [];
    for (const one of [alone, trying]) {
      from.send(text, one.port(side));
      out.push(one.common(await to.next()));
    }
    assert.equal(out[1], out[0]);
    return out[1]!;
  }

  /** Verdicts of both policies, or `same`, since the last time. */
  function compared(): readonly string[] {
    return trying.comparisons
      .splice(0)
      .map((one) =>
        one.result === "different" ? `${labelOf(one.inForce)} ${labelOf(one.onTrial)}` : one.result,
      );
  }

  it("sends on what the policy in force lets pass, though the trial would refuse it", async () => {
    const message = request(home, "MESSAGE sip:bob@open-d.example");
    const passed = await through(home, open, "inside", message);
    assert.deepEqual(valuesOf(passed, "P-Asserted-Identity"), []);
    assert.deepEqual(compared(), ["rewrite 403"]);
  });

  it("sends what the policy in force edits, and nothing of the trial's", async () => {
    const passed = await through(
      home,
      open,
      "inside",
      request(home, "INVITE sip:bob@open-d.example", "Subject: hi"),
    );
    assert.deepEqual(valuesOf(passed, "Subject"), ["hi"]);
    assert.deepEqual(compared(), ["rewrite rewrite"]);
    const same = request(home, "INVITE sip:bob@open-d.example");
    await through(home, open, "inside", same);
    assert.deepEqual(compared(), ["same"]);
  });

  it("carries responses back, and compares them with their ends turned about", async () => {
    for (const one of [alone, trying]) {
      open.send(request(open, "INVITE sip:alice@home1.example"), one.port("outside"));
      home.send(response(await home.next()), one.port("inside"));
    }
    const [first, second] = [await open.next(), await open.next()];
    assert.equal(trying.common(second), alone.common(first));
    assert.deepEqual(valuesOf(second, "Subject"), ["fine"]);
    assert.deepEqual(compared(), ["same", "allow rewrite"]);
  });

  it("answers for itself where the trial's in gate would have refused", async () => {
    for (const one of [alone, trying]) {
      const port = one.port("outside");
      open.send(request(open, `OPTIONS sip:${host}:${port}`), port);
      assert.match(await open.next(), /^SIP\/2\.0 200 /);
    }
    assert.deepEqual(compared(), ["allow 405"]);
  });

  it("counts and logs a difference once, and what is the same not at all, and names nobody", async () => {
    const start = trying.logged().length;
    await through(home, open, "inside", request(home, "MESSAGE sip:bob@open-d.example"));
    await through(home, open, "inside", request(home, "INFO sip:bob@open-d.example"));
    assert.deepEqual(compared(), ["rewrite 403", "same"]);
    const text = trying.logged().slice(start);
    const [line, ...more] = readLines(text);
    assert.deepEqual(more, []);
    assert.equal(line?.["kind"], "shadow");
    const { now, then } = line as Readonly<Record<"now" | "then", Readonly<Record<string, unknown>>>>;
    assert.equal(now["verdict"], "rewrite");
    assert.deepEqual([then["verdict"], then["status"], then["reason"]], ["reject", 403, "No Messages"]);
    assert.match(JSON.stringify(now["rules"]), /^\[\{"name":"withhold","place":"p\.privet:\d+"\}\]$/);
    assert.match(JSON.stringify(then["rules"]), /^\[\{"name":"no-messages","place":"p\.privet:\d+"\}\]$/);
    assert.doesNotMatch(text, /alice|bob|-of-/i);
  });

  it("lets a handshake pass that the trial would refuse", async () => {
    const client = new TlsAdapter({ identities: [] });
    const atClient = new Recorder(client);
    const connection = await client.open({ transport: "tls", address: host, port: trying.port("tls") });
    await until(() => trying.comparisons.length > 0);
    assert.equal(connection.open, true);
    assert.deepEqual(compared(), ["allow reject"]);
    atClient.stop();
    await client.close();
  });

  it("goes on where the trial breaks", async () => {
    trying.try(brokenEngine(new Error("broken")));
    await through(home, open, "inside", request(home, "INVITE sip:bob@open-d.example"));
    await through(home, open, "inside", request(home, "MESSAGE sip:bob@open-d.example"));
    await through(home, home, "inside", request(home, "MESSAGE sip:bob@nowhere.example"));
    assert.deepEqual(compared(), ["fault", "fault", "fault"]);
    assert.ok(trying.passages.every((one) => one.kind !== "message" || one.outcome.kind !== "failed"));
  });

  it("tries another policy from one message to the next, or none", async () => {
    const message = request(home, "MESSAGE sip:bob@open-d.example");
    for (const shadow of [engineOf(strict), engineOf(withhold), engineOf(""), undefined]) {
      trying.try(shadow);
      await through(home, open, "inside", message);
    }
    assert.deepEqual(compared(), ["rewrite 403", "same", "rewrite allow"]);
  });
});
