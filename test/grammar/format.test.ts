import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import fc from "fast-check";
import { format, formatWith, meaningOf } from "../../grammar/format.ts";
import { parse } from "../../grammar/parse.ts";
import { tokenize } from "../../grammar/reading/lexer.ts";
import { cutStatements, isStatementKeyword } from "../../grammar/reading/statements.ts";
import { Source } from "../../grammar/source.ts";
import { packageRoot } from "../package-root.ts";
import { sentence } from "./sentences.ts";

function formatted(text: string): string {
  const { text: result, diagnostics } = format(new Source("test.privet", text));
  assert.deepEqual(
    diagnostics.map(({ code }) => code),
    [],
  );
  assert.ok(result !== undefined);
  return result;
}

/** Behind `language 1` and an empty line, or none. */
function body(text: string): string {
  return formatted(`language 1\n${text}`).replace(/^language 1\n+/, "");
}

function meaning(text: string): string {
  return meaningOf(parse(new Source("test.privet", text)).syntax);
}

const fixture = readFileSync(join(packageRoot, "test/grammar/fixtures/language.privet"), "utf8");

describe("the formatter", () => {
  it("gives a rule one fact a line", () => {
    assert.equal(
      body(
        'rule r on message from a or b to untrusted when request unless emergency remove Subject , To when response because "x"',
      ),
      'rule r\n  on message from a or b to untrusted\n  when request\n  unless emergency\n  remove Subject, To when response\n  because "x"\n',
    );
  });

  it("gives a network, a certificate and a publication one fact a line", () => {
    assert.equal(body('network n{own domain "d"}'), 'network n {\n  own\n  domain "d"\n}\n');
    assert.equal(
      body('test "t" given handshake as server certificate { dns "a" usage x } expect reject'),
      'test "t"\n  given handshake as server certificate {\n    dns "a"\n    usage x\n  }\n  expect reject\n',
    );
    assert.equal(body('publish "d" { ttl 3 }'), 'publish "d" {\n  ttl 3\n}\n');
    assert.equal(body("network n { }"), "network n {\n}\n");
  });

  it("gives what TLS is offered one suite a line", () => {
    assert.equal(
      body("tls{versions 1.3,1.2 suites A_B , C_D // why\ngroups x25519,secp256r1}"),
      "tls {\n  versions 1.3, 1.2\n  suites\n    A_B,\n    C_D // why\n  groups x25519, secp256r1\n}\n",
    );
  });

  it("gives a treatment's edits their conditions and clauses on one line", () => {
    assert.equal(
      body(
        'treatment t fulfils user keep priv-value user when option k when Privacy has user anonymize From when request because "x"',
      ),
      'treatment t\n  fulfils user\n  keep priv-value user when option k\n  when Privacy has user\n  anonymize From when request because "x"\n',
    );
  });

  it("sets parentheses close to what they hold", () => {
    assert.equal(
      body("trust a when not( request or( emergency ) )"),
      "trust a when not (request or (emergency))\n",
    );
  });

  it("breaks a long line at its clauses, and hangs the rest", () => {
    assert.equal(
      body(
        "trust partner or ims-b incoming for charging, asserted-identity when secured by tls and certificate names partner",
      ),
      "trust partner or ims-b incoming for charging, asserted-identity\n  when secured by tls and certificate names partner\n",
    );
    const fields = Array.from({ length: 20 }, (_, index) => `X-Field-${index}`);
    const lines = body(`fields f = ${fields.join(", ")}`)
      .trimEnd()
      .split("\n");
    assert.ok(lines.length > 1 && lines.every((line) => line.length <= 100));
    assert.ok(lines.slice(1).every((line) => /^ {2}\S/.test(line)));
  });

  it("parts statements of several lines by an empty one, and keeps one at most elsewhere", () => {
    assert.equal(
      body("trust a\ntrust b\n\n\n\ntrust c\nnetwork n { own }\ntrust d"),
      "trust a\ntrust b\n\ntrust c\n\nnetwork n {\n  own\n}\n\ntrust d\n",
    );
    assert.equal(
      body('network n {\n\n  own\n\n\n  domain "d"\n\n}'),
      'network n {\n  own\n\n  domain "d"\n}\n',
    );
  });

  it("keeps comments where they are", () => {
    const text = `// above
language 1 // behind

// of the network
network n { // of the brace
  // of own
  own // of own, too

  domain "d"
  // at the end
}

rule r
  // of the occasion
  on message to untrusted
  remove Subject, // the first
    // the second
    To
  because "x"
  // of the rule

// of the next
trust a
// the last
`;
    assert.equal(formatted(text), text);
  });

  it("keeps a comment inside of a block of words on its own line", () => {
    assert.equal(
      body("trust // why\n partner // who\nwhen request"),
      "trust // why\n  partner // who\n  when request\n",
    );
  });

  it("moves a message as a whole, and changes no character of it", () => {
    const text =
      'language 1\ntest "t"\n given message from a to b """\n  INVITE x\n    folded  \n\n\n  body\n  """\n expect allow\n';
    assert.equal(
      formatted(text),
      'language 1\n\ntest "t"\n  given message from a to b """\n    INVITE x\n      folded  \n\n\n    body\n    """\n  expect allow\n',
    );
    assert.equal(meaning(formatted(text)), meaning(text));
  });

  it("ends lines in LF and takes a byte order mark off", () => {
    assert.equal(
      formatted("\uFEFFlanguage 1\r\ntrust a // b\r\n\r\ntrust c"),
      "language 1\ntrust a // b\n\ntrust c\n",
    );
  });

  it("formats no text with mistakes", () => {
    const { text, diagnostics } = format(new Source("t", "language 1\ntrust\n"));
    assert.equal(text, undefined);
    assert.deepEqual(
      diagnostics.map(({ code }) => code),
      ["P1002"],
    );
  });

  const text = "language 1\ntrust a\nfields f = Subject // the first\n";
  const printings: readonly (readonly [how: string, printed: string, underlined: string])[] = [
    ["another word", text.replace("Subject", "Server"), "fields f = Subject"],
    ["a statement less", text.replace("trust a\n", ""), "trust a"],
    ["a comment less", text.replace(" // the first", ""), ""],
    ["text with mistakes", text.replace("trust a", "trust"), "trust a"],
  ];
  for (const [how, printed, underlined] of printings) {
    it(`gives out nothing if the result has ${how}`, () => {
      const { text: result, diagnostics } = formatWith(new Source("t", text), () => printed);
      assert.equal(result, undefined);
      assert.deepEqual(
        diagnostics.map(({ code, span }) => [code, text.slice(span.start, span.end)]),
        [["P1031", underlined]],
      );
    });
  }
});

describe("the formatter, for any policy", () => {
  function assertCanonical(text: string): void {
    const once = formatted(text);
    assert.equal(formatted(once), once);
    assert.equal(meaning(once), meaning(text));
  }

  it("says the same and is stable, for every construct of the language", () => assertCanonical(fixture));

  it("says the same and is stable, for sentences drawn from the grammar", () => {
    fc.assert(
      fc.property(fc.array(sentence, { minLength: 1, maxLength: 3 }), (sentences) => {
        const text = `language 1\n${sentences.map((words) => words.join(" ")).join("\n")}\n`;
        fc.pre(parse(new Source("t", text)).diagnostics.length === 0);
        assertCanonical(text);
      }),
      { numRuns: 200 },
    );
  });

  it("gives one layout to one policy, however its words were laid out, and keeps all comments", () => {
    const gap = fc.constantFrom(
      " ",
      " ",
      "  ",
      "\t",
      "\n    ",
      "\r\n      ",
      " // c\n    ",
      "\n    // d\n    ",
      "\n\n\n    ",
    );
    const statements = cutStatements(tokenize(fixture, isStatementKeyword).tokens).slice(1);
    fc.assert(
      fc.property(
        fc.constantFrom(...statements),
        fc.array(gap, { minLength: 1, maxLength: 60 }),
        (tokens, gaps) => {
          const plain = `language 1\n${tokens.map(({ text }) => text).join(" ")}`;
          const text = `language 1\n${tokens.map((token, index) => token.text + gaps[index % gaps.length]!).join("")}`;
          const read = parse(new Source("t", text));
          // A condition on its own line under an action is a mistake, and rightly so.
          fc.pre(read.diagnostics.every(({ code }) => code !== "P1020"));
          const once = formatted(text);
          assert.equal(formatted(once), once);
          assert.equal(meaning(once), meaning(plain));
          const comments = (result: string): readonly string[] =>
            parse(new Source("t", result)).comments.map((comment) => comment.text);
          assert.deepEqual(comments(once), comments(text));
          if (read.comments.length === 0)
            assert.equal(once.replace(/\n{2,}/g, "\n"), formatted(plain).replace(/\n{2,}/g, "\n"));
        },
      ),
      { numRuns: 150 },
    );
  });
});
