/** Hops that are pinged: who does not answer is asked last (design: the border pings its home hops). */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { Border, defaultQueue, type HopState } from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { until } from "./neighbour.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { smallPolicy } from "./small-policy.ts";

const host = "127.0.0.1";
const every = 100;

describe("a border that pings two hops of home", () => {
  let hops: readonly [Phone, Phone];
  let open: Phone;
  let border: Border;
  let states: HopState[];

  beforeEach(async () => {
    hops = [await Phone.open(), await Phone.open()];
    open = await Phone.open();
    border = new Border(compile(smallPolicy()), {
      secret: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      listeners: ["inside", "outside"].map((name) => ({
        name,
        transport: "udp",
        address: host,
        host,
        port: 0,
      })),
      networks: new Map([
        [
          "home",
          {
            hops: hops.map(({ port }) => ({ transport: "udp", address: host, port })),
            listener: "inside",
            ping: every,
            numeric: false,
          },
        ],
      ]),
      queue: defaultQueue,
    });
    states = [];
    border.hopStates$.subscribe((state) => states.push(state));
    await border.listen();
  });
  afterEach(async () => {
    await border.close();
    for (const phone of [...hops, open]) phone.close();
  });

  /** Answers every ping of a while; hands out what else came. */
  async function answering(phone: Phone, status: string, milliseconds: number): Promise<readonly string[]> {
    const others: string[] = [];
    for (const end = Date.now() + milliseconds; Date.now() < end; ) {
      for (const message of await phone.silence(20)) {
        if (!message.startsWith("OPTIONS ")) others.push(message);
        else phone.send(answer(message, status), border.sides[0]!.port);
      }
    }
    return others;
  }

  function answer(to: string, status: string): string {
    const copied = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
      valuesOf(to, field).map((value) => `${field}: ${value}${field === "To" ? ";tag=t" : ""}`),
    );
    return textMessage(`SIP/2.0 ${status}`, ...copied, "Content-Length: 0");
  }

  function call(count: number): void {
    for (let one = 0; one < count; one++) {
      const text = textMessage(
        "MESSAGE sip:alice@home1.example SIP/2.0",
        `Via: SIP/2.0/UDP ${host}:${open.port};branch=z9hG4bKp${one}`,
        "Max-Forwards: 70",
        "From: <sip:bob@open-d.example>;tag=1",
        "To: <sip:alice@home1.example>",
        `Call-ID: p${one}`,
        "CSeq: 1 MESSAGE",
        "Content-Length: 0",
      );
      open.send(text, border.sides[1]!.port);
    }
  }

  it("asks each with an OPTIONS of its own, to the hop itself (RFC 3261 11.1)", async () => {
    const [{ port }] = hops;
    const ping = await hops[0].next();
    assert.match(ping, new RegExp(`^OPTIONS sip:127\\.0\\.0\\.1:${port} SIP/2\\.0\r\n`));
    const inside = border.sides[0]!.port;
    assert.match(
      valuesOf(ping, "Via")[0]!,
      new RegExp(`^SIP/2\\.0/UDP 127\\.0\\.0\\.1:${inside};branch=z9hG4bK[0-9a-f]{32}$`),
    );
    for (const field of ["Max-Forwards", "From", "To", "Call-ID", "CSeq"])
      assert.equal(valuesOf(ping, field).length, 1, field);
  });

  it("sends everything to the one that answers, once the other has missed two", async () => {
    const calls = 20;
    const [alive, dead] = hops;
    const answered = answering(alive, "200 OK", 1_500);
    await until(() => states.length > 0);
    assert.deepEqual(
      states.map(({ network, hop, up }) => [network, hop.port, up]),
      [["home", dead.port, false]],
    );
    call(calls);
    assert.equal((await answered).length, calls);
    assert.deepEqual(
      (await dead.silence(0)).filter((message) => message.startsWith("MESSAGE ")),
      [],
    );
  });

  it("takes any answer for a sign of life but 503, and 200 behind it brings the hop back", async () => {
    const rest = answering(hops[0], "404 Not Found", 1_500);
    await answering(hops[1], "503 Service Unavailable", 300);
    assert.deepEqual(
      states.map(({ hop, up }) => [hop.port, up]),
      [[hops[1].port, false]],
    );
    await answering(hops[1], "200 OK", 400);
    assert.deepEqual(
      states.map(({ hop, up }) => [hop.port, up]),
      [
        [hops[1].port, false],
        [hops[1].port, true],
      ],
    );
    await rest;
  });

  it("asks all as before where none answers", async () => {
    await until(() => states.length === 2);
    for (const hop of hops) await hop.silence(0);
    call(20);
    const got = await Promise.all(hops.map((hop) => hop.silence(300)));
    const counts = got.map((messages) => messages.filter((message) => message.startsWith("MESSAGE ")).length);
    assert.equal(counts[0]! + counts[1]!, 20);
    assert.ok(
      counts.every((count) => count > 0),
      String(counts),
    );
  });

  it("takes no answer from anybody else", async () => {
    const ping = await hops[0].next();
    const other = await Phone.open("127.0.0.2");
    other.send(answer(ping, "503 Service Unavailable"), border.sides[0]!.port);
    await other.silence(100);
    other.close();
    assert.equal(states.filter(({ hop }) => hop.port === hops[0].port && !hop).length, 0);
    assert.ok(border.hopStates().find(({ hop }) => hop.port === hops[0].port)!.up);
  });
});
