/** Loops and spirals (RFC 3261 16.3 step 4; design: forwarded calls spiral honestly). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Border, defaultQueue, type ListenerSettings } from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";
import { smallPolicy } from "./small-policy.ts";

const host = "127.0.0.1";

describe("a request that passes the border twice", () => {
  let home: Phone;
  let open: Phone;
  let border: Border;
  let calls = 0;

  const start = async (): Promise<Border> => {
    const listener = (name: string): ListenerSettings => ({
      name,
      transport: "udp",
      address: host,
      host,
      port: 0,
    });
    const hop = ({ port }: Phone, listenerName: string) => ({
      hops: [{ transport: "udp", address: host, port } as const],
      listener: listenerName,
      numeric: false,
    });
    const started = new Border(compile(smallPolicy()), {
      secret: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      listeners: [listener("inside"), listener("outside")],
      networks: new Map([
        ["home", hop(home, "inside")],
        ["open-d", hop(open, "outside")],
      ]),
      queue: defaultQueue,
    });
    await started.listen();
    return started;
  };

  before(async () => {
    home = await Phone.open();
    open = await Phone.open();
    border = await start();
  });
  after(async () => {
    await border.close();
    home.close();
    open.close();
  });

  function invite(uri: string): string {
    calls++;
    return textMessage(
      `INVITE ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${host}:${home.port};branch=z9hG4bKl${calls}`,
      "Max-Forwards: 70",
      "From: <sip:alice@home1.example>;tag=f1",
      "To: <sip:bob@home1.example>",
      `Call-ID: l${calls}@test`,
      "CSeq: 1 INVITE",
      "Content-Length: 0",
    );
  }

  /** As a proxy sends it on: a Via of its own on top. */
  function sentOn(message: string, by: Phone): string {
    return message.replace("\r\n", `\r\nVia: SIP/2.0/UDP ${host}:${by.port};branch=z9hG4bKproxy${calls}\r\n`);
  }

  const inside = (): number => border.sides[0]!.port;
  const outside = (): number => border.sides[1]!.port;

  it("is a loop where it is bound the same way again: 482", async () => {
    home.send(invite("sip:bob@home1.example"), inside());
    const first = await home.next();
    home.send(sentOn(first, home), inside());
    const answer = await home.next();
    assert.match(answer, /^SIP\/2\.0 482 Loop Detected\r\n/);
    assert.deepEqual(valuesOf(answer, "Via"), valuesOf(sentOn(first, home), "Via"));
  });

  it("is a loop also where the Via values stand in one row, and the border has been restarted", async () => {
    home.send(invite("sip:bob@home1.example"), inside());
    const first = await home.next();
    const [top, below] = valuesOf(first, "Via");
    await border.close();
    border = await start();
    const joined = first.replace(/Via: .*\r\nVia: .*/, `Via: ${top}, ${below}`);
    home.send(sentOn(joined, home), inside());
    assert.match(await home.next(), /^SIP\/2\.0 482 /);
  });

  it("spirals where the Request-URI has changed", async () => {
    home.send(invite("sip:bob@home1.example"), inside());
    const first = await home.next();
    const forwarded = sentOn(first, home).replace("sip:bob@", "sip:carol@");
    home.send(forwarded, inside());
    assert.match(await home.next(), /^INVITE sip:carol@home1\.example SIP\/2\.0\r\n/);
  });

  it("spirals where the Route has changed", async () => {
    home.send(invite("sip:bob@home1.example"), inside());
    const first = await home.next();
    home.send(
      sentOn(first, home).replace("\r\nMax-", "\r\nRoute: <sip:home1.example;lr>\r\nMax-"),
      inside(),
    );
    assert.match(await home.next(), /^INVITE sip:bob@home1\.example /);
  });

  it("spirals where it comes from another network", async () => {
    home.send(invite("sip:bob@open-d.example"), inside());
    const first = await open.next();
    open.send(sentOn(first, open).replace("INVITE sip:bob@open-d", "INVITE sip:bob@home1"), outside());
    const back = await home.next();
    assert.match(back, /^INVITE sip:bob@home1\.example /);
    home.send(sentOn(back, home).replace("INVITE sip:bob@home1", "INVITE sip:bob@open-d"), inside());
    // From home to open-d for the same user, and so a loop (its Route is as it was, too).
    assert.match(await home.next(), /^SIP\/2\.0 482 /);
  });

  it("is told by Via rows of ours alone: a made-up one is none", async () => {
    home.send(invite("sip:bob@home1.example"), inside());
    const first = await home.next();
    home.send(sentOn(first.replace(/pf=.{4}/, "pf=AAAA"), home), inside());
    assert.match(await home.next(), /^INVITE sip:bob@home1\.example /);
  });

  it("is answered for good: the ACK of the 482 ends here", async () => {
    home.send(invite("sip:bob@home1.example"), inside());
    const first = await home.next();
    const again = sentOn(first, home);
    home.send(again, inside());
    const refusal = await home.next();
    assert.match(refusal, /^SIP\/2\.0 482 /);
    const [to] = valuesOf(refusal, "To");
    home.send(again.replaceAll("INVITE", "ACK").replace(/To: .*/, `To: ${to}`), inside());
    assert.deepEqual(await home.silence(), []);
  });
});
