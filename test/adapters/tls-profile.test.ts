/** What the profile of adapters/tls-profile.ts takes; what it does not: test/peers/attacks-sessions.test.ts. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, describe, it } from "node:test";
import { type ConnectionOptions, connect } from "node:tls";
import { TlsAdapter } from "../../adapters/index.ts";
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
