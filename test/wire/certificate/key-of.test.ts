/** A key that can't be read is nobody's, however its certificate came. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { derOf, validatePath } from "../../../wire/index.ts";
import { makeAuthority, makeCertificate, now } from "../../certificate-authority.ts";

const root = makeAuthority("Test root");

/** With a point that is not on its curve. */
function offCurve(): Uint8Array {
  const { der } = makeCertificate("carrier-c.example", root);
  const { publicKey } = new X509Certificate(der);
  const point = publicKey.export({ type: "spki", format: "der" }).subarray(-64);
  const bytes = Buffer.from(der);
  bytes.fill(0xff, bytes.indexOf(point), bytes.indexOf(point) + 64);
  return bytes;
}

describe("a certificate whose key can't be read", () => {
  const cause = "the key of it can't be read";

  it("has no path as it stands, and none where OpenSSL has read the rest of it", () => {
    const der = offCurve();
    for (const chain of [[der], [derOf(new X509Certificate(der))]]) {
      const result = validatePath(chain, [new Uint8Array(root.der)], now);
      assert.equal(result.ok ? "" : result.cause, cause);
    }
  });

  it("has none as an intermediate authority", () => {
    const middle = makeAuthority("Middle");
    const leaf = makeCertificate("carrier-c.example", middle);
    const point = new X509Certificate(middle.der).publicKey
      .export({ type: "spki", format: "der" })
      .subarray(-64);
    const broken = Buffer.from(middle.der);
    broken.fill(0xff, broken.indexOf(point), broken.indexOf(point) + 64);
    const shown = derOf(new X509Certificate(broken));
    const result = validatePath([new Uint8Array(leaf.der), shown], [new Uint8Array(root.der)], now);
    assert.equal(result.ok, false);
  });
});
