import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  Border,
  type BorderConfiguration,
  checkOwnCertificates,
  defaultQueue,
  type ListenerSettings,
} from "../../../border/index.ts";
import { compile } from "../../../engine/index.ts";
import { makeCertificate } from "../../certificate-authority.ts";
import { smallPolicy } from "../small-policy.ts";

const own = makeCertificate("home1.example", undefined);
const other = makeCertificate("home1.example", undefined);
const plain = { address: "127.0.0.1", host: "127.0.0.1", port: 0 };
const inside: ListenerSettings = { ...plain, name: "inside", transport: "udp" };

function configurationWith(certificate: string, key: string): BorderConfiguration {
  return {
    secret: new Uint8Array(16),
    listeners: [inside, { ...plain, name: "outside", transport: "tls", certificate, key }],
    networks: new Map(),
    queue: defaultQueue,
  };
}

function mistakesOf({ listeners }: BorderConfiguration): readonly string[] {
  const { mistakes } = checkOwnCertificates("border.json", listeners, Date.now());
  return mistakes.map(({ place }) => {
    assert.match(place, /^border\.json \/listeners\/1/);
    return place;
  });
}

const brokenRest = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
const cut = own.certificate.slice(0, 200);

describe("a listener's certificate", () => {
  it("is good with its own key", () => {
    assert.deepEqual(mistakesOf(configurationWith(own.certificate, own.privateKey)), []);
  });

  for (const [what, configuration] of [
    ["with another's key", configurationWith(own.certificate, other.privateKey)],
    ["that has been cut short", configurationWith(cut, own.privateKey)],
    [
      "behind which the rest of its chain is none",
      configurationWith(own.certificate + brokenRest, own.privateKey),
    ],
    ["whose key is none", configurationWith(own.certificate, own.certificate)],
  ] as const) {
    it(`${what} is a mistake of its listener`, () => {
      assert.equal(mistakesOf(configuration).length, 1);
    });

    it(`${what} is told of by its name where the border is started with it`, async () => {
      const border = new Border(compile(smallPolicy()), configuration);
      await assert.rejects(border.listen(), /^Error: listener outside \(tls 127\.0\.0\.1 port 0\): /);
    });
  }
});
