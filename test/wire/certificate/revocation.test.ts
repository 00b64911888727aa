import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type IssuingAuthority,
  readRevocationFile,
  readRevocationList,
  validatePath,
} from "../../../wire/index.ts";
import { makeAuthority, makeCertificate, now } from "../../certificate-authority.ts";
import {
  crlNumber,
  der,
  entry,
  extension,
  hex,
  identifiers,
  list,
  makeRevocationList,
  reason,
  rsaWithSha256,
  serialOf,
  writeList,
} from "../../revocation-list.ts";

const day = 86_400_000;
const root = makeAuthority("Root");
const middle = makeCertificate("Middle", root, { authority: true, uris: [] });
const leaf = makeCertificate("carrier-c.example", root);
const lower = makeCertificate("carrier-c.example", middle);
const other = makeCertificate("other.example", root);

const secondOf = (at: number): number => Math.floor(at / 1_000) * 1_000;

type Chain = readonly IssuingAuthority[];

/** CRLs stand in the files a.crl, b.crl and so on; a list of several is one file. */
function judge(
  chain: Chain,
  lists: readonly (Uint8Array | readonly Uint8Array[])[],
  { anchors = [root], at = now }: { readonly anchors?: Chain; readonly at?: number } = {},
): ReturnType<typeof validatePath> {
  const files = lists.map(
    (one, index) => [`${"abc"[index]}.crl`, one instanceof Uint8Array ? [one] : one] as const,
  );
  const ders = (some: Chain): Uint8Array[] => some.map((one) => one.der);
  return validatePath(ders(chain), ders(anchors), at, { revocation: new Map(files) });
}

const passes = (...question: Parameters<typeof judge>): void => {
  const result = judge(...question);
  assert.equal(result.ok, true, result.ok ? "" : result.cause);
};

const fails = (cause: RegExp, ...question: Parameters<typeof judge>): void => {
  const result = judge(...question);
  assert.ok(!result.ok, "it passed");
  assert.match(result.cause, cause);
};

describe("a path where CRLs are given (RFC 5280 6.3)", () => {
  it("passes while a current CRL of the leaf's issuer does not list it", () => {
    passes([leaf], [makeRevocationList(root)]);
    passes([leaf], [makeRevocationList(root, { revoked: [other] })]);
  });

  it("ends at a leaf that is listed", () => {
    fails(
      /^it is revoked \(RFC 5280 6\.3\): a\.crl lists it$/,
      [leaf],
      [makeRevocationList(root, { revoked: [other, leaf] })],
    );
  });

  it("ends at an intermediate that is listed", () => {
    const lists = [makeRevocationList(middle), makeRevocationList(root, { revoked: [middle] })];
    fails(/^CN=Middle is revoked .*: b\.crl lists it$/, [lower, middle], lists);
  });

  it("asks for a CRL of the leaf's issuer, and of no other", () => {
    passes([lower, middle], [makeRevocationList(middle)]);
    fails(
      /^whether it is revoked is not known: in a\.crl there is none of CN=Middle for it$/,
      [lower, middle],
      [makeRevocationList(root)],
    );
    fails(/not known: a\.crl holds no CRL that can be read$/, [leaf], [[]]);
    assert.ok(!validatePath([leaf.der], [root.der], now, { revocation: new Map() }).ok);
  });

  it("does not take an intermediate whose CRL is stale, or may be in a file that can't be read", () => {
    const stale = makeRevocationList(root, { nextUpdate: now - 10_000 });
    fails(/CN=Middle.*ended on/, [lower, middle], [makeRevocationList(middle), stale]);
    fails(/CN=Middle.*b\.crl holds no CRL/, [lower, middle], [makeRevocationList(middle), []]);
  });

  it("asks the issuer's CRL alone: serial numbers are the issuer's own", () => {
    const namesake = makeAuthority("Namesake");
    passes([leaf], [makeRevocationList(root), makeRevocationList(namesake, { revoked: [leaf] })]);
  });

  it("takes no CRL that somebody of the issuer's name has signed", () => {
    const impostor = makeAuthority("Root");
    fails(/the CRL in a\.crl is not signed by CN=Root/, [leaf], [makeRevocationList(impostor)]);
    passes([leaf], [makeRevocationList(root), makeRevocationList(impostor, { revoked: [leaf] })]);
  });

  it("takes none whose bytes were changed, and none of an algorithm that is weak", () => {
    const crl = Uint8Array.from(makeRevocationList(root, { revoked: [other] }));
    const at = Buffer.from(crl).indexOf(serialOf(other));
    crl[at + 6]! ^= 1;
    fails(/is not signed by CN=Root/, [leaf], [crl]);
    const rsa = makeAuthority("Root", { key: "rsa-2048" });
    const weak = Buffer.from(makeRevocationList(rsa)).toString("hex");
    const sha1 = hex(weak.replaceAll("2a864886f70d01010b", "2a864886f70d010105"));
    fails(
      /weak or unknown algorithm 1\.2\.840\.113549\.1\.1\.5/,
      [makeCertificate("c.example", rsa)],
      [sha1],
      {
        anchors: [rsa],
      },
    );
  });

  it("takes none that claims an algorithm of other keys, or two algorithms (5.1.1.2)", () => {
    const claiming = makeRevocationList(root, { algorithm: rsaWithSha256 });
    fails(/the CRL in a\.crl is not signed by CN=Root/, [leaf], [claiming]);
    const crl = Buffer.from(makeRevocationList(root));
    // The last one of ecdsa-with-SHA256 becomes ecdsa-with-SHA384.
    crl[crl.lastIndexOf(hex("2a8648ce3d040302")) + 7] = 3;
    fails(/signature and signatureAlgorithm differ/, [leaf], [crl]);
  });

  it("takes one of an RSA key", () => {
    const rsa = makeAuthority("Root", { key: "rsa-2048" });
    const end = makeCertificate("carrier-c.example", rsa);
    passes([end], [makeRevocationList(rsa)], { anchors: [rsa] });
    fails(/is revoked/, [end], [makeRevocationList(rsa, { revoked: [end] })], { anchors: [rsa] });
  });

  it("takes none of an authority whose key usage has no cRLSign (RFC 5280 4.2.1.3, 6.3.3 f)", () => {
    // keyCertSign alone: bit 5.
    const keyUsage = { identifier: "2.5.29.15", critical: true, der: hex("03020204") };
    const silent = makeAuthority("Silent", { extensions: [keyUsage] });
    fails(
      /CN=Silent may not sign CRLs/,
      [makeCertificate("carrier-c.example", silent)],
      [makeRevocationList(silent)],
      {
        anchors: [silent],
      },
    );
  });

  it("is judged by the CRL through the second of nextUpdate, and not before thisUpdate", () => {
    const [from, to] = [secondOf(now - 3_600_000), secondOf(now + day)];
    const crl = makeRevocationList(root, { thisUpdate: from, nextUpdate: to });
    passes([leaf], [crl], { at: from });
    passes([leaf], [crl], { at: to + 999 });
    const ended = new RegExp(`ended on ${new Date(to).toISOString().slice(0, 10)}$`);
    fails(ended, [leaf], [crl], { at: to + 1_000 });
    fails(/begins on/, [leaf], [crl], { at: from - 1 });
  });

  it("gives an answer that is good between the dates of the CRLs", () => {
    const [from, to] = [secondOf(now - 3_600_000), secondOf(now + 3_600_000)];
    const crl = makeRevocationList(root, { thisUpdate: from, nextUpdate: to });
    const good = judge([leaf], [crl]);
    assert.deepEqual([good.ok, good.from, good.until], [true, from, to + 1_000]);
    const stale = judge([leaf], [crl], { at: to + 1_000 });
    assert.deepEqual([stale.ok, stale.from], [false, to + 1_000]);
  });

  it("asks all that count: an old CRL beside a new one does no harm, and one that lists is enough", () => {
    const stale = makeRevocationList(root, { nextUpdate: now - 10_000, revoked: [leaf] });
    passes([leaf], [[stale, makeRevocationList(root)]]);
    fails(/is revoked/, [leaf], [makeRevocationList(root), makeRevocationList(root, { revoked: [leaf] })]);
  });

  it("finds its way over an authority that stands where another of its name is revoked", () => {
    const again = makeCertificate("Middle", root, { authority: true, uris: [] });
    const lists = [
      makeRevocationList(middle),
      makeRevocationList(again),
      makeRevocationList(root, { revoked: [again] }),
    ];
    passes([lower, again, middle], lists);
    fails(/is revoked/, [makeCertificate("carrier-c.example", again), again, middle], lists);
  });

  it("does not ask about an anchor", () => {
    passes([leaf], [makeRevocationList(root, { revoked: [root] })]);
    passes([leaf], [makeRevocationList(root, { revoked: [leaf] })], { anchors: [leaf] });
  });
});

describe("a CRL (RFC 5280 5)", () => {
  const flawOf = (crl: Uint8Array): string | undefined => readRevocationList(crl).unreadable;
  const withScope = (value: Buffer): Buffer => extension(identifiers.issuingDistributionPoint, value, true);

  it("is read with its issuer, its dates and the number of its entries", () => {
    const [thisUpdate, nextUpdate] = [Date.UTC(2026, 0, 1, 12), Date.UTC(2051, 0, 1)];
    assert.deepEqual(
      readRevocationList(makeRevocationList(root, { thisUpdate, nextUpdate, revoked: [leaf, other] })),
      {
        unreadable: undefined,
        issuer: "CN=Root",
        thisUpdate,
        nextUpdate,
        entries: 2,
      },
    );
  });

  it("is unusable without nextUpdate or cRLNumber (5.1.2.5, 5.2.3)", () => {
    assert.match(flawOf(makeRevocationList(root, { nextUpdate: undefined }))!, /^nextUpdate is missing/);
    assert.match(flawOf(makeRevocationList(root, { extensions: [] }))!, /no cRLNumber/);
    const critical = extension(identifiers.crlNumber, hex("020101"), true);
    assert.match(flawOf(makeRevocationList(root, { extensions: [critical] }))!, /critical cRLNumber/);
    const long = extension(identifiers.crlNumber, der(0x02, Buffer.alloc(21, 1)));
    assert.match(flawOf(makeRevocationList(root, { extensions: [long] }))!, /cRLNumber is malformed/);
  });

  it("is unusable with a critical extension that we do not know, in it or in an entry (5.2, 5.3)", () => {
    const unknown = extension("2a0304", hex("0500"), true);
    assert.match(
      flawOf(makeRevocationList(root, { extensions: [crlNumber, unknown] }))!,
      /unknown critical extension 1\.2\.3\.4/,
    );
    assert.equal(
      flawOf(makeRevocationList(root, { extensions: [crlNumber, extension("2a0304", hex("0500"))] })),
      undefined,
    );
    const issuer = extension(identifiers.certificateIssuer, list(), true);
    const entries = [entry(serialOf(other), list(issuer))];
    assert.match(flawOf(makeRevocationList(root, { entries }))!, /entry with an unknown critical extension/);
  });

  it("is refused where it is a delta CRL (5.2.4)", () => {
    const delta = extension(identifiers.deltaCrlIndicator, hex("020101"), true);
    assert.match(flawOf(makeRevocationList(root, { extensions: [crlNumber, delta] }))!, /delta CRL/);
  });

  it("lists a certificate for whatever reason but removeFromCRL (5.3.1, 6.3.3 k)", () => {
    for (const code of [0, 1, 2, 3, 4, 5, 6, 9, 10]) {
      const entries = [entry(serialOf(other)), entry(serialOf(leaf), reason(code))];
      fails(/is revoked/, [leaf], [makeRevocationList(root, { entries })]);
    }
    const entries = [entry(serialOf(leaf), reason(8)), entry(serialOf(other), reason(1))];
    passes([leaf], [makeRevocationList(root, { entries })]);
    fails(/is revoked/, [other], [makeRevocationList(root, { entries })]);
  });

  it("speaks of what its issuing distribution point says (5.2.5, 6.3.3 b)", () => {
    const of = (value: string, revoked: Chain = []): Uint8Array =>
      makeRevocationList(root, { revoked, extensions: [crlNumber, withScope(hex(value))] });
    const endEntities = "3003 8101ff";
    const authorities = "3003 8201ff";
    passes([leaf], [of(endEntities)]);
    fails(/is revoked/, [leaf], [of(endEntities, [leaf])]);
    fails(/there is none of CN=Root for it/, [leaf], [of(authorities)]);
    passes([leaf], [makeRevocationList(root), of(authorities, [leaf])]);
    const ofMiddle = makeRevocationList(middle);
    fails(/CN=Middle is revoked/, [lower, middle], [ofMiddle, of(authorities, [middle])]);
    passes([lower, middle], [ofMiddle, of(endEntities)]);
    // [3] onlySomeReasons, [4] indirectCRL, [5] onlyContainsAttributeCerts.
    assert.match(flawOf(of("3004 83020640"))!, /some reasons/);
    assert.match(flawOf(of("3003 8401ff"))!, /indirect/);
    assert.match(flawOf(of("3003 8501ff"))!, /attribute certificates/);
    assert.match(flawOf(of("3006 8101ff 8201ff"))!, /malformed/);
  });

  it("of a distribution point speaks of the certificates that name it", () => {
    const uri = (text: string): Buffer => der(0x86, Buffer.from(text));
    const point = (...texts: readonly string[]): Buffer => der(0xa0, der(0xa0, ...texts.map(uri)));
    const naming = (...parts: readonly Buffer[]): IssuingAuthority =>
      makeCertificate("carrier-c.example", root, {
        extensions: [{ identifier: "2.5.29.31", critical: false, der: list(list(...parts)) }],
      });
    const crl = makeRevocationList(root, {
      extensions: [crlNumber, withScope(list(point("http://crl.example/1")))],
    });
    passes([naming(point("http://other.example/", "http://crl.example/1"))], [crl]);
    for (const stranger of [
      leaf,
      naming(point("http://crl.example/2")),
      // [1] reasons, [2] cRLIssuer.
      naming(point("http://crl.example/1"), hex("81020640")),
      naming(point("http://crl.example/1"), der(0xa2, uri("http://issuer.example/"))),
    ]) {
      fails(/there is none of CN=Root for it/, [stranger], [crl]);
    }
  });

  it("is DER and nothing else", () => {
    const crl = Buffer.from(makeRevocationList(root, { revoked: [leaf] }));
    for (const end of [0, 1, 2, 10, crl.length >> 1, crl.length - 1]) {
      assert.match(flawOf(crl.subarray(0, end))!, /missing|malformed|DER/);
    }
    assert.match(flawOf(Buffer.concat([crl, hex("00")]))!, /malformed/);
    for (const serial of ["0200", "02020001", "0202ff80", "020100 00"]) {
      assert.match(flawOf(makeRevocationList(root, { entries: [entry(hex(serial))] }))!, /missing|malformed/);
    }
    assert.match(flawOf(hex("3080 3000 0000"))!, /malformed/);
    assert.match(flawOf(leaf.der)!, /missing|malformed|unknown/);
  });

  it("loads with a million entries, and finds each", () => {
    const count = 1_000_000;
    const row = entry(hex("0204 40000000"));
    const rows = Buffer.alloc(count * row.length);
    for (let index = 0; index < count; index++) {
      row.copy(rows, index * row.length);
      // 7919 and 2^30 - 1 have no common divisor: each number stands once, in no order.
      rows.writeUInt32BE(0x40000000 + ((index * 7919) % 0x3fffffff), index * row.length + 4);
    }
    const crl = makeRevocationList(root, { entries: [rows, entry(serialOf(leaf))] });
    const reading = readRevocationList(crl);
    assert.equal(reading.unreadable === undefined && reading.entries, count + 1);
    fails(/is revoked/, [leaf], [crl]);
    passes([other], [crl]);
  });

  it("throws nothing whatever its bytes are, and lets nobody pass whom it listed", () => {
    const crl = makeRevocationList(root, { entries: [entry(serialOf(leaf), reason(1))] });
    const edit = fc.tuple(fc.nat(crl.length - 1), fc.integer({ min: 0, max: 255 }));
    const cut = fc.tuple(fc.nat(crl.length), fc.nat(crl.length));
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 4 }), fc.option(cut), (edits, taken) => {
        const bytes = Uint8Array.from(crl);
        for (const [at, value] of edits) bytes[at] = value;
        const rest =
          taken === null ? bytes : Buffer.concat([bytes.subarray(0, taken[0]), bytes.subarray(taken[1])]);
        readRevocationList(rest);
        readRevocationFile(rest);
        assert.equal(judge([leaf], [rest]).ok, false);
      }),
      { numRuns: 2_000 },
    );
  });

  it("may stand in a file as DER, or with others as PEM", () => {
    const [one, two] = [makeRevocationList(root), makeRevocationList(middle)];
    const bytes = (some: readonly Uint8Array[]): Buffer[] => some.map((crl) => Buffer.from(crl));
    assert.deepEqual(bytes(readRevocationFile(one)), bytes([one]));
    const text = `a word before\n${writeList(one)}${root.certificate}${writeList(two)}`;
    assert.deepEqual(bytes(readRevocationFile(Buffer.from(text))), bytes([one, two]));
    assert.deepEqual(readRevocationFile(Buffer.from(root.certificate)), []);
    assert.deepEqual(readRevocationFile(new Uint8Array()), []);
  });
});
