/** What is remembered of the last few certificates, and only of these. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { Recent } from "../../../wire/certificate/recent.ts";
import {
  derOf,
  type IssuingAuthority,
  type PathResult,
  readCertificate,
  validatePath,
} from "../../../wire/index.ts";
import { makeAuthority, makeCertificate, now } from "../../certificate-authority.ts";

describe("what was read last", () => {
  const keys = Array.from({ length: 4 }, (_, at) => Uint8Array.of(at));

  it("is found by which bytes they are, not by what they say", () => {
    const recent = new Recent<string>(2);
    recent.set(keys[0]!, "first");
    assert.equal(recent.get(keys[0]!), "first");
    assert.equal(recent.get(Uint8Array.of(0)), undefined);
    assert.equal(recent.get(keys[1]!), undefined);
  });

  it("makes room for the next", () => {
    const recent = new Recent<number>(3);
    for (const [at, key] of keys.entries()) recent.set(key, at);
    assert.deepEqual(
      keys.map((key) => recent.get(key)),
      [undefined, 1, 2, 3],
    );
  });

  it("is not what a stranger wants kept: not what was made of more than 8,192 bytes", () => {
    const recent = new Recent<string>(2);
    const [most, more] = [new Uint8Array(8_192), new Uint8Array(8_193)];
    recent.set(most, "kept");
    recent.set(more, "not kept");
    assert.equal(recent.get(most), "kept");
    assert.equal(recent.get(more), undefined);
  });
});

describe("a certificate that was read before a hundred others", () => {
  const root = makeAuthority("Test root");
  /** Of the same name, so that only the signature tells them apart. */
  const other = makeAuthority("Test root");
  const anchors = [new Uint8Array(root.der)];
  const shown = (domain: string, by: IssuingAuthority): Uint8Array =>
    derOf(new X509Certificate(makeCertificate(domain, by).der), true);

  it("has the path that it had, and so has one that has none", () => {
    const good = shown("carrier-c.example", root);
    const bad = shown("carrier-d.example", other);
    const judge = (): PathResult[] => [good, bad].map((der) => validatePath([der], anchors, now));
    const first = judge();
    assert.deepEqual(
      first.map((result) => (result.ok ? "" : result.cause)),
      ["", "the signature on CN=carrier-d.example is not by CN=Test root"],
    );
    for (let one = 0; one < 100; one++)
      readCertificate(shown(`p${one}.example`, one % 2 === 0 ? other : root));
    assert.deepEqual(judge(), first);
  });
});
