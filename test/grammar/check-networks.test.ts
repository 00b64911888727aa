import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { check, readerOf } from "../../grammar/index.ts";
import { checkText, checkWith, findings, notation, ruleWith } from "./policy-notation.ts";

describe("networks", () => {
  it("are resolved: domains in lower case, agreements as milliseconds, paths beside their file", () => {
    const { policy } = checkWith(
      `partner carrier-x {
        domain "Carrier-X.example."
        listener "outside"
        address 192.0.2.0/24
        agreement "IWA-1" from 2026-01-01 to 2026-12-31
        authority "certs/x.pem"
        revocation "certs/x.crl"
        revocation "../y.crl"
        extended-key-usage lenient
        tls required
        shares-host
        option unfulfilled-privacy = refuse
      }\n`,
    );
    const network = policy?.networks.get("carrier-x");
    assert.deepEqual(network?.domains, ["carrier-x.example"]);
    assert.deepEqual(network?.listeners, ["outside"]);
    assert.deepEqual(network?.addresses, [{ address: "192.0.2.0", bytes: [192, 0, 2, 0], length: 24 }]);
    assert.deepEqual(network?.agreement, {
      name: "IWA-1",
      from: Date.UTC(2026, 0, 1),
      until: Date.UTC(2027, 0, 1),
    });
    assert.deepEqual(network?.authorities, ["certs/x.pem"]);
    assert.deepEqual(network?.revocations, ["certs/x.crl", "../y.crl"]);
    assert.deepEqual(
      [network?.extendedKeyUsage, network?.tlsRequired, network?.sharesHost, network?.own],
      ["lenient", true, true, false],
    );
    assert.deepEqual([...(network?.options ?? [])], [["unfulfilled-privacy", "refuse"]]);
    assert.equal(policy?.networks.get("stranger")?.kind, "stranger");
    assert.ok(Object.isFrozen(network) && Object.isFrozen(policy?.rules));
  });

  it("share neither a domain nor a prefix of one length", () => {
    assert.deepEqual(findings('network x { domain "OPEN-D.example" }\n'), ['P2016 ""OPEN-D.example""']);
    assert.deepEqual(findings('network x { domain "x.example" address 203.0.113.9/32 }\n'), [
      'P2017 "203.0.113.9/32"',
    ]);
    assert.deepEqual(findings('network x { domain "x.example" address 203.0.113.0/24 }\n'), []);
    assert.deepEqual(findings('network x { domain "x.example" domain "x.example" }\n'), [
      'P2006 ""x.example""',
    ]);
  });

  it("have whole domain names (RFC 5922 7.2)", () => {
    for (const domain of ["*.x.example", "x.example:5061", "192.0.2.1", "", "-x.example", "sip:x.example"]) {
      assert.deepEqual(
        findings(`network x { domain "${domain}" listener "x" }\n`),
        [`P3018 ""${domain}""`],
        domain,
      );
    }
  });

  it("have agreements that end after they begin, and are in force", () => {
    const partner = (dates: string): string => `partner x { domain "x.example" agreement "A" ${dates} }\n`;
    assert.deepEqual(findings(partner("from 2026-02-01 to 2026-01-01")), [
      'P3012 "2026-02-01 to 2026-01-01"',
    ]);
    assert.deepEqual(findings(partner("from 2025-01-01 to 2025-12-31")), [
      'P4008 "2025-01-01 to 2025-12-31"',
    ]);
    assert.deepEqual(findings(partner("from 2026-06-01 to 2026-06-01")), []);
    // The last day is in force to its end.
    assert.deepEqual(findings(partner("from 2026-05-01 to 2026-05-31")), [
      'P4008 "2026-05-01 to 2026-05-31"',
    ]);
    const reader = readerOf({ "a.privet": `language 1\n${partner("from 2025-01-01 to 2025-12-31")}` });
    assert.deepEqual(notation(check("a.privet", reader)), [], "without a clock nothing is said of today");
  });

  it("are pointed out where nothing trusts or recognises them", () => {
    const text =
      'language 1\npolicy "t"\nnetwork home { own domain "home1.example" }\npartner p { domain "p.example" }\nnetwork n { own }\ntrust home\n';
    assert.deepEqual(notation(checkText(text)), ['P4007 "p"', 'P4018 "n"']);
    assert.deepEqual(notation(checkText(`${text}trust p when secured by tls\n`)), ['P4018 "n"']);
  });

  it("say each thing once, and what a network may say", () => {
    assert.deepEqual(findings('partner x { own domain "x.example" }\n'), ['P3020 "own"']);
    assert.deepEqual(
      findings('partner x { domain "x.example" extended-key-usage rfc5924 extended-key-usage lenient }\n'),
      ['P2006 "extended-key-usage lenient"'],
    );
    assert.deepEqual(findings('partner x { domain "x.example" extended-key-usage strict }\n'), [
      'P2005 "strict"',
    ]);
    assert.deepEqual(findings('network x { domain "x.example" option keep-id = no }\n'), ['P2003 "keep-id"']);
    assert.deepEqual(findings('network x { domain "x.example" option broken-signature = no }\n'), [
      'P2014 "no"',
    ]);
  });

  it("are trusted in a direction, for fields, by a condition", () => {
    const { policy } = checkWith(
      "fields charging = P-Charging-Vector, P-Charging-Function-Addresses\ntrust open-d incoming for charging when address within 203.0.113.0/24\n",
    );
    const trust = policy?.trust.at(-1);
    assert.deepEqual(trust?.fields, ["P-Charging-Vector", "P-Charging-Function-Addresses"]);
    assert.deepEqual([trust?.incoming, trust?.outgoing], [true, false]);
    assert.deepEqual(policy?.trust[0]?.condition, { kind: "and", of: [] });
  });
});

describe("what a policy declares and nothing reads", () => {
  it("is pointed out in the policy itself", () => {
    assert.deepEqual(findings("option quiet = no\n"), ['P4015 "quiet"']);
    assert.deepEqual(findings("fields hidden = Subject\n"), ['P4014 "hidden"']);
    assert.deepEqual(findings("field X-Corp-Trace is text\n"), ['P4016 "X-Corp-Trace"']);
    assert.deepEqual(findings('treatment hush\n  remove Subject because "RFC 3323 5.3"\n'), ['P4006 "hush"']);
  });

  it("may stand in a module, if something of the module is used", () => {
    const lib = 'language 1\noption quiet = no\ntreatment hush\n  remove Subject because "RFC 3323 5.3"\n';
    assert.deepEqual(findings('import "./lib.privet"\n', { "lib.privet": lib }), [
      'P4017 "import "./lib.privet""',
    ]);
    assert.deepEqual(findings(`import "./lib.privet"\n${ruleWith("apply hush")}`, { "lib.privet": lib }), []);
    assert.deepEqual(notation(checkText(lib)), [], "a module by itself");
  });

  it("is not guessed at in a policy with mistakes", () => {
    assert.deepEqual(findings(`option quiet = no\n${ruleWith("when option queit\n  remove Subject")}`), [
      'P2003 "queit"',
    ]);
  });
});

describe("the title", () => {
  it("stands once, in the file given to the command", () => {
    const rest = 'network home { own domain "home1.example" }\ntrust home\n';
    assert.deepEqual(notation(checkText(`language 1\n${rest}`)), ['P3041 ""']);
    assert.deepEqual(notation(checkText(`language 1\npolicy "a"\npolicy "b"\n${rest}`)), [
      'P3043 "policy "b""',
    ]);
    const { policy } = checkWith('import "./b.privet"\n', {
      "b.privet": 'language 1\npolicy "b"\nset option broken-signature = refuse\n',
    });
    assert.equal(policy?.title, "test");
  });
});

describe("five mistakes in one policy", () => {
  it("are five messages that help", () => {
    const result = checkWith(
      [
        'network ims { domain "open-d.example" }',
        ruleWith("remove P-Assertd-Identity").replace("a-rule", "first"),
        ruleWith("when method is INVITE and method is BYE\n  remove Subject").replace("a-rule", "second"),
        ruleWith("remove From").replace("a-rule", "third"),
        ruleWith("anonymize Organization").replace("a-rule", "fourth"),
      ].join("\n"),
    );
    assert.deepEqual(notation(result), [
      'P2016 ""open-d.example""',
      'P2001 "P-Assertd-Identity"',
      'P3001 "method is BYE"',
      'P3003 "From"',
      'P3014 "Organization"',
    ]);
    const helps = result.diagnostics.map(({ help, suggestion }) => suggestion ?? help);
    assert.deepEqual(helps, [
      "one domain is one network's: take it out of one of the two",
      "P-Asserted-Identity",
      "take it out, or say `or` where you said `and`: no message meets all of it",
      "write `anonymize From` to hide who it names",
      "write `remove Organization`",
    ]);
    assert.equal(result.policy, undefined);
  });
});
