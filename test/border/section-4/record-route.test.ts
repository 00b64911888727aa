/**
 * "Forwarding without state": Record-Route, spirals, strict routers and the partner of a dialog.
 *
 * one per side, its own transport and host: here; above others' rows: border-policy
 * our own Via further down is no loop: here; what is one: border-loop
 * a strict router and two own Routes in a row: here; the rows alone: routing/own-route; one as next hop:
 *    border-strict-router
 * a target that is a bare address is bound to the sealed partner (step 4): here
 */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { makeAuthority, makeCertificate } from "../../certificate-authority.ts";
import { Phone, valuesOf } from "../phone.ts";
import { StartedBorder, writtenPolicy } from "../started-border.ts";
import { StreamHop, StreamPeer } from "../stream-peer.ts";
import { branchOf, type WrittenRequest, writeRequest, writeResponse } from "../written-messages.ts";
import { host, hostOf, Neighbourhood, networks } from "./neighbourhood.ts";

const routesOf = (message: string): readonly string[] => valuesOf(message, "Record-Route");
const asRoutes = (values: readonly string[]): readonly string[] => values.map((value) => `Route: ${value}`);

describe("Record-Route: one per side, each of which sees its own transport and host", () => {
  let home: StreamPeer;
  let open: Phone;
  let border: StartedBorder;
  before(async () => {
    open = await Phone.open(hostOf.open);
    border = await StartedBorder.start({
      engine: writtenPolicy(networks()),
      listeners: [`inside tcp ${host} border.home1.example`, `outside udp ${host} border.open.example`],
      hops: { "open-d": [`udp:${hostOf.open}:${open.port}`] },
    });
    home = await StreamPeer.tcp(border.port("inside", "tcp"));
  });
  after(async () => {
    home.close();
    await border.close();
    open.close();
  });
  const via = `SIP/2.0/TCP ${host};branch=z9hG4bKrr`;

  it("TCP inside, UDP outside, the far side's on top, both with lr", async () => {
    home.send(writeRequest({ via }));
    const [far, near, ...others] = routesOf(await open.next());
    const [inside, outside] = [border.port("inside", "tcp"), border.port("outside", "udp")];
    assert.match(far!, new RegExp(`^<sip:border\\.open\\.example:${outside};lr;pr=[\\w-]+>$`));
    assert.match(near!, new RegExp(`^<sip:border\\.home1\\.example:${inside};transport=tcp;lr;pr=[\\w-]+>$`));
    assert.deepEqual(others, []);
  });

  it("for what makes a dialog, and for nothing else nor inside one", async () => {
    for (const [method, count] of [
      ["INVITE", 2],
      ["SUBSCRIBE", 2],
      ["REFER", 2],
      ["MESSAGE", 0],
      ["OPTIONS", 0],
      ["CANCEL", 0],
    ] as const) {
      home.send(writeRequest({ via: `${via}${method}`, method }));
      assert.equal(routesOf(await open.next()).length, count, method);
    }
    home.send(writeRequest({ via: `${via}re`, to: "<sip:bob@open-d.example>;tag=b1" }));
    assert.equal(routesOf(await open.next()).length, 0, "re-INVITE");
  });

  it("lead both ways, and show neither peer anything of the other side's Route", async () => {
    const callId = "both@test";
    home.send(writeRequest({ via, callId }));
    const invite = await open.next();
    open.send(writeResponse(invite, "200 OK"), border.port("outside", "udp"));
    const routes = routesOf(await home.next());
    assert.deepEqual(routes, routesOf(invite));
    const inDialog = { callId, method: "BYE", to: "<sip:bob@open-d.example>;tag=b1" };
    const target = `sip:bob@${hostOf.open}:${open.port}`;
    home.send(
      writeRequest({ ...inDialog, via: `${via}1`, uri: target, rows: asRoutes(routes.toReversed()) }),
    );
    const bye = await open.next();
    assert.deepEqual([valuesOf(bye, "Route"), bye.split(" ")[1]], [[], target]);

    // The caller's UA is behind TCP: the border finds it over the hop of home.
    const inside = await StreamHop.tcp();
    border.adopt({
      hops: { "open-d": [`udp:${hostOf.open}:${open.port}`], home: [`tcp:${host}:${inside.port}`] },
    });
    open.send(
      writeRequest({
        ...inDialog,
        via: `SIP/2.0/UDP ${hostOf.open}:${open.port};branch=z9hG4bKback`,
        uri: "sip:alice@192.0.2.10:5070",
        rows: asRoutes(routes),
      }),
      border.port("outside", "udp"),
    );
    const back = await (await inside.peer()).next();
    assert.match(back, /^BYE sip:alice@192\.0\.2\.10:5070 /);
    assert.deepEqual(valuesOf(back, "Route"), []);
    inside.close();
  });
});

describe("our Via further down is no loop: forwarded calls spiral honestly", () => {
  let there: Neighbourhood;
  before(async () => {
    there = await Neighbourhood.settle();
  });
  after(() => there.close());

  /** What a proxy of open-d makes of a call: another target, a Via of its own on top. */
  function forwarded(text: string, uri: string): string {
    const via = `Via: SIP/2.0/UDP ${hostOf.open}:${there.open.port};branch=z9hG4bKspiral`;
    return text
      .replace(/^\w+ \S+/, (start) => `${start.split(" ")[0]} ${uri}`)
      .replace("\r\n", `\r\n${via}\r\n`)
      .replace(/Max-Forwards: (\d+)/, (_, hops: string) => `Max-Forwards: ${Number(hops) - 1}`);
  }

  it("two passes with different Request-URI, and the answer goes back through both", async () => {
    there.send("home", there.request("home", "s1"));
    const first = await there.open.next();
    there.send("open", forwarded(first, "sip:carol@home1.example"));
    const second = await there.home.next();
    assert.match(second, /^INVITE sip:carol@home1\.example SIP\/2\.0\r\n/);
    assert.equal(valuesOf(second, "Via").length, 4);
    assert.notEqual(branchOf(second), branchOf(first));
    assert.deepEqual(valuesOf(second, "Max-Forwards"), ["67"]);
    assert.equal(routesOf(second).length, 4);

    there.send("home", writeResponse(second, "200 OK"));
    const half = await there.open.next();
    assert.deepEqual(valuesOf(half, "Via"), valuesOf(second, "Via").slice(1));
    // The proxy takes off its own Via and sends it on.
    there.send("open", half.replace(/Via: [^\r]*z9hG4bKspiral[^\r]*\r\n/, ""));
    const back = await there.home.next();
    assert.deepEqual(valuesOf(back, "Via"), [
      `SIP/2.0/UDP ${hostOf.home}:${there.home.port};branch=z9hG4bKs1`,
    ]);
  });

  it("a dialog that spirals: two own Routes in a row are taken off at each pass, for the dialog's own sides", async () => {
    there.send("home", there.request("home", "s2"));
    const first = await there.open.next();
    there.send("open", forwarded(first, "sip:carol@home1.example"));
    const second = await there.home.next();
    // The callee's route set: the four rows as they stand (RFC 3261 12.1.1).
    const routes = routesOf(second);
    const bye: Partial<WrittenRequest> = {
      method: "BYE",
      callId: "s2@test",
      from: "<sip:carol@home1.example>;tag=b1",
      to: "<sip:alice@home1.example>;tag=f1",
      uri: `sip:alice@${hostOf.home}:${there.home.port}`,
    };
    there.send("home", there.request("home", "s3", { ...bye, rows: asRoutes(routes) }));
    // All four are ours, one behind the other, and the last of them is home's.
    const back = await there.home.next();
    assert.match(back, /^BYE sip:alice@/);
    assert.deepEqual(valuesOf(back, "Route"), []);

    // With the proxy's own Route between them each pass takes off its two.
    const proxy = `<sip:${hostOf.open}:${there.open.port};lr>`;
    const between = [...routes.slice(0, 2), proxy, ...routes.slice(2)];
    there.send("home", there.request("home", "s4", { ...bye, rows: asRoutes(between) }));
    const atProxy = await there.open.next();
    assert.deepEqual(valuesOf(atProxy, "Route"), [proxy, ...routes.slice(2)]);
    there.send("open", forwarded(atProxy.replace(`Route: ${proxy}\r\n`, ""), bye.uri!));
    const last = await there.home.next();
    assert.deepEqual(valuesOf(last, "Route"), []);
    assert.equal(last.split(" ")[1], bye.uri);
  });

  it("two own Routes in a row, in one row or two, folded or named", async () => {
    there.send("home", there.request("home", "s5"));
    const [far, near] = routesOf(await there.open.next());
    const inDialog = { method: "BYE", callId: "s5@test", to: "<sip:bob@open-d.example>;tag=b1" };
    const target = `sip:bob@${hostOf.open}:${there.open.port}`;
    for (const [index, rows] of [
      [`Route: ${near}`, `Route: ${far}`],
      [`Route: ${near}, ${far}`],
      [`Route: ${near},\r\n  ${far}`],
      [`Route:${near!.replace("sip:", "SIP:")},"the border" ${far}`],
    ].entries()) {
      there.send("home", there.request("home", `s6${index}`, { ...inDialog, uri: target, rows }));
      const bye = await there.open.next();
      assert.deepEqual([valuesOf(bye, "Route"), bye.split(" ")[1]], [[], target]);
    }
  });

  it("a strict router's request: our URI in the place of Request-URI, the target as last Route (RFC 3261 16.4)", async () => {
    there.send("home", there.request("home", "s7"));
    const [far, near] = routesOf(await there.open.next());
    const inDialog = { method: "BYE", callId: "s7@test", to: "<sip:bob@open-d.example>;tag=b1" };
    const bare = (route: string): string => route.slice(1, -1);
    const target = `sip:bob@${hostOf.open}:${there.open.port}`;
    // From home: its strict proxy has put the first of our two URIs into the request line.
    there.send(
      "home",
      there.request("home", "s8", { ...inDialog, uri: bare(near!), rows: asRoutes([far!, `<${target}>`]) }),
    );
    const bye = await there.open.next();
    assert.match(bye, new RegExp(`^BYE ${target} SIP/2\\.0\r\n`));
    assert.deepEqual(valuesOf(bye, "Route"), []);

    // From open-d, likewise: home is where it goes, and the target is home's to find.
    const caller = "sip:alice@192.0.2.10";
    there.send(
      "open",
      there.request("open", "s9", { ...inDialog, uri: bare(far!), rows: asRoutes([near!, `<${caller}>`]) }),
    );
    const back = await there.home.next();
    assert.match(back, new RegExp(`^BYE ${caller} SIP/2\\.0\r\n`));
    assert.deepEqual(valuesOf(back, "Route"), []);
  });

  it("a strict router's request is no way past the relay check: a last Route to elsewhere ends at home", async () => {
    there.send("open", there.request("open", "s10", { uri: "sip:bob@home1.example" }));
    const [near, far] = routesOf(await there.home.next()).toReversed();
    const inDialog = { method: "BYE", callId: "s10@test", to: "<sip:bob@home1.example>;tag=b1" };
    there.send(
      "open",
      there.request("open", "s11", {
        ...inDialog,
        uri: near!.slice(1, -1),
        rows: asRoutes([far!, `<sip:x@${hostOf.ims}:${there.ims.port}>`]),
      }),
    );
    assert.match(await there.home.next(), /^BYE sip:x@/);
    // Without the seal of a dialog our own URI opens nothing.
    there.send(
      "open",
      there.request("open", "s12", {
        ...inDialog,
        uri: `sip:${host}:${there.port("open")};lr`,
        rows: [`Route: <sip:x@${hostOf.ims}:${there.ims.port}>`],
      }),
    );
    assert.match(await there.open.next(), /^SIP\/2\.0 403 /);
    assert.deepEqual(await there.silence(), []);
  });

  it("a Route of ours of another call, or of another secret, is refused: 403, in a dialog 481", async () => {
    there.send("home", there.request("home", "s13"));
    const routes = routesOf(await there.open.next());
    const rows = asRoutes(routes.toReversed());
    there.send("home", there.request("home", "s14", { method: "BYE", callId: "another@test", rows }));
    assert.match(await there.home.next(), /^SIP\/2\.0 403 Forbidden\r\n/);
    const to = "<sip:bob@open-d.example>;tag=b1";
    there.send("home", there.request("home", "s15", { method: "BYE", callId: "another@test", to, rows }));
    assert.match(await there.home.next(), /^SIP\/2\.0 481 /);
    there.send("home", there.request("home", "s16", { method: "BYE", callId: "s13@test", to, rows }));
    assert.match(await there.open.next(), /^BYE /);
  });
});

describe("an in-dialog target that is a bare address is bound to the dialog's partner: the certificate is checked against the sealed partner, not the address", () => {
  const root = makeAuthority("carriers' root");
  const own = makeCertificate("home1.example", makeAuthority("home root"));
  const year = new Date().getUTCFullYear();
  const partner = (name: string): string => `partner ${name} {
  domain "${name}.example"
  agreement "IWA-1" from ${year}-01-01 to ${year + 1}-12-31
  authority "root.pem"
  tls required
}`;
  const server = (domain: string): Promise<StreamHop> => {
    const { certificate, privateKey } = makeCertificate(domain, root);
    return StreamHop.tls({
      cert: certificate,
      key: privateKey,
      requestCert: true,
      rejectUnauthorized: false,
    });
  };
  let home: Phone;
  let hop: StreamHop;
  let gateway: StreamHop;
  let impostor: StreamHop;
  let border: StartedBorder;
  before(async () => {
    home = await Phone.open(hostOf.home);
    [hop, gateway] = [await server("carrier-c.example"), await server("carrier-c.example")];
    impostor = await server("carrier-d.example");
    border = await StartedBorder.start({
      engine: writtenPolicy(networks(partner("carrier-c"), partner("carrier-d"), "trust carrier-c"), {
        "root.pem": root.certificate,
      }),
      listeners: ["inside udp", "outside tls"],
      hops: { "carrier-c": [`tls:${host}:${hop.port}`] },
      identity: own,
    });
  });
  after(async () => {
    await border.close();
    for (const one of [hop, gateway, impostor]) one.close();
    home.close();
  });

  let count = 0;
  async function call(): Promise<readonly string[]> {
    const uri = "sip:bob@carrier-c.example";
    const via = `SIP/2.0/UDP ${hostOf.home}:${home.port};branch=z9hG4bKp${++count}`;
    home.send(
      writeRequest({ uri, to: `<${uri}>`, via, callId: `p${count}@test` }),
      border.port("inside", "udp"),
    );
    return routesOf(await (await hop.peer()).next());
  }
  function bye(routes: readonly string[], port: number): void {
    home.send(
      writeRequest({
        method: "BYE",
        uri: `sip:bob@${host}:${port}`,
        to: "<sip:bob@carrier-c.example>;tag=b1",
        via: `SIP/2.0/UDP ${hostOf.home}:${home.port};branch=z9hG4bKq${count}`,
        callId: `p${count}@test`,
        rows: [...asRoutes(routes.toReversed()), "P-Asserted-Identity: <sip:alice@home1.example>"],
      }),
      border.port("inside", "udp"),
    );
  }

  it("another gateway of the partner's: asked for its domain, whole, and told the identity of whom it is trusted with", async () => {
    bye(await call(), gateway.port);
    const text = await (await gateway.peer()).next();
    assert.match(text, /^BYE /);
    assert.deepEqual(valuesOf(text, "P-Asserted-Identity"), ["<sip:alice@home1.example>"]);
    const { event, decision } = border.handshakes.at(-1)!;
    assert.deepEqual(
      [event.role, event.domain, event.partner, decision.partner],
      ["client", "carrier-c.example", "carrier-c", "carrier-c"],
    );
  });

  it("another partner's server at that address gets no byte; the request goes to a hop of the dialog's partner", async () => {
    const earlier = border.handshakes.length;
    bye(await call(), impostor.port);
    assert.match(await (await hop.peer()).next(), /^BYE /);
    const { event, decision } = border.handshakes[earlier]!;
    assert.deepEqual([event.domain, decision.verdict], ["carrier-c.example", "reject"]);
    assert.match(decision.cause ?? "", /names carrier-d\.example, not carrier-c\.example/);
    for (const peer of impostor.peers) assert.equal(peer.received, "");
  });
});
