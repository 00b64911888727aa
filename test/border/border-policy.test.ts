/** Where what the policy does and what the border itself does meet in one message. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Border, defaultQueue, loadPolicy } from "../../border/index.ts";
import { compile, interpret } from "../../engine/index.ts";
import { Phone, textMessage, valuesOf } from "./phone.ts";

const host = "127.0.0.1";

const text = `language 1
policy "a border that edits on the way in"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network open-d {
  domain "open-d.example"
  listener "outside"
}
trust home
rule callers-are-anonymous
  on request from open-d
  anonymize From
  because "test"
rule infos-have-a-subject
  on request from open-d
  when method is INFO
  add Subject "from outside"
  because "test"
rule a-subject-is-urgent
  on request from open-d
  when Subject is present
  add Priority "urgent"
  because "test"
rule outsiders-choose-no-route
  on request from open-d
  when Route is present and method is BYE
  reject 403 "no Route"
  because "test"
`;

for (const [way, makeEngine] of Object.entries({ interpreted: interpret, compiled: compile })) {
  describe(`a border whose policy edits and refuses at the in gate, ${way}`, () => {
    let home: Phone;
    let open: Phone;
    let border: Border;

    before(async () => {
      home = await Phone.open();
      open = await Phone.open();
      const { policy, diagnostics } = loadPolicy("border.privet", { replace: () => text });
      assert.ok(policy !== undefined, JSON.stringify(diagnostics));
      const hop = ({ port }: Phone) => ({ transport: "udp", address: host, port }) as const;
      border = new Border(makeEngine(policy), {
        secret: Buffer.alloc(16, 5),
        listeners: [
          { name: "inside", transport: "udp", address: host, host, port: 0 },
          { name: "outside", transport: "udp", address: host, host, port: 0 },
        ],
        networks: new Map([
          ["home", { hops: [hop(home)], listener: undefined, numeric: false }],
          ["open-d", { hops: [hop(open)], listener: undefined, numeric: false }],
        ]),
        queue: defaultQueue,
      });
      await border.listen();
    });
    after(async () => {
      await border.close();
      home.close();
      open.close();
    });

    const from = '"Dave" <sip:dave@open-d.example>;tag=f1';

    function request(phone: Phone, start: string, ...rows: readonly string[]): string {
      return textMessage(
        `${start} SIP/2.0`,
        ...rows,
        `Via: SIP/2.0/UDP ${host}:${phone.port};branch=z9hG4bK${start.length}${rows.length}`,
        "Max-Forwards: 70",
        `From: ${from}`,
        `To: <sip:bob@home1.example>${start.startsWith("BYE") ? ";tag=t1" : ""}`,
        "Call-ID: p1@test",
        `CSeq: 1 ${start.split(" ")[0]}`,
        "Content-Length: 0",
      );
    }

    it("answers with the From that the sender wrote (RFC 3261 8.2.6.2)", async () => {
      open.send(request(open, "MESSAGE sip:bob@nowhere.example"), border.sides[1]!.port);
      const answer = await open.next();
      assert.match(answer, /^SIP\/2.0 403 /);
      assert.deepEqual(valuesOf(answer, "From"), [from]);
      assert.match(valuesOf(answer, "Via")[0]!, new RegExp(`^SIP/2.0/UDP ${host}:${open.port};branch=`));
    });

    it("puts its Record-Route above others', also where those stand above Via (RFC 3261 16.6 step 4)", async () => {
      const theirs = "<sip:proxy.home1.example;lr>";
      home.send(
        request(home, "INVITE sip:bob@open-d.example", `Record-Route: ${theirs}`),
        border.sides[0]!.port,
      );
      const routes = valuesOf(await open.next(), "Record-Route");
      assert.equal(routes.length, 3);
      assert.match(routes[0]!, new RegExp(`^<sip:${host}:${border.sides[1]!.port};`));
      assert.match(routes[1]!, new RegExp(`^<sip:${host}:${border.sides[0]!.port};`));
      assert.equal(routes[2], theirs);
    });

    it("shows the policy no Route of its own, and every other", async () => {
      home.send(request(home, "INVITE sip:bob@open-d.example"), border.sides[0]!.port);
      const routes = valuesOf(await open.next(), "Record-Route").map((route) => `Route: ${route}`);
      const bye = "BYE sip:alice@10.0.0.7";
      open.send(request(open, bye, ...routes), border.sides[1]!.port);
      assert.match(await home.next(), /^BYE sip:alice@10.0.0.7 /);
      open.send(request(open, bye, ...routes, "Route: <sip:proxy.home1.example;lr>"), border.sides[1]!.port);
      assert.match(await open.next(), /^SIP\/2.0 403 /);
    });

    it("has a message with its own Route pass the in gate once, as it came", async () => {
      home.send(request(home, "INVITE sip:bob@open-d.example"), border.sides[0]!.port);
      const routes = valuesOf(await open.next(), "Record-Route").map((route) => `Route: ${route}`);
      open.send(request(open, "INFO sip:alice@10.0.0.7", ...routes), border.sides[1]!.port);
      const passed = await home.next();
      assert.deepEqual(valuesOf(passed, "Route"), []);
      assert.deepEqual(valuesOf(passed, "Subject"), ["from outside"]);
      // The Subject is the gate's own; the sender has written none.
      assert.deepEqual(valuesOf(passed, "Priority"), []);
    });
  });
}
