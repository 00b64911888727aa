/** Two processes' borders side by side: a response comes to one, its request came over the other's connection. */
import assert from "node:assert/strict";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { type Connection, TcpAdapter } from "../../adapters/index.ts";
import {
  Border,
  defaultQueue,
  type HandedResponse,
  type Passage,
  type Siblings,
} from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { found, until } from "../until.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { smallPolicy } from "./small-policy.ts";

const host = "127.0.0.1";
const listener = (name: string, transport: "udp" | "tcp") => ({
  name,
  transport,
  address: host,
  port: 0,
  host,
});

/** A border, and what it tells of the messages. */
interface Process {
  readonly border: Border;
  readonly passages: (Passage & { readonly kind: "message" })[];
}

describe("a response that comes to another process than its request", () => {
  const handed: HandedResponse[] = [];
  /** The numbers of those that live, as the others see it. */
  const alive = new Set([1, 2]);
  let hasRoom = true;
  let home: Phone;
  let impostor: Phone;
  let foreign: TcpAdapter;
  let connection: Connection;
  const inbox: { readonly text: string; readonly connection: Connection }[] = [];
  let first: Process;
  let second: Process;
  let count = 0;

  const start = async (own: number, siblings: Pick<Siblings, "hand">): Promise<Process> => {
    const border = new Border(
      compile(smallPolicy()),
      {
        secret: new Uint8Array(16),
        listeners: [listener("inside", "udp"), listener("outside", "tcp"), listener("outside", "udp")],
        networks: new Map([
          [
            "home",
            {
              hops: [{ transport: "udp", address: host, port: home.port }],
              listener: "inside",
              numeric: false,
            },
          ],
        ]),
        queue: defaultQueue,
      },
      { own, owns: (instance) => alive.has(instance), ...siblings },
    );
    const passages: Process["passages"] = [];
    border.passages$.subscribe((passage) => {
      if (passage.kind === "message") passages.push(passage);
    });
    await border.listen();
    return { border, passages };
  };
  const portOf = ({ border }: Process, name: string, transport: string): number =>
    border.sides.find((side) => side.name === name && side.transport === transport)!.port;

  before(async () => {
    home = await Phone.open();
    impostor = await Phone.open("127.0.0.2");
    foreign = new TcpAdapter({ host });
    await foreign.listen();
    foreign.events$.subscribe((event) => {
      if (event.kind !== "received") return;
      inbox.push({ text: Buffer.from(event.bytes).toString("latin1"), connection: event.connection });
    });
    first = await start(1, { hand: () => assert.fail("nothing comes to it that is not its own") });
    second = await start(2, {
      hand: (instance, response) => {
        assert.equal(instance, 1);
        if (!hasRoom) return false;
        // As it arrives in another process.
        handed.push(structuredClone(response));
        first.border.takeHanded(handed.at(-1)!);
        return true;
      },
    });
  });
  after(async () => {
    await Promise.all([first.border.close(), second.border.close(), foreign.close()]);
    home.close();
    impostor.close();
  });
  beforeEach(async () => {
    alive.clear();
    for (const one of [1, 2]) alive.add(one);
    hasRoom = true;
    handed.length = 0;
    connection = await foreign.open({
      transport: "tcp",
      address: host,
      port: portOf(first, "outside", "tcp"),
    });
  });

  afterEach(() => connection.close());

  /** Over TCP to the first process, out over UDP; the response that home would give. */
  const asked = async (): Promise<string> => {
    count++;
    connection.send(
      Buffer.from(
        textMessage(
          "MESSAGE sip:bob@home1.example SIP/2.0",
          `Via: SIP/2.0/TCP ${host}:${foreign.address!.port};branch=z9hG4bKs${count}`,
          "Max-Forwards: 70",
          "From: <sip:carol@open-d.example>;tag=1",
          "To: <sip:bob@home1.example>",
          `Call-ID: ${count}`,
          "CSeq: 1 MESSAGE",
          "Content-Length: 0",
        ),
      ),
    );
    const request = await home.next();
    const copied = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
      valuesOf(request, field).map((value) => `${field}: ${value}`),
    );
    first.passages.length = 0;
    second.passages.length = 0;
    return textMessage("SIP/2.0 200 OK", ...copied, "Content-Length: 0");
  };
  const back = (): Promise<{ readonly text: string; readonly connection: Connection }> =>
    found(() => inbox.shift(), "a message");

  it("goes back on that connection, decided and told of by the process that has it", async () => {
    home.send(await asked(), portOf(second, "inside", "udp"));
    const { text, connection: on } = await back();
    assert.match(text, /^SIP\/2\.0 200 OK\r\nVia: SIP\/2\.0\/TCP /);
    assert.equal(on, connection);
    assert.deepEqual(second.passages, []);
    const [told, ...more] = first.passages;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [told?.outcome.kind, told?.status, told?.from.network, told?.from.port, told?.to?.network],
      ["forwarded", 200, "home", home.port, "stranger"],
    );
  });

  it("goes by Via where the connection has gone there (RFC 3261 18.2.2)", async () => {
    const answer = await asked();
    connection.close();
    await until(() => first.border.connections().get("tcp") === 0);
    home.send(answer, portOf(second, "inside", "udp"));
    const { text, connection: on } = await back();
    assert.match(text, /^SIP\/2\.0 200 OK\r\n/);
    assert.notEqual(on, connection);
    assert.equal(handed.length, 1);
    assert.deepEqual(second.passages, []);
    assert.deepEqual(
      first.passages.map(({ outcome }) => outcome.kind),
      ["forwarded"],
    );
  });

  it("goes by Via from where it came where the other process has ended", async () => {
    const answer = await asked();
    alive.delete(1);
    home.send(answer, portOf(second, "inside", "udp"));
    const { text, connection: on } = await back();
    assert.match(text, /^SIP\/2\.0 200 OK\r\n/);
    assert.notEqual(on, connection);
    assert.deepEqual([handed.length, first.passages.length, second.passages.length], [0, 0, 1]);
  });

  it("is dropped, and told of once, where too much waits on the way there", async () => {
    const answer = await asked();
    hasRoom = false;
    home.send(answer, portOf(second, "inside", "udp"));
    await until(() => second.passages.length > 0);
    assert.deepEqual(
      second.passages.map(({ outcome }) => outcome),
      [{ kind: "dropped", why: "queue", cause: "the way to the process that has its connection is full" }],
    );
    assert.deepEqual(first.passages, []);
  });

  it("is handed by nobody where it does not come from where the request went", async () => {
    const answer = await asked();
    impostor.send(answer, portOf(second, "outside", "udp"));
    await until(() => second.passages.length > 0);
    assert.deepEqual(
      second.passages.map(({ outcome }) => outcome),
      [{ kind: "dropped", why: "flow", cause: "the request went to home, not here" }],
    );
    // Of a request whose flow was changed, nothing is known.
    home.send(answer.replace(/pf=..../, "pf=AAAA"), portOf(second, "inside", "udp"));
    await until(() => second.passages.length > 1);
    assert.deepEqual(handed, []);
  });
});

describe("a ping whose answer comes to another process", () => {
  it("counts for the process that sent it", async () => {
    const hop = await Phone.open();
    const borders = new Map<number, Border>();
    const absorbed = new Map<number, number>();
    const changes: unknown[] = [];
    for (const own of [1, 0xabcdef]) {
      const border = new Border(
        compile(smallPolicy()),
        {
          secret: new Uint8Array(16),
          listeners: [listener("inside", "udp")],
          networks: new Map([
            [
              "home",
              {
                hops: [{ transport: "udp", address: host, port: hop.port }],
                listener: "inside",
                numeric: false,
                ping: 1_000,
              },
            ],
          ]),
          queue: defaultQueue,
        },
        {
          own,
          owns: (instance) => instance !== own && borders.has(instance),
          hand: (instance, response) => {
            borders.get(instance)!.takeHanded(structuredClone(response));
            return true;
          },
        },
      );
      borders.set(own, border);
      border.hopStates$.subscribe((state) => changes.push(state));
      border.passages$.subscribe((passage) => {
        // An answer behind the next ping comes too late to count.
        if (passage.kind === "message" && passage.outcome.kind === "absorbed")
          absorbed.set(own, (absorbed.get(own) ?? 0) + 1);
      });
      await border.listen();
    }
    try {
      // More than enough for a hop that does not answer to be down.
      while (absorbed.size < 2 || Math.min(...absorbed.values()) < 4) {
        const ping = await hop.next();
        const copied = ["Via", "From", "To", "Call-ID", "CSeq"].map(
          (field) => `${field}: ${valuesOf(ping, field)[0]}`,
        );
        const [, from] = /^SIP\/2\.0\/UDP 127\.0\.0\.1:(\d+)/.exec(valuesOf(ping, "Via")[0]!)!;
        const other = [...borders.values()].find(({ sides }) => sides[0]!.port !== Number(from))!;
        hop.send(textMessage("SIP/2.0 200 OK", ...copied, "Content-Length: 0"), other.sides[0]!.port);
      }
      assert.deepEqual(changes, []);
    } finally {
      await Promise.all([...borders.values()].map((border) => border.close()));
      hop.close();
    }
  });
});
