/** One source that sends or opens far more than its share leaves the others theirs. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { Border, defaultQueue, type ListenerSettings, type Passage } from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { until } from "../until.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { smallPolicy } from "./small-policy.ts";

const share = 50;
const flooder = "127.0.0.1";
const honest = "127.0.0.2";

function request(transport: "UDP" | "TCP", sentBy: string, call: string): string {
  return textMessage(
    "OPTIONS sip:alice@home1.example SIP/2.0",
    `Via: SIP/2.0/${transport} ${sentBy};branch=z9hG4bK${call}`,
    "Max-Forwards: 70",
    "From: <sip:bob@open-d.example>;tag=1",
    "To: <sip:alice@home1.example>",
    `Call-ID: ${call}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
  );
}

describe(`a border that gives each source ${share} messages a second and 3 connections`, () => {
  let home: Phone;
  let border: Border;
  const passages: Passage[] = [];
  const sockets: Socket[] = [];

  const listener = (name: string, transport: "udp" | "tcp"): ListenerSettings => ({
    name,
    transport,
    address: "0.0.0.0",
    port: 0,
    host: "127.0.0.1",
  });
  const port = (side: number): number => border.sides[side]!.port;
  const open = async (localAddress: string): Promise<Socket> => {
    const socket = connect({ host: "127.0.0.1", port: port(2), localAddress });
    sockets.push(socket);
    socket.on("error", () => {});
    await once(socket, "connect");
    return socket;
  };

  before(async () => {
    home = await Phone.open();
    border = new Border(compile(smallPolicy()), {
      secret: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      listeners: [listener("inside", "udp"), listener("outside", "udp"), listener("outside", "tcp")],
      networks: new Map([
        [
          "home",
          {
            hops: [{ transport: "udp", address: "127.0.0.1", port: home.port }],
            listener: "inside",
            numeric: false,
          },
        ],
      ]),
      queue: defaultQueue,
      sources: { messages: share, connections: 3 },
    });
    await border.listen();
    border.passages$.subscribe((passage) => passages.push(passage));
  });
  after(async () => {
    for (const socket of sockets) socket.destroy();
    await border.close();
    home.close();
  });

  it("drops over UDP what is beyond it, and carries all of the others", async () => {
    const bad = await Phone.open(flooder);
    const good = await Phone.open(honest);
    const calls = 40;
    const started = Date.now();
    for (let call = 0; call < calls; call++) {
      for (let more = 0; more < 13; more++) {
        bad.send(request("UDP", `${flooder}:${bad.port}`, `bad-${call}-${more}`), port(1));
      }
      good.send(request("UDP", `${honest}:${good.port}`, `good-${call}`), port(1));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await until(() => passages.length === calls * 14);
    const forwarded = passages.filter((one) => one.kind === "message" && one.outcome.kind === "forwarded");
    const arrived: string[] = [];
    for (const _ of forwarded) arrived.push(valuesOf(await home.next(), "Call-ID")[0]!);
    assert.deepEqual(await home.silence(50), []);
    assert.equal(arrived.filter((call) => call.startsWith("good-")).length, calls, "each honest call");
    const flooded = arrived.filter((call) => call.startsWith("bad-")).length;
    assert.ok(flooded >= share, `a full share: ${flooded}`);
    const seconds = (Date.now() - started) / 1000;
    assert.ok(flooded <= share * (1 + seconds) + 1, `no more than its share: ${flooded}`);
    const dropped = passages.filter(
      (passage) =>
        passage.kind === "message" && passage.outcome.kind === "dropped" && passage.outcome.why === "share",
    );
    assert.equal(dropped.length + flooded, calls * 13, "each of the others is told of");
    assert.deepEqual(await bad.silence(50), [], "a source that may be forged is not answered");
    bad.close();
    good.close();
  });

  it("answers 503 with Retry-After on a stream", async () => {
    const socket = await open("127.0.0.3");
    let answers = "";
    socket.setEncoding("latin1").on("data", (chunk) => {
      answers += String(chunk);
    });
    socket.write(
      Array.from({ length: share + 20 }, (_, call) => request("TCP", "127.0.0.3", `s-${call}`)).join(""),
    );
    await until(() => answers.includes("SIP/2.0 503 Service Unavailable\r\n"));
    const [first] = answers.split("\r\n\r\n");
    assert.match(first!, /^SIP\/2\.0 503 Service Unavailable\r\n/);
    assert.deepEqual(valuesOf(`${first}\r\n\r\n`, "Retry-After"), ["1"]);
    await home.silence(100);
  });

  it("closes the newest connection of a source that holds too many", async () => {
    const standing = (): number => border.connections().get("tcp")!;
    for (const socket of sockets) socket.destroy();
    await until(() => standing() === 0);
    const held = [await open(flooder), await open(flooder), await open(flooder)];
    const surplus = await open(flooder);
    surplus.resume();
    await once(surplus, "close");
    assert.ok(held.every((socket) => !socket.destroyed && socket.writable));
    const other = await open(honest);
    await until(() => standing() === 4);
    held[0]!.destroy();
    await until(() => standing() === 3);
    const again = await open(flooder);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(!again.readableEnded && !other.readableEnded, "a place that is free is given again");
  });

  it("leaves what our own network sends alone", async () => {
    await home.silence(0);
    // Its hop is an address of this machine: the listener says that it is home.
    for (let call = 0; call < share * 3; call++) {
      home.send(
        request("UDP", `127.0.0.1:${home.port}`, `own-${call}`).replace(
          "OPTIONS sip:alice@home1.example",
          "OPTIONS sip:nobody@nowhere.example",
        ),
        port(0),
      );
    }
    for (let call = 0; call < share * 3; call++) assert.match(await home.next(), /^SIP\/2\.0 404 /);
  });
});
