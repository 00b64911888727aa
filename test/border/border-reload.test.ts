/** What a new policy changes in a border that runs: connections, messages that wait, certificates. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server, type Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { connect, type PeerCertificate } from "node:tls";
import { Border, defaultQueue, type Hop, type ListenerSettings } from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { until } from "../until.ts";
import { Phone, textMessage } from "./phone.ts";
import { network, smallPolicy } from "./small-policy.ts";

const secret = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
const host = "127.0.0.1";
const root = makeAuthority("home root");
const first = makeCertificate("home1.example", root);
const second = makeCertificate("home1.example", root);

function message(home: Phone, domain: string, call: string): string {
  return textMessage(
    `OPTIONS sip:bob@${domain} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${home.port};branch=z9hG4bK${call}`,
    "Max-Forwards: 70",
    "From: <sip:alice@home1.example>;tag=1",
    `To: <sip:bob@${domain}>`,
    `Call-ID: ${call}`,
    "CSeq: 1 OPTIONS",
    "P-Asserted-Identity: <sip:alice@home1.example>",
    "Content-Length: 0",
  );
}

describe("a border that takes a new policy", () => {
  let home: Phone;
  let server: Server;
  let border: Border;
  const sockets: Socket[] = [];
  let received = "";

  const listener = (name: string, transport: "udp" | "tcp" | "tls", identity = first): ListenerSettings => ({
    name,
    transport,
    address: host,
    port: 0,
    host: name === "tls" ? "home1.example" : host,
    ...(transport === "tls" ? { certificate: identity.certificate, key: identity.privateKey } : {}),
  });
  const configuration = (identity = first) => {
    const hop = (transport: Hop["transport"], port: number): Hop => ({ transport, address: host, port });
    const settings = (hops: readonly Hop[]) => ({ hops, listener: undefined, numeric: false });
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    return {
      secret,
      queue: defaultQueue,
      listeners: [listener("inside", "udp"), listener("outside", "tcp"), listener("tls", "tls", identity)],
      networks: new Map([
        ["home", settings([hop("udp", home.port)])],
        ["open-d", settings([hop("tcp", address.port)])],
        ["other", settings([hop("tcp", address.port)])],
      ]),
    };
  };
  const other = network("other");
  const send = (domain: string, call: string): void =>
    home.send(message(home, domain, call), border.sides[0]!.port);

  before(async () => {
    home = await Phone.open();
    server = createServer((socket) => {
      sockets.push(socket);
      socket.on("error", () => {});
      socket.setEncoding("latin1").on("data", (chunk) => {
        received += String(chunk);
      });
    });
    server.listen(0, host);
    await once(server, "listening");
    border = new Border(compile(smallPolicy([other])), configuration());
    await border.listen();
  });
  after(async () => {
    await border.close();
    for (const socket of sockets) socket.destroy();
    server.close();
    home.close();
  });

  it("has a message that waits for its connection decided by the policy that is in force then", async () => {
    const old = compile(smallPolicy([other]));
    const enter = old.enter.bind(old);
    let entered = 0;
    old.enter = (arrived) => {
      entered++;
      // Behind the reading of this message, and before any connection is open.
      queueMicrotask(() => border.adopt(compile({ ...smallPolicy([other]), rules: [] }), configuration()));
      return enter(arrived);
    };
    border.adopt(old, configuration());
    send("open-d.example", "w1");
    await until(() => received.includes("Call-ID: w1"));
    assert.equal(entered, 1, "the old policy has seen it once, before it waited");
    assert.match(received, /P-Asserted-Identity/, "the new policy removes nothing");
    border.adopt(compile(smallPolicy([other])), configuration());
  });

  it("closes a connection that was opened for a network that is gone, and no other", async () => {
    send("open-d.example", "c1");
    send("other.example", "c2");
    await until(() => received.includes("Call-ID: c1") && received.includes("Call-ID: c2"));
    const open = () => sockets.filter((socket) => !socket.readableEnded && !socket.destroyed).length;
    assert.equal(open(), 2);
    border.adopt(compile(smallPolicy()), {
      ...configuration(),
      networks: new Map([...configuration().networks].filter(([name]) => name !== "other")),
    });
    await until(() => open() === 1);
    send("other.example", "c3");
    assert.match(await home.next(), /^SIP\/2\.0 404 /);
    send("open-d.example", "c4");
    await until(() => received.includes("Call-ID: c4"));
    assert.equal(open(), 1, "the connection to open-d is used again");
  });

  const shown = async (): Promise<PeerCertificate> => {
    const socket = connect({
      host,
      port: border.sides[2]!.port,
      ca: [root.certificate],
      servername: "home1.example",
      checkServerIdentity: () => undefined,
    });
    await once(socket, "secureConnect");
    const certificate = socket.getPeerCertificate();
    socket.destroy();
    return certificate;
  };

  it("shows a new certificate to whoever connects from then on", async () => {
    const old = await shown();
    border.adopt(compile(smallPolicy()), configuration(second));
    const now = await shown();
    assert.notEqual(now.serialNumber, old.serialNumber);
  });

  it("changes nothing where a key can't be used", async () => {
    const serial = (await shown()).serialNumber;
    const broken = { certificate: first.certificate, privateKey: second.privateKey };
    const policy = smallPolicy();
    assert.throws(() =>
      border.adopt(compile({ ...policy, rules: [] }), configuration({ ...first, ...broken })),
    );
    assert.equal((await shown()).serialNumber, serial);
    received = "";
    send("open-d.example", "k1");
    await until(() => received.includes("Call-ID: k1"));
    assert.doesNotMatch(received, /P-Asserted-Identity/, "the policy is the one before");
  });
});
