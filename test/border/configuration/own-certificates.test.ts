import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkOwnCertificates, type ListenerSettings } from "../../../border/index.ts";
import { type CertificateRequest, issueCertificate, writePem } from "../../../wire/index.ts";

const day = 86_400_000;
const now = Date.UTC(2026, 10, 24, 12);
const valid = { notBefore: now - day, notAfter: now + 90 * day };
const issue = (domain: string, request: Partial<CertificateRequest> = {}) =>
  issueCertificate({ commonName: domain, uris: [`sip:${domain}`], ...valid, ...request });
type Issued = ReturnType<typeof issue>;

const home1 = issue("home1.example");
const home2 = issue("home2.example");

const listener = (more: Partial<ListenerSettings>): ListenerSettings => ({
  name: "outside",
  transport: "tls",
  address: "192.0.2.1",
  host: "home1.example",
  port: 5061,
  ...more,
});
const single = ({ certificate, privateKey }: Issued, more: Partial<ListenerSettings> = {}) =>
  listener({ certificate, key: privateKey, ...more });
const served = ({ certificate, privateKey }: Issued, ...domains: readonly string[]) => ({
  domains,
  certificate,
  key: privateKey,
});

/** `mistake` or `warning`, place, cause. */
function findings(settings: ListenerSettings, running: readonly ListenerSettings[] = []): readonly string[] {
  const plain: ListenerSettings = { ...listener({}), transport: "tcp" };
  const { mistakes, warnings } = checkOwnCertificates("b.json", [plain, settings], now, running);
  const text =
    (kind: string) =>
    ({ place, cause, remedy }: (typeof mistakes)[number]): string => {
      assert.ok(remedy.length > 0);
      return `${kind} ${place.replace("b.json /listeners/1", "")}: ${cause}`;
    };
  return [...mistakes.map(text("mistake")), ...warnings.map(text("warning"))];
}

describe("the certificates of our own listeners", () => {
  it("pass where they name what they are shown for, for months to come", () => {
    assert.deepEqual(findings(single(home1)), []);
    const certificates = [served(home1, "home1.example"), served(home2, "home2.example")];
    assert.deepEqual(findings(listener({ certificates })), []);
    assert.deepEqual(findings(single(home1, { certificates: certificates.slice(1) })), []);
    assert.deepEqual(findings(single(issue("home1.example", { usages: [] }))), []);
    const web = issue("x", { uris: [], dns: ["HOME1.example"] });
    assert.deepEqual(findings(single(web)), []);
  });

  it("name the host that stands in Record-Route (RFC 5922 7.5)", () => {
    const other =
      "the certificate names home2.example, not the host home1.example of Via and Record-Route (RFC 5922 7.5)";
    assert.deepEqual(findings(single(home2)), [`warning /host: ${other}`]);
    assert.deepEqual(findings(listener({ certificates: [served(home2, "home2.example")] })), [
      `warning /host: ${other}`,
    ]);
    const bare = findings(single(home1, { host: "192.0.2.1" }));
    assert.deepEqual(bare, [
      "warning : the certificate names home1.example, not the host 192.0.2.1 of Via and Record-Route (RFC 5922 7.5)",
    ]);
    const wildcard = issue("x", { uris: [], dns: ["*.home1.example"] });
    assert.deepEqual(findings(single(wildcard, { host: "edge.home1.example" })), [
      "warning /host: the certificate names *.home1.example, not the host edge.home1.example of Via and Record-Route (RFC 5922 7.5)",
    ]);
  });

  it("name the host of their own that stands there in its place", () => {
    const edge = issue("edge.home2.example", { uris: ["sip:home2.example", "sip:edge.home2.example"] });
    const settings = (two: Issued, host: string) =>
      listener({ certificates: [served(home1, "home1.example"), { ...served(two, "home2.example"), host }] });
    assert.deepEqual(findings(settings(edge, "edge.home2.example")), []);
    assert.deepEqual(findings(settings(home2, "edge.home2.example")), [
      "warning /certificates/1/host: the certificate names home2.example, not the host edge.home2.example of Via and Record-Route (RFC 5922 7.5)",
    ]);
    assert.deepEqual(
      findings(settings(edge, "home1.example"))[0],
      "mistake /certificates/1/host: home1.example has a certificate already",
    );
  });

  it("name the domains for which they are offered (RFC 5922 7.1)", () => {
    const certificates = [served(home1, "home1.example"), served(home1, "home2.example")];
    assert.deepEqual(findings(listener({ certificates })), [
      "warning /certificates/1/certificate: it names home1.example, not home2.example: who asks for home2.example refuses it (RFC 5922 7.1)",
    ]);
    const nameless = issue("x", { uris: ["sips:home1.example"] });
    assert.deepEqual(findings(listener({ certificates: [served(nameless, "home1.example")] })), [
      "warning /certificates/0/certificate: it names no SIP domain, not home1.example: who asks for home1.example refuses it (RFC 5922 7.1)",
    ]);
  });

  it("are one for a domain", () => {
    const certificates = [served(home1, "home1.example"), served(home1, "home1.example")];
    assert.deepEqual(findings(listener({ certificates })), [
      "mistake /certificates/1/domains: home1.example has a certificate already",
    ]);
  });

  it("are valid now, to the second of their end, and a warning comes thirty days before", () => {
    const ending = (notAfter: number, notBefore = now - 90 * day) =>
      single(issue("home1.example", { notBefore, notAfter }));
    assert.deepEqual(findings(ending(now - 1_000)), [
      "mistake /certificate: it has expired on 2026-11-24: no partner takes it",
    ]);
    assert.deepEqual(findings(ending(now)), ["warning /certificate: it ends on 2026-11-24"]);
    assert.deepEqual(findings(ending(now + 29 * day)), ["warning /certificate: it ends on 2026-12-23"]);
    assert.deepEqual(findings(ending(now + 30 * day)), []);
    assert.deepEqual(findings(ending(now + 90 * day, now + day)), [
      "mistake /certificate: it is not valid before 2026-11-25",
    ]);
  });

  it("may have expired where a border that runs shows them already: it still takes a new policy", () => {
    const expired = single(issue("home1.example", { notBefore: now - 90 * day, notAfter: now - day }));
    const warned = ["warning /certificate: it has expired on 2026-11-23: no partner takes it"];
    assert.deepEqual(findings(expired, [expired]), warned);
    assert.deepEqual(findings({ ...expired, name: "x" }, [listener({}), expired]), warned);
    assert.deepEqual(
      findings(expired, [single(home1)]).map((one) => one.slice(0, 7)),
      ["mistake"],
    );
  });

  it("are for SIP (RFC 5924 5)", () => {
    const cause = "its extended key usage lacks sipDomain: partners that keep RFC 5924 5 refuse it";
    for (const usages of [["serverAuth", "clientAuth"], ["any"]] as const)
      assert.deepEqual(findings(single(issue("home1.example", { usages }))), [
        `warning /certificate: ${cause}`,
      ]);
  });

  it("have their own key, of one kind at a listener", () => {
    const mixed = { ...home1, privateKey: home2.privateKey };
    const unfit = "/key: the key does not fit the certificate";
    assert.deepEqual(findings(single(mixed)), [`mistake ${unfit}`]);
    const rsa = issue("home2.example", { key: "rsa-2048" });
    assert.deepEqual(findings(single(home1, { certificates: [served(rsa, "home2.example")] })), [
      "mistake /certificates/0/key: a key of the kind rsa, beside one of the kind ec: the peer would choose the certificate by it",
    ]);
    const [unreadable] = findings(single({ ...home1, privateKey: "-----BEGIN PRIVATE KEY-----\n" }));
    assert.match(unreadable ?? "", /^mistake \/key: the key can't be read \(/);
  });

  it("can be read", () => {
    const key = home1.privateKey;
    assert.deepEqual(findings(listener({ certificate: key, key })), [
      "mistake /certificate: there is no certificate in it",
    ]);
    const broken = `-----BEGIN CERTIFICATE-----\n${Buffer.from("no DER").toString("base64")}\n-----END CERTIFICATE-----\n`;
    const [told] = findings(listener({ certificate: broken, key }));
    assert.match(told ?? "", /^mistake \/certificate: the certificate can't be read: it /);
  });

  describe("with authorities behind the leaf", () => {
    const authority = (commonName: string, by?: Issued, request: Partial<CertificateRequest> = {}) =>
      issueCertificate({ commonName, authority: true, ...valid, ...request }, by);
    const root = authority("root");
    const shown = (middle: Issued, leaf = issueCertificate(leafRequest, middle), behind = [middle]) =>
      findings(single({ ...leaf, certificate: [leaf, ...behind].map((one) => one.certificate).join("") }));
    const leafRequest = { commonName: "edge", uris: ["sip:home1.example"], ...valid };
    const warning = (text: string): string => `warning /certificate: certificate ${text}`;

    it("pass where each has signed the one before, up to the root or below it", () => {
      const middle = authority("middle", root);
      assert.deepEqual(shown(middle), []);
      assert.deepEqual(shown(middle, undefined, [middle, root]), []);
    });

    it("are valid now, to the second of their end, and a warning comes thirty days before", () => {
      const ending = (notAfter: number, notBefore = now - 90 * day) =>
        shown(authority("middle", root, { notBefore, notAfter }));
      assert.deepEqual(ending(now - 1_000), [
        warning("2 in it, CN=middle, has expired on 2026-11-24: who needs it refuses ours"),
      ]);
      assert.deepEqual(ending(now), [warning("2 in it, CN=middle, ends on 2026-11-24")]);
      assert.deepEqual(ending(now + 30 * day), []);
      assert.deepEqual(ending(now + 90 * day, now + day), [
        warning("2 in it, CN=middle, is not valid before 2026-11-25: who needs it refuses ours"),
      ]);
    });

    it("have signed the one before: an authority of the same name, another key, has not", () => {
      const [middle, namesake] = [authority("middle", root), authority("middle", root)];
      const leaf = issueCertificate(leafRequest, middle);
      assert.deepEqual(shown(middle, leaf, [namesake]), [
        warning("2 in it, CN=middle, has not signed the one before it"),
      ]);
      assert.deepEqual(shown(middle, leaf, [root, middle]), [
        warning("2 in it, CN=root, has not signed the one before it"),
        warning("3 in it, CN=middle, has not signed the one before it"),
      ]);
    });

    it("are authorities, and can be read", () => {
      const middle = authority("middle", root);
      const leaf = issueCertificate(leafRequest, middle);
      assert.deepEqual(shown(middle, leaf, [middle, home2]), [
        warning("3 in it, CN=home2.example, is no certificate authority (RFC 5280 4.2.1.9)"),
      ]);
      const twice = middle.der.slice();
      twice[1] = 0x80;
      const broken = { ...middle, certificate: writePem(twice) };
      const found = shown(middle, leaf, [broken]);
      // OpenSSL does not take such a file at all; the warning says which certificate it is.
      assert.match(found[0] ?? "", /^mistake : certificate and key can't be used: /);
      assert.deepEqual(found.slice(1), [warning("2 in it can't be read: it is not DER")]);
    });
  });
});
