/**
 * Step 4 (route), as far as it says where a request may not go.
 *
 * The choice among networks and hops alone: test/border/routing/route.test.ts.
 */
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { Phone, valuesOf } from "../phone.ts";
import { hostOf, Neighbourhood, networks } from "./neighbourhood.ts";

describe("step 4: a request from a foreign network goes to home; anything else is a 403 (no open relay)", () => {
  let there: Neighbourhood;
  /** Listens on this machine, and is nobody's hop. */
  let victim: Phone;
  before(async () => {
    there = await Neighbourhood.settle();
    victim = await Phone.open();
  });
  after(async () => {
    await there.close();
    victim.close();
  });

  const home = "sip:bob@home1.example";
  for (const [what, uri, ...routes] of [
    ["a domain of another network", "sip:bob@ims-b.example"],
    ["the sender's own domain", "sip:bob@open-d.example"],
    ["a domain of nobody", "sip:bob@nowhere.example"],
    ["a domain below ours", "sip:bob@sub.home1.example"],
    ["a domain that ends as ours does", "sip:bob@evilhome1.example"],
    ["our domain before the @", "sip:home1.example@nowhere.example"],
    ["the hop of another network", "sip:bob@127.0.0.13:IMS"],
    ["the sender itself", "sip:bob@127.0.0.12:OPEN"],
    ["another socket of this machine", "sip:bob@127.0.0.1:VICTIM"],
    ["loopback", "sip:bob@127.0.0.2:VICTIM"],
    ["loopback, by IPv6", "sip:bob@[::1]:VICTIM"],
    ["loopback, as IPv4 in IPv6", "sip:bob@[::ffff:127.0.0.1]:VICTIM"],
    ["loopback, as one number", "sip:bob@2130706433:VICTIM"],
    ["a private address", "sip:bob@10.0.0.1"],
    ["the machine's own metadata", "sip:bob@169.254.169.254:80"],
    ["the unspecified address", "sip:bob@0.0.0.0:VICTIM"],
    ["a public address", "sip:bob@198.51.100.7"],
    ["a Route to another network", home, "<sip:ims-b.example;lr>"],
    ["a Route to nobody", home, "<sip:nowhere.example;lr>"],
    ["a Route to an address", home, "<sip:127.0.0.1:VICTIM;lr>"],
    [
      "a Route of ours, unsealed, then one to another network",
      home,
      "<sip:127.0.0.1:OUTSIDE;lr>",
      "<sip:ims-b.example;lr>",
    ],
    [
      "a Route of ours by the inside, then one to an address",
      home,
      "<sip:127.0.0.1:INSIDE;lr>, <sip:127.0.0.1:VICTIM;lr>",
    ],
    ["sips of another network", "sips:bob@ims-b.example"],
  ] as const) {
    it(what, async () => {
      const ports: Readonly<Record<string, number>> = {
        IMS: there.ims.port,
        OPEN: there.open.port,
        VICTIM: victim.port,
        OUTSIDE: there.port("open"),
        INSIDE: there.port("home"),
      };
      const filled = (text: string): string => text.replaceAll(/[A-Z]{3,}/g, (word) => String(ports[word]));
      const rows = routes.map((route) => `Route: ${filled(route)}`);
      for (const method of ["INVITE", "MESSAGE", "CANCEL"]) {
        there.send("open", there.request("open", `r-${method}`, { method, uri: filled(uri), rows }));
        assert.match(await there.open.next(), /^SIP\/2\.0 403 Forbidden\r\n/, method);
      }
      there.send("open", there.request("open", "r-ACK", { method: "ACK", uri: filled(uri), rows }));
      await there.border.until(() => there.border.messages.at(-1)?.method === "ACK", "the ACK");
      assert.match(there.lastOutcome, /^dropped: /);
      assert.deepEqual(await there.silence(20), []);
      assert.deepEqual(await victim.silence(0), []);
    });
  }

  for (const [what, uri, ...routes] of [
    ["maddr", `${home};maddr=127.0.0.1`],
    ["another port", "sip:bob@home1.example:VICTIM"],
    ["another transport", `${home};transport=sctp`],
    ["ours in capitals and with the root's dot", "sip:bob@HOME1.example."],
    ["a Route of ours without a seal", home, "<sip:127.0.0.1:OUTSIDE;lr>"],
  ] as const) {
    it(`home over its own hop, whatever the URI says of ${what}`, async () => {
      const filled = (text: string): string =>
        text.replace("VICTIM", String(victim.port)).replace("OUTSIDE", String(there.port("open")));
      const rows = routes.map((route) => `Route: ${filled(route)}`);
      there.send("open", there.request("open", "h1", { uri: filled(uri), rows }));
      const sent = await there.home.next();
      assert.match(sent, /^INVITE sip:bob@home1/i);
      assert.deepEqual(valuesOf(sent, "Route"), []);
      assert.deepEqual(await victim.silence(20), []);
    });
  }
});

describe("step 4: a transit rule names the pair, in its direction alone", () => {
  let there: Neighbourhood;
  before(async () => {
    there = await Neighbourhood.settle(networks("transit from open-d to ims-b"));
  });
  after(() => there.close());

  it("from open-d to ims-b, by Request-URI and by Route", async () => {
    there.send("open", there.request("open", "t1", { uri: "sip:x@ims-b.example" }));
    assert.match(await there.ims.next(), /^INVITE sip:x@ims-b\.example /);
    there.send(
      "open",
      there.request("open", "t2", {
        uri: "sip:x@elsewhere.example",
        rows: ["Route: <sip:ims-b.example;lr>"],
      }),
    );
    assert.match(await there.ims.next(), /^INVITE sip:x@elsewhere\.example /);
    const { from, to } = there.border.messages.at(-1)!;
    assert.deepEqual([from.network, to?.network], ["open-d", "ims-b"]);
  });

  it("but not back", async () => {
    there.send("ims", there.request("ims", "t3", { uri: "sip:x@open-d.example" }));
    assert.match(await there.ims.next(), /^SIP\/2\.0 403 Forbidden\r\n/);
    assert.deepEqual(await there.silence(), []);
  });

  it("and over a hop of ims-b, whatever address of it the Route names: nobody outside picks a host inside", async () => {
    const rows = (port: number) => [`Route: <sip:${hostOf.ims}:${port};lr>`];
    const other = await Phone.open(hostOf.ims);
    for (const [branch, port] of [
      ["t4", there.ims.port],
      ["t5", other.port],
    ] as const) {
      there.send("open", there.request("open", branch, { uri: "sip:x@elsewhere.example", rows: rows(port) }));
      assert.match(await there.ims.next(), /^INVITE sip:x@elsewhere\.example /);
    }
    assert.deepEqual(await other.silence(), []);
    other.close();
  });
});

describe("step 4: targets that resolve to loopback, private or our own addresses are refused unless a network declares them", () => {
  let there: Neighbourhood;
  let victim: Phone;
  before(async () => {
    there = await Neighbourhood.settle(networks(), { numeric: ["stranger"] });
    victim = await Phone.open();
  });
  after(async () => {
    await there.close();
    victim.close();
  });
  beforeEach(() => victim.silence(0));

  for (const [what, address] of [
    ["loopback", "127.0.0.2"],
    ["loopback, as IPv4 in IPv6", "[::ffff:127.0.0.2]"],
    ["loopback of IPv6", "[::1]"],
    ["private", "192.168.1.1"],
    ["shared", "100.64.0.1"],
    ["link-local", "169.254.169.254"],
    ["unspecified", "0.0.0.0"],
    ["broadcast", "255.255.255.255"],
    ["private of IPv6", "[fd00::1]"],
  ] as const) {
    it(`${what}: 404 to our own user, as Request-URI and as Route`, async () => {
      const to = `sip:bob@${address}:${victim.port}`;
      there.send("home", there.request("home", "p1", { uri: to }));
      assert.match(await there.home.next(), /^SIP\/2\.0 404 Not Found\r\n/);
      const rows = [`Route: <sip:${address}:${victim.port};lr>`];
      there.send("home", there.request("home", "p2", { uri: "sip:bob@nowhere.example", rows }));
      assert.match(await there.home.next(), /^SIP\/2\.0 404 Not Found\r\n/);
      assert.deepEqual(await victim.silence(20), []);
    });
  }

  it("declared, by a hop: the address that the URI names is followed", async () => {
    there.send("home", there.request("home", "p3", { uri: `sip:bob@${hostOf.ims}:${there.ims.port}` }));
    assert.match(await there.ims.next(), /^INVITE /);
    assert.equal(there.border.messages.at(-1)?.to?.network, "ims-b");
  });
});
