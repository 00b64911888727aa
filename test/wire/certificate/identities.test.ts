import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type CertificateNames, domainName, sipIdentities } from "../../../wire/index.ts";

const names = (some: Partial<CertificateNames>): CertificateNames => ({
  uris: [],
  dns: [],
  hasSubjectAltName: (some.uris ?? some.dns) !== undefined,
  ...some,
});

const cases: [string, Partial<CertificateNames>, string[]][] = [
  // Scenario S07.
  [
    "a sip URI beats DNS names",
    { uris: ["sip:carrier-c.example"], dns: ["other.example"] },
    ["carrier-c.example"],
  ],
  [
    "a URI with a user is none, so DNS counts",
    { uris: ["sip:bob@carrier-c.example"], dns: ["carrier-c.example"] },
    ["carrier-c.example"],
  ],
  [
    "a subjectAltName of another kind forbids the common name",
    { hasSubjectAltName: true, commonName: "carrier-c.example" },
    [],
  ],
  [
    "a common name counts where there is no subjectAltName",
    { commonName: "carrier-c.example" },
    ["carrier-c.example"],
  ],
  ["a sips URI is none", { uris: ["sips:carrier-c.example"] }, []],
  // RFC 5922 7.1, 7.2.
  [
    "the scheme is compared without regard to case",
    { uris: ["SIP:Carrier-C.Example"] },
    ["carrier-c.example"],
  ],
  [
    "port and parameters are ignored",
    { uris: ["sip:carrier-c.example:5061;transport=tls?a=b"] },
    ["carrier-c.example"],
  ],
  [
    "several identities are a set",
    { uris: ["sip:a.example", "sip:b.example", "sip:A.example"] },
    ["a.example", "b.example"],
  ],
  ["other schemes are none", { uris: ["https://carrier-c.example", "tel:+1", "im:carrier-c.example"] }, []],
  ["an @ anywhere is a userinfo", { uris: ["sip:carrier-c.example;x=a@open-d.example"] }, []],
  ["an escaped @ makes no host", { uris: ["sip:bob%40carrier-c.example"] }, []],
  ["an @ in the headers is enough", { uris: ["sip:carrier-c.example?Subject=a@b"] }, []],
  ["a wildcard stands for itself alone", { dns: ["*.carrier-c.example"] }, ["*.carrier-c.example"]],
  ["a suffix is another name", { dns: ["edge.carrier-c.example"] }, ["edge.carrier-c.example"]],
  ["a leading dot is no name", { dns: [".carrier-c.example"] }, []],
  [
    "a NUL ends no name",
    { uris: ["sip:carrier-c.example\0.evil.example"], dns: ["carrier-c.example\0.evil.example"] },
    [],
  ],
  ["bytes above 127 are none", { dns: ["carrier-\xe7.example"], uris: ["sip:carrier-\xe7.example"] }, []],
  ["the Kelvin sign is no k", { commonName: "\u212Aarrier.example" }, []],
  ["a blank is none", { dns: ["carrier-c.example "], uris: ["sip:carrier-c.example "] }, []],
  ["the ASCII form of an IDN is one", { dns: ["XN--bcher-kva.example"] }, ["xn--bcher-kva.example"]],
  ["a URI without a host is none", { uris: ["sip:", "sip:;lr", "sip::5061"] }, []],
  [
    "a URI may end in the root's dot (RFC 3261 25.1)",
    { uris: ["sip:carrier-c.example."] },
    ["carrier-c.example"],
  ],
  ["a dNSName may not (RFC 5280 4.2.1.6)", { dns: ["carrier-c.example."] }, []],
  ["a common name in words is no DNS name", { commonName: "Carrier C" }, []],
  ["a common name that is an address is no DNS name", { commonName: "192.0.2.1" }, []],
  [
    "empty lists in a subjectAltName forbid the common name",
    { uris: [], commonName: "carrier-c.example" },
    [],
  ],
  [
    "a label has 63 bytes at most",
    { dns: [`${"a".repeat(64)}.example`, `${"a".repeat(63)}.example`] },
    [`${"a".repeat(63)}.example`],
  ],
  ["what can't be read names nobody", { uris: ["sip:carrier-c.example"], unreadable: "is not DER" }, []],
];

describe("the SIP identities of a certificate (RFC 5922 7.1)", () => {
  for (const [title, some, expected] of cases) {
    it(title, () => assert.deepEqual(sipIdentities(names(some)), expected));
  }
});

describe("a domain name", () => {
  it("is lower case and has no root's dot", () => {
    assert.equal(domainName("Carrier-C.Example."), "carrier-c.example");
    assert.equal(domainName("home1"), "home1");
  });

  it("is undefined where it is none", () => {
    for (const host of [
      "",
      ".",
      "a..b",
      "a b",
      "-a.example",
      "a-.example",
      "[::1]",
      "*.a",
      "a\0b",
      "a_b.example",
      `${"a.".repeat(130)}a`,
    ]) {
      assert.equal(domainName(host), undefined, host);
    }
  });
});
