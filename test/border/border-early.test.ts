/** What the out gate refuses on any connection opens none; what hangs on the connection does. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import { Border, defaultQueue, type Hop, loadPolicy, type Passage } from "../../border/index.ts";
import { compile, interpret } from "../../engine/index.ts";
import { issueCertificate } from "../../wire/index.ts";
import { until } from "../until.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";

const host = "127.0.0.1";
const day = 86_400_000;

const text = `language 1
policy "refuses by method and by trust"
network home {
  own
  domain "home1.example"
  listener "inside"
}
partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-1" from 2020-01-01 to 2099-12-31
  authority "root.pem"
  tls required
}
network open-d {
  domain "open-d.example"
  listener "open"
}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
rule no-texts
  on request to carrier-c
  when method is MESSAGE
  reject 405 "No Texts"
  because "test"
rule no-news-to-untrusted
  on request to untrusted
  when method is INFO
  reject 403 "Not Trusted"
  because "test"
rule no-failures
  on response to open-d
  when status is 4xx
  reject 403 "Untold"
  because "test"
`;

for (const [way, makeEngine] of Object.entries({ interpreted: interpret, compiled: compile })) {
  describe(`a border that has no connection to the next hop, ${way}`, () => {
    let home: Phone;
    /** Of carrier-c, and of open-d: it takes a connection and closes it. */
    let far: Server;
    let border: Border;
    let port = 0;
    let arrived = 0;
    const passages: Passage[] = [];

    before(async () => {
      home = await Phone.open();
      far = createServer((socket) => {
        arrived++;
        socket.destroy();
      });
      far.listen(0, host);
      await once(far, "listening");
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a TCP server that listens has one
      ({ port } = far.address() as AddressInfo);
      const { policy, diagnostics } = loadPolicy("border.privet", { replace: () => text });
      assert.ok(policy !== undefined, JSON.stringify(diagnostics));
      const dates = { notBefore: Date.now() - day, notAfter: Date.now() + day };
      const own = issueCertificate({ commonName: "home1.example", ...dates });
      const hop = (one: Hop) => ({ hops: [one], listener: undefined, numeric: false });
      const plain = { address: host, host, port: 0 };
      border = new Border(makeEngine(policy), {
        secret: Buffer.alloc(16, 5),
        listeners: [
          { ...plain, name: "inside", transport: "udp" },
          { ...plain, name: "open", transport: "tcp" },
          { ...plain, name: "outside", transport: "tls", certificate: own.certificate, key: own.privateKey },
        ],
        networks: new Map([
          ["home", hop({ transport: "udp", address: host, port: home.port })],
          ["carrier-c", hop({ transport: "tls", address: host, port })],
        ]),
        queue: defaultQueue,
      });
      await border.listen();
      border.passages$.subscribe((passage) => passages.push(passage));
    });
    beforeEach(() => {
      arrived = 0;
      passages.length = 0;
    });
    after(async () => {
      await border.close();
      far.close();
      home.close();
    });

    async function answerTo(method: string): Promise<string> {
      home.send(
        textMessage(
          `${method} sip:bob@carrier-c.example SIP/2.0`,
          `Via: SIP/2.0/UDP ${host}:${home.port};branch=z9hG4bK${method}`,
          "Max-Forwards: 70",
          "From: <sip:alice@home1.example>;tag=f1",
          "To: <sip:bob@carrier-c.example>",
          `Call-ID: ${method}@test`,
          `CSeq: 1 ${method}`,
          "Content-Length: 0",
        ),
        border.sides[0]!.port,
      );
      return home.next();
    }

    it("answers what a rule refuses in any case, and opens none", async () => {
      const answer = await answerTo("MESSAGE");
      assert.match(answer, /^SIP\/2.0 405 No Texts\r\n/);
      assert.match(valuesOf(answer, "To")[0]!, /^<sip:bob@carrier-c.example>;tag=/);
      assert.equal(arrived, 0);
      const [passage] = passages;
      assert.ok(passage?.kind === "message" && passages.length === 1);
      assert.equal(passage.decision?.answeredBy, "no-texts");
      assert.deepEqual(
        passage.decision.rules.map(({ name }) => name),
        ["no-texts"],
      );
      assert.deepEqual([passage.to?.network, passage.to?.transport], ["carrier-c", "tls"]);
    });

    it("drops a response that a rule refuses in any case, and opens none back", async () => {
      const socket = connect(border.sides[1]!.port, host);
      await once(socket, "connect");
      socket.write(
        textMessage(
          "MESSAGE sip:bob@home1.example SIP/2.0",
          `Via: SIP/2.0/TCP ${host}:${port};branch=z9hG4bKr`,
          "Max-Forwards: 70",
          "From: <sip:dave@open-d.example>;tag=f1",
          "To: <sip:bob@home1.example>",
          "Call-ID: r@test",
          "CSeq: 1 MESSAGE",
          "Content-Length: 0",
        ),
      );
      const asked = await home.next();
      socket.destroy();
      await until(() => border.connections().get("tcp") === 0);
      const copied = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
        valuesOf(asked, field).map((value) => `${field}: ${value}`),
      );
      const answer = (status: string): void =>
        home.send(textMessage(`SIP/2.0 ${status}`, ...copied, "Content-Length: 0"), border.sides[0]!.port);
      passages.length = 0;
      answer("486 Busy Here");
      await until(() => passages.length > 0);
      const [passage] = passages;
      assert.ok(passage?.kind === "message");
      assert.deepEqual(passage.outcome, { kind: "dropped", why: "policy", cause: "Untold" });
      assert.equal(passage.decision?.answeredBy, "no-failures");
      assert.deepEqual([passage.from.network, passage.to?.network], ["home", "open-d"]);
      assert.equal(arrived, 0);
      answer("200 OK");
      await until(() => arrived > 0);
    });

    it("opens one where the refusal would hang on its trust", async () => {
      assert.match(await answerTo("INFO"), /^SIP\/2.0 503 /);
      assert.equal(arrived, 1);
    });
  });
}
