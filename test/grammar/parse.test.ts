import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { messageOf } from "../../grammar/diagnostic.ts";
import { type ParseResult, parse } from "../../grammar/parse.ts";
import { productions } from "../../grammar/privet.generated.ts";
import { tokenize } from "../../grammar/reading/lexer.ts";
import { type Phrase, parseSentence } from "../../grammar/reading/sentence.ts";
import { cutStatements, isStatementKeyword } from "../../grammar/reading/statements.ts";
import { Source } from "../../grammar/source.ts";
import type { RuleStatement, Statement, TestStatement } from "../../grammar/syntax.ts";
import { packageRoot } from "../package-root.ts";
import { sentence } from "./sentences.ts";

function read(text: string): ParseResult {
  return parse(new Source("test.privet", text));
}

/** The statements behind `language 1`; the text has no mistakes. */
function statements(text: string): readonly Statement[] {
  const { syntax, diagnostics } = read(`language 1\n${text}`);
  assert.deepEqual(diagnostics.map(messageOf), []);
  return syntax.statements.slice(1);
}

function isOf<Kind extends Statement["kind"]>(one: Statement, kind: Kind): one is Statement & { kind: Kind } {
  return one.kind === kind;
}

function statement<Kind extends Statement["kind"]>(kind: Kind, text: string): Statement & { kind: Kind } {
  const [only, ...rest] = statements(text);
  assert.equal(rest.length, 0);
  assert.ok(only !== undefined && isOf(only, kind));
  return only;
}

function ruleWith(lines: string): RuleStatement {
  return statement("rule", `rule r\n  on message to untrusted\n${lines}\n  because "RFC 3325 7"`);
}

/** Nodes without their places. */
function bare(node: unknown): unknown {
  return JSON.parse(JSON.stringify(node, (key, value: unknown) => (key === "span" ? undefined : value)));
}

function condition(text: string): unknown {
  return bare(ruleWith(`  when ${text}\n  mark m`).guards[0]!.condition);
}

const fixture = readFileSync(join(packageRoot, "test/grammar/fixtures/language.privet"), "utf8");

function policyFiles(): readonly string[] {
  return readdirSync(join(packageRoot, "policies"), { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".privet"),
  );
}

function parsesOf(text: string): readonly (readonly Phrase[])[] {
  return cutStatements(tokenize(text, isStatementKeyword).tokens).map((tokens) => {
    const parsed = parseSentence(tokens);
    assert.ok(!("type" in parsed), tokens.map(({ text: word }) => word).join(" "));
    return parsed;
  });
}

describe("the grammar", () => {
  it("has exactly one parse for every statement of the corpus, which leaves no rule out", () => {
    const used = new Set<string>();
    for (const parses of parsesOf(fixture)) {
      assert.equal(parses.length, 1);
      const waiting = [...parses];
      for (let phrase = waiting.pop(); phrase !== undefined; phrase = waiting.pop()) {
        used.add(phrase.rule);
        for (const part of phrase.parts) if (part.type === "phrase") waiting.push(part);
      }
    }
    const rules = new Set(productions.map(({ name }) => name));
    assert.deepEqual(
      [...rules].filter((rule) => !used.has(rule)),
      [],
    );
  });

  it("has exactly one parse for every statement of the shipped policies", () => {
    for (const file of policyFiles()) {
      const text = readFileSync(join(packageRoot, "policies", file), "utf8");
      for (const parses of parsesOf(text)) assert.equal(parses.length, 1, file);
    }
  });

  it("has exactly one parse for sentences drawn from it, though keywords serve as names", () => {
    fc.assert(
      fc.property(sentence, (words) => {
        const { tokens } = tokenize(words.join(" "), isStatementKeyword);
        const parsed = parseSentence(tokens);
        assert.ok(!("type" in parsed));
        assert.equal(parsed.length, 1);
      }),
      { numRuns: 400 },
    );
  });

  it("reads every example of the language's reference", () => {
    const reference = readFileSync(join(packageRoot, "docs/language.md"), "utf8");
    const examples = [...reference.matchAll(/```\n([^]*?)```/g)].map((match) => match[1]!);
    assert.ok(examples.length >= 6);
    for (const example of examples) {
      const lines = example.split("\n").filter((line) => !/^(?:rule|publish) .*…/.test(line));
      const text = lines.join("\n").replace(/^language 1.*\n/, "");
      assert.deepEqual(read(`language 1\n${text}`).diagnostics.map(messageOf), []);
    }
  });
});

describe("parse", () => {
  it("keeps names as written, with their places", () => {
    const text = "language 1\nfields asserted-identity = p-asserted-identity, REMOTE-Party-ID\n";
    const { syntax } = read(text);
    const fields = syntax.statements[1];
    assert.ok(fields?.kind === "fields");
    assert.deepEqual(
      fields.fields.map(({ text: name }) => name),
      ["p-asserted-identity", "REMOTE-Party-ID"],
    );
    assert.deepEqual(
      fields.fields.map(({ span }) => text.slice(span.start, span.end)),
      ["p-asserted-identity", "REMOTE-Party-ID"],
    );
    assert.equal(
      text.slice(fields.span.start, fields.span.end),
      "fields asserted-identity = p-asserted-identity, REMOTE-Party-ID",
    );
  });

  it("lets a network be called by a word of the language", () => {
    for (const name of ["inside", "message", "option", "rule", "remove", "emergency", "transport"])
      assert.equal(statement("network", `network ${name} { own }`).name.text, name);
  });

  it("reads `not` before `and` before `or`", () => {
    assert.deepEqual(condition("not request and emergency or response"), {
      kind: "or",
      of: [
        {
          kind: "and",
          of: [{ kind: "not", of: { kind: "message-is", is: "request" } }, { kind: "emergency" }],
        },
        { kind: "message-is", is: "response" },
      ],
    });
  });

  it("reads parentheses", () => {
    assert.deepEqual(condition("not (request or emergency)"), {
      kind: "not",
      of: { kind: "or", of: [{ kind: "message-is", is: "request" }, { kind: "emergency" }] },
    });
  });

  it("reads `is not` as `not … is`, and `absent` as not present", () => {
    const among = [{ text: "none", quoted: false }];
    const field = { text: "Privacy" };
    assert.deepEqual(condition("Privacy is not none"), { kind: "not", of: { kind: "sole", field, among } });
    assert.deepEqual(condition("Privacy is absent"), { kind: "not", of: { kind: "present", field } });
    assert.deepEqual(condition("Privacy is not absent"), { kind: "present", field });
  });

  it("tells `from` the end from From the header field", () => {
    assert.deepEqual(condition("from home"), {
      kind: "end",
      side: "from",
      who: [{ kind: "network", name: "home" }],
    });
    assert.deepEqual(condition("From is present"), { kind: "present", field: { text: "From" } });
  });

  it("reads ranges of status, with `4xx` for 400 to 499", () => {
    assert.deepEqual(condition("status is one of 4xx, 503"), {
      kind: "status",
      among: [
        { from: 400, to: 499 },
        { from: 503, to: 503 },
      ],
    });
  });

  it("reads a day as the end of a range as belonging to it", () => {
    const day = 86_400_000;
    const at = Date.UTC(2026, 0, 1);
    assert.deepEqual(condition("date from 2026-01-01 to 2026-01-01"), {
      kind: "date",
      from: at,
      until: at + day,
    });
    const after = ruleWith("  when date after 2026-01-01\n  mark m").guards[0]!.condition;
    assert.deepEqual(
      [after.kind === "date" && after.from, after.kind === "date" && after.until],
      [at + day, Number.POSITIVE_INFINITY],
    );
  });

  it("gives an action's condition to that action", () => {
    const { guards, actions } = ruleWith("  when request\n  remove Subject unless emergency\n  mark m");
    assert.equal(guards.length, 1);
    assert.deepEqual(
      actions.map(({ kind, guard }) => [kind, guard?.kind]),
      [
        ["remove-fields", "unless"],
        ["mark", undefined],
      ],
    );
  });

  it("reads `carries FIELD` as its presence", () => {
    const { carries } = statement(
      "never",
      'never "n" on message to untrusted carries Identity or Subject is "x"',
    );
    assert.deepEqual(bare(carries), {
      kind: "or",
      of: [
        { kind: "present", field: { text: "Identity" } },
        { kind: "sole", field: { text: "Subject" }, among: [{ text: "x", quoted: true }] },
      ],
    });
  });

  it("undoes the escapes of text", () => {
    assert.equal(statement("policy", 'policy "a \\"b\\" \\\\c"').title.text, 'a "b" \\c');
  });

  it("takes the closing quotes' indentation off a message, and ends its lines and its head", () => {
    const text =
      'test "t"\n  given message from a to b """\n    INVITE x\n      folded\n    Via: y\n    """\n  expect allow\n';
    const expected = "INVITE x\r\n  folded\r\nVia: y\r\n\r\n";
    for (const ending of [text, text.replaceAll("\n", "\r\n")]) {
      const test: TestStatement = statement("test", ending);
      assert.equal(test.given.kind === "message" && test.given.message.text, expected);
    }
  });

  it("adds no empty line to a message that has one", () => {
    const test = statement(
      "test",
      'test "t"\n  given message from a to b """\n  A\n\n  body\n  """\n  expect allow\n',
    );
    assert.equal(test.given.kind === "message" && test.given.message.text, "A\r\n\r\nbody\r\n");
  });

  it("reads addresses as bytes", () => {
    const network = statement("network", "network n { address 192.0.2.0/24 address 2001:db8::/32 }");
    const addresses = network.items.map((item) =>
      item.kind === "address" ? [item.address.length, ...item.address.bytes] : [],
    );
    assert.deepEqual(addresses, [
      [24, 192, 0, 2, 0],
      [32, 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    ]);
  });

  it("means the same wherever lines end", () => {
    const inOne = statements('rule r on message to untrusted when request remove Subject because "x"');
    const apart = statements(
      'rule\n  r\n  on\n  message\n  to\n  untrusted\n  when\n  request\n  remove\n  Subject\n  because\n  "x"',
    );
    const atMargin = statements('rule r\non message to untrusted\nwhen request\nremove Subject\nbecause "x"');
    assert.deepEqual(bare(apart), bare(inOne));
    assert.deepEqual(bare(atMargin), bare(inOne));
  });

  it("opens a statement at the margin, or indented where the one before has ended", () => {
    assert.deepEqual(
      statements("trust a\n  trust b\ntrust c when\n  option d").map(({ kind }) => kind),
      ["trust", "trust", "trust"],
    );
  });
});

describe("recovery", () => {
  const whole = 'rule good on message to untrusted mark m because "x"';
  const broken = [
    'rule a on message to untrusted remvoe X because "x"',
    "network a { domain home1.example }",
    "network a {\n  own",
    'import "never closed',
    'rule a on message to untrusted when (request mark m because "x"',
    'test "t"\n  given message from a to b """\n    INVITE x',
    "rulle a on message to untrusted",
    "remove Subject",
    "}",
  ];
  for (const text of broken) {
    it(`reads on behind ${JSON.stringify(text.slice(0, 40))}`, () => {
      const { syntax, diagnostics } = read(`language 1\n${whole}\n${text}\n${whole}\n${text}\n${whole}\n`);
      assert.equal(syntax.statements.filter(({ kind }) => kind === "rule").length, 3);
      assert.equal(diagnostics.length, 2);
      assert.equal(syntax.broken.length, 2);
    });
  }

  it("costs one statement at most, whichever word is left out, doubled or replaced", () => {
    const { tokens } = tokenize(fixture, isStatementKeyword);
    const cut = cutStatements(tokens);
    const before = read(fixture).syntax.statements.map((one) => JSON.stringify(bare(one)));
    const word = fc.constantFrom("", "foo", ",", ")", "}", '"x"', "and", "==", "“", "when", "remove");
    fc.assert(
      fc.property(fc.nat(cut.length - 2), fc.nat(), fc.boolean(), word, (which, nth, keep, inserted) => {
        const victim = cut[which + 1]!;
        // Without its keyword a statement may lawfully continue the one before.
        const token = victim[1 + (nth % (victim.length - 1))]!;
        const text = `${fixture.slice(0, keep ? token.end : token.start)} ${inserted} ${fixture.slice(token.end)}`;
        const after = new Set(read(text).syntax.statements.map((one) => JSON.stringify(bare(one))));
        const lost = before.filter((one) => !after.has(one));
        assert.ok(
          lost.length <= 1,
          `${lost.length} lost by ${JSON.stringify(inserted)} at ${JSON.stringify(token.text)}`,
        );
      }),
      { numRuns: 150 },
    );
  });

  it("tells what a broken statement would have named", () => {
    const { syntax } = read("language 1\nnetwork ims-b { domain ims-b.example }\nfields f =\n");
    assert.deepEqual(
      syntax.broken.map(({ keyword, name }) => [keyword, name]),
      [
        ["network", "ims-b"],
        ["fields", "f"],
      ],
    );
  });
});

describe("limits", () => {
  const limits = { fileLength: 200, statementTokens: 12, nesting: 3, diagnostics: 3 };
  function codes(text: string): readonly string[] {
    return parse(new Source("test.privet", text), limits).diagnostics.map(({ code }) => code);
  }

  it("reads a file up to its length, and none that is longer", () => {
    assert.deepEqual(codes(`language 1\n${" ".repeat(189)}`), []);
    assert.deepEqual(codes(`language 1\n${" ".repeat(190)}`), ["P1030"]);
  });

  it("reads a statement up to its number of words", () => {
    assert.deepEqual(codes("language 1\nfields f = a, b, c, d, e"), []);
    assert.deepEqual(codes("language 1\nfields f = a, b, c, d, e, f"), ["P1030"]);
  });

  it("reads conditions up to their depth", () => {
    assert.deepEqual(codes("language 1\ntrust a when not ((resumed))"), []);
    assert.deepEqual(codes("language 1\ntrust a when not not ((resumed))"), ["P1030"]);
  });

  it("stops after a number of mistakes, and says so", () => {
    assert.deepEqual(codes(`language 1\n${"trust\n".repeat(9)}`), ["P1002", "P1002", "P1002", "P1030"]);
  });
});

describe("parse, for any text", () => {
  function assertSound(text: string): void {
    const { diagnostics, syntax } = read(text);
    for (const { span, expected, help } of diagnostics) {
      assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
      assert.ok(expected.every((one) => one !== ""));
      assert.doesNotMatch(help, /\{\w+\}/);
    }
    for (const diagnostic of diagnostics) assert.doesNotMatch(messageOf(diagnostic), /\{\w+\}|undefined/);
    if (syntax.broken.length > 0) assert.ok(diagnostics.length > 0);
  }

  it("never throws on random text", () => {
    const anyText = fc
      .array(fc.nat(0xffff), { maxLength: 200 })
      .map((codes) => String.fromCharCode(...codes));
    fc.assert(fc.property(anyText, assertSound), { numRuns: 300 });
  });

  it("never throws on random words of the language", () => {
    const words = fixture.split(/(\s+)/);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (chosen) =>
        assertSound(chosen.join(" ")),
      ),
      { numRuns: 300 },
    );
  });

  it("never throws on lawful text with pieces cut out, put in or repeated", () => {
    const piece = fc.oneof(
      fc.constant(""),
      fc.constantFrom('"', '"""', "{", "}", "(", "\n", "\r", "rule ", "//", "\\", "\u202E", "é"),
      fc.string({ maxLength: 5 }),
    );
    const cut = fc.tuple(fc.nat(fixture.length), fc.nat(80), piece);
    fc.assert(
      fc.property(fc.array(cut, { minLength: 1, maxLength: 4 }), (cuts) => {
        let text = fixture;
        for (const [at, length, inserted] of cuts)
          text = text.slice(0, at) + inserted + text.slice(at + length);
        assertSound(text);
      }),
      { numRuns: 60 },
    );
  });

  const hostile: Readonly<Record<string, string>> = {
    parentheses: `trust a when ${"(".repeat(1_000_000)}`,
    negations: `trust a when ${"not ".repeat(250_000)}`,
    words: `trust ${"a ".repeat(500_000)}`,
    quotes: '"'.repeat(1_000_000),
    blocks: '"""\n'.repeat(250_000),
    escapes: `policy "${"\\a".repeat(500_000)}`,
    braces: "{".repeat(1_000_000),
    dots: "a.".repeat(500_000),
    colons: `a ${":".repeat(1_000_000)}`,
    nothing: "\0".repeat(1_000_000),
    keywords: "rule\n".repeat(200_000),
    list: `fields f = ${"a,".repeat(9_900)}a`,
  };
  for (const [name, text] of Object.entries(hostile)) {
    it(`does not hang on a megabyte of ${name}`, { timeout: 120_000 }, () => {
      const { syntax, diagnostics } = read(`language 1\n${text}`);
      assert.ok(syntax.statements.length > 1 || diagnostics.length > 0);
    });
  }

  it("reads 2,000 rules", { timeout: 120_000 }, () => {
    const rule =
      'rule r\n  on message from a or b to untrusted\n  when method is INVITE and not Privacy is none\n  remove Subject when request\n  because "x"\n\n';
    const { syntax } = read(`language 1\n${rule.repeat(2_000)}`);
    assert.equal(syntax.statements.length, 2_001);
  });
});
