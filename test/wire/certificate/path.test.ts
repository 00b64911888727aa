import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type IssuingAuthority, type PathOptions, readPem, validatePath } from "../../../wire/index.ts";
import { makeAuthority, makeCertificate, now } from "../../certificate-authority.ts";
import { packageRoot } from "../../package-root.ts";

const day = 86_400_000;
const root = makeAuthority("Root");
const middle = makeCertificate("Middle", root, { authority: true, uris: [] });
const leaf = makeCertificate("carrier-c.example", middle);

type Chain = readonly IssuingAuthority[];

const ders = (chain: Chain): Uint8Array[] => chain.map(({ der }) => der);
const judge = (
  chain: Chain,
  anchors: Chain,
  at = now,
  options: PathOptions = {},
): ReturnType<typeof validatePath> => validatePath(ders(chain), ders(anchors), at, options);

function accepted(chain: Chain, anchors: Chain, at = now, options: PathOptions = {}): void {
  const result = judge(chain, anchors, at, options);
  assert.equal(result.ok, true, result.ok ? "" : result.cause);
}

function refused(chain: Chain, anchors: Chain, cause: RegExp, at = now, options: PathOptions = {}): void {
  const result = judge(chain, anchors, at, options);
  assert.ok(!result.ok);
  assert.match(result.cause, cause);
}

const secondOf = (at: number): number => Math.floor(at / 1_000) * 1_000;

const constraint = (hex: string): { identifier: string; critical: boolean; der: Uint8Array } => ({
  identifier: "2.5.29.30",
  critical: true,
  der: Buffer.from(hex.replaceAll(" ", ""), "hex"),
});

const wrap = (first: number, content: Buffer): Buffer =>
  Buffer.concat([Buffer.from([first, content.length]), content]);

/** NameConstraints with one subtree; list 0 permits and 1 excludes, tag 2 is DNS and 6 is URI. */
function subtree(list: 0 | 1, tag: number, value: string | Buffer): ReturnType<typeof constraint> {
  const bytes = Buffer.from(value);
  return constraint(wrap(0x30, wrap(0xa0 + list, wrap(0x30, wrap(0x80 + tag, bytes)))).toString("hex"));
}

describe("a certification path (RFC 5280 6.1)", () => {
  for (const key of ["P-256", "P-384", "rsa-2048"] as const) {
    it(`leads from the leaf over intermediates to an anchor (${key})`, () => {
      const top = makeAuthority("Top", { key });
      const lower = makeCertificate("Lower", top, { authority: true, uris: [], key });
      const end = makeCertificate("carrier-c.example", lower, { key });
      accepted([end, lower], [top]);
    });
  }

  it("is found in any order, with strangers and repetitions among it (RFC 8446 4.4.2)", () => {
    const lower = makeCertificate("Lower", middle, { authority: true, uris: [] });
    const end = makeCertificate("carrier-c.example", lower);
    const stranger = makeAuthority("Stranger");
    accepted([end, root, stranger, middle, middle, lower], [stranger, root]);
  });

  it("ends at an anchor that is itself an intermediate", () => accepted([leaf], [middle]));

  it("is the leaf alone where the leaf is an anchor", () => {
    const self = makeCertificate("carrier-c.example", undefined);
    accepted([self], [self]);
    refused([self], [root], /self-signed/);
    refused([self], [], /no authority is known/);
  });

  it("names the issuer that is missing", () => {
    refused([leaf], [root], /^its issuer CN=Middle is missing$/);
  });

  it("needs an anchor: a chain that brings its own root proves nothing", () => {
    refused([leaf, middle, root], [makeAuthority("Other")], /CN=Root is self-signed/);
  });

  it("does not take an authority of the same name for the issuer", () => {
    refused([leaf, middle], [makeAuthority("Root")], /signature on CN=Middle is not by CN=Root/);
  });

  it("goes another way where two authorities have the same name", () => {
    accepted([leaf, makeAuthority("Middle"), middle], [makeAuthority("Root"), root]);
  });

  it("stands within all its dates, to the second", () => {
    const brief = makeCertificate("carrier-c.example", root, { notBefore: now, notAfter: now + day });
    refused([brief], [root], /^it is not valid yet$/, secondOf(now) - 1);
    accepted([brief], [root], secondOf(now));
    accepted([brief], [root], secondOf(now + day) + 999);
    refused([brief], [root], /^it has expired$/, secondOf(now + day) + 1_000);
    const old = makeCertificate("Old", root, { authority: true, uris: [], notAfter: now - 2_000 });
    refused([makeCertificate("carrier-c.example", old), old], [root], /CN=Old has expired/);
    const oldRoot = makeAuthority("Old root", { notAfter: now - 2_000 });
    refused([makeCertificate("carrier-c.example", oldRoot)], [oldRoot], /CN=Old root has expired/);
  });

  it("says how long its answer holds", () => {
    const brief = makeCertificate("carrier-c.example", root, { notBefore: now, notAfter: now + day });
    const during = judge([brief], [root], now + 1_000);
    assert.deepEqual([during.from, during.until], [secondOf(now), secondOf(now + day) + 1_000]);
    const before = judge([brief], [root], now - 1_000);
    assert.equal(before.ok, false);
    assert.equal(before.until, secondOf(now));
  });

  it("leads only over certificate authorities (RFC 5280 4.2.1.9)", () => {
    const end = makeCertificate("carrier-c.example", root);
    refused(
      [makeCertificate("open-d.example", end), end],
      [root],
      /carrier-c\.example is no certificate authority/,
    );
    refused([makeCertificate("open-d.example", end)], [end], /is no certificate authority/);
  });

  it("keeps the path length that an authority sets", () => {
    const short = makeCertificate("Short", root, { authority: true, uris: [], pathLength: 0 });
    const below = makeCertificate("Below", short, { authority: true, uris: [] });
    accepted([makeCertificate("carrier-c.example", short), short], [root]);
    refused(
      [makeCertificate("carrier-c.example", below), below, short],
      [root],
      /below CN=Short is too long/,
    );
    const shortRoot = makeAuthority("Short root", { pathLength: 0 });
    const under = makeCertificate("Under", shortRoot, { authority: true, uris: [] });
    refused([makeCertificate("carrier-c.example", under), under], [shortRoot], /too long/);
  });

  it("has keys that may do what they do (RFC 5280 4.2.1.3)", () => {
    const keyUsage = (bits: string): object => ({
      extensions: [{ identifier: "2.5.29.15", critical: true, der: Buffer.from(bits, "hex") }],
    });
    const [digitalSignature, keyEncipherment, crlSign] = ["03020780", "03020520", "03020102"];
    accepted([makeCertificate("c.example", root, keyUsage(digitalSignature))], [root]);
    const end = makeCertificate("c.example", root, keyUsage(keyEncipherment));
    refused([end], [root], /no digitalSignature/);
    const lister = makeCertificate("Lister", root, { authority: true, uris: [], ...keyUsage(crlSign) });
    refused([makeCertificate("c.example", lister), lister], [root], /CN=Lister may not sign certificates/);
    refused([makeCertificate("c.example", root, keyUsage("0500"))], [root], /keyUsage is malformed/);
  });

  it("has certificates of version 3 only (TS 33.310 6.1.1)", () => {
    const [anchor, old] = ["root", "version-1"].map((name) => {
      const file = join(packageRoot, `test/wire/certificate/fixtures/${name}.pem`);
      return readPem(readFileSync(file, "latin1"))[0]!;
    });
    const result = validatePath([old!], [anchor!], Date.UTC(2030, 0, 1));
    assert.ok(!result.ok);
    assert.equal(result.cause, "it is not of version 3");
    assert.equal(validatePath([anchor!], [anchor!], Date.UTC(2030, 0, 1)).ok, true);
  });

  it("knows every critical extension of its certificates, or refuses", () => {
    const odd = { identifier: "1.2.3.4", der: Buffer.from("0500", "hex") };
    refused(
      [makeCertificate("c.example", root, { extensions: [{ ...odd, critical: true }] })],
      [root],
      /1\.2\.3\.4/,
    );
    accepted([makeCertificate("c.example", root, { extensions: [{ ...odd, critical: false }] })], [root]);
  });

  it("has no weak signature and no weak key (RFC 9325 4.5)", () => {
    refused(
      [makeCertificate("carrier-c.example", root, { hash: "sha1" })],
      [root],
      /weak or unknown algorithm/,
    );
    refused(
      [makeCertificate("carrier-c.example", root, { key: "rsa-1024" })],
      [root],
      /RSA key of 1024 bits/,
    );
    const weak = makeAuthority("Weak", { key: "rsa-1024" });
    refused([makeCertificate("carrier-c.example", weak)], [weak], /CN=Weak has an RSA key of 1024 bits/);
  });

  it("does not mind the signature of an anchor, which nothing rests on", () => {
    const old = makeAuthority("Old style", { hash: "sha1" });
    accepted([makeCertificate("carrier-c.example", old)], [old]);
  });

  it("asks intermediates for a usage, where they have any at all", () => {
    const web = makeCertificate("Web", root, { authority: true, uris: [], usages: ["serverAuth"] });
    const end = makeCertificate("carrier-c.example", web);
    refused([end, web], [root], /usage of CN=Web does not cover SIP/, now, {
      usages: ["1.3.6.1.5.5.7.3.20"],
    });
    accepted([end, web], [root], now, { usages: ["1.3.6.1.5.5.7.3.1"] });
    accepted([leaf, middle], [root], now, { usages: ["1.3.6.1.5.5.7.3.20"] });
  });

  it("is bounded, however the certificates are made", { timeout: 60_000 }, () => {
    const many = Array.from({ length: 14 }, () =>
      makeCertificate("Middle", root, { authority: true, uris: [] }),
    );
    refused([leaf, ...many], [root], /not by CN=Middle|too many/);
    refused([leaf, ...many, ...many], [root], /more than 16/);
  });

  it("leads to no anchor once a byte of it has changed, and never throws", () => {
    const touched = fc.tuple(fc.boolean(), fc.nat(), fc.integer({ min: 1, max: 255 }));
    fc.assert(
      fc.property(touched, ([first, place, change]) => {
        const chain = [leaf, middle].map(({ der }) => Uint8Array.from(der));
        const bytes = chain[first ? 0 : 1]!;
        bytes[place % bytes.length]! ^= change;
        assert.equal(validatePath(chain, [root.der], now).ok, false);
      }),
      { numRuns: 400 },
    );
  });

  it("has a leaf", () => {
    const none = validatePath([], [root.der], now);
    assert.ok(!none.ok);
    const garbage = validatePath([new Uint8Array([1, 2, 3])], [root.der], now);
    assert.ok(!garbage.ok);
    assert.match(garbage.cause, /is not DER/);
  });
});

const under = (extension: ReturnType<typeof constraint>, domain: string, request = {}): Chain => {
  const held = makeCertificate("Held", root, { authority: true, uris: [], extensions: [extension] });
  return [makeCertificate(domain, held, request), held];
};
const dnsOnly = (domain: string): object => ({ uris: [], dns: [domain] });

describe("name constraints (RFC 5280 4.2.1.10)", () => {
  it("hold DNS names to the permitted domains and those below", () => {
    const permitted = subtree(0, 2, "carrier-c.example");
    accepted(under(permitted, "x", dnsOnly("carrier-c.example")), [root]);
    accepted(under(permitted, "x", dnsOnly("edge.Carrier-C.example")), [root]);
    refused(
      under(permitted, "x", dnsOnly("open-d.example")),
      [root],
      /CN=Held may not certify open-d\.example/,
    );
    refused(under(permitted, "x", dnsOnly("xcarrier-c.example")), [root], /may not certify/);
  });

  it("hold DNS names out of the excluded domains", () => {
    const excluded = subtree(1, 2, "open-d.example");
    accepted(under(excluded, "x", dnsOnly("carrier-c.example")), [root]);
    refused(under(excluded, "x", dnsOnly("sip.open-d.example")), [root], /may not certify/);
  });

  it("keep a wildcard out of what is excluded below it", () => {
    refused(
      under(subtree(1, 2, "a.open-d.example"), "x", dnsOnly("*.open-d.example")),
      [root],
      /may not certify/,
    );
    accepted(under(subtree(1, 2, "open-d.example"), "x", dnsOnly("*.carrier-c.example")), [root]);
  });

  it("hold the domain of a sip URI, and a common name that stands for one, to the DNS names too", () => {
    const permitted = subtree(0, 2, "carrier-c.example");
    accepted(under(permitted, "carrier-c.example"), [root]);
    refused(under(permitted, "open-d.example"), [root], /may not certify open-d\.example/);
    refused(under(permitted, "open-d.example", { uris: [] }), [root], /may not certify open-d\.example/);
  });

  it("refuse a URI without authority, as every sip URI is, where URIs are constrained", () => {
    refused(under(subtree(0, 6, "carrier-c.example"), "carrier-c.example"), [root], /may not certify sip:/);
    const https = { uris: ["https://carrier-c.example/x"], dns: ["carrier-c.example"] };
    accepted(under(subtree(0, 6, "carrier-c.example"), "x", https), [root]);
    refused(under(subtree(0, 6, ".carrier-c.example"), "x", https), [root], /may not certify/);
  });

  it("hold mailboxes to a host, to the hosts below a domain, or to one mailbox", () => {
    const mail = (address: string): object => ({
      extensions: [
        {
          identifier: "2.5.29.17",
          critical: false,
          der: wrap(0x30, wrap(0x81, Buffer.from(address))),
        },
      ],
      uris: [],
    });
    const rows: [string, string, boolean][] = [
      ["carrier-c.example", "a@carrier-c.example", true],
      ["carrier-c.example", "a@Carrier-C.example", true],
      ["carrier-c.example", "a@x.carrier-c.example", false],
      [".carrier-c.example", "a@x.carrier-c.example", true],
      [".carrier-c.example", "a@carrier-c.example", false],
      ["a@carrier-c.example", "a@carrier-c.example", true],
      ["a@carrier-c.example", "A@carrier-c.example", false],
      ["carrier-c.example", "a@b@carrier-c.example", false],
    ];
    for (const [constrained, address, passes] of rows) {
      const chain = under(subtree(0, 1, constrained), "x", mail(address));
      if (passes) accepted(chain, [root]);
      else refused(chain, [root], /may not certify/);
    }
  });

  it("hold through intermediates below", () => {
    const held = makeCertificate("Held", root, {
      authority: true,
      uris: [],
      extensions: [subtree(0, 2, "carrier-c.example")],
    });
    const below = makeCertificate("Below", held, { authority: true, uris: [] });
    refused([makeCertificate("open-d.example", below), below, held], [root], /CN=Held may not certify/);
  });

  it("do not take an intermediate's common name for a DNS name", () => {
    const held = makeCertificate("Held", root, {
      authority: true,
      uris: [],
      extensions: [subtree(0, 2, "carrier-c.example")],
    });
    const below = makeCertificate("an-intermediate", held, { authority: true, uris: [] });
    accepted([makeCertificate("carrier-c.example", below), below, held], [root]);
  });

  it("of an anchor hold as well", () => {
    const held = makeAuthority("Held root", { extensions: [subtree(0, 2, "carrier-c.example")] });
    accepted([makeCertificate("carrier-c.example", held)], [held]);
    refused([makeCertificate("open-d.example", held)], [held], /may not certify/);
  });

  it("that can't be read refuse", () => {
    refused(under(constraint("3000"), "carrier-c.example"), [root], /nameConstraints is empty/);
    refused(under(constraint("3002a000"), "carrier-c.example"), [root], /nameConstraints is malformed/);
    refused(
      under(constraint("0500"), "carrier-c.example"),
      [root],
      /nameConstraints is missing or malformed/,
    );
  });
});
