import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { describeCertificate, issueCertificate } from "../../../wire/index.ts";
import { der } from "../../revocation-list.ts";

const validity = { notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2027, 11, 31) };
const root = issueCertificate({ commonName: "Root, of C", authority: true, ...validity });

/** GeneralNames of RFC 5280 4.2.1.6: the number is that of the choice. */
const names = (...entries: readonly (readonly [number, Uint8Array])[]): Uint8Array =>
  der(0x30, ...entries.map(([choice, value]) => der(0x80 + choice, value)));

const withNames = (value: Uint8Array): ReturnType<typeof describeCertificate> =>
  describeCertificate(
    issueCertificate(
      {
        commonName: "leaf",
        ...validity,
        extensions: [{ identifier: "2.5.29.17", critical: false, der: value }],
      },
      root,
    ).der,
  );

describe("describeCertificate", () => {
  it("says whose it is, by whom, how long, and for what", () => {
    const request = { commonName: "leaf", uris: ["sip:c.example"], dns: ["e.c.example"], ...validity };
    assert.deepEqual(describeCertificate(issueCertificate(request, root).der), {
      unreadable: undefined,
      subject: "CN=leaf",
      issuer: "CN=Root\\, of C",
      names: ["URI:sip:c.example", "DNS:e.c.example"],
      ...validity,
      usages: ["sipDomain", "serverAuth", "clientAuth"],
      authority: false,
    });
  });

  it("tells an authority, which has no extended key usage here", () => {
    const described = describeCertificate(root.der);
    assert.ok(described.unreadable === undefined);
    assert.deepEqual([described.authority, described.usages, described.names], [true, undefined, []]);
  });

  it("takes no certificate for an authority's that may not sign others (RFC 5280 4.2.1.3)", () => {
    // keyUsage with digitalSignature alone.
    const keyUsage = { identifier: "2.5.29.15", critical: true, der: der(0x03, Buffer.from([7, 0x80])) };
    const request = { commonName: "no signer", authority: true, extensions: [keyUsage], ...validity };
    const described = describeCertificate(issueCertificate(request).der);
    assert.ok(described.unreadable === undefined);
    assert.equal(described.authority, false);
  });

  it("shows names of each kind, and no control character of theirs", () => {
    const described = withNames(
      names(
        [1, Buffer.from("noc@c.example")],
        [2, Buffer.from("c.example\0.evil.example")],
        [6, Buffer.from("sip:c.example\u001b[2J")],
        [7, Buffer.from([192, 0, 2, 1])],
        [7, Buffer.from("20010db8000000000000000000000001", "hex")],
      ),
    );
    assert.ok(described.unreadable === undefined);
    assert.deepEqual(described.names, [
      "email:noc@c.example",
      "DNS:c.example\\x00.evil.example",
      "URI:sip:c.example\\x1b[2J",
      "IP:192.0.2.1",
      "IP:2001:0db8:0000:0000:0000:0000:0000:0001",
    ]);
  });

  it("escapes control characters of a subject (RFC 4514 2.4)", () => {
    const described = describeCertificate(
      issueCertificate({ commonName: "a\u001b[31m\u0085b", ...validity }, root).der,
    );
    assert.ok(described.unreadable === undefined);
    assert.equal(described.subject, "CN=a\\1b[31m\\c2\\85b");
  });

  it("says which extension can't be read (RFC 5280 4.2.1.9: a SEQUENCE)", () => {
    const basicConstraints = { identifier: "2.5.29.19", critical: true, der: new Uint8Array([0x04, 0x00]) };
    const { der: malformed } = issueCertificate({
      commonName: "edge",
      notBefore: Date.UTC(2026, 0),
      notAfter: Date.UTC(2027, 0),
      extensions: [basicConstraints],
    });
    assert.deepEqual(describeCertificate(malformed), {
      unreadable: "basicConstraints is missing or malformed",
    });
  });

  it("says why one can't be read", () => {
    const described = describeCertificate(Buffer.from("none"));
    assert.ok(described.unreadable !== undefined && described.unreadable !== "");
  });
});
