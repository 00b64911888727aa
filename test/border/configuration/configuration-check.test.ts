/** What is wrong between a border.json and its policy. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkConfiguration, readBorderFile } from "../../../border/index.ts";
import { defaultTlsProfile } from "../../../grammar/index.ts";
import type { TlsProfile } from "../../../grammar/model.ts";
import { makeAuthority } from "../../certificate-authority.ts";
import { always, network, smallPolicy } from "../small-policy.ts";
import { good } from "./good-border.ts";

describe("border.json and its policy", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "privet-border-file-"));
    file = join(folder, "border.json");
  });
  after(() => rmSync(folder, { recursive: true }));

  function read(json: object): ReturnType<typeof readBorderFile> {
    writeFileSync(file, JSON.stringify(json));
    return readBorderFile(file);
  }

  it("must fit its policy: networks that exist, TLS where it is required, a hop for home", () => {
    const result = read({
      ...good,
      lossy: "accept",
      networks: {
        hom: { hops: ["udp:192.0.2.1"] },
        "carrier-c": { hops: ["udp:192.0.2.7"] },
        "open-d": { hops: ["tls:192.0.2.9"] },
      },
    });
    assert.ok(result.ok);
    const policy = smallPolicy([network("carrier-c", { tlsRequired: true, listeners: ["nowhere"] })]);
    const { mistakes, warnings } = checkConfiguration(file, result.file.configuration, policy);
    assert.deepEqual(
      mistakes.map(({ place, cause, remedy }) => `${place.slice(file.length)}: ${cause}; ${remedy}`.trim()),
      [
        "/networks/hom: the policy has no network `hom`; did you mean `home`?",
        "/networks/carrier-c/hops/0: the policy has carrier-c met over TLS only; write a tls: hop",
        "/networks/open-d/hops/0: no listener speaks tls; add a tls listener, whose name stands in Via",
        '/networks: our own network home has no hop; add "home": { "hops": ["udp:192.0.2.1:5060"] } with the address of a server of yours',
      ],
    );
    assert.match(warnings.map(({ cause }) => cause).join(), /carrier-c by the listener `nowhere`/);
  });

  it("must have keys that go with the policy's suites of TLS 1.2, where it offers that (RFC 5289)", () => {
    const authority = makeAuthority("any", { key: "rsa-2048" });
    writeFileSync(join(folder, "rsa.pem"), authority.certificate);
    writeFileSync(join(folder, "ec.pem"), makeAuthority("any").certificate);
    const settings = (certificate: string) => ({
      ...good.listeners[0],
      name: "outside",
      transport: "tls",
      port: 5061,
      certificate,
      key: certificate,
    });
    const result = read({
      ...good,
      lossy: "accept",
      listeners: [good.listeners[0], settings("rsa.pem"), { ...settings("ec.pem"), port: 5062 }],
    });
    assert.ok(result.ok);
    const { configuration } = result.file;
    const found = (versions: TlsProfile["versions"], suites: readonly string[]) => {
      const policy = { ...smallPolicy(), tls: { ...defaultTlsProfile, versions, suites } };
      const { mistakes, warnings } = checkConfiguration(file, configuration, policy);
      const told = (all: typeof mistakes) =>
        all.filter(({ cause }) => cause.includes("TLS 1.2")).map(({ place }) => place.slice(file.length + 1));
      return [told(mistakes), told(warnings)];
    };
    const [rsa, ecdsa] = ["TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"];
    assert.deepEqual(found(["1.2"], [rsa]), [["/listeners/2"], []]);
    assert.deepEqual(found(["1.3", "1.2"], ["TLS_AES_128_GCM_SHA256", ecdsa]), [[], ["/listeners/1"]]);
    assert.deepEqual(found(["1.3", "1.2"], [rsa, ecdsa]), [[], []]);
    assert.deepEqual(found(["1.3"], ["TLS_AES_128_GCM_SHA256"]), [[], []]);
  });

  it("must have hops that can be met: a socket of their family, a domain for the certificate", () => {
    writeFileSync(join(folder, "own.pem"), "-----BEGIN CERTIFICATE-----\n");
    const result = read({
      ...good,
      lossy: "accept",
      listeners: [
        good.listeners[0],
        { name: "outside", transport: "tcp", address: "::1", port: 5060 },
        {
          name: "outside",
          transport: "tls",
          address: "::1",
          port: 5061,
          certificate: "own.pem",
          key: "own.pem",
        },
      ],
      networks: {
        home: { hops: ["udp:192.0.2.1"] },
        "open-d": { hops: ["udp:[2001:db8::1]"] },
        stranger: { hops: ["tls:192.0.2.9"] },
      },
    });
    assert.ok(result.ok);
    const policy = smallPolicy([], []);
    const nameless = new Map(policy.networks).set("stranger", network("stranger", { domains: [] }));
    const { mistakes } = checkConfiguration(file, result.file.configuration, {
      ...policy,
      networks: nameless,
    });
    assert.deepEqual(
      mistakes.map(({ place, cause }) => `${place.slice(file.length)}: ${cause}`.trim()),
      [
        "/networks/open-d/hops/0: no listener speaks udp over IPv6",
        "/networks/stranger/hops/0: the policy gives stranger no domain, so no certificate can be checked (RFC 5922 7.3)",
      ],
    );
  });

  it("must not lead from streams to UDP alone, where nobody sends again what is lost, unless it says so", () => {
    const mistakesOf = (more: object) => {
      const result = read({ ...good, ...more });
      assert.ok(result.ok);
      const { mistakes } = checkConfiguration(file, result.file.configuration, smallPolicy());
      return mistakes.map(({ place }) => place.slice(file.length).trim());
    };
    // open-d has a hop over TCP too, but at another address.
    assert.deepEqual(mistakesOf({}), ["/networks/home/hops/0", "/networks/open-d/hops/1"]);
    assert.deepEqual(mistakesOf({ lossy: "accept" }), []);
    assert.deepEqual(
      mistakesOf({ networks: { home: { hops: ["udp:192.0.2.1", "tcp:192.0.2.1:5070"] } } }),
      [],
    );
    const [udp] = good.listeners;
    assert.deepEqual(mistakesOf({ listeners: [udp], networks: { home: good.networks.home } }), []);
  });

  it("warns of a transit that lets nothing through", () => {
    const result = read(good);
    assert.ok(result.ok);
    const origin = { file: "ims.privet", line: 7, column: 1, length: 1 };
    const policy = smallPolicy(
      [],
      [
        {
          from: [{ kind: "untrusted" }],
          to: [{ kind: "network", name: "open-d" }],
          condition: always,
          origin,
        },
      ],
    );
    const { warnings } = checkConfiguration(file, result.file.configuration, policy);
    assert.equal(warnings.length, 1);
    assert.equal(warnings[0]!.place, "ims.privet:7");
    assert.match(warnings[0]!.cause, /^this border routes by network, before trust is known/);
  });
});
