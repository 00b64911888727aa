/** What is kept of certificates is theirs alone, whatever two of them have in common. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { SeenCertificates } from "../../adapters/tls-facts.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";

const root = makeAuthority("Test root");
const intermediate = new X509Certificate(makeAuthority("Test intermediate").certificate);
const one = new X509Certificate(
  makeCertificate("one.example", root, { uris: ["sip:one.example"] }).certificate,
);

/** Another one, whose signature ends as that of the first. */
const other = ((): X509Certificate => {
  const der = Buffer.from(
    new X509Certificate(makeCertificate("other.example", root, { uris: ["sip:other.example"] }).certificate)
      .raw,
  );
  one.raw.copy(der, der.length - 32, one.raw.length - 32);
  return new X509Certificate(der);
})();

describe("certificates that were seen", () => {
  it("are told from each other where their signatures end alike", () => {
    const seen = new SeenCertificates();
    for (let time = 0; time < 4; time++) {
      for (const [certificate, name] of [
        [one, "sip:one.example"],
        [other, "sip:other.example"],
      ] as const) {
        const facts = seen.read([certificate], false);
        assert.deepEqual(facts?.uris, [name]);
        seen.note(facts);
        assert.deepEqual(seen.read([certificate], false)?.uris, [name]);
      }
    }
  });

  it("keep the rest of their chain for a resumed session, each its own", () => {
    const seen = new SeenCertificates();
    seen.note(seen.read([one, intermediate], false));
    seen.note(seen.read([other, intermediate, intermediate], false));
    assert.equal(seen.read([one], true)?.chain?.length, 2);
    assert.equal(seen.read([other], true)?.chain?.length, 3);
    assert.equal(seen.read([one], false)?.chain?.length, 1);
  });
});
