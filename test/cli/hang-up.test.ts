/** SIGHUP to a border that is ending: it would end the process at once, if nobody heard it. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import { textMessage } from "../border/phone.ts";
import { makeCertificate } from "../certificate-authority.ts";
import { BorderProcess } from "./border-process.ts";

const host = "127.0.0.1";

describe("a border that ends", () => {
  const border = new BorderProcess();
  /** Shakes no hands: what waits for it keeps the border from ending. */
  const mute = createServer();
  before(async () => {
    mute.listen(0, host);
    await once(mute, "listening");
    border.write(
      "p.privet",
      `language 1
policy "ending"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network open-d {
  domain "open-d.example"
}
trust home
`,
    );
    const { port } = mute.address() as AddressInfo;
    const { certificate, privateKey } = makeCertificate("home1.example", undefined);
    border.write("own.pem", certificate);
    border.write("own.key", privateKey);
    const plain = { address: host, port: 0 };
    border.write(
      "border.json",
      JSON.stringify({
        policy: "p.privet",
        secret: "00".repeat(16),
        listeners: [
          { ...plain, name: "inside", transport: "tcp" },
          { ...plain, name: "outside", transport: "tls", certificate: "own.pem", key: "own.key" },
        ],
        networks: {
          home: { hops: ["tcp:127.0.0.1:9"] },
          "open-d": { hops: [`tls:${host}:${port}`], listener: "outside" },
        },
        queue: { milliseconds: 1500 },
        log: { level: "decisions" },
      }),
    );
  });
  after(async () => {
    mute.close();
    await border.remove();
  });

  it("goes on to answer what waits where it is sent SIGHUP", async () => {
    border.start();
    const [, port] = await border.until(
      /"name":"inside","transport":"tcp","address":"127\.0\.0\.1","port":(\d+)/,
    );
    const caller = connect(Number(port), host);
    let heard = "";
    caller.on("data", (chunk) => {
      heard += chunk.toString("latin1");
    });
    const asked = once(mute, "connection");
    caller.write(
      textMessage(
        "OPTIONS sip:bob@open-d.example SIP/2.0",
        `Via: SIP/2.0/TCP ${host};branch=z9hG4bKh1`,
        "Max-Forwards: 70",
        "From: <sip:alice@home1.example>;tag=1",
        "To: <sip:bob@open-d.example>",
        "Call-ID: h1",
        "CSeq: 1 OPTIONS",
        "Content-Length: 0",
      ),
    );
    const [silent] = await asked;
    border.signal("SIGTERM");
    await border.until(/"kind":"stopping"/);
    border.signal("SIGHUP");
    assert.equal(await border.ended(), 0);
    assert.match(heard, /^SIP\/2\.0 503 /);
    silent.destroy();
    caller.destroy();
  });
});
