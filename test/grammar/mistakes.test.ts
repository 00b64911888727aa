/** Typical mistakes: which words are underlined, what was meant, what was expected. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Diagnostic } from "../../grammar/diagnostic.ts";
import { parse } from "../../grammar/parse.ts";
import { Source } from "../../grammar/source.ts";

/** The text marks what is underlined with `«…»`; there is one mistake in it. */
function mistake(marked: string): Diagnostic {
  const text = `language 1\n${marked.replace(/[«»]/g, "")}`;
  const { diagnostics } = parse(new Source("test.privet", text));
  const [only, ...rest] = diagnostics;
  assert.ok(only !== undefined);
  assert.deepEqual(
    rest.map(({ code }) => code),
    [],
  );
  const { start, end } = only.span;
  const shown = `${text.slice(11, start)}«${text.slice(start, end)}»${text.slice(end)}`;
  assert.equal(shown, marked);
  return only;
}

function rule(lines: string): string {
  return `rule r\n  on message to untrusted\n${lines}\n  because "RFC 3325 7"`;
}

describe("a mistake is underlined, and the right word suggested", () => {
  const cases: readonly (readonly [name: string, marked: string, code: string, suggestion?: string])[] = [
    ["a domain without quotes", "network n { domain «home1.example» }", "P1008", '"home1.example"'],
    ["a title without quotes", "policy «IMS border»", "P1008", '"IMS border"'],
    ["a path without quotes", "import «./networks.privet»", "P1008", '"./networks.privet"'],
    [
      "a URI without quotes",
      rule("  when uri of To is «sip:bob@open-d.example»\n  mark m"),
      "P1008",
      '"sip:bob@open-d.example"',
    ],
    ["two equals signs", rule("  when Privacy «==» id\n  mark m"), "P1010", "is"],
    ["an equals sign", rule("  when Privacy «=» id\n  mark m"), "P1010", "is"],
    ["an unequal sign", rule("  when Privacy «!=» id\n  mark m"), "P1010", "is not"],
    ["two ampersands", rule("  when request «&&» emergency\n  mark m"), "P1010", "and"],
    ["two bars", rule("  when request «||» emergency\n  mark m"), "P1010", "or"],
    ["an exclamation mark", rule("  when «!»request\n  mark m"), "P1010", "not"],
    [
      "a comma between networks",
      'rule r\n  on message from home«,» ims-b to untrusted\n  mark m\n  because "x"',
      "P1011",
      "or",
    ],
    ["`and` in a list of fields", rule("  remove Subject «and» User-Agent"), "P1012", ","],
    ["`or` between values", rule("  when Privacy is id or «header»\n  mark m"), "P1035"],
    ["no `on`", 'rule r\n  «when» request\n  mark m\n  because "x"', "P1006"],
    ["no `because`", "rule r\n  on message to untrusted\n  mark m«»", "P1007"],
    ["a misspelt action", rule("  «remvoe» Subject"), "P1001", "remove"],
    ["a misspelt clause", 'rule r\n  on message to untrusted\n  mark m\n  «becuase» "x"', "P1001", "because"],
    ["a misspelt event", 'rule r\n  on «mesage» to untrusted\n  mark m\n  because "x"', "P1001", "message"],
    ["a keyword in capitals", rule("  «WHEN» request\n  mark m"), "P1001", "when"],
    ["`if`", rule("  «if» request\n  mark m"), "P1001", "when"],
    ["`delete`", rule("  «delete» Subject"), "P1001", "remove"],
    ["`contains`", rule("  when Privacy «contains» id\n  mark m"), "P1001", "has"],
    ["`remove body`", rule("  «remove body»"), "P1001", "drop body"],
    [
      "a rejection without its reason",
      'rule r\n  on message to untrusted\n  reject 403\n  «because» "x"',
      "P1001",
    ],
    ["`remove header`", rule("  remove «header» Subject"), "P1001"],
    [
      "`from network`",
      'rule r\n  on message from «network» home to untrusted\n  mark m\n  because "x"',
      "P1001",
    ],
    ["`allow`", rule("  «allow»"), "P1001"],
    ["`else`", rule("  mark m\n  «else» mark n"), "P1001"],
    ["two domains on a line", 'network n { domain "a"«,» "b" }', "P1001"],
    ["typographic quotes", "policy «“IMS border”»", "P1013", '"IMS border"'],
    ["single quotes", "policy «'IMS border'»", "P1013", '"IMS border"'],
    ["text never closed", 'policy «"»IMS border', "P1014"],
    ["a block never closed", 'test "t"\n  given message from a to b «"""»\n    INVITE x', "P1015"],
    [
      "a block on one line",
      'test "t"\n  given message from a to b «"""»INVITE x"""\n  expect allow',
      "P1016",
    ],
    ["a name with an underscore", "option «keep_id» = yes", "P1009", "keep-id"],
    ["a name with a colon", 'rule «r:» on message to untrusted mark m because "x"', "P1009", "r"],
    ["a name in quotes", 'rule «"r"» on message to untrusted mark m because "x"', "P1032", "r"],
    ["a reserved name", "network «to» { own }", "P1017"],
    ["From in lower case", rule("  when «from» is present\n  mark m"), "P1017", "From"],
    ["To in lower case, in a list", rule("  remove Subject, «to»"), "P1017", "To"],
    ["a block of a network that is open", "network n «{»\n  own\n\ntrust home", "P1018"],
    ["a parenthesis that is open", rule("  when «(»request or response\n  mark m"), "P1018"],
    ["a parenthesis that closes nothing", rule("  when request«)»\n  mark m"), "P1019"],
    ["a brace that closes nothing", "trust home\n«}»", "P1019"],
    [
      "a statement on another's line",
      'trust home «rule» r on message to untrusted mark m because "x"',
      "P1005",
    ],
    ["an unknown statement", "trust home\n«rulle» r", "P1003", "rule"],
    ["an action outside of a rule", "trust home\n\n«remove» Subject", "P1004"],
    ["a condition behind the end", `${rule("  mark m")}\n  «when» request`, "P1034"],
    ["a semicolon", `${rule("  mark m")}«;»`, "P1026"],
    ["a letter beyond z", "network m«ü»ller { own }", "P1026"],
    ["a condition below an action", rule("  mark m\n  «when request»"), "P1020"],
    ["`every … is not`", rule("  when «every host of Contact is not own»\n  mark m"), "P1021"],
    ["`any … is absent`", rule("  when «any display-name of Contact is absent»\n  mark m"), "P1021"],
    ["a date that does not exist", "test clock «2026-02-30»", "P1022"],
    ["a time without its zone", "test clock «2026-06-01T12:00:00»", "P1022"],
    ["an address with a number too large", "network n { address «192.0.2.256» }", "P1023"],
    ["bits behind the prefix", "network n { address «192.0.2.1/24» }", "P1023"],
    ["a status of four digits", rule("  when status is «4041»\n  mark m"), "P1024"],
    ["a TLS version that is none", rule("  when tls version is «2.0»\n  mark m"), "P1024"],
    ["a port of 17 bits", 'publish "d" { tls "h" port «65536» priority 1 weight 1 }', "P1024"],
    ["no suite", "tls { suites «}»", "P1001"],
    ["no suite, and then the groups", "tls { suites «groups» x25519 }", "P1001"],
    ["no group, and then the suites", "tls { groups «suites» TLS_AES_128_GCM_SHA256 }", "P1001"],
    ["an empty `tls`", "tls { «}»", "P1001"],
    ["a `tls` without a brace", "tls «versions» 1.3", "P1001"],
    ["one suite more, without a comma", "tls { suites TLS_A «TLS_B» }", "P1001"],
    ["a misspelt line of `tls`", "tls { «suite» TLS_A }", "P1001", "suites"],
    ["`curves`", "tls { «curves» x25519 }", "P1001", "groups"],
    ["`ciphers`", "tls { «ciphers» TLS_A }", "P1001", "suites"],
    ["a list in brackets", "tls { versions «[»1.3] }", "P1026"],
    ["a version in quotes", 'tls { versions «"1.3"» }', "P1001"],
    ["a second list of suites", "tls { suites TLS_A «suites TLS_B» }", "P1033"],
    ["a suite that stands twice", "tls { suites TLS_A, TLS_B, «TLS_A» }", "P1033"],
    ["a version that stands twice", "tls { versions 1.3, «1.3» }", "P1033"],
    ["a line of `tls` outside", "trust home\n\n«suites» TLS_A", "P1004"],
    ["a suite where a field belongs", rule("  remove «TLS_A»"), "P1009", "TLS-A"],
    ["an unknown escape", 'policy "a«\\n»"', "P1025"],
    ["a character that turns the text", 'policy "a«\u202E»b"', "P1027"],
    ["a line end that only some editors show", "// a«\u2028»trust home", "P1027"],
    ["a control character in a comment", "// a«\u0007»\ntrust home", "P1027"],
    ["bytes that are no UTF-8", 'policy "Pr«\uFFFD»fung"', "P1027"],
    ["a second language", "trust home\n«language 1»", "P1033"],
    [
      "a second clock",
      'test "t"\n  at 2026-01-01\n  «at 2026-01-02»\n  given handshake as server without certificate\n  expect reject',
      "P1033",
    ],
  ];
  for (const [name, marked, code, suggestion] of cases) {
    it(name, () => {
      const found = mistake(marked);
      assert.equal(found.code, code);
      assert.equal(found.suggestion, suggestion);
    });
  }

  it("passes what is no mistake: tabs, CRLF, a byte order mark, an indented statement", () => {
    const text =
      '\uFEFFlanguage 1\r\n\ttrust home\r\n\trule r\r\n\t\ton message to untrusted\r\n\t\tmark m\r\n\t\tbecause "x"\r\n';
    assert.deepEqual(parse(new Source("test.privet", text)).diagnostics, []);
  });
});

describe("a word that nothing here stands for gets its advice", () => {
  const cases: readonly (readonly [marked: string, help: RegExp])[] = [
    [rule("  «allow»"), /what no rule rejects passes/],
    [rule("  mark m\n  «else» mark n"), /`unless`/],
    [rule("  when user of To «matches» x\n  mark m"), /`starts with`/],
    [rule("  remove «header» Subject"), /named alone/],
    ['network n { domain "a"«,» "b" }', /one fact a line/],
    ['rule r\n  on message to untrusted\n  reject 403\n  «because» "x"', /`reject 403 "Forbidden"`/],
  ];
  for (const [marked, help] of cases)
    it(marked.replace(/\s+/g, " "), () => assert.match(mistake(marked).help, help));
});

describe("what was expected is said in the language's own words", () => {
  const cases: readonly (readonly [marked: string, expected: readonly string[]])[] = [
    ["trust partner when«»", ["a condition"]],
    [rule("  when «,»\n  mark m"), ["a condition"]],
    [
      rule("  remove «,»"),
      [
        "a header field",
        "`every`",
        "`values`",
        "`value`",
        "`option-tag`",
        "`priv-value`",
        "`surplus`",
        "`parameter`",
        "`uri-parameter`",
        "`number-parameter`",
        "`uri-header`",
        "`uri-headers`",
        "`display-name`",
      ],
    ],
    ["network n { «,» }", ["a line such as `domain`", "`}`"]],
    ['trust home «"x"»', ["`or`", "`incoming`", "`outgoing`", "`for`", "`when`", "`unless`"]],
    ["test clock «x»", ["a date such as 2026-12-31", "a time such as 2026-06-01T12:00:00Z"]],
  ];
  for (const [marked, expected] of cases) {
    it(marked.replace(/\s+/g, " "), () =>
      assert.deepEqual(mistake(marked).expected.toSorted(), expected.toSorted()),
    );
  }
});

describe("a file begins with its language", () => {
  const codes = (text: string): readonly string[] =>
    parse(new Source("t", text)).diagnostics.map(({ code }) => code);
  it("refuses a file without it", () => assert.deepEqual(codes("trust home"), ["P1028"]));
  it("refuses an empty file", () => assert.deepEqual(codes(""), ["P1028"]));
  it("refuses it in a later place", () => assert.deepEqual(codes("trust home\nlanguage 1"), ["P1028"]));
  it("refuses another version", () => assert.deepEqual(codes("language 2"), ["P1029"]));
  it("says one thing of a broken one", () => assert.deepEqual(codes("language one\ntrust home"), ["P1001"]));
});
