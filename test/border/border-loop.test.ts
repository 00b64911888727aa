/** Loops and spirals (RFC 3261 16.3 step 4; design: forwarded calls spiral honestly). */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { type Phone, valuesOf } from "./phone.ts";
import { TwoPhones } from "./two-phones.ts";

describe("a request that passes the border twice", () => {
  let phones: TwoPhones;
  let home: Phone;
  let open: Phone;
  let calls = 0;

  before(async () => {
    phones = await TwoPhones.start();
    ({ home, open } = phones);
  });
  after(() => phones.close());

  function invite(uri: string): string {
    calls++;
    return phones.request({ uri, branch: `l${calls}` });
  }

  /** As a proxy sends it on: a Via of its own on top. */
  function sentOn(message: string, by: Phone): string {
    return message.replace(
      "\r\n",
      `\r\nVia: SIP/2.0/UDP 127.0.0.1:${by.port};branch=z9hG4bKproxy${calls}\r\n`,
    );
  }

  it("is a loop where it is bound the same way again: 482", async () => {
    home.send(invite("sip:bob@home1.example"), phones.inside);
    const first = await home.next();
    home.send(sentOn(first, home), phones.inside);
    const answer = await home.next();
    assert.match(answer, /^SIP\/2\.0 482 Loop Detected\r\n/);
    assert.deepEqual(valuesOf(answer, "Via"), valuesOf(sentOn(first, home), "Via"));
  });

  it("is a loop also where the Via values stand in one row, and the border has been restarted", async () => {
    home.send(invite("sip:bob@home1.example"), phones.inside);
    const first = await home.next();
    const [top, below] = valuesOf(first, "Via");
    await phones.restart();
    const joined = first.replace(/Via: .*\r\nVia: .*/, `Via: ${top}, ${below}`);
    home.send(sentOn(joined, home), phones.inside);
    assert.match(await home.next(), /^SIP\/2\.0 482 /);
  });

  it("spirals where the Request-URI has changed", async () => {
    home.send(invite("sip:bob@home1.example"), phones.inside);
    const first = await home.next();
    const forwarded = sentOn(first, home).replace("sip:bob@", "sip:carol@");
    home.send(forwarded, phones.inside);
    assert.match(await home.next(), /^INVITE sip:carol@home1\.example SIP\/2\.0\r\n/);
  });

  it("spirals where the Route has changed", async () => {
    home.send(invite("sip:bob@home1.example"), phones.inside);
    const first = await home.next();
    home.send(
      sentOn(first, home).replace("\r\nMax-", "\r\nRoute: <sip:home1.example;lr>\r\nMax-"),
      phones.inside,
    );
    assert.match(await home.next(), /^INVITE sip:bob@home1\.example /);
  });

  it("spirals where it comes from another network", async () => {
    home.send(invite("sip:bob@open-d.example"), phones.inside);
    const first = await open.next();
    open.send(sentOn(first, open).replace("INVITE sip:bob@open-d", "INVITE sip:bob@home1"), phones.outside);
    const back = await home.next();
    assert.match(back, /^INVITE sip:bob@home1\.example /);
    home.send(sentOn(back, home).replace("INVITE sip:bob@home1", "INVITE sip:bob@open-d"), phones.inside);
    // From home to open-d for the same user, and so a loop (its Route is as it was, too).
    assert.match(await home.next(), /^SIP\/2\.0 482 /);
  });

  it("is told by Via rows of ours alone: a made-up one is none", async () => {
    home.send(invite("sip:bob@home1.example"), phones.inside);
    const first = await home.next();
    home.send(sentOn(first.replace(/pf=.{4}/, "pf=AAAA"), home), phones.inside);
    assert.match(await home.next(), /^INVITE sip:bob@home1\.example /);
  });

  it("is answered for good: the ACK of the 482 ends here", async () => {
    home.send(invite("sip:bob@home1.example"), phones.inside);
    const first = await home.next();
    const again = sentOn(first, home);
    home.send(again, phones.inside);
    const refusal = await home.next();
    assert.match(refusal, /^SIP\/2\.0 482 /);
    const [to] = valuesOf(refusal, "To");
    home.send(again.replaceAll("INVITE", "ACK").replace(/To: .*/, `To: ${to}`), phones.inside);
    assert.deepEqual(await home.silence(), []);
  });
});
