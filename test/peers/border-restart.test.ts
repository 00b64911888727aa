/**
 * The border dies by SIGKILL in the middle of calls, and is started again: what it needs of them
 * stands in the messages, so the calls go on (RFC 3261 16.11; the secret and the ports stay).
 *
 * SIPp stands both ends of UDP. It does not survive the end of a connection that it has accepted
 * (3.6.1: assertion in pollset_process), so over TCP sockets of the test are the peers.
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Phone, textMessage, valuesOf } from "../border/phone.ts";
import { lastingPort } from "../lasting-port.ts";
import { Ladder } from "./ladder.ts";
import { RunningBorder } from "./running-border.ts";
import { type Agent, SippCalls } from "./sipp.ts";
import { TcpPhone } from "./tcp-phone.ts";

type Peer = Pick<Phone, "port" | "send" | "next" | "close">;

async function killAndStart(border: RunningBorder): Promise<void> {
  await border.kill();
  await border.startAgain();
}

describe("SIPp, whose calls over UDP outlive the border", () => {
  const border = new RunningBorder();
  let home: Agent;
  let open: Agent;

  before(async () => {
    home = { domain: "home1.example", port: await lastingPort() };
    open = { domain: "open-d.example", port: await lastingPort() };
    await border.start({ home: [`udp:127.0.0.1:${home.port}`], "open-d": [`udp:127.0.0.1:${open.port}`] });
  });
  after(async () => {
    assert.equal(await border.stop(), 0);
  });

  for (const end of ["caller", "callee"] as const) {
    const ladder = new Ladder(`a call that the ${end} ends behind the restart`)
      .request("INVITE")
      .answer(180)
      .answer(200)
      .acknowledge()
      .wait(end)
      .within(end, "BYE");
    for (const [caller, listener] of [
      ["home", "inside"],
      ["open-d", "outside"],
    ] as const) {
      it(`${ladder.name}, from ${caller}`, async () => {
        const ends = caller === "home" ? { caller: home, callee: open } : { caller: open, callee: home };
        const start = border.said.length;
        const calls = await SippCalls.start(ladder, {
          ...ends,
          transport: "udp",
          border: border.port(listener, "udp"),
        });
        await border.untilLines(4, / ACK /, start);
        await killAndStart(border);
        await calls.release(end);
        await calls.succeed();
      });
    }
  }
});

for (const transport of ["udp", "tcp"] as const) {
  describe(`peers over ${transport} whose border is killed and started again`, () => {
    const border = new RunningBorder();
    let home: Peer;
    let open: Peer;
    let calls = 0;

    before(async () => {
      const phone = (): Promise<Peer> => (transport === "udp" ? Phone.open() : TcpPhone.open());
      home = await phone();
      open = await phone();
      await border.start({
        home: [`${transport}:127.0.0.1:${home.port}`],
        "open-d": [`${transport}:127.0.0.1:${open.port}`],
      });
    });
    after(async () => {
      home.close();
      open.close();
      assert.equal(await border.stop(), 0);
    });

    const toBorder = (peer: Peer, text: string): void =>
      peer.send(text, border.port(peer === home ? "inside" : "outside", transport));
    const contact = (peer: Peer): string => `<sip:me@127.0.0.1:${peer.port};transport=${transport}>`;
    const branch = (message: string): string => /;branch=([^;]+)/.exec(valuesOf(message, "Via")[0]!)![1]!;

    const from = (): string => `From: <sip:alice@home1.example>;tag=a${calls}`;
    const target = "sip:bob@open-d.example";
    /** A request of home's, outside a dialog; INVITE, CANCEL and ACK of one call have one branch. */
    const outOfDialog = (method: string, to = `To: <${target}>`): string =>
      textMessage(
        `${method} ${target} SIP/2.0`,
        `Via: SIP/2.0/${transport.toUpperCase()} 127.0.0.1:${home.port};branch=z9hG4bKr${calls}`,
        "Max-Forwards: 70",
        from(),
        to,
        `Call-ID: restart${calls}@home1.example`,
        `CSeq: 1 ${method}`,
        `Contact: ${contact(home)}`,
        "P-Asserted-Identity: <sip:alice@home1.example>",
        "Content-Length: 0",
      );
    const bye = (peer: Peer, dialog: string, own: string, remote: string, route: readonly string[]): string =>
      textMessage(
        `BYE ${valuesOf(dialog, "Contact")[0]!.slice(1, -1)} SIP/2.0`,
        `Via: SIP/2.0/${transport.toUpperCase()} 127.0.0.1:${peer.port};branch=z9hG4bKb${calls}`,
        ...route.map((value) => `Route: ${value}`),
        "Max-Forwards: 70",
        `From: ${own}`,
        `To: ${remote}`,
        `Call-ID: ${valuesOf(dialog, "Call-ID")[0]}`,
        "CSeq: 2 BYE",
        "Content-Length: 0",
      );
    const answer = (request: string, status: string, tag = ""): string =>
      textMessage(
        `SIP/2.0 ${status}`,
        ...["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
          valuesOf(request, field).map((value) => `${field}: ${value}${field === "To" ? tag : ""}`),
        ),
        `Contact: ${contact(open)}`,
        "Content-Length: 0",
      );

    /** An INVITE that open-d has answered, as each end has seen the other's message. */
    const invite = async (
      status: string,
    ): Promise<{ readonly invited: string; readonly answered: string }> => {
      calls++;
      toBorder(home, outOfDialog("INVITE"));
      const invited = await open.next();
      assert.match(invited, /^INVITE /);
      assert.deepEqual(valuesOf(invited, "P-Asserted-Identity"), []);
      toBorder(open, answer(invited, status, ";tag=b"));
      const answered = await home.next();
      assert.ok(answered.startsWith(`SIP/2.0 ${status}\r\n`), answered);
      return { invited, answered };
    };

    /** Connections of others: the border gives them numbers that were home's before. */
    const crowd = (): Promise<readonly TcpPhone[]> =>
      Promise.all(
        Array.from({ length: transport === "tcp" ? 8 : 0 }, async () => {
          const other = await TcpPhone.open();
          other.send("\r\n\r\n", border.port("outside", "tcp"));
          return other;
        }),
      );

    it("the caller's BYE reaches the callee, and its 200 comes back", async () => {
      const { answered } = await invite("200 OK");
      await killAndStart(border);
      const route = valuesOf(answered, "Record-Route").toReversed();
      assert.equal(route.length, 2);
      const remote = valuesOf(answered, "To")[0]!;
      toBorder(home, bye(home, answered, from().slice("From: ".length), remote, route));
      const ended = await open.next();
      assert.match(ended, /^BYE /);
      assert.deepEqual(valuesOf(ended, "Route"), []);
      toBorder(open, answer(ended, "200 OK"));
      assert.match(await home.next(), /^SIP\/2\.0 200 OK\r\n[^]*CSeq: 2 BYE\r\n/);
    });

    it("the callee's BYE reaches the caller, and its 200 comes back", async () => {
      const { invited } = await invite("200 OK");
      await killAndStart(border);
      const own = `${valuesOf(invited, "To")[0]};tag=b`;
      toBorder(
        open,
        bye(open, invited, own, valuesOf(invited, "From")[0]!, valuesOf(invited, "Record-Route")),
      );
      const ended = await home.next();
      assert.match(ended, /^BYE /);
      assert.deepEqual(valuesOf(ended, "Route"), []);
      toBorder(home, answer(ended, "200 OK"));
      assert.match(await open.next(), /^SIP\/2\.0 200 OK\r\n[^]*CSeq: 2 BYE\r\n/);
    });

    it("CANCEL, its copy, the late 487 and the ACK belong to the INVITE from before", async () => {
      const { invited } = await invite("180 Ringing");
      await killAndStart(border);
      toBorder(home, outOfDialog("INVITE"));
      const again = await open.next();
      assert.match(again, /^INVITE /);
      assert.equal(branch(again), branch(invited));
      for (let copy = 0; copy < 2; copy++) {
        toBorder(home, outOfDialog("CANCEL"));
        const cancelled = await open.next();
        assert.match(cancelled, /^CANCEL /);
        assert.equal(branch(cancelled), branch(invited));
      }
      await killAndStart(border);
      const others = await crowd();
      // By the Via that the first border wrote: the third one takes it for its own.
      toBorder(open, answer(invited, "487 Request Terminated", ";tag=b"));
      const terminated = await home.next();
      assert.match(terminated, /^SIP\/2\.0 487 Request Terminated\r\n/);
      assert.equal(valuesOf(terminated, "Via").length, 1);
      toBorder(home, outOfDialog("ACK", `To: ${valuesOf(terminated, "To")[0]}`));
      const acknowledged = await open.next();
      assert.match(acknowledged, /^ACK /);
      assert.equal(branch(acknowledged), branch(invited));
      for (const other of others) other.close();
    });
  });
}
