/**
 * The path validation cases of x509-limbo. They judge a whole web client; what a path is not
 * asked here, or is asked more strictly, stands below with its reason.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { readPem, readRevocationFile, validatePath } from "../../wire/index.ts";
import { packageRoot } from "../package-root.ts";

interface LimboCase {
  readonly id: string;
  readonly trusted_certs: readonly string[];
  readonly untrusted_intermediates: readonly string[];
  readonly peer_certificate: string;
  readonly validation_time: string | null;
  readonly expected_result: "SUCCESS" | "FAILURE";
  /** PEM. */
  readonly crls: readonly string[];
}

const file = join(packageRoot, "../shared/corpora/certs/limbo/limbo-regenerated.json");
const { testcases }: { readonly testcases: readonly LimboCase[] } = JSON.parse(readFileSync(file, "utf8"));

/** We refuse what limbo accepts. */
const stricter: Readonly<Record<string, string>> = {
  "pathlen::validation-ignores-pathlen-in-leaf":
    "the leaf's key usage lacks digitalSignature, which TLS 1.3 needs",
  "rfc5280::ca-as-leaf": "the same",
};

/** We accept what limbo refuses, by the beginning of the name. */
const laxer: Readonly<Record<string, string>> = {
  "pathlen::max-chain-depth": "no depth is given by the caller",
  "rfc5280::aki::": "that a key identifier is there is the issuer's duty; signatures decide",
  "rfc5280::ski::": "the same",
  "webpki::aki::": "the same",
  "rfc5280::serial::": "RFC 5280 4.1.2.2 asks readers to handle such serial numbers",
  "rfc5280::root-non-critical-basic-constraints": "criticality of what is understood is the issuer's duty",
  "rfc5280::nc::permitted-dns-match-noncritical": "the same",
  "rfc5280::pc::ica-noncritical-pc": "the same; critical policy constraints are refused",
  "rfc5280::san::noncritical-with-empty-subject": "the same",
  "webpki::san::san-critical-with-nonempty-subject": "the same",
  "webpki::malformed-aia": "an extension that is not asked for is not read",
  "rfc5280::leaf-ku-keycertsign": "a leaf that issues nothing does no harm by it",
  "webpki::ee-basicconstraints-ca": "the same",
  "webpki::forbidden-rsa": "2048 bits or more are enough",
  "rfc5280::eku::ee-": "the leaf's usage is the partner's question (RFC 5924 5)",
  "webpki::eku::": "the same",
  "webpki::cn::": "names are compared by RFC 5922 7.1, not by a path",
  "webpki::san::": "the same",
  "rfc5280::san::underscore-dns": "the same",
  "rfc5280::san::ip-in-dns": "the same",
};

function decide(one: LimboCase): boolean {
  const [leaf, ...rest] = [one.peer_certificate, ...one.untrusted_intermediates].flatMap(readPem);
  const at = one.validation_time === null ? Date.UTC(2026, 10, 24) : Date.parse(one.validation_time);
  const lists = one.crls.map(
    (text, index) => [`${index}.crl`, readRevocationFile(Buffer.from(text))] as const,
  );
  const options = lists.length === 0 ? {} : { revocation: new Map(lists) };
  return validatePath([leaf!, ...rest], one.trusted_certs.flatMap(readPem), at, options).ok;
}

describe("x509-limbo", () => {
  const used = new Set<string>();

  for (const one of testcases) {
    it(one.id, { timeout: 60_000 }, () => {
      const accepts = decide(one);
      const excuses = accepts ? Object.keys(laxer) : Object.keys(stricter);
      const excuse = excuses.find((start) => one.id.startsWith(start));
      const agrees = accepts === (one.expected_result === "SUCCESS");
      if (!agrees && excuse !== undefined) used.add(excuse);
      assert.ok(agrees || excuse !== undefined, `${one.expected_result} expected`);
    });
  }

  it("differs from us in nothing else, and in all that is said here", () => {
    const said = [...Object.keys(stricter), ...Object.keys(laxer)];
    assert.deepEqual(
      said.filter((start) => !used.has(start)),
      [],
    );
  });
});
