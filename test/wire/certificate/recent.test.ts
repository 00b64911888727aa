/** What is remembered of the last few certificates, and only of these. */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { describe, it } from "node:test";
import { Recent } from "../../../wire/certificate/recent.ts";
import { derOf, readCertificate, validatePath } from "../../../wire/index.ts";
import { makeAuthority, makeCertificate, now } from "../../certificate-authority.ts";

describe("what was read last", () => {
  const keys = Array.from({ length: 4 }, (_, at) => Uint8Array.of(at));

  it("is found by which bytes they are, not by what they say", () => {
    const recent = new Recent<string>(2);
    recent.add(keys[0]!, "first");
    assert.equal(recent.get(keys[0]!), "first");
    assert.equal(recent.get(Uint8Array.of(0)), undefined);
    assert.equal(recent.get(keys[1]!), undefined);
  });

  it("makes room for the next", () => {
    const recent = new Recent<number>(3);
    for (const [at, key] of keys.entries()) recent.add(key, at);
    assert.deepEqual(
      keys.map((key) => recent.get(key)),
      [undefined, 1, 2, 3],
    );
  });
});

describe("a certificate that was read before a hundred others", () => {
  const root = makeAuthority("Test root");
  const anchors = [new Uint8Array(root.der)];
  const shown = (domain: string, by = root): Uint8Array =>
    derOf(new X509Certificate(makeCertificate(domain, by).der), true);

  it("has the path that it had, and so has one that has none", () => {
    const [good, bad] = [
      shown("carrier-c.example"),
      shown("carrier-c.example", makeAuthority("Another root")),
    ];
    const judge = (): boolean[] => [good, bad].map((der) => validatePath([der], anchors, now).ok);
    assert.deepEqual(judge(), [true, false]);
    for (let other = 0; other < 100; other++) readCertificate(shown(`p${other}.example`));
    assert.deepEqual(judge(), [true, false]);
  });
});
