/** CRLs that OpenSSL's `ca` command makes, and what `openssl verify` says of ours. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type IssuingAuthority, readRevocationFile, validatePath } from "../../wire/index.ts";
import { makeAuthority, makeCertificate, now } from "../certificate-authority.ts";
import { crlNumber, extension, hex, identifiers, makeRevocationList, writeList } from "../revocation-list.ts";

const configuration = `[ca]
default_ca = carrier
[carrier]
database = index.txt
crlnumber = crlnumber
certificate = root.pem
private_key = root.key
default_md = sha256
default_crl_days = 7
[whole]
authorityKeyIdentifier = keyid
[users]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical, @users_only
[users_only]
onlyuser = TRUE
[authorities]
issuingDistributionPoint = critical, @authorities_only
[authorities_only]
onlyCA = TRUE
`;

for (const key of ["P-256", "P-384", "rsa-2048"] as const) {
  describe(`CRLs and openssl (${key})`, () => {
    const folder = mkdtempSync(join(tmpdir(), "privet-crl-"));
    const root = makeAuthority("Carrier C root", { key });
    const revoked = makeCertificate("carrier-c.example", root, { key });
    const standing = makeCertificate("carrier-c.example", root, { key });

    const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
    const openssl = (...words: readonly string[]): void => {
      execFileSync("openssl", words, { cwd: folder, stdio: ["ignore", "ignore", "pipe"], timeout: 20_000 });
    };
    const passes = (leaf: IssuingAuthority, file: string): boolean => {
      const revocation = new Map([[file, readRevocationFile(readFileSync(join(folder, file)))]]);
      return validatePath([leaf.der], [root.der], Date.now(), { revocation }).ok;
    };

    before(() => {
      write("root.pem", root.certificate);
      write("root.key", root.privateKey);
      write("revoked.pem", revoked.certificate);
      write("standing.pem", standing.certificate);
      write("ca.cnf", configuration);
      write("index.txt", "");
      write("crlnumber", "01\n");
    });
    after(() => rmSync(folder, { recursive: true }));

    it("agree on whom a CRL of openssl lists, as PEM and as DER", () => {
      const ca = ["ca", "-config", "ca.cnf"];
      openssl(...ca, "-gencrl", "-crlexts", "whole", "-out", "empty.crl");
      assert.deepEqual([passes(revoked, "empty.crl"), passes(standing, "empty.crl")], [true, true]);
      openssl(...ca, "-revoke", "revoked.pem", "-crl_reason", "keyCompromise");
      for (const [scope, covers] of [
        ["whole", true],
        ["users", true],
        ["authorities", false],
      ] as const) {
        openssl(...ca, "-gencrl", "-crlexts", scope, "-out", "pem.crl");
        openssl("crl", "-in", "pem.crl", "-outform", "DER", "-out", "der.crl");
        for (const file of ["pem.crl", "der.crl"])
          assert.deepEqual(
            [passes(revoked, file), passes(standing, file)],
            [false, covers],
            `${scope} ${file}`,
          );
      }
    });

    if (key === "rsa-2048") {
      it("agree on one that is signed with RSASSA-PSS (RFC 4055)", () => {
        const pss = ["-sigopt", "rsa_padding_mode:pss", "-sigopt", "rsa_pss_saltlen:32"];
        openssl("ca", "-config", "ca.cnf", "-gencrl", "-crlexts", "whole", ...pss, "-out", "pss.crl");
        assert.deepEqual([passes(revoked, "pss.crl"), passes(standing, "pss.crl")], [false, true]);
      });
    }

    it("agree on the CRLs that our tests make", () => {
      const scope = extension(identifiers.issuingDistributionPoint, hex("3003 8101ff"), true);
      const old = { thisUpdate: now - 172_800_000, nextUpdate: now - 86_400_000 };
      for (const request of [
        { revoked: [revoked] },
        { revoked: [revoked], extensions: [crlNumber, scope] },
        { revoked: [revoked], ...old },
        {},
        old,
      ]) {
        write("ours.crl", writeList(makeRevocationList(root, request)));
        for (const [name, leaf] of [
          ["revoked.pem", revoked],
          ["standing.pem", standing],
        ] as const) {
          const words = ["verify", "-crl_check", "-CAfile", "root.pem", "-CRLfile", "ours.crl", name];
          const { status } = spawnSync("openssl", words, { cwd: folder, timeout: 20_000 });
          assert.equal(
            passes(leaf, "ours.crl"),
            status === 0,
            `${name} ${JSON.stringify(Object.keys(request))}`,
          );
        }
      }
    });
  });
}
