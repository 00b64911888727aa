/** `privet run` with several processes that share the listeners. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { type Connection, TcpAdapter } from "../../adapters/index.ts";
import { issueCertificate } from "../../wire/index.ts";
import { Phone, textMessage, valuesOf } from "../border/phone.ts";
import { BorderProcess } from "./border-process.ts";

const host = "127.0.0.1";

const policy = (rule = "remove P-Asserted-Identity"): string => `language 1
policy "shared"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network open-d {
  domain "open-d.example"
  listener "outside"
}
network carrier {
  domain "carrier.example"
}
trust home
rule only-rule
  on message to untrusted
  ${rule}
  because "house rule"
`;

const listener = (name: string, transport: string) => ({ name, transport, address: host, port: 0 });

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end; ) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.fail("never came about");
}

let requests = 0;
function request(uri: string, via: string, callId: string, ...more: readonly string[]): string {
  requests++;
  return textMessage(
    `OPTIONS ${uri} SIP/2.0`,
    `Via: SIP/2.0/${via};branch=z9hG4bKw${requests}`,
    "Max-Forwards: 70",
    "From: <sip:alice@home1.example>;tag=1",
    `To: <${uri}>`,
    `Call-ID: ${callId}`,
    "CSeq: 1 OPTIONS",
    ...more,
    "Content-Length: 0",
  );
}

function ok(to: string): string {
  const copied = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
    valuesOf(to, field).map((value) => `${field}: ${value}`),
  );
  return textMessage("SIP/2.0 200 OK", ...copied, "Content-Length: 0");
}

/** The port of the border in its own Via, to which a response over UDP goes. */
function portInVia(message: string): number {
  return Number(/^SIP\/2\.0\/\w+ 127\.0\.0\.1:(\d+)/.exec(valuesOf(message, "Via")[0]!)![1]);
}

/** A TCP neighbour: what comes, on which connection. */
class Trunk {
  readonly adapter = new TcpAdapter({ host });
  readonly inbox: { readonly text: string; readonly connection: Connection }[] = [];

  static async open(): Promise<Trunk> {
    const trunk = new Trunk();
    trunk.adapter.events$.subscribe((event) => {
      if (event.kind !== "received") return;
      const text = Buffer.from(event.bytes).toString("latin1");
      trunk.inbox.push({ text, connection: event.connection });
    });
    await trunk.adapter.listen();
    return trunk;
  }

  get port(): number {
    return this.adapter.address!.port;
  }

  connect(port: number): Promise<Connection> {
    return this.adapter.open({ transport: "tcp", address: host, port });
  }

  async next(): Promise<{ readonly text: string; readonly connection: Connection }> {
    await until(() => this.inbox.length > 0);
    return this.inbox.shift()!;
  }
}

/** Ports by name and transport, as the border says them. */
function portsIn(text: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(/^listening (\w+ \w+) 127\.0\.0\.1:(\d+)$/gm);
  return new Map([...lines].map(([, name, port]) => [name!, Number(port)]));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function page(port: number, name: string): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`http://${host}:${port}/${name}`);
  return { status: response.status, text: await response.text() };
}

/** The sum of a metric's samples whose labels hold all that is said. */
function sumOf(metrics: string, name: string, ...labels: readonly string[]): number {
  return metrics
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}

describe("a border of three workers", () => {
  const border = new BorderProcess();
  const workers = new Map<number, number>();
  let ports: ReadonlyMap<string, number>;
  let operation = 0;
  let home: Phone;
  let open: Phone;
  let trunk: Trunk;
  /** To each worker two of them. */
  let connections: Connection[] = [];
  /** Messages that the border has forwarded: requests and responses. */
  let carried = 0;

  const metrics = async (): Promise<string> => (await page(operation, "metrics")).text;
  const workerStarted = async (): Promise<number> => {
    const [, number, pid] = await border.until(/^worker (\d) process (\d+)$/m);
    workers.set(Number(number), Number(pid));
    return Number(number);
  };
  /** From home to open-d over UDP, and back. */
  const call = async (): Promise<string> => {
    home.send(
      request("sip:bob@open-d.example", `UDP ${host}:${home.port}`, "c", "P-Asserted-Identity: <sip:a@b.c>"),
      ports.get("inside udp")!,
    );
    const asked = await open.next();
    open.send(ok(asked), portInVia(asked));
    assert.match(await home.next(), /^SIP\/2\.0 200 OK\r\n/);
    carried += 2;
    return asked;
  };
  /** From each connection of the trunk to home over UDP, so often; the requests as home sees them. */
  const ask = async (times: number): Promise<string[]> => {
    const asked: string[] = [];
    for (let i = 0; i < times; i++) {
      for (const [index, connection] of connections.entries()) {
        connection.send(
          Buffer.from(request("sip:bob@home1.example", `TCP ${host}:${trunk.port}`, `connection-${index}`)),
        );
        asked.push(await home.next());
      }
    }
    carried += asked.length;
    return asked;
  };
  const answer = (asked: readonly string[]): void => {
    for (const one of asked) home.send(ok(one), ports.get("inside udp")!);
    carried += asked.length;
  };

  before(async () => {
    home = await Phone.open();
    open = await Phone.open();
    trunk = await Trunk.open();
    border.write("p.privet", policy());
    border.write(
      "border.json",
      JSON.stringify({
        policy: "p.privet",
        shadow: "p.privet",
        workers: 3,
        lossy: "accept",
        operation: { port: 0 },
        listeners: [listener("inside", "udp"), listener("outside", "udp"), listener("outside", "tcp")],
        networks: {
          home: { hops: [`udp:${host}:${home.port}`] },
          "open-d": { hops: [`udp:${host}:${open.port}`], listener: "outside" },
          carrier: { hops: [`tcp:${host}:${trunk.port}`], listener: "outside" },
        },
      }),
    );
    border.start();
    for (let i = 0; i < 3; i++) await workerStarted();
    operation = Number((await border.until(/operation http 127\.0\.0\.1:(\d+)\n/))[1]);
    ports = portsIn(border.output);
    for (let i = 0; i < 6; i++) connections.push(await trunk.connect(ports.get("outside tcp")!));
  });
  after(async () => {
    await border.remove();
    await trunk.adapter.close();
    home.close();
    open.close();
  });

  it("says its listeners once, whose ports all workers share", async () => {
    assert.equal(border.output.match(/^listening /gm)?.length, 3);
    assert.equal(new Set(workers.values()).size, 3);
    assert.ok(!workers.has(border.pid));
    assert.equal((await page(operation, "readyz")).status, 200);
    assert.equal(sumOf(await metrics(), "privet_workers"), 3);
  });

  it("carries calls over UDP and TCP in both directions", async () => {
    for (let i = 0; i < 20; i++) assert.deepEqual(valuesOf(await call(), "P-Asserted-Identity"), []);
    for (let i = 0; i < 20; i++) {
      home.send(
        request("sip:bob@carrier.example", `UDP ${host}:${home.port}`, `o${i}`),
        ports.get("inside udp")!,
      );
      const { text, connection } = await trunk.next();
      connection.send(Buffer.from(ok(text)));
      assert.match(await home.next(), /^SIP\/2\.0 200 OK\r\n/);
      carried += 2;
    }
  });

  it("brings a response back on the connection of its request, whichever worker it comes to", async () => {
    // The trunk's own messages of the test before are not those of `connections`.
    const asked = await ask(10);
    answer(asked);
    const back = new Map<Connection, string[]>();
    for (const _ of asked) {
      const { text, connection } = await trunk.next();
      assert.match(text, /^SIP\/2\.0 200 OK\r\nVia: SIP\/2\.0\/TCP /);
      back.set(connection, [...(back.get(connection) ?? []), valuesOf(text, "Call-ID")[0]!]);
    }
    for (const [index, connection] of connections.entries())
      assert.deepEqual(back.get(connection), Array(10).fill(`connection-${index}`));
    // Wherever the datagrams came to: two thirds of the connections are not there.
    assert.ok(sumOf(await metrics(), "privet_responses_handed_total") > 0);
  });

  it("tells metrics that add up to what it carried", async () => {
    const text = await metrics();
    assert.equal(sumOf(text, "privet_messages_total", 'outcome="forwarded"'), carried);
    assert.equal(sumOf(text, "privet_messages_total"), carried);
    // Requests and responses, beside the policy itself.
    assert.equal(sumOf(text, "privet_shadow_total", 'result="same"'), carried);
    assert.equal(sumOf(text, "privet_shadow_total"), carried);
    assert.ok(sumOf(text, "privet_connections", 'transport="tcp"') >= 6);
  });

  it("replaces a worker that is killed, and loses nothing but its connections", async () => {
    const asked = await ask(2);
    process.kill(workers.get(2)!, "SIGKILL");
    const [, pid] = await border.until(
      /^error: worker 2 \(process (\d+)\) ended: SIGKILL; another one takes/m,
    );
    assert.equal(Number(pid), workers.get(2));
    assert.equal((await page(operation, "readyz")).status, 200);
    answer(asked);
    const back = await Promise.all(asked.map(() => trunk.next()));
    // By Via (RFC 3261 18.2.2) where the connection has gone.
    await until(() => connections.filter((one) => !one.open).length === 2);
    assert.deepEqual(
      back.filter(({ connection }) => !connections.includes(connection)).map(({ text }) => text.slice(0, 14)),
      Array(4).fill("SIP/2.0 200 OK"),
    );
    assert.equal(await workerStarted(), 2);
    assert.notEqual(workers.get(2), Number(pid));
    for (let i = 0; i < 20; i++) await call();
    connections = [];
    for (let i = 0; i < 6; i++) connections.push(await trunk.connect(ports.get("outside tcp")!));
    answer(await ask(2));
    for (let i = 0; i < 12; i++) assert.ok(connections.includes((await trunk.next()).connection));
  });

  it("never lets a count go back", async () => {
    const forwarded = async (): Promise<number> =>
      sumOf(await metrics(), "privet_messages_total", 'outcome="forwarded"');
    const earlier = await forwarded();
    process.kill(workers.get(1)!, "SIGKILL");
    await border.until(/^error: worker 1 .* ended: SIGKILL/m);
    assert.ok((await forwarded()) >= earlier);
    await workerStarted();
    await call();
    assert.ok((await forwarded()) >= earlier + 2);
  });

  it("comes back to its ports where all workers are killed at once", async () => {
    for (const pid of workers.values()) process.kill(pid, "SIGKILL");
    for (let i = 0; i < 3; i++) await workerStarted();
    for (let i = 0; i < 20; i++) await call();
    const connection = await trunk.connect(ports.get("outside tcp")!);
    connection.close();
  });

  it("ends in order at a terminal's ^C, which all processes hear, and is not ready from then on", async () => {
    // Somebody who does not end the connection: the border waits for a while.
    const slow: Socket = connect({ port: ports.get("outside tcp")!, host, allowHalfOpen: true });
    slow.on("error", () => {});
    await once(slow, "connect");
    await until(async () => sumOf(await metrics(), "privet_connections", 'transport="tcp"') > 0);
    border.signalAll("SIGINT");
    await until(async () => (await page(operation, "readyz")).status === 503);
    assert.equal(await border.ended(), 0);
    slow.destroy();
    for (const pid of workers.values()) assert.ok(!isAlive(pid));
  });
});

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
    border.write("p.privet", policy("remove Subject"));
    // The leaf is what the primary looks at; the rest of its chain is no certificate.
    const rest = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    border.write("own.pem", own.certificate + rest);
    border.signal("SIGHUP");
    const [text] = await border.until(/error: not reloaded \(.*\): what was in force stays in force\n/s);
    for (const [number, pid] of pids) assert.ok(text.includes(`worker ${number} (process ${pid}): `), text);
    assert.deepEqual(await subjects(), [true]);
    border.write("own.pem", own.certificate);
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
