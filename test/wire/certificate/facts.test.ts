import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readCertificate, readPem, sipIdentities, writePem } from "../../../wire/index.ts";
import { makeAuthority, makeCertificate, now } from "../../certificate-authority.ts";
import { packageRoot } from "../../package-root.ts";

const root = makeAuthority("Carrier C root");

describe("reading a certificate", () => {
  for (const key of ["P-256", "P-384", "rsa-2048"] as const) {
    it(`reads names, usages and dates, whatever the key (${key})`, () => {
      const { der } = makeCertificate("carrier-c.example", root, {
        key,
        commonName: "edge",
        dns: ["carrier-c.example"],
        usages: ["sipDomain", "clientAuth"],
        notBefore: Date.UTC(2026, 0, 1),
        notAfter: Date.UTC(2051, 5, 1),
      });
      assert.deepEqual(readCertificate(der), {
        uris: ["sip:carrier-c.example"],
        dns: ["carrier-c.example"],
        hasSubjectAltName: true,
        commonName: "edge",
        issuer: "CN=Carrier C root",
        usages: ["1.3.6.1.5.5.7.3.20", "1.3.6.1.5.5.7.3.2"],
        notBefore: Date.UTC(2026, 0, 1),
        notAfter: Date.UTC(2051, 5, 1),
        unreadable: undefined,
        chain: [der],
      });
    });
  }

  it("tells an absent extension from an empty one", () => {
    const { der } = makeCertificate("carrier-c.example", root, { uris: [], usages: [] });
    const facts = readCertificate(der);
    assert.equal(facts.hasSubjectAltName, false);
    assert.equal(facts.usages, undefined);
    assert.deepEqual(sipIdentities(facts), ["carrier-c.example"]);
  });

  it("sees a subjectAltName that holds only names of other kinds", () => {
    // GeneralNames: one rfc822Name x@y, then one otherName 1.2.3 NULL.
    const san = Buffer.from("3010810378407 9a0090602 2a03a0030201 00".replaceAll(" ", ""), "hex");
    const { der } = makeCertificate("carrier-c.example", root, {
      uris: [],
      extensions: [{ identifier: "2.5.29.17", critical: false, der: san }],
    });
    const facts = readCertificate(der);
    assert.equal(facts.unreadable, undefined);
    assert.equal(facts.hasSubjectAltName, true);
    assert.deepEqual(sipIdentities(facts), []);
  });

  it("keeps names as they stand, a NUL included", () => {
    const { der } = makeCertificate("x", root, { uris: ["sip:carrier-c.example\0.evil.example"] });
    const facts = readCertificate(der);
    assert.deepEqual(facts.uris, ["sip:carrier-c.example\0.evil.example"]);
    assert.deepEqual(sipIdentities(facts), []);
  });

  it("refuses a second subjectAltName (RFC 5280 4.2)", () => {
    const san = Buffer.from("30098207612e6578616d70".slice(0, 22), "hex");
    const { der } = makeCertificate("carrier-c.example", root, {
      extensions: [san, san].map((one) => ({ identifier: "2.5.29.17", critical: false, der: one })),
    });
    const facts = readCertificate(der);
    assert.match(facts.unreadable ?? "", /2\.5\.29\.17 stands twice/);
    assert.deepEqual(sipIdentities(facts), []);
  });

  it("refuses bytes behind the certificate, bytes missing, and no bytes", () => {
    const { der } = makeCertificate("carrier-c.example", root);
    for (const bytes of [Buffer.concat([der, Buffer.from([0])]), der.subarray(0, -1), new Uint8Array(0)]) {
      const facts = readCertificate(bytes);
      assert.equal(facts.unreadable, "is not DER");
      assert.deepEqual(sipIdentities(facts), []);
    }
  });

  it("refuses BER that is not DER: a length in more bytes than it needs", () => {
    const { der } = makeCertificate("carrier-c.example", root);
    const length = der.length - 4;
    const ber = Buffer.concat([Buffer.from([0x30, 0x83, 0, length >> 8, length & 255]), der.subarray(4)]);
    assert.equal(readCertificate(ber).unreadable, "is BER, but not DER");
  });

  it("refuses a curve that is described, not named (RFC 5480 2.1.1)", () => {
    const file = join(packageRoot, "test/wire/certificate/fixtures/explicit-curve.pem");
    const [der] = readPem(readFileSync(file, "latin1"));
    assert.match(readCertificate(der!).unreadable ?? "", /curve/);
  });

  it("refuses two words about its signature (RFC 5280 4.1.1.2)", () => {
    const der = Buffer.from(makeCertificate("carrier-c.example", root).der);
    const ecdsaWithSha256 = Buffer.from("06082a8648ce3d040302", "hex");
    const outer = der.lastIndexOf(ecdsaWithSha256);
    assert.ok(outer > der.indexOf(ecdsaWithSha256));
    der[outer + ecdsaWithSha256.length - 1] = 3;
    assert.match(readCertificate(der).unreadable ?? "", /signature and signatureAlgorithm differ/);
  });

  it("never throws, and what it can't read names nobody", () => {
    const { der } = makeCertificate("carrier-c.example", root);
    const edits = fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(edits, (changes) => {
        const bytes = Uint8Array.from(der);
        for (const [at, value] of changes) bytes[at] = value;
        const facts = readCertificate(bytes);
        const identities = sipIdentities(facts);
        if (facts.unreadable !== undefined) assert.deepEqual(identities, []);
      }),
      { numRuns: 2_000 },
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.notEqual(readCertificate(bytes).unreadable, undefined);
      }),
    );
  });

  it("refuses a value nested deeper than any certificate", () => {
    let bytes = Buffer.alloc(0);
    for (let depth = 0; depth < 2_000; depth++) {
      const { length } = bytes;
      bytes = Buffer.concat([Buffer.from([0x30, 0x82, length >> 8, length & 255]), bytes]);
    }
    assert.equal(readCertificate(bytes).unreadable, "is not DER");
  });

  it("refuses more bytes than any certificate has", () => {
    assert.match(readCertificate(new Uint8Array(70_000)).unreadable ?? "", /longer than/);
  });

  it("keeps the rest of the chain behind the leaf", () => {
    const leaf = makeCertificate("carrier-c.example", root);
    assert.deepEqual(readCertificate(leaf.der, [root.der]).chain, [leaf.der, root.der]);
    assert.ok(readCertificate(leaf.der).notAfter > now);
  });
});

describe("PEM", () => {
  it("gives every certificate of a file in order, whatever stands between", () => {
    const leaf = makeCertificate("carrier-c.example", root);
    const text = `subject=x\r\n${leaf.certificate.replaceAll("\n", "\r\n")}\n# note\n${root.privateKey}${root.certificate}`;
    assert.deepEqual(readPem(text), [leaf.der, root.der]);
  });

  it("gives nothing where there is none", () => {
    assert.deepEqual(readPem("no certificate"), []);
  });

  it("is written in lines of 64 characters", () => {
    assert.equal(
      writePem(new Uint8Array(60)),
      `-----BEGIN CERTIFICATE-----\n${"A".repeat(64)}\n${"A".repeat(16)}\n-----END CERTIFICATE-----\n`,
    );
  });
});
