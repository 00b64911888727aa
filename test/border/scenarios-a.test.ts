/**
 * Trust and handshakes as the worked scenarios S01 to S11 have them, by the shipped policy, through a
 * border that runs. What the policy alone decides of them stands in policies/tests/trust.privet.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it, mock } from "node:test";
import type { ConnectionOptions } from "node:tls";
import type { Engine } from "../../engine/index.ts";
import type { CertificateRequest, IssuingAuthority } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { packageRoot } from "../package-root.ts";
import { Phone, valuesOf } from "./phone.ts";
import { readPolicy, StartedBorder } from "./started-border.ts";
import { StreamHop, StreamPeer } from "./stream-peer.ts";
import { writeRequest } from "./written-messages.ts";

const host = "127.0.0.1";
const policies = join(packageRoot, "policies");
const root = makeAuthority("carrier-c root");
const lenientRoot = makeAuthority("lenient-e root");
const carrier = makeCertificate("carrier-c.example", root);
const day = 86_400_000;
const time = (at: number): string => new Date(at).toISOString();

interface Choices {
  readonly options?: Readonly<Record<string, string>>;
  /** When the agreement with carrier-c ends. */
  readonly until?: number;
  /** More of the policy. */
  readonly more?: string;
}

/** The shipped border, with a carrier-c whose key we have, at addresses of this machine. */
function shipped({ options = {}, until = Date.now() + day, more = "" }: Choices = {}): Engine {
  const path = join(policies, "scenarios-a.privet");
  const set = Object.entries(options).map(([name, value]) => `set option ${name} = ${value}`);
  const files: Readonly<Record<string, string>> = {
    [path]: `language 1
policy "scenarios A"
import "./ims-border.privet"
${set.join("\n")}
partner lenient-e {
  domain "lenient-e.example"
  agreement "IWA-E" from ${time(Date.now() - day)} to ${time(Date.now() + day)}
  authority "lenient.pem"
  extended-key-usage lenient
}
${more}
`,
    [join(policies, "networks.privet")]: readFileSync(join(policies, "networks.privet"), "utf8")
      .replace(/ from \S+ to \S+/, ` from ${time(Date.now() - day)} to ${time(until)}`)
      .replace("203.0.113.7/32", "127.0.0.7/32")
      .replace("203.0.113.9/32", "127.0.0.9/32"),
    [join(policies, "certs/carrier-c-root.pem")]: root.certificate,
    [join(policies, "lenient.pem")]: lenientRoot.certificate,
  };
  return readPolicy(path, (wanted) => files[wanted]);
}

const asserted = "<sip:u@ims-b.example>";

describe("scenarios A, through a border with the shipped policy", () => {
  let home: Phone;
  let hop: StreamHop;
  let border: StartedBorder;
  const opened: { close(): void }[] = [];

  before(async () => {
    home = await Phone.open();
  });
  after(() => home.close());
  afterEach(async () => {
    mock.restoreAll();
    for (const one of opened.splice(0)) one.close();
    await border.close();
  });

  /** `server` is what stands where carrier-c is sought. */
  async function start(choices: Choices = {}, server: IssuingAuthority = carrier): Promise<void> {
    hop = await StreamHop.tls({ cert: server.certificate, key: server.privateKey });
    opened.push(hop);
    border = await StartedBorder.start({
      engine: shipped(choices),
      listeners: ["inside udp", "zb udp", "outside udp", `outside tls ${host} home1.example`],
      hops: { home: [`udp:${host}:${home.port}`], "carrier-c": [`tls:${host}:${hop.port}`] },
      identity: makeCertificate("home1.example", root),
    });
  }

  async function peer(leaf?: IssuingAuthority, options: ConnectionOptions = {}): Promise<StreamPeer> {
    const own = leaf === undefined ? {} : { cert: leaf.certificate, key: leaf.privateKey };
    const one = await StreamPeer.tls(border.port("outside", "tls"), { ...own, ...options });
    opened.push(one);
    return one;
  }

  let calls = 0;
  function invite(via: string, ...rows: readonly string[]): string {
    const callId = `scenario-${++calls}`;
    return writeRequest({
      uri: "sip:bob@home1.example",
      via: `SIP/2.0/${via};branch=z9hG4bK${callId}`,
      from: "<sip:ann@carrier-c.example>;tag=s",
      to: "<sip:bob@home1.example>",
      callId,
      rows: [`P-Asserted-Identity: ${asserted}`, ...rows],
    });
  }

  /** What home gets, and what the border says of the sender. */
  async function heard(): Promise<{
    identities: readonly string[];
    text: string;
    from: string;
    trusted: boolean;
  }> {
    const text = await home.next();
    const { from, decision } = border.messages.at(-1)!;
    assert.ok(decision);
    const { trusted } = decision.from;
    return { identities: valuesOf(text, "P-Asserted-Identity"), text, from: from.network, trusted };
  }

  async function judged(): Promise<{
    verdict: string;
    partner: string | undefined;
    identities: readonly string[];
  }> {
    await border.until(() => border.handshakes.length > 0, "a handshake");
    const { verdict, partner, identities } = border.handshakes.at(-1)!.decision;
    return { verdict, partner, identities };
  }

  const trusted = { identities: [asserted], trusted: true };
  const untrusted = { identities: [], trusted: false };
  const short = ({ identities, trusted: is }: Awaited<ReturnType<typeof heard>>) => ({
    identities,
    trusted: is,
  });

  it("S01: TLS with the partner's certificate and an agreement: trusted", async () => {
    await start();
    const one = await peer(carrier);
    assert.deepEqual(await judged(), {
      verdict: "allow",
      partner: "carrier-c",
      identities: ["carrier-c.example"],
    });
    one.send(invite(`TLS ${host}`));
    const got = await heard();
    assert.deepEqual(short(got), trusted);
    assert.equal(got.from, "carrier-c");
  });

  it("S02: TLS without an agreement: closed, or admitted untrusted where the operator says so", async () => {
    const open = makeCertificate("open-d.example", root);
    await start();
    const one = await peer(open);
    assert.deepEqual(await judged(), {
      verdict: "reject",
      partner: undefined,
      identities: ["open-d.example"],
    });
    await one.ended();
    await border.close();
    await start({ options: { "unknown-peer": "admit" } });
    const other = await peer(open);
    other.send(invite(`TLS ${host}`));
    assert.deepEqual(short(await heard()), untrusted);
    assert.equal((await judged()).verdict, "allow");
  });

  it("S03: an agreement without TLS: untrusted, though the address is the partner's", async () => {
    await start();
    const phone = await Phone.open("127.0.0.7");
    opened.push(phone);
    phone.send(invite(`UDP 127.0.0.7:${phone.port}`), border.port("outside", "udp"));
    const got = await heard();
    assert.deepEqual(short(got), untrusted);
    assert.equal(got.from, "carrier-c");
  });

  it("S04, S05: an IMS behind the gateway is trusted, or not, as the option says; a reload changes it", async () => {
    await start();
    const gateway = await Phone.open("127.0.0.5");
    opened.push(gateway);
    const send = (): void =>
      gateway.send(invite(`UDP 127.0.0.5:${gateway.port}`, "Privacy: id"), border.port("zb", "udp"));
    send();
    const believed = await heard();
    assert.deepEqual(short(believed), trusted);
    assert.deepEqual(valuesOf(believed.text, "Privacy"), ["id"]);
    assert.equal(believed.from, "ims-b");
    border.adopt({ engine: shipped({ options: { "trust-ims-networks": "no" } }) });
    send();
    const doubted = await heard();
    assert.deepEqual(short(doubted), untrusted);
    assert.equal(doubted.from, "ims-b");
    border.adopt({ engine: shipped() });
    send();
    assert.deepEqual(short(await heard()), trusted);
  });

  it("S05: with the option off, an IMS that comes over TLS with an agreement is trusted as any partner", async () => {
    const more = `partner ims-t {
  domain "ims-t.example"
  agreement "IWA-T" from ${time(Date.now() - day)} to ${time(Date.now() + day)}
  authority "certs/carrier-c-root.pem"
}`;
    await start({ options: { "trust-ims-networks": "no" }, more });
    const one = await peer(makeCertificate("ims-t.example", root));
    one.send(invite(`TLS ${host}`));
    const got = await heard();
    assert.deepEqual(short(got), trusted);
    assert.equal(got.from, "ims-t");
  });

  const handshakes: readonly (readonly [
    string,
    Partial<CertificateRequest>,
    "allow" | "reject",
    readonly string[],
  ])[] = [
    ["S06: a wildcard", { uris: [], dns: ["*.carrier-c.example"] }, "reject", ["*.carrier-c.example"]],
    [
      "S06: a host of the domain",
      { uris: [], dns: ["edge.carrier-c.example"] },
      "reject",
      ["edge.carrier-c.example"],
    ],
    ["S07a: a URI beside a DNS name", { dns: ["other.example"] }, "allow", ["carrier-c.example"]],
    [
      "S07b: a URI with a user beside a DNS name",
      { uris: ["sip:bob@carrier-c.example"], dns: ["carrier-c.example"] },
      "allow",
      ["carrier-c.example"],
    ],
    [
      "S07c: a mailbox and the CN",
      {
        uris: [],
        // GeneralNames: one rfc822Name x@y.
        extensions: [{ identifier: "2.5.29.17", critical: false, der: Buffer.from("30058103784079", "hex") }],
      },
      "reject",
      [],
    ],
    ["S07d: the CN alone", { uris: [] }, "allow", ["carrier-c.example"]],
    ["S07e: a sips URI", { uris: ["sips:carrier-c.example"] }, "reject", []],
    ["S08: no extended key usage", { usages: [] }, "allow", ["carrier-c.example"]],
    ["S08: sipDomain", { usages: ["sipDomain"] }, "allow", ["carrier-c.example"]],
    ["S08: any usage", { usages: ["any"] }, "reject", ["carrier-c.example"]],
    ["S08: web usages", { usages: ["serverAuth", "clientAuth"] }, "reject", ["carrier-c.example"]],
  ];
  for (const [what, request, verdict, identities] of handshakes) {
    it(`${what}: ${verdict}`, async () => {
      await start();
      await peer(makeCertificate("carrier-c.example", root, request));
      const partner = verdict === "allow" ? "carrier-c" : undefined;
      assert.deepEqual(await judged(), { verdict, partner, identities });
    });
  }

  it("S08: web usages of a partner with whom that is agreed: allow", async () => {
    await start();
    await peer(makeCertificate("lenient-e.example", lenientRoot, { usages: ["serverAuth", "clientAuth"] }));
    assert.equal((await judged()).partner, "lenient-e");
  });

  function callCarrier(user: string): void {
    const callId = `out-${++calls}`;
    const via = `SIP/2.0/UDP ${host}:${home.port};branch=z9hG4bK${callId}`;
    home.send(
      writeRequest({ uri: `sip:${user}@carrier-c.example`, via, callId }),
      border.port("inside", "udp"),
    );
  }

  it("S09: the server shows another partner's certificate: closed before a byte, and 503", async () => {
    await start({}, makeCertificate("lenient-e.example", lenientRoot));
    callCarrier("x");
    assert.match(await home.next(), /^SIP\/2\.0 503 /);
    assert.deepEqual(await judged(), {
      verdict: "reject",
      partner: undefined,
      identities: ["lenient-e.example"],
    });
    assert.ok(hop.peers.every(({ received }) => received === ""));
  });

  it("S10: one handshake serves three calls, and a call to the partner by its alias", async () => {
    await start();
    const one = await peer(carrier);
    for (const via of [
      `TLS ${host}:${hop.port};alias`,
      `TLS ${host}:${hop.port}`,
      `TLS ${host}:${hop.port}`,
    ]) {
      one.send(invite(via));
      assert.deepEqual(short(await heard()), trusted);
    }
    assert.equal(border.handshakes.length, 1);
    callCarrier("y");
    assert.match(await one.next(), /^INVITE sip:y@carrier-c\.example SIP\/2\.0\r\n/);
    assert.equal(hop.peers.length, 0);
  });

  it("S10: without a certificate there is no alias (RFC 5923 9.2)", async () => {
    await start({ options: { "unknown-peer": "admit" } });
    const one = await peer();
    one.send(invite(`TLS ${host}:${hop.port};alias`));
    await heard();
    callCarrier("y");
    assert.match(await (await hop.peer()).next(), /^INVITE sip:y@carrier-c\.example /);
    assert.equal(one.received, "");
  });

  it("S11: the agreement ends between two messages of one connection", async () => {
    const { now } = Date;
    await start({ until: now() + day });
    const one = await peer(carrier);
    one.send(invite(`TLS ${host}`));
    assert.deepEqual(short(await heard()), trusted);
    mock.method(Date, "now", () => now() + day);
    one.send(invite(`TLS ${host}`));
    assert.deepEqual(short(await heard()), untrusted);
    assert.equal(border.handshakes.length, 1);
  });
});
