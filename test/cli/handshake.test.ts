import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { BorderFolder } from "./border-folder.ts";

const folder = new BorderFolder();
after(() => folder.remove());

const refuseStrangers = {
  name: "refuse-strangers",
  file: "border.privet",
  line: 34,
  because: "TS 33.203 6.5",
};

const shake = async (
  rest: string,
): Promise<{ readonly code: number; readonly json: Record<string, unknown> }> => {
  const { code, out, err } = await folder.type(`handshake %border.privet --json ${rest}`);
  assert.equal(err, "");
  assert.match(out, /^\{.*\}\n$/);
  return { code, json: JSON.parse(out) as Record<string, unknown> };
};

describe("privet handshake", () => {
  it("binds the partner that the certificate names", async () => {
    assert.deepEqual(await shake("--certificate %carrier.pem"), {
      code: 0,
      json: { verdict: "allow", partner: "carrier-c", identities: ["carrier-c.example"], rules: [] },
    });
  });

  it("rejects another authority's word for that partner, and says why", async () => {
    const { code, json } = await shake("--certificate %forged.pem");
    assert.deepEqual([code, json["verdict"], json["rules"]], [3, "reject", [refuseStrangers]]);
    assert.ok(!("partner" in json));
    assert.match(String(json["reason"]), /^no partner: .*carrier-c/);
  });

  it("--at is the clock of the certificate", async () => {
    const verdict = async (time: string): Promise<unknown> =>
      (await shake(`--certificate %carrier.pem --at ${time}`)).json["verdict"];
    assert.equal(await verdict("2028-12-31"), "allow");
    assert.equal(await verdict("2029-01-02"), "reject");
    assert.equal(await verdict("2025-12-31"), "reject");
  });

  it("--authority anchors every partner for this one decision", async () => {
    assert.equal((await shake("--certificate %forged.pem --authority %other-root.pem")).code, 0);
    assert.equal((await shake("--certificate %carrier.pem --authority %other-root.pem")).code, 3);
  });

  it("--partner-domain adds a partner, whom --authority vouches for", async () => {
    assert.equal((await shake("--certificate %bank.pem --authority %other-root.pem")).code, 3);
    const { code, json } = await shake(
      "--certificate %bank.pem --authority %other-root.pem --partner-domain BANK.example",
    );
    assert.deepEqual([code, json["partner"]], [0, "bank.example"]);
  });

  it("--role client: the certificate names the domain sought", async () => {
    const { code, json } = await shake(
      "--certificate %carrier.pem --role client --domain Carrier-C.example.",
    );
    assert.deepEqual([code, json["verdict"], json["partner"]], [0, "allow", "carrier-c"]);
    const other = await shake("--certificate %carrier.pem --role client --domain open-d.example");
    assert.deepEqual([other.code, other.json["verdict"]], [3, "reject"]);
    assert.match(String(other.json["reason"]), /RFC 5922 7\.3/);
  });

  it("tells people the verdict, the identities and the partner", async () => {
    const allowed = await folder.type("handshake %border.privet --certificate %carrier.pem");
    assert.equal(allowed.out, "allow\n  identities  carrier-c.example\n  partner     carrier-c\n");
    const rejected = await folder.type("handshake %border.privet --certificate %bank.pem");
    assert.match(
      rejected.out,
      /^reject: no partner: .+\n {2}identities {2}bank\.example\n {2}partner {5}none\n/,
    );
    assert.match(rejected.out, /^ +refuse-strangers {2}border\.privet:34 {2}\(TS 33\.203 6\.5\)$/m);
  });
});
