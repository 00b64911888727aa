/** Hops that are pinged: who does not answer is asked last (design: the border pings its home hops). */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { Border, defaultQueue, type HopState, type Passage } from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { until } from "../until.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { smallPolicy } from "./small-policy.ts";

const host = "127.0.0.1";
/** Milliseconds between two pings of a hop. */
const often = 300;
const seldom = 60_000;

describe("a border that pings two hops of home", () => {
  let hops: readonly [Phone, Phone];
  let open: Phone;
  let border: Border;
  let states: HopState[];
  let attended: { readonly reader: NodeJS.Timeout; status: string | undefined }[];

  async function start(every: number): Promise<void> {
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
    attended = [];
    border.hopStates$.subscribe((state) => states.push(state));
    await border.listen();
  }
  afterEach(async () => {
    for (const one of attended) {
      clearInterval(one.reader);
      one.status = undefined;
    }
    await border.close();
    for (const phone of [...hops, open]) phone.close();
  });

  /** Reads for a hop: answers each ping while there is a status to answer with, and keeps what else comes. */
  function attend(phone: Phone, status?: string): { status: string | undefined; readonly others: string[] } {
    const others: string[] = [];
    const read = async (): Promise<void> => {
      for (const message of await phone.silence(0)) {
        if (!message.startsWith("OPTIONS ")) others.push(message);
        else if (hop.status !== undefined) phone.send(answer(message, hop.status), border.sides[0]!.port);
      }
    };
    const hop = { status, others, reader: setInterval(() => void read(), 10) };
    attended.push(hop);
    return hop;
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
    await start(often);
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
    await start(often);
    const calls = 20;
    const [alive, dead] = [attend(hops[0], "200 OK"), attend(hops[1])];
    await until(() => states.length > 0);
    assert.deepEqual(
      states.map(({ network, hop, up }) => [network, hop.port, up]),
      [["home", hops[1].port, false]],
    );
    call(calls);
    await until(() => alive.others.length >= calls);
    assert.equal(alive.others.length, calls);
    assert.deepEqual(dead.others, []);
  });

  it("takes any answer for a sign of life but 503, and 200 behind it brings the hop back", async () => {
    await start(often);
    attend(hops[0], "404 Not Found");
    const second = attend(hops[1], "503 Service Unavailable");
    await until(() => states.length > 0);
    assert.deepEqual(
      states.map(({ hop, up }) => [hop.port, up]),
      [[hops[1].port, false]],
    );
    second.status = "200 OK";
    await until(() => states.length > 1);
    assert.deepEqual(
      states.map(({ hop, up }) => [hop.port, up]),
      [
        [hops[1].port, false],
        [hops[1].port, true],
      ],
    );
  });

  it("asks all as before where none answers", async () => {
    await start(often);
    const calls = 20;
    const silent = hops.map((hop) => attend(hop));
    await until(() => states.length === 2);
    call(calls);
    const counts = (): number[] => silent.map(({ others }) => others.length);
    await until(() => counts()[0]! + counts()[1]! >= calls);
    assert.equal(counts()[0]! + counts()[1]!, calls);
    assert.ok(
      counts().every((count) => count > 0),
      String(counts()),
    );
  });

  it("takes no answer from anybody else", async () => {
    await start(seldom);
    const passages: Passage[] = [];
    border.passages$.subscribe((passage) => passages.push(passage));
    const ping = await hops[0].next();
    const other = await Phone.open("127.0.0.2");
    other.send(answer(ping, "503 Service Unavailable"), border.sides[0]!.port);
    await until(() => passages.length > 0);
    other.close();
    assert.deepEqual(
      passages.map((passage) => passage.kind === "message" && passage.outcome.kind),
      ["dropped"],
    );
    assert.deepEqual(states, []);
    assert.ok(border.hopStates().find(({ hop }) => hop.port === hops[0].port)!.up);
  });
});
