/** TLS with OpenSSL's own command as the peer, in both roles; decisions by a policy. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { type HandshakeArrival, TlsAdapter } from "../../adapters/index.ts";
import { type EngineContext, type HandshakeDecision, interpret } from "../../engine/index.ts";
import type { Policy } from "../../grammar/model.ts";
import type { IssuingAuthority } from "../../wire/index.ts";
import { message, Recorder, textOf } from "../adapters/recorder.ts";
import { makeAuthority, makeCertificate, now } from "../certificate-authority.ts";
import { atom, network, not, origin, policy, rule } from "../engine/policy-builder.ts";
import { lastingPort } from "../lasting-port.ts";
import { until } from "../until.ts";

const day = 86_400_000;
const carrierRoot = makeAuthority("Carrier C root", { key: "rsa-2048" });
const carrierSub = makeCertificate("Carrier C issuing", carrierRoot, {
  authority: true,
  uris: [],
  key: "rsa-2048",
});
const otherRoot = makeAuthority("Other partner root");
const homeRoot = makeAuthority("Home root");
const home = makeCertificate("home1.example", homeRoot);

const context: EngineContext = {
  authorities: new Map([
    ["carrier.pem", [carrierRoot.der]],
    ["other.pem", [otherRoot.der]],
  ]),
};

const refuseStrangers = rule(
  "refuse-strangers",
  [
    {
      kind: "reject",
      status: undefined,
      reason: "no interworking partner",
      condition: { kind: "and", of: [] },
      because: "TS 33.203 6.5",
      treatment: undefined,
      origin,
    },
  ],
  { gate: "handshake", to: undefined, condition: not(atom({ on: "certificate-names", who: [] })) },
);

const networks = [
  network("carrier-c", {
    kind: "partner",
    agreement: { name: "IWA", from: now - day, until: now + day },
    authorities: ["carrier.pem"],
  }),
  network("partner-e", { kind: "partner", authorities: ["other.pem"] }),
];
const strict = policy([refuseStrangers], {}, networks);
const admitting = policy([], {}, networks);

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "privet-tls-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

let files = 0;

/** The arguments that make openssl show this certificate, with the rest of its chain. */
function show(leaf: IssuingAuthority, ...rest: readonly IssuingAuthority[]): string[] {
  const path = join(folder, `${++files}.pem`);
  writeFileSync(path, leaf.certificate + leaf.privateKey);
  if (rest.length === 0) return ["-cert", path];
  const chain = join(folder, `${files}-chain.pem`);
  writeFileSync(chain, rest.map(({ certificate }) => certificate).join(""));
  return ["-cert", path, "-cert_chain", chain];
}

const children: ChildProcess[] = [];
const adapters: TlsAdapter[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await Promise.all(adapters.splice(0).map((adapter) => adapter.close()));
});

interface Peer {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly output: () => string;
  readonly ended: Promise<void>;
}

/** Waits until openssl has written that. */
const says = (peer: Peer, what: string): Promise<void> =>
  until(() => peer.output().includes(what), what, peer.output);

function openssl(...args: readonly string[]): Peer {
  const child = spawn("openssl", args, { stdio: "pipe", timeout: 60_000, killSignal: "SIGKILL" });
  children.push(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
  child.stdin.on("error", () => {});
  return { child, output: () => output, ended: once(child, "close").then(() => {}) };
}

interface Border {
  readonly adapter: TlsAdapter;
  readonly port: number;
  readonly recorder: Recorder;
  readonly decisions: HandshakeDecision[];
}

async function border(by: Policy, clock: () => number = () => now): Promise<Border> {
  const adapter = new TlsAdapter({
    listener: "outside",
    host: "127.0.0.1",
    identities: [{ domains: ["home1.example"], certificate: home.certificate, privateKey: home.privateKey }],
  });
  adapters.push(adapter);
  const recorder = new Recorder(adapter);
  const decisions: HandshakeDecision[] = [];
  recorder.judge = judgeBy(by, decisions, clock);
  await adapter.listen();
  return { adapter, port: adapter.address!.port, recorder, decisions };
}

function judgeBy(
  by: Policy,
  decisions: HandshakeDecision[],
  clock: () => number,
): (arrival: HandshakeArrival) => void {
  const engine = interpret(by, context);
  return (arrival) => {
    const decision = engine.decide({ ...arrival.event, at: clock() });
    decisions.push(decision);
    arrival[decision.verdict]();
  };
}

/** s_client, which sends one message as soon as it may. */
function call(port: number, ...args: readonly string[]): Peer {
  const peer = openssl("s_client", "-connect", `127.0.0.1:${port}`, "-quiet", "-no_ign_eof", ...args);
  peer.child.stdin!.write(message(1));
  return peer;
}

async function decided({ recorder, decisions }: Border, count = 1): Promise<HandshakeDecision> {
  await recorder.nth("handshake", count);
  return decisions[count - 1]!;
}

describe("openssl s_client at our listener", () => {
  for (const version of ["-tls1_2", "-tls1_3"]) {
    it(`with a partner's certificate is bound to the partner and heard (${version})`, async () => {
      const ours = await border(strict);
      const leaf = makeCertificate("carrier-c.example", carrierSub, { key: "rsa-2048" });
      const peer = call(ours.port, version, ...show(leaf, carrierSub));
      const { connection, bytes } = await ours.recorder.nth("received");
      assert.equal((await decided(ours)).partner, "carrier-c");
      assert.equal(textOf(bytes), textOf(message(1)));
      connection.send(Buffer.from("SIP/2.0 200 OK\r\n\r\n"));
      await says(peer, "SIP/2.0 200 OK");
    });

    it(`without a certificate is refused, and what it wrote early is not read (${version})`, async () => {
      const ours = await border(strict);
      await call(ours.port, version).ended;
      const decision = await decided(ours);
      assert.equal(decision.verdict, "reject");
      assert.equal(decision.cause, "there is no certificate");
      assert.deepEqual(ours.recorder.texts, []);
      assert.equal(ours.recorder.all("opened").length, 0);
    });
  }

  const refusals: [string, () => string[], RegExp][] = [
    [
      "of a name that is no partner's",
      () => show(makeCertificate("stranger.example", carrierRoot)),
      /stranger\.example: no partner/,
    ],
    [
      "signed by another partner's authority",
      () => show(makeCertificate("carrier-c.example", otherRoot)),
      /CN=Other partner root is missing/,
    ],
    ["signed by itself", () => show(makeCertificate("carrier-c.example", undefined)), /self-signed/],
    [
      "that has expired",
      () =>
        show(
          makeCertificate("carrier-c.example", carrierRoot, {
            notBefore: now - 2 * day,
            notAfter: now - day,
          }),
        ),
      /has expired/,
    ],
    [
      "whose intermediate was not sent",
      () => show(makeCertificate("carrier-c.example", carrierSub)),
      /CN=Carrier C issuing is missing/,
    ],
    [
      "for web servers",
      () => show(makeCertificate("carrier-c.example", carrierRoot, { usages: ["serverAuth"] })),
      /extended key usage/,
    ],
    [
      "of a wildcard",
      () => show(makeCertificate("x", carrierRoot, { uris: [], dns: ["*.carrier-c.example"] })),
      /no partner/,
    ],
  ];
  for (const [what, shown, cause] of refusals) {
    it(`with a certificate ${what} is refused`, async () => {
      const ours = await border(strict);
      await call(ours.port, ...shown()).ended;
      const decision = await decided(ours);
      assert.equal(decision.verdict, "reject");
      assert.match(decision.cause ?? "", cause);
      assert.deepEqual(ours.recorder.texts, []);
    });
  }

  it("without a certificate is heard, bound to nobody, where the policy admits strangers", async () => {
    const ours = await border(admitting);
    call(ours.port);
    await ours.recorder.nth("received");
    const decision = await decided(ours);
    assert.equal(decision.verdict, "allow");
    assert.equal(decision.partner, undefined);
  });

  it("is asked for a certificate, and told no names of authorities", async () => {
    const ours = await border(admitting);
    const peer = openssl("s_client", "-connect", `127.0.0.1:${ours.port}`, "-tls1_2");
    await ours.recorder.nth("opened");
    peer.child.stdin!.end("Q\n");
    await peer.ended;
    assert.match(peer.output(), /No client certificate CA names sent/);
    assert.match(peer.output(), /Client Certificate Types: /);
  });

  it("gets no TLS 1.1 and no weak suite", async () => {
    const ours = await border(admitting);
    for (const args of [
      ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"],
      ["-tls1_2", "-cipher", "AES128-SHA"],
    ]) {
      const peer = openssl("s_client", "-connect", `127.0.0.1:${ours.port}`, ...args);
      await peer.ended;
      assert.match(peer.output(), /alert (protocol version|handshake failure)/);
    }
    assert.equal(ours.decisions.length, 0);
  });

  it("gets no renegotiation", async () => {
    const ours = await border(admitting);
    const peer = openssl("s_client", "-connect", `127.0.0.1:${ours.port}`, "-tls1_2");
    await ours.recorder.nth("opened");
    peer.child.stdin!.write("R\n");
    await says(peer, "RENEGOTIATING");
    await says(peer, "no renegotiation");
    assert.equal(ours.decisions.length, 1);
  });

  for (const version of ["-tls1_2", "-tls1_3"]) {
    /** One connection that keeps its ticket, then one that brings it. */
    const twice = async (
      ours: Border,
      first: readonly string[],
      second: readonly string[],
    ): Promise<HandshakeDecision> => {
      const ticket = join(folder, `${++files}.session`);
      const one = call(ours.port, version, ...first, "-sess_out", ticket);
      await Promise.race([ours.recorder.nth("received"), one.ended]);
      one.child.stdin!.end();
      await one.ended;
      call(ours.port, version, ...second, "-sess_in", ticket);
      const decision = await decided(ours, 2);
      assert.equal(ours.recorder.all("handshake")[1]!.event.connection.tls?.resumed, true);
      return decision;
    };

    it(`gains no identity by resuming a session that had none (${version})`, async () => {
      const decision = await twice(await border(admitting), [], []);
      assert.equal(decision.partner, undefined);
      assert.equal(decision.cause, "there is no certificate");
    });

    it(`is judged again by the certificate of the session that it resumes (${version})`, async () => {
      const leaf = makeCertificate("carrier-c.example", carrierSub, { key: "rsa-2048" });
      const shown = show(leaf, carrierSub);
      assert.equal((await twice(await border(strict), shown, [])).partner, "carrier-c");
    });

    it(`is refused where that certificate has expired since (${version})`, async () => {
      let clock = now;
      const ours = await border(strict, () => clock);
      const shown = show(makeCertificate("carrier-c.example", carrierRoot, { notAfter: now + day }));
      const later = ours.recorder.nth("received").then(() => (clock = now + 2 * day));
      const decision = await twice(ours, shown, []);
      await later;
      assert.equal(decision.verdict, "reject");
      assert.match(decision.cause ?? "", /has expired/);
    });
  }
});

async function serving(...args: readonly string[]): Promise<{ readonly port: number; readonly peer: Peer }> {
  const port = await lastingPort();
  const peer = openssl("s_server", "-accept", `127.0.0.1:${port}`, "-naccept", "1", ...args);
  await says(peer, "ACCEPT");
  return { port, peer };
}

describe("openssl s_server as our partner", () => {
  const sought = {
    transport: "tls",
    address: "127.0.0.1",
    domain: "carrier-c.example",
    partner: "carrier-c",
  } as const;

  it("is bound, told the domain, shown our certificate, and given the message", async () => {
    const ours = await border(strict);
    const ca = join(folder, "home-root.pem");
    writeFileSync(ca, homeRoot.certificate);
    // s_server wants a second certificate for the name that it compares with SNI.
    const [, shown] = show(makeCertificate("carrier-c.example", carrierRoot));
    const named = ["-servername", "carrier-c.example", "-cert2", shown!, "-key2", shown!];
    const verifying = ["-Verify", "2", "-verify_return_error", "-CAfile", ca];
    const { port, peer } = await serving("-cert", shown!, ...named, ...verifying);
    const connection = await ours.adapter.open({ ...sought, port });
    assert.equal(ours.decisions[0]?.partner, "carrier-c");
    connection.send(message(7));
    await says(peer, "Call-ID: 7@127.0.0.1");
    assert.match(peer.output(), /Hostname in TLS extension: "carrier-c\.example"/);
    assert.match(peer.output(), /home1\.example/);
    peer.child.stdin!.write("SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n");
    const { bytes } = await ours.recorder.nth("received");
    assert.equal(textOf(bytes), "SIP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n");
  });

  for (const [what, leaf, cause] of [
    [
      "another partner's certificate",
      makeCertificate("partner-e.example", otherRoot),
      /names partner-e\.example, not carrier-c\.example/,
    ],
    ["the right name by the wrong authority", makeCertificate("carrier-c.example", otherRoot), /is missing/],
    [
      "the name of the host, not of the domain",
      makeCertificate("edge.carrier-c.example", carrierRoot),
      /not carrier-c\.example/,
    ],
  ] as const) {
    it(`is left without a byte where it shows ${what}`, async () => {
      const ours = await border(admitting);
      const { port, peer } = await serving(...show(leaf));
      await assert.rejects(ours.adapter.open({ ...sought, port }), /refused/);
      await peer.ended;
      assert.match(ours.decisions[0]?.cause ?? "", cause);
      assert.doesNotMatch(peer.output(), /SIP\/2\.0/);
      assert.equal(ours.recorder.all("opened").length, 0);
    });
  }
});
