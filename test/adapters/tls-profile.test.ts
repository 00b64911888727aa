/** What a policy's TLS profile takes, and no more; what none takes: test/peers/attacks-sessions.test.ts. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, afterEach, before, describe, it } from "node:test";
import { type ConnectionOptions, connect, createServer, type Server } from "node:tls";
import { TlsAdapter } from "../../adapters/index.ts";
import type { TlsProfile } from "../../engine/index.ts";
import { defaultTlsProfile, tlsGroupRows, tlsSuiteRows } from "../../grammar/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { Recorder } from "./recorder.ts";

const root = makeAuthority("home root");
const kinds = { ecdsa: "P-256", rsa: "rsa-2048" } as const;

for (const [kind, suites] of [
  [
    "ecdsa",
    [
      ["TLSv1.3", "TLS_AES_256_GCM_SHA384"],
      ["TLSv1.3", "TLS_AES_128_GCM_SHA256"],
      ["TLSv1.3", "TLS_CHACHA20_POLY1305_SHA256"],
      ["TLSv1.2", "ECDHE-ECDSA-AES256-GCM-SHA384"],
      ["TLSv1.2", "ECDHE-ECDSA-AES128-GCM-SHA256"],
    ],
  ],
  [
    "rsa",
    [
      ["TLSv1.3", "TLS_AES_256_GCM_SHA384"],
      ["TLSv1.2", "ECDHE-RSA-AES256-GCM-SHA384"],
      ["TLSv1.2", "ECDHE-RSA-AES128-GCM-SHA256"],
    ],
  ],
] as const) {
  describe(`a listener with an ${kind} key`, () => {
    const { certificate, privateKey } = makeCertificate("home1.example", root, { key: kinds[kind] });
    const adapter = new TlsAdapter({
      listener: "outside",
      host: "127.0.0.1",
      identities: [{ domains: ["home1.example"], certificate, privateKey }],
    });
    const recorder = new Recorder(adapter);
    before(() => adapter.listen());
    after(() => adapter.close());

    async function session(options: ConnectionOptions): Promise<readonly [string | null, string]> {
      const { port } = adapter.address!;
      const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
      await once(socket, "secureConnect");
      const agreed = [socket.getProtocol(), socket.getCipher().name] as const;
      socket.destroy();
      return agreed;
    }

    for (const [version, suite] of suites) {
      it(`takes ${suite} (RFC 8446 9.1, RFC 9325 4.2)`, async () => {
        assert.deepEqual(await session({ minVersion: version, maxVersion: version, ciphers: suite }), [
          version,
          suite,
        ]);
      });
    }
    for (const curve of ["X25519", "P-256", "P-384"]) {
      it(`takes the curve ${curve} (RFC 8446 9.1, TS 33.210 6.2.2)`, async () => {
        assert.equal((await session({ ecdhCurve: curve }))[0], "TLSv1.3");
      });
    }

    it("takes the newest version, and the strongest suite that is offered", async () => {
      assert.deepEqual(await session({}), ["TLSv1.3", "TLS_AES_256_GCM_SHA384"]);
      assert.ok(recorder.all("handshake").length > 0);
    });
  });
}

/** As OpenSSL names them; TLS 1.3 has the registry's names. */
const names: Readonly<Record<string, string>> = {
  TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384: "ECDHE-ECDSA-AES256-GCM-SHA384",
  TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384: "ECDHE-RSA-AES256-GCM-SHA384",
  TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256: "ECDHE-ECDSA-AES128-GCM-SHA256",
  TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256: "ECDHE-RSA-AES128-GCM-SHA256",
  TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-ECDSA-CHACHA20-POLY1305",
  TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256: "ECDHE-RSA-CHACHA20-POLY1305",
};

const everySuite = tlsSuiteRows.map(({ name }) => names[name] ?? name).join(":");
const everyGroup = "X25519:P-256:P-384:P-521:X448";
/** A peer that would take anything that a policy may offer. */
const eager = { ciphers: everySuite, ecdhCurve: everyGroup };

describe("a profile of the policy", () => {
  const own = {
    ECDSA: makeCertificate("home1.example", root),
    RSA: makeCertificate("home1.example", root, { key: "rsa-2048" }),
  };
  const identityOf = ({ certificate, privateKey }: (typeof own)["RSA"]) => ({
    domains: ["home1.example"],
    certificate,
    privateKey,
  });
  const closing: { close(): unknown }[] = [];
  afterEach(async () => {
    for (const one of closing.splice(0)) await one.close();
  });

  const offer = (facts: Partial<TlsProfile>): TlsProfile => ({ ...defaultTlsProfile, ...facts });

  async function listening(profile: TlsProfile, key: keyof typeof own = "ECDSA"): Promise<TlsAdapter> {
    const adapter = new TlsAdapter({ host: "127.0.0.1", identities: [identityOf(own[key])], profile });
    closing.push(adapter);
    void new Recorder(adapter);
    await adapter.listen();
    return adapter;
  }

  /** What a peer and our listener agree on, or the alert. */
  async function agreed({ address }: TlsAdapter, options: ConnectionOptions = {}): Promise<string> {
    const socket = connect({
      host: "127.0.0.1",
      port: address!.port,
      rejectUnauthorized: false,
      ...eager,
      ...options,
    });
    try {
      await once(socket, "secureConnect");
      return `${socket.getProtocol()} ${socket.getCipher().standardName}`;
    } catch (error) {
      return error instanceof Error && "code" in error ? String(error.code) : String(error);
    } finally {
      socket.destroy();
    }
  }

  /** What our side, as client, and an eager server agree on, or why not. */
  async function agreedAsClient(client: TlsAdapter, server: Server): Promise<string> {
    const at = new Recorder(client);
    const address = server.address();
    assert.ok(address !== null && typeof address === "object");
    try {
      await client.open({ transport: "tls", address: "127.0.0.1", port: address.port });
    } catch (error) {
      return String(error);
    }
    const { tls } = (await at.nth("handshake")).event.connection;
    return `${tls?.version} ${tls?.cipher}`;
  }

  async function serving(options: object, key: keyof typeof own = "ECDSA"): Promise<Server> {
    const { certificate, privateKey } = own[key];
    const server = createServer({ cert: certificate, key: privateKey, ...eager, ...options });
    server.on("tlsClientError", () => {});
    server.on("secureConnection", (socket) => {
      closing.push({ close: () => socket.destroy() });
      socket.on("error", () => {});
    });
    closing.push({ close: () => server.close() });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  for (const { name, version, key = "ECDSA" } of tlsSuiteRows) {
    it(`that offers ${name} alone agrees on it, in both roles`, async () => {
      const profile = offer({ versions: [version], suites: [name] });
      assert.equal(await agreed(await listening(profile, key)), `TLSv${version} ${name}`);
      const client = new TlsAdapter({ identities: [], profile });
      closing.push(client);
      assert.equal(await agreedAsClient(client, await serving({}, key)), `TLSv${version} ${name}`);
    });
  }

  for (const { name } of tlsGroupRows) {
    it(`that offers the group ${name} alone agrees on it, in both roles`, async () => {
      const group = {
        x25519: "X25519",
        x448: "X448",
        secp256r1: "P-256",
        secp384r1: "P-384",
        secp521r1: "P-521",
      }[name];
      assert.ok(group !== undefined);
      const profile = offer({ versions: ["1.3"], suites: ["TLS_AES_128_GCM_SHA256"], groups: [name] });
      const adapter = await listening(profile);
      assert.equal(await agreed(adapter, { ecdhCurve: group }), "TLSv1.3 TLS_AES_128_GCM_SHA256");
      const others = everyGroup.split(":").filter((one) => one !== group);
      assert.match(await agreed(adapter, { ecdhCurve: others.join(":") }), /HANDSHAKE_FAILURE/);
      const client = new TlsAdapter({ identities: [], profile });
      closing.push(client);
      const [same, other] = [
        await serving({ ecdhCurve: group }),
        await serving({ ecdhCurve: others.join(":") }),
      ];
      assert.equal(await agreedAsClient(client, same), "TLSv1.3 TLS_AES_128_GCM_SHA256");
      assert.match(await agreedAsClient(client, other), /handshake/i);
    });
  }

  it("refuses, in both roles, the version that it leaves out", async () => {
    for (const [offered, left] of [
      ["1.3", "1.2"],
      ["1.2", "1.3"],
    ] as const) {
      const suites = defaultTlsProfile.suites.filter((name) =>
        tlsSuiteRows.some((row) => row.name === name && row.version === offered),
      );
      const profile = offer({ versions: [offered], suites });
      const only = { minVersion: `TLSv${left}`, maxVersion: `TLSv${left}` } as const;
      assert.match(await agreed(await listening(profile), only), /PROTOCOL_VERSION/);
      const client = new TlsAdapter({ identities: [], profile });
      closing.push(client);
      assert.match(
        await agreedAsClient(client, await serving(only)),
        /protocol version|unsupported protocol/i,
      );
    }
  });

  it("bounds by TLS 1.2 the curves of peers' ECDSA certificates (RFC 8422 5.1)", async () => {
    const { certificate: cert, privateKey: key } = makeCertificate("carrier-c.example", root);
    const profile = offer({ groups: ["x25519"] });
    const adapter = await listening(profile);
    const older = { maxVersion: "TLSv1.2" } as const;
    assert.match(await agreed(adapter, older), /^TLSv1\.2 /);
    assert.match(await agreed(adapter, { ...older, cert, key }), /ALERT/);
    assert.match(await agreed(adapter, { cert, key }), /^TLSv1\.3 /);
    assert.match(await agreedAsClient(adapter, await serving(older)), /handshake/i);
    assert.match(await agreedAsClient(adapter, await serving({})), /^TLSv1\.3 /);
  });

  it("has its own order of suites honoured, by TLS 1.3 and 1.2, whatever the peer prefers", async () => {
    const [strong, fast] = ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"];
    const [older, oldest] = [
      "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
      "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    ];
    const one = await listening(offer({ suites: [fast, strong, older, oldest] }));
    const other = await listening(offer({ suites: [strong, fast, oldest, older] }));
    for (const ciphers of [everySuite, everySuite.split(":").toReversed().join(":")]) {
      assert.equal(await agreed(one, { ciphers }), `TLSv1.3 ${fast}`);
      assert.equal(await agreed(other, { ciphers }), `TLSv1.3 ${strong}`);
      assert.equal(await agreed(one, { ciphers, maxVersion: "TLSv1.2" }), `TLSv1.2 ${older}`);
      assert.equal(await agreed(other, { ciphers, maxVersion: "TLSv1.2" }), `TLSv1.2 ${oldest}`);
    }
  });

  it("that is new holds for the next handshake, by every certificate, in both roles", async () => {
    const adapter = await listening(defaultTlsProfile);
    const server = await serving({ maxVersion: "TLSv1.2" });
    const older = { maxVersion: "TLSv1.2" } as const;
    assert.match(await agreed(adapter, older), /^TLSv1\.2 /);
    assert.match(await agreedAsClient(adapter, server), /^TLSv1\.2 /);
    const narrow = offer({ versions: ["1.3"], suites: ["TLS_AES_128_GCM_SHA256"] });
    adapter.useIdentities([identityOf(own.ECDSA)], narrow);
    for (const servername of ["home1.example", "else.example"]) {
      assert.match(await agreed(adapter, { ...older, servername }), /PROTOCOL_VERSION/);
      assert.equal(await agreed(adapter, { servername }), "TLSv1.3 TLS_AES_128_GCM_SHA256");
    }
    assert.match(await agreedAsClient(adapter, server), /protocol version/i);
    adapter.useIdentities([identityOf(own.ECDSA)], defaultTlsProfile);
    assert.match(await agreed(adapter, older), /^TLSv1\.2 /);
    assert.match(await agreedAsClient(adapter, server), /^TLSv1\.2 /);
  });
});
