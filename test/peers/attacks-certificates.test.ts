/**
 * Certificates that would pass for carrier-c's (docs/attacks.md): shown to our listener, and shown
 * where we look for carrier-c.
 */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { CertificateRequest, IssuingAuthority } from "../../wire/index.ts";
import { StreamHop } from "../border/stream-peer.ts";
import { makeCertificate, now } from "../certificate-authority.ts";
import { AttackedBorder, carrierRoot, other, otherRoot } from "./attacked-border.ts";

const day = 86_400_000;
const utf8 = (text: string): string => Buffer.from(text, "utf8").toString("latin1");

/** By carrier-c's own authority: only the name is wrong. */
const named = (request: Partial<CertificateRequest>): readonly IssuingAuthority[] => [
  makeCertificate("x", carrierRoot, request),
];
const carrierBy = (by: IssuingAuthority | undefined, request: Partial<CertificateRequest> = {}) =>
  makeCertificate("carrier-c.example", by, request);
const alternativeName = (der: string): Partial<CertificateRequest> => ({
  uris: [],
  commonName: "carrier-c.example",
  extensions: [{ identifier: "2.5.29.17", critical: false, der: Buffer.from(der, "hex") }],
});
/** GeneralNames with one otherName: the type, then a string with an explicit tag 0. */
function otherName(type: string, tag: number, text: string): string {
  const value = Buffer.concat([Buffer.from([tag, text.length]), Buffer.from(text)]);
  const inner = Buffer.concat([Buffer.from(type, "hex"), Buffer.from([0xa0, value.length]), value]);
  return Buffer.concat([Buffer.from([0x30, inner.length + 2, 0xa0, inner.length]), inner]).toString("hex");
}

const subscriber = makeCertificate("subscriber.carrier-c.example", carrierRoot);

/** What, its chain, why it is refused as client of ours, and where carrier-c is sought if that differs. */
const attacks: readonly (readonly [string, readonly IssuingAuthority[], RegExp, RegExp?])[] = [
  ["by another partner's authority", [carrierBy(otherRoot)], /its issuer CN=Partner E root is missing/],
  ["by another partner's authority, which it brings along", [carrierBy(otherRoot), otherRoot], /refused: /],
  ["signed by itself", [carrierBy(undefined)], /self-signed/],
  [
    "by a subscriber of carrier-c, whose own certificate is good",
    [carrierBy(subscriber), subscriber],
    /certificate that names carrier-c is refused: /,
  ],
  [
    "that has expired",
    [carrierBy(carrierRoot, { notBefore: now - 2 * day, notAfter: now - day })],
    /has expired/,
  ],
  ["that is not valid yet", [carrierBy(carrierRoot, { notBefore: now + day })], /not valid yet/],
  ["for web servers alone", [carrierBy(carrierRoot, { usages: ["serverAuth"] })], /extended key usage/],
  [
    "of a wildcard",
    named({ uris: [], dns: ["*.example"] }),
    /names \*\.example: no partner/,
    /not carrier-c/,
  ],
  ["of a wildcard in a URI", named({ uris: ["sip:*.example"] }), /no SIP identity/],
  [
    "of a name that ends like it",
    named({ uris: ["sip:evil-carrier-c.example"] }),
    /names evil-carrier-c\.example: no partner/,
    /not carrier-c/,
  ],
  [
    "of a name that begins like it",
    named({ uris: ["sip:carrier-c.example.evil.example"] }),
    /no partner/,
    /not carrier-c/,
  ],
  ["of a host below it", named({ uris: [], dns: ["edge.carrier-c.example"] }), /no partner/, /not carrier-c/],
  [
    "of the name as CN, beside an alternative name",
    named({ commonName: "carrier-c.example", uris: [], dns: ["evil.example"] }),
    /names evil\.example: no partner/,
    /not carrier-c/,
  ],
  [
    "of the name as DNS, beside a sip URI",
    named({ uris: ["sip:evil.example"], dns: ["carrier-c.example"] }),
    /no partner/,
    /not carrier-c/,
  ],
  ["of the name as sips URI", named({ uris: ["sips:carrier-c.example"] }), /no SIP identity/],
  ["of a user at the name", named({ uris: ["sip:bob@carrier-c.example"] }), /no SIP identity/],
  [
    "of the name before a NUL",
    named({ uris: ["sip:carrier-c.example\0.evil.example"], dns: ["carrier-c.example\0.evil.example"] }),
    /no SIP identity/,
  ],
  [
    "of the name before a NUL, as CN",
    named({ commonName: "carrier-c.example\0.evil.example", uris: [] }),
    /no SIP identity/,
  ],
  [
    "of a text that lists the name behind a comma",
    named({ uris: [], dns: ["evil.example, DNS:carrier-c.example, URI:sip:carrier-c.example"] }),
    /no SIP identity/,
  ],
  [
    "of a URI that lists the name behind a comma",
    named({
      uris: ["sip:evil.example,sip:carrier-c.example", "sip:evil.example, URI:sip:carrier-c.example"],
    }),
    /no SIP identity/,
  ],
  [
    "of a CN that goes on with the name",
    named({ commonName: "evil.example/CN=carrier-c.example\nCN=carrier-c.example", uris: [] }),
    /no SIP identity/,
  ],
  [
    "of the name as otherName (RFC 4985 SRVName)",
    named(alternativeName(otherName("06082b06010505070807", 0x16, "_sips.carrier-c.example"))),
    /no SIP identity/,
  ],
  [
    "of the name as otherName of a type that nobody knows",
    named(alternativeName(otherName("06022a03", 0x0c, "carrier-c.example"))),
    /no SIP identity/,
  ],
  [
    "of letters that look like the name's, in UTF-8",
    named({ uris: [`sip:${utf8("сarrier-c.example")}`], dns: [utf8("сarrier-c.example")] }),
    /no SIP identity/,
  ],
  [
    "of letters that look like the name's, as IDN",
    named({ uris: ["sip:xn--arrier-c-4kf.example"] }),
    /names xn--arrier-c-4kf\.example: no partner/,
    /not carrier-c/,
  ],
  [
    "of letters that look like the name's, as CN",
    named({ commonName: "\u0441arrier-c.example", uris: [] }),
    /no SIP identity/,
  ],
  ["whose alternative name is no DER", named(alternativeName("30ff8203616263")), /can't be read/],
  ["whose alternative name ends too early", named(alternativeName("300a82117363")), /can't be read/],
];

let scene: AttackedBorder;

describe("a peer that comes in with a certificate", () => {
  afterEach(() => scene.close());

  for (const [what, [leaf, ...rest], cause] of attacks) {
    it(`${what} is refused, unread`, async () => {
      scene = await AttackedBorder.start();
      await scene.refuses(await scene.connect(leaf!, ...rest), cause);
    });
  }

  it("of another partner speaks for that one, whatever its messages say", async () => {
    scene = await AttackedBorder.start();
    await scene.connect(other);
    await scene.home.next();
    assert.equal((await scene.verdict()).decision.partner, "partner-e");
    assert.equal(scene.border.messages[0]?.from.network, "partner-e");
  });
});

describe("a peer at carrier-c's address with a certificate", () => {
  afterEach(() => scene.close());

  const ofOther = [
    "of another partner",
    [other],
    /names partner-e\.example, not carrier-c\.example/,
  ] as const;
  for (const [what, chain, asClient, asServer] of [ofOther, ...attacks]) {
    it(`${what} gets no byte, and the call 503`, async () => {
      const [leaf] = chain;
      const hop = await StreamHop.tls({
        cert: chain.map(({ certificate }) => certificate).join(""),
        key: leaf!.privateKey,
      });
      scene = await AttackedBorder.start(hop);
      scene.call();
      assert.match(await scene.home.next(), /^SIP\/2\.0 503 /);
      const { decision, event } = await scene.verdict();
      assert.equal(event.role, "client");
      assert.equal(decision.verdict, "reject");
      assert.match(decision.cause ?? "", asServer ?? asClient);
      assert.ok(hop.peers.every(({ received }) => received === ""));
    });
  }
});
