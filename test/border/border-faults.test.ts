/** What goes wrong inside the border costs the one message or handshake, and nothing else. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { TcpAdapter, TlsAdapter } from "../../adapters/index.ts";
import { Border, defaultQueue, type Passage } from "../../border/index.ts";
import { compile, type Engine } from "../../engine/index.ts";
import { issueCertificate } from "../../wire/index.ts";
import { Recorder } from "../adapters/recorder.ts";
import { until } from "../until.ts";
import { Phone, textMessage } from "./phone.ts";
import { smallPolicy } from "./small-policy.ts";

const host = "127.0.0.1";

/** Decides no handshake, and no message that says `broken`. */
function faultyEngine(): Engine {
  const sound = compile(smallPolicy());
  return {
    policy: sound.policy,
    fields: sound.fields,
    networkOf: (connection, at) => sound.networkOf(connection, at),
    decide: () => {
      throw new Error("decide is broken");
    },
    enter: (message) => {
      if (Buffer.from(message.bytes).includes("broken")) throw new Error("enter is broken");
      return sound.enter(message);
    },
    leave: (...way) => sound.leave(...way),
    refuses: (...way) => sound.refuses(...way),
    explain: (event) => sound.explain(event),
  };
}

describe("a border whose engine has faults", () => {
  let home: Phone;
  let open: Phone;
  let border: Border;
  const passages: Passage[] = [];
  const own = issueCertificate({
    commonName: "home1.example",
    notBefore: 0,
    notAfter: Date.now() + 86_400_000,
  });

  before(async () => {
    home = await Phone.open();
    open = await Phone.open();
    const plain = { address: host, host, port: 0 };
    border = new Border(faultyEngine(), {
      secret: Buffer.alloc(16, 3),
      listeners: [
        { ...plain, name: "inside", transport: "udp" },
        { ...plain, name: "outside", transport: "tls", certificate: own.certificate, key: own.privateKey },
      ],
      networks: new Map([
        [
          "open-d",
          {
            hops: [{ transport: "udp", address: host, port: open.port }],
            listener: undefined,
            numeric: false,
          },
        ],
      ]),
      queue: defaultQueue,
    });
    await border.listen();
    border.passages$.subscribe((passage) => passages.push(passage));
  });
  after(async () => {
    await border.close();
    home.close();
    open.close();
  });

  function send(callId: string): void {
    home.send(
      textMessage(
        "MESSAGE sip:bob@open-d.example SIP/2.0",
        `Via: SIP/2.0/UDP ${host}:${home.port};branch=z9hG4bK${callId}`,
        "Max-Forwards: 70",
        "From: <sip:alice@home1.example>;tag=f1",
        "To: <sip:bob@open-d.example>",
        `Call-ID: ${callId}`,
        "CSeq: 1 MESSAGE",
        "Content-Length: 0",
      ),
      border.sides[0]!.port,
    );
  }

  it("answers 500 to the message that met one, and carries the next", async () => {
    send("broken");
    assert.match(await home.next(), /^SIP\/2.0 500 Server Internal Error\r\n/);
    const last = passages.at(-1)!;
    assert.ok(last.kind === "message" && last.outcome.kind === "failed" && last.method === "MESSAGE");
    send("sound");
    assert.match(await open.next(), /^MESSAGE /);
  });

  it("counts both as received: each has one outcome", () => {
    const messages = passages.filter(({ kind }) => kind === "message");
    assert.equal(messages.length, 2);
    assert.deepEqual(
      [...border.received()],
      [
        ["udp", 2],
        ["tls", 0],
      ],
    );
  });

  it("refuses the handshake that met one, and says why", async () => {
    const adapter = new TlsAdapter({ identities: [] });
    const atPeer = new Recorder(adapter);
    await adapter.open({ transport: "tls", address: host, port: border.sides[1]!.port }).catch(() => {});
    await until(() => passages.at(-1)!.kind === "handshake");
    const last = passages.at(-1)!;
    assert.ok(last.kind === "handshake");
    assert.equal(last.decision.verdict, "reject");
    assert.equal(last.decision.reason, "a fault of the border: decide is broken");
    atPeer.stop();
    await adapter.close();
  });
});

describe("a border whose peer", () => {
  let home: Phone;
  let border: Border;
  let peer: TcpAdapter;
  let atPeer: Recorder;
  const passages: Passage[] = [];
  const queue = { bytes: 20_000, milliseconds: 2_000 };

  before(async () => {
    home = await Phone.open();
    border = new Border(compile(smallPolicy()), {
      secret: Buffer.alloc(16, 3),
      listeners: [{ name: "outside", transport: "tcp", address: host, host, port: 0 }],
      networks: new Map(),
      queue,
    });
    await border.listen();
    border.passages$.subscribe((passage) => passages.push(passage));
    peer = new TcpAdapter({});
    atPeer = new Recorder(peer);
  });
  after(async () => {
    await peer.close();
    await border.close();
    home.close();
  });

  const open = () => peer.open({ transport: "tcp", address: host, port: border.sides[0]!.port });

  const request = (number: number): string =>
    textMessage(
      "MESSAGE sip:bob@nowhere.example SIP/2.0",
      `Via: SIP/2.0/TCP ${host};branch=z9hG4bK${number}`,
      "From: <sip:x@open-d.example>;tag=1",
      "To: <sip:bob@nowhere.example>",
      `Call-ID: ${number}`,
      "CSeq: 1 MESSAGE",
      "Content-Length: 0",
    );

  it("asks much in one breath has answers for as much as the queue takes", async () => {
    const connection = await open();
    const count = 200;
    connection.send(Buffer.from(Array.from({ length: count }, (_, at) => request(at)).join("")));
    await until(() => passages.length >= count);
    const kinds = passages.map((one) => (one.kind === "message" ? one.outcome.kind : ""));
    const answered = kinds.filter((kind) => kind === "answered").length;
    assert.equal(kinds.filter((kind) => kind === "dropped").length, count - answered);
    // An answer has about 250 bytes.
    assert.ok(answered >= 60 && answered < count, `${answered} answered`);
    assert.ok(
      passages.every(
        (one) => one.kind === "message" && (one.sent !== undefined) === (one.outcome.kind === "answered"),
      ),
    );
    connection.close();
  });

  it("sends a response with a row that is none is cut off, as one that sends such a request", async () => {
    const connection = await open();
    connection.send(
      Buffer.from(
        textMessage("SIP/2.0 200 OK", `Via: SIP/2.0/TCP ${host}`, "Sub ject: a", "Content-Length: 0"),
      ),
    );
    await atPeer.until(() => !connection.open, "the end of the connection");
  });
});
