import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { tokenize } from "../../grammar/reading/lexer.ts";
import { isStatementKeyword } from "../../grammar/reading/statements.ts";

function tokens(text: string): readonly string[] {
  return tokenize(text, isStatementKeyword).tokens.map(({ type, text: token }) => `${type} ${token}`);
}

describe("the lexer", () => {
  const kinds: readonly (readonly [text: string, type: string])[] = [
    ["carrier-c", "word"],
    ["P-Asserted-Identity", "word"],
    ["4xx", "word"],
    ["100rel", "word"],
    ["body", "topic"],
    ["own", "state"],
    ["when", "reserved"],
    ["When", "word"],
    ["From", "word"],
    ["486", "number"],
    ["1.3", "version"],
    ["2026-12-31", "date"],
    ["2026-06-01T12:00:00Z", "time"],
    ["192.0.2.0/24", "address"],
    ["2001:db8::/32", "address"],
    ["::1", "address"],
    ["::ffff:192.0.2.1", "address"],
    ["application/pidf+xml", "media"],
    ["application/*", "media"],
    ["application/media_control+xml", "media"],
    ["TLS_DH_anon_WITH_AES_128_GCM_SHA256", "suite"],
    ['"a \\" b \\\\"', "text"],
    ["carrier-c.example", "bare"],
    ["sip:alice@home1.example", "bare"],
    ["media_relay", "bare"],
    ["==", "operator"],
    ["&&", "operator"],
    ["!", "operator"],
    ["=", "punctuation"],
    [";", "invalid"],
    ["“quoted”", "misquoted"],
    ["'quoted'", "misquoted"],
    ['"never closed', "open-text"],
    ["😀", "invalid"],
  ];
  for (const [text, type] of kinds) {
    it(`reads ${text} as ${type}`, () => assert.deepEqual(tokens(text), [`${type} ${text}`]));
  }

  it("takes a comment out of the tokens, up to the end of its line", () => {
    const { tokens: words, comments } = tokenize('a // "b"\n// c\nd', isStatementKeyword);
    assert.deepEqual(
      words.map(({ text }) => text),
      ["a", "d"],
    );
    assert.deepEqual(
      comments.map(({ text, first }) => [text, first]),
      [
        ['// "b"', false],
        ["// c", true],
      ],
    );
  });

  it("ends a word where a comment begins", () => {
    assert.deepEqual(tokens("text/plain//comment"), ["media text/plain"]);
  });

  it("reads CRLF and a byte order mark as blanks", () => {
    const { tokens: words } = tokenize("\uFEFFrule a\r\n\ton b\r\n", isStatementKeyword);
    assert.deepEqual(
      words.map(({ text, first, column }) => [text, first, column]),
      [
        ["rule", true, 0],
        ["a", false, 5],
        ["on", true, 1],
        ["b", false, 4],
      ],
    );
  });

  it("does not read a lone CR as the end of a line", () => {
    assert.deepEqual(tokens("a // b\rc"), ["word a", "invalid \r", "word c"]);
  });

  it("closes a block with quotes that are first on their line", () => {
    const block = '"""\n  INVITE\n  a """ b\n  """';
    assert.deepEqual(tokens('"""\n  INVITE\n\n  """ x'), ['block """\n  INVITE\n\n  """', "word x"]);
    assert.deepEqual(tokens(block)[0]?.split(" ")[0], "open-block");
  });

  it("goes on behind a block that is never closed where a statement begins", () => {
    assert.deepEqual(tokens('"""\n  INVITE\n\nrule a\n'), [
      'open-block """\n  INVITE\n\n',
      "word rule",
      "word a",
    ]);
  });

  it("does not read the opening quotes of a next block as the closing ones", () => {
    const text = 'x """\n  A\nrule y z """\n  B\n  """\n';
    assert.deepEqual(
      tokens(text).map((token) => token.split(" ")[0]),
      ["word", "open-block", "word", "word", "word", "block"],
    );
  });

  it("names a block whose text begins on the line of its quotes", () => {
    assert.deepEqual(tokens('"""INVITE"""'), ['crammed-block """INVITE"""']);
  });
});
