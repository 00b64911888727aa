/** Cases 15 and 25 through a border that runs: an ACK and a response that carry an identity from home to open-d. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { after, before, describe, it } from "node:test";
import type { Engine } from "../../../engine/index.ts";
import { Phone, valuesOf } from "../../border/phone.ts";
import { readPolicy, StartedBorder } from "../../border/started-border.ts";
import { branchOf, writeRequest } from "../../border/written-messages.ts";
import { policyPath } from "../../policies/shipped-policies.ts";
import { caseText, checkSent } from "./case-text.ts";

const host = "127.0.0.1";

/** The shipped policy; open-d comes in by the listener "outside". */
function imsBorder(): Engine {
  return readPolicy(policyPath("ims-border.privet"), (path) =>
    path.endsWith("networks.privet")
      ? readFileSync(path, "utf8").replace('domain "open-d.example"', '$&\n  listener "outside"')
      : undefined,
  );
}

describe("case 15: an ACK that carries an identity, from home to open-d", () => {
  const file = "15-ack-carries-identity.sip";
  let home: Phone;
  let open: Phone;
  let border: StartedBorder;

  before(async () => {
    home = await Phone.open();
    open = await Phone.open();
    border = await StartedBorder.start({
      engine: imsBorder(),
      listeners: ["inside udp", "outside udp"],
      hops: { "open-d": [`udp:${host}:${open.port}`] },
    });
  });
  after(async () => {
    await border.close();
    home.close();
    open.close();
  });

  it("is sent on by its Route without the fields, under a Via of ours, and answered by nobody", async () => {
    // The address of the Route is that of the phone, which stands for open-d's proxy.
    const real = { "203.0.113.8": `${host}:${open.port}` };
    const ack = caseText(file, real);
    home.send(ack, border.port("inside", "udp"));
    const sent = await open.next();
    checkSent(file, sent, real);
    assert.match(sent, /^ACK sip:bob@203\.0\.113\.9:5060 SIP\/2\.0\r\n/);
    const [ours, theirs] = valuesOf(sent, "Via");
    assert.match(ours!, new RegExp(`^SIP/2.0/UDP ${host}:${border.port("outside", "udp")};branch=z9hG4bK`));
    assert.equal(theirs, `SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKc15;received=${host}`);
    assert.deepEqual(valuesOf(sent, "Max-Forwards"), ["69"]);
    // Towards untrusted networks an ACK names nobody; its tag tells the dialog.
    assert.match(valuesOf(sent, "From")[0]!, /<sip:anonymous@anonymous\.invalid>;tag=t15$/);
    assert.deepEqual(await home.silence(), []);
    assert.deepEqual(
      border.messages.map(({ from, to, outcome }) => [from.network, to?.network, outcome.kind]),
      [["home", "open-d", "forwarded"]],
    );
  });
});

/** Containers often have no IPv6; then there is nothing to listen on. */
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === "::1"),
);

describe("case 25: a response over IPv6 with received in brackets, from home to open-d", {
  skip: !hasIpv6 && "this machine has no IPv6 loopback",
}, () => {
  const file = "25-response-ipv6-received-in-brackets.sip";
  let home: Phone;
  let open: Phone;
  let elsewhere: Phone;
  let border: StartedBorder;

  before(async () => {
    home = await Phone.open();
    open = await Phone.open("::1");
    elsewhere = await Phone.open("::1");
    border = await StartedBorder.start({
      engine: imsBorder(),
      listeners: ["inside udp", "outside udp ::1"],
      hops: { home: [`udp:${host}:${home.port}`] },
    });
  });
  after(async () => {
    await border.close();
    for (const phone of [home, open, elsewhere]) phone.close();
  });

  /** The call whose answer the case is; the UAS spells the Via below ours as the case does. */
  async function invited(sentByPort: number, rport: string): Promise<string> {
    const via = `SIP/2.0/UDP [2001:db8::9:1]:${sentByPort}${rport};branch=z9hG4bKc25`;
    const uri = "sip:bob@home1.example";
    const from = "<sip:x@open-d.example>;tag=t25";
    open.send(
      writeRequest({ uri, via, from, to: `<${uri}>`, callId: "case25-7f3a" }),
      border.port("outside", "udp"),
      "::1",
    );
    return home.next();
  }

  it("goes to the received address and rport; the Via below ours stays as the UAS spelt it, and the identity is gone", async () => {
    const invite = await invited(5070, ";rport");
    assert.match(valuesOf(invite, "Via")[1]!, /;received=::1$/);
    const real = {
      "SIP/2.0/UDP [2001:db8::b]:5060;branch=z9hG4bKborder25": valuesOf(invite, "Via")[0]!,
      "[2001:db8::9:255]": "[::1]",
      "rport=5071": `rport=${open.port}`,
    };
    home.send(caseText(file, real), border.port("inside", "udp"));
    const sent = await open.next();
    checkSent(file, sent, real);
    assert.deepEqual(valuesOf(sent, "Via"), [
      `SIP/2.0/UDP [2001:db8::9:1]:5070;received=[::1];rport=${open.port};branch=z9hG4bKc25`,
    ]);
    assert.equal(branchOf(sent), "z9hG4bKc25");
  });

  it("goes to the port of sent-by where there is no rport, never to 5060", async () => {
    const invite = await invited(elsewhere.port, "");
    const real = {
      "SIP/2.0/UDP [2001:db8::b]:5060;branch=z9hG4bKborder25": valuesOf(invite, "Via")[0]!,
      "[2001:db8::9:255]": "[::1]",
      ":5070": `:${elsewhere.port}`,
      ";rport=5071": "",
    };
    home.send(caseText(file, real), border.port("inside", "udp"));
    const sent = await elsewhere.next();
    checkSent(file, sent, real);
    assert.deepEqual(await open.silence(), []);
  });
});
