import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { checkPublishing, checkPublishingReload, readBorderFile } from "../../../border/index.ts";
import { checkWith } from "../../grammar/policy-notation.ts";

const tls = 'tls "edge1.home1.example" port 5061 priority 10 weight 50';
const publish = `publish "home1.example" {\n  host "edge1.home1.example" address 192.0.2.1\n  ${tls}\n}\n`;

describe("`publish` in border.json", () => {
  let folder: string;
  let file: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "privet-publish-"));
    file = join(folder, "border.json");
    writeFileSync(join(folder, "own.pem"), "-----BEGIN CERTIFICATE-----\n");
  });
  after(() => rmSync(folder, { recursive: true }));

  function read(publishing: unknown, transport = "udp"): ReturnType<typeof readBorderFile> {
    const shown = transport === "tls" ? { certificate: "own.pem", key: "own.pem" } : {};
    const json = {
      policy: "p.privet",
      secret: "000102030405060708090a0b0c0d0e0f",
      listeners: [{ name: "inside", transport, address: "127.0.0.1", port: 5060, ...shown }],
      networks: {},
      ...(publishing === undefined ? {} : { publish: publishing }),
    };
    writeFileSync(file, JSON.stringify(json));
    return readBorderFile(file);
  }

  const readWell = (publishing: unknown, transport = "udp") => {
    const result = read(publishing, transport);
    assert.ok(result.ok);
    return result.file;
  };

  const mistakes = (publishing: unknown): readonly string[] => {
    const result = read(publishing);
    return result.ok
      ? []
      : result.mistakes.map(({ place, cause }) => `${place.slice(file.length + 1)}: ${cause}`);
  };

  it("has defaults, and none is needed", () => {
    assert.equal(readWell(undefined).publish, undefined);
    assert.deepEqual(readWell({ listen: ["192.0.2.53", "[2001:DB8::53]:5353"] }).publish, {
      listen: [
        { address: "192.0.2.53", port: 53 },
        { address: "2001:db8::53", port: 5353 },
      ],
      answers: 50,
      total: 2000,
      nameServers: [],
    });
    const publishing = { listen: ["127.0.0.1:0"], answers: 3000, nameServers: ["NS1.home1.example."] };
    assert.deepEqual(readWell(publishing).publish, {
      listen: [{ address: "127.0.0.1", port: 0 }],
      answers: 3000,
      total: 3000,
      nameServers: ["ns1.home1.example"],
    });
  });

  it("names what can't be bound or is no name", () => {
    assert.deepEqual(
      mistakes({ listen: ["localhost:53", "192.0.2.1:65536", "2001:db8::1"], nameServers: ["a b"] }),
      [
        "/publish/listen/0: `localhost:53` is no address with a port",
        "/publish/listen/1: `192.0.2.1:65536` is no address with a port",
        "/publish/listen/2: `2001:db8::1` is no address with a port",
        "/publish/nameServers/0: `a b` is no domain name",
      ],
    );
    assert.deepEqual(mistakes({ listen: ["192.0.2.1:53", "192.0.2.1"] }), [
      "/publish/listen/1: it is /publish/listen/0 once more",
    ]);
    assert.deepEqual(mistakes({ listen: [] }), ["/publish/listen: [] must NOT have fewer than 1 items"]);
    assert.deepEqual(mistakes({ listen: ["127.0.0.1"], serial: 1 }), [
      "/publish: there is no setting `serial`",
    ]);
  });

  const warned = (publishing: unknown, policy: string, transport = "udp"): readonly string[] => {
    const checked = checkWith(policy);
    assert.ok(checked.policy !== undefined);
    return checkPublishing(file, readWell(publishing, transport), checked.policy).map(({ cause }) => cause);
  };

  it("warns where nothing is published, and where nobody here speaks TLS", () => {
    assert.deepEqual(warned(undefined, ""), []);
    assert.deepEqual(warned({ listen: ["127.0.0.1:0"] }, ""), [
      "the policy publishes nothing: every question is refused",
    ]);
    assert.deepEqual(warned({ listen: ["127.0.0.1:0"] }, publish), [
      "the policy asks for TLS by DNS, and no listener here speaks it",
    ]);
    assert.deepEqual(warned({ listen: ["127.0.0.1:0"] }, publish, "tls"), []);
  });

  it("warns of a name server inside whose address is not published", () => {
    const nameServers = ["ns1.home1.example", "edge1.home1.example", "ns.provider.example"];
    assert.deepEqual(warned({ listen: ["127.0.0.1:0"], nameServers }, publish, "tls"), [
      "the policy publishes no address of `ns1.home1.example`, which lies in a domain of its own",
    ]);
  });

  it("changes while the border runs in its name servers alone", () => {
    const running = readWell({ listen: ["127.0.0.1:0"] });
    const changes = (next: unknown): number => checkPublishingReload(file, running, readWell(next)).length;
    assert.equal(changes({ listen: ["127.0.0.1:0"], nameServers: ["ns.provider.example"] }), 0);
    assert.equal(changes({ listen: ["127.0.0.1:1"] }), 1);
    assert.equal(changes({ listen: ["127.0.0.1:0"], answers: 51 }), 1);
    assert.equal(changes(undefined), 1);
  });
});
