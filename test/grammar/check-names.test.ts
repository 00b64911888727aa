import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkText, checkWith, findings, notation, ruleWith } from "./policy-notation.ts";

describe("names", () => {
  it("finds nothing wrong with a policy that is right", () => {
    const result = checkWith(ruleWith("unless Privacy is none\n  remove P-Asserted-Identity"));
    assert.deepEqual(notation(result), []);
    assert.equal(result.policy?.rules.length, 1);
  });

  it("suggests the header field that was meant", () => {
    const { diagnostics } = checkWith(ruleWith("remove P-Assertd-Identity"));
    assert.equal(diagnostics[0]?.suggestion, "P-Asserted-Identity");
    assert.deepEqual(findings(ruleWith("remove P-Assertd-Identity")), ['P2001 "P-Assertd-Identity"']);
    assert.deepEqual(findings(ruleWith("when Privcy has id\n  remove Subject")), ['P2001 "Privcy"']);
  });

  it("takes fields in any case, and suggests the long name for a compact form", () => {
    assert.deepEqual(findings(ruleWith("remove p-asserted-IDENTITY")), []);
    const { diagnostics, policy } = checkWith(ruleWith("remove s"));
    assert.equal(policy, undefined);
    assert.equal(diagnostics[0]?.suggestion, "Subject");
  });

  it("knows networks, options, treatments and field sets by name", () => {
    assert.deepEqual(findings(ruleWith("remove Subject", "message to carier-c")), ['P2002 "carier-c"']);
    assert.deepEqual(findings(ruleWith("when option keep-id\n  remove Subject")), ['P2003 "keep-id"']);
    assert.deepEqual(findings(ruleWith("apply user-privacy")), ['P2004 "user-privacy"']);
    assert.deepEqual(findings("extend fields asserted with Subject\n"), ['P2010 "asserted"']);
    assert.deepEqual(findings("trust nobody-here\n"), ['P2002 "nobody-here"']);
    assert.deepEqual(findings("transit from carrier-c to ims-c\n"), ['P2002 "ims-c"']);
    assert.deepEqual(findings(ruleWith("when certificate names carrier-x\n  remove Subject")), [
      'P2002 "carrier-x"',
    ]);
  });

  it("takes a value of an option only from its list", () => {
    assert.deepEqual(
      findings(
        "option mode = stict among strict, loose\n" +
          ruleWith("when option mode is strict\n  remove Subject"),
      ),
      ['P2014 "stict"'],
    );
    const mode = "option mode = loose among strict, loose\n";
    assert.deepEqual(findings(mode + ruleWith("when option mode is firm\n  remove Subject")), [
      'P2014 "firm"',
    ]);
    assert.deepEqual(findings(mode + ruleWith("when option mode\n  remove Subject")), [
      'P3006 "option mode"',
    ]);
    assert.deepEqual(
      findings(`${mode}set option mode = firm\n${ruleWith("when option mode is strict\n  remove Subject")}`),
      ['P2014 "firm"'],
    );
  });

  it("knows the options of the consequences, and their values", () => {
    assert.deepEqual(findings("set option broken-signature = refuse\n"), []);
    assert.deepEqual(findings("set option broken-signature = keep\n"), ['P2014 "keep"']);
    assert.deepEqual(findings("option broken-signature = refuse among refuse, remove\n"), []);
    assert.deepEqual(findings("option broken-signature = keep among keep, remove\n"), ['P2014 "keep"']);
    const { policy } = checkWith("set option unfulfilled-privacy = refuse\n");
    assert.equal(policy?.options.get("unfulfilled-privacy")?.value, "refuse");
    assert.equal(policy?.options.get("malformed-privacy")?.value, "honour");
  });

  it("reports each name that is declared twice, with its first place", () => {
    const twice = ruleWith("remove Subject") + ruleWith("remove Organization");
    const { diagnostics } = checkWith(twice);
    assert.deepEqual(findings(twice), ['P2006 "a-rule"']);
    assert.equal(diagnostics[0]?.related[0]?.message, "first declared here");
    assert.deepEqual(findings('network open-d { domain "d2.example" }\n'), ['P2006 "open-d"']);
    assert.deepEqual(findings('partner home { domain "d2.example" }\n'), ['P2006 "home"']);
    const treatment = 'treatment hush\n  remove Subject because "RFC 3323 5.3"\n';
    assert.deepEqual(findings(treatment + treatment + ruleWith("apply hush")), ['P2006 "hush"']);
    assert.deepEqual(
      findings("set option broken-signature = refuse\nset option broken-signature = remove\n"),
      ['P2006 "broken-signature"'],
    );
    const never = 'never "a"\n  on message to untrusted\n  carries Subject\n';
    assert.deepEqual(findings(never + never), ['P2006 ""a""']);
    assert.deepEqual(findings("test clock 2026-06-01T12:00:00Z\ntest clock 2026-06-01T12:00:00Z\n"), [
      'P2006 "test clock 2026-06-01T12:00:00Z"',
    ]);
  });

  it("keeps the words of the language", () => {
    assert.deepEqual(findings('network stranger { domain "x.example" }\n'), ['P2011 "stranger"']);
    assert.deepEqual(findings('network trusted { domain "x.example" }\n'), ['P2011 "trusted"']);
    assert.deepEqual(findings("field Subject is text\n"), ['P2011 "Subject"']);
  });

  it("lets a policy declare a field, and expands sets of fields", () => {
    const { policy } = checkWith(
      `field X-Corp-Trace is text\nfields hidden = Subject, Organization\nextend fields hidden with X-Corp-Trace, subject\n${ruleWith("remove hidden, Subject")}`,
    );
    assert.deepEqual(
      policy?.rules[0]?.actions.map((action) => ("field" in action ? [action.kind, action.field] : [])),
      [
        ["remove-field", "Subject"],
        ["remove-field", "Organization"],
        ["remove-field", "X-Corp-Trace"],
      ],
    );
    assert.deepEqual(findings(`field X-Corp-Trace is txt\n${ruleWith("remove X-Corp-Trace")}`), [
      'P2005 "txt"',
    ]);
  });

  it("takes a set only where several fields may stand, and no set that holds itself", () => {
    const set = "fields hidden = Subject\n";
    assert.deepEqual(findings(set + ruleWith("when hidden is present\n  remove hidden")), ['P2012 "hidden"']);
    assert.deepEqual(findings(`fields a = b\nfields b = a\n${ruleWith("remove a")}`), ['P2013 "a"']);
  });

  it("reports no name that stands in a statement or file which can't be read", () => {
    assert.deepEqual(
      findings(`network lost { domian "x.example" }\n${ruleWith("remove Subject", "message to lost")}`).map(
        (one) => one.slice(0, 2),
      ),
      ["P1"],
    );
    assert.deepEqual(findings(`import "./gone.privet"\n${ruleWith("apply far-away")}`), [
      'P2007 ""./gone.privet""',
    ]);
    // Who its partners are nobody knows, so nothing is said of what could hold.
    assert.deepEqual(
      notation(
        checkText('language 1\npolicy "x"\nimport "./gone.privet"\ntrust partner when secured by tls\n'),
      ),
      ['P2007 ""./gone.privet""'],
    );
    // A near miss of a name that is there is no missing name.
    assert.deepEqual(findings(`import "./gone.privet"\n${ruleWith("remove Subjct")}`), [
      'P2007 ""./gone.privet""',
      'P2001 "Subjct"',
    ]);
  });
});

describe("modules", () => {
  const leaf = 'language 1\ntreatment hush\n  remove Subject because "RFC 3323 5.3"\n';

  it("imports std: modules and files beside the policy", () => {
    assert.deepEqual(findings(`import "std:hush"\n${ruleWith("apply hush")}`, { "std:hush": leaf }), []);
    const result = checkText(`language 1\nimport "./lib/a.privet"\n`, {
      "lib/a.privet": 'language 1\nimport "../b.privet"\n',
      "b.privet": leaf,
    });
    assert.deepEqual([...result.sources.keys()], ["main.privet", "lib/a.privet", "b.privet"]);
    assert.deepEqual(notation(result), []);
  });

  it("shows the cycle in which files import each other", () => {
    const result = checkWith('import "./a.privet"\n', {
      "a.privet": 'language 1\nimport "./b.privet"\n',
      "b.privet": 'language 1\nimport "./a.privet"\n',
    });
    assert.deepEqual(notation(result), ['P2009 ""./a.privet""']);
    assert.deepEqual(
      result.diagnostics[0]?.related.map(({ file }) => file),
      ["a.privet"],
    );
    assert.equal(result.policy, undefined);
  });

  it("reads a file that two others import once", () => {
    const both = {
      "a.privet": 'language 1\nimport "./c.privet"\n',
      "b.privet": 'language 1\nimport "./c.privet"\n',
      "c.privet": leaf,
    };
    assert.deepEqual(
      findings(`import "./a.privet"\nimport "./b.privet"\n${ruleWith("apply hush")}`, both),
      [],
    );
  });

  it("says that the policy itself can't be read", () => {
    const result = checkText("", {});
    assert.deepEqual(
      notation(result).map((one) => one.slice(0, 5)),
      ["P1028"],
    );
  });
});
