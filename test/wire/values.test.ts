import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AddressReader, ParameterCursor, ValueCursor, type ValueShape } from "../../wire/index.ts";
import { bytes, textOf } from "./messages.ts";

const cursor = new ValueCursor();
function split(value: string, shape: ValueShape): string[] {
  const b = bytes(`<${value}>`);
  cursor.reset(b, 1, b.length - 1, shape);
  const found: string[] = [];
  while (cursor.next()) found.push(textOf(b, cursor.start, cursor.end));
  return found;
}

describe("the values of a row", () => {
  const cases: readonly (readonly [shape: ValueShape, value: string, values: readonly string[]])[] = [
    ["addresses", "<sip:a@b>, <tel:+1>", ["<sip:a@b>", "<tel:+1>"]],
    ["addresses", '"a, b" <sip:c,d@e>;x="f, g" ,\r\n\tsip:h@i', ['"a, b" <sip:c,d@e>;x="f, g"', "sip:h@i"]],
    ["addresses", '"a\\", <b" <sip:c@d>', ['"a\\", <b" <sip:c@d>']],
    ["addresses", '"a<" <sip:c@d>, <sip:e@f>', ['"a<" <sip:c@d>', "<sip:e@f>"]],
    ["addresses", "", []],
    ["addresses", " , ,<sip:a@b>,", ["<sip:a@b>"]],
    ["addresses", "*", ["*"]],
    ["values", 'SIP/2.0/UDP a;b="c,d", SIP/2.0/TCP e', ['SIP/2.0/UDP a;b="c,d"', "SIP/2.0/TCP e"]],
    ["values", "x;info=<https://a,b>;y,z", ["x;info=<https://a,b>;y", "z"]],
    ["tokens", "100rel , privacy,path", ["100rel", "privacy", "path"]],
    ["tokens", 'a"b@c, d"e@f', ['a"b@c', 'd"e@f']],
    ["priv-values", "user; header ;id", ["user", "header", "id"]],
    ["priv-values", "user,id;;critical", ["user", "id", "critical"]],
    ["text", "a, b; c", ["a, b; c"]],
    ["value", "a, b; c", ["a, b; c"]],
    ["address", "sip:a@b;tag=1, c", ["sip:a@b;tag=1, c"]],
    ["text", "  ", []],
  ];
  for (const [shape, value, values] of cases) {
    it(`${shape}: ${JSON.stringify(value)}`, () => assert.deepEqual(split(value, shape), values));
  }
});

const address = new AddressReader();

describe("an address", () => {
  interface Expected {
    readonly name?: string;
    readonly uri: string;
    readonly bracketed: boolean;
    readonly parameters: string;
  }
  const cases: readonly (readonly [value: string, expected: Expected | undefined])[] = [
    [
      '"A. \\"B\\" <c>" <sip:d@e;lr> ;tag=1',
      { name: '"A. \\"B\\" <c>"', uri: "sip:d@e;lr", bracketed: true, parameters: " ;tag=1" },
    ],
    ["caller<sip:a@b>", { name: "caller", uri: "sip:a@b", bracketed: true, parameters: "" }],
    ["Two\r\n words <sip:a@b>", { name: "Two\r\n words", uri: "sip:a@b", bracketed: true, parameters: "" }],
    ["<sip:a@b>", { uri: "sip:a@b", bracketed: true, parameters: "" }],
    ['""<sip:a@b>', { name: '""', uri: "sip:a@b", bracketed: true, parameters: "" }],
    // RFC 3261 20: without brackets the parameters are the field's.
    [
      "sip:a@b ;transport=tcp;tag=1",
      { uri: "sip:a@b", bracketed: false, parameters: " ;transport=tcp;tag=1" },
    ],
    [
      'sip:alice@home1.example;x="<sip:decoy@c>";tag=t',
      { uri: "sip:alice@home1.example", bracketed: false, parameters: ';x="<sip:decoy@c>";tag=t' },
    ],
    ["tel:+1-202", { uri: "tel:+1-202", bracketed: false, parameters: "" }],
    ["*", { uri: "*", bracketed: false, parameters: "" }],
    ["", undefined],
    ['"a" sip:b@c', undefined],
    ['"a <sip:b@c>', undefined],
    ["<sip:b@c", undefined],
    ["<>", undefined],
    [";tag=1", undefined],
  ];
  for (const [value, expected] of cases) {
    it(JSON.stringify(value), () => {
      const b = bytes(`,${value},`);
      assert.equal(address.read(b, 1, b.length - 1), expected !== undefined);
      if (expected === undefined) return;
      assert.equal(textOf(b, address.uriStart, address.uriEnd), expected.uri);
      assert.equal(address.bracketed, expected.bracketed);
      assert.equal(textOf(b, address.parametersStart, address.end), expected.parameters);
      assert.equal(address.addressEnd, address.parametersStart);
      assert.equal(
        address.nameStart < 0 ? undefined : textOf(b, address.nameStart, address.nameEnd),
        expected.name,
      );
    });
  }
});

const parameters = new ParameterCursor();
function list(
  text: string,
  separator: ";" | "&",
): [whole: string, name: string, value: string | undefined][] {
  const b = bytes(text);
  parameters.reset(b, 0, b.length, separator);
  const found: [string, string, string | undefined][] = [];
  while (parameters.next()) {
    found.push([
      textOf(b, parameters.start, parameters.end),
      textOf(b, parameters.nameStart, parameters.nameEnd),
      parameters.valueStart < 0 ? undefined : textOf(b, parameters.valueStart, parameters.valueEnd),
    ]);
  }
  return found;
}

describe("parameters", () => {
  it("with and without value, quoted, with blanks and folds", () => {
    assert.deepEqual(list(' ;tag=1; lr ;q = \r\n "a;\\"b" ;x=', ";"), [
      [" ;tag=1", "tag", "1"],
      ["; lr", "lr", undefined],
      [' ;q = \r\n "a;\\"b"', "q", '"a;\\"b"'],
      [" ;x=", "x", ""],
    ]);
  });
  it("empty ones say nothing", () =>
    assert.deepEqual(list(";;a; ;b;", ";"), [
      [";a", "a", undefined],
      [";b", "b", undefined],
    ]));
  it("semicolons in brackets and quotes separate nothing", () => {
    assert.deepEqual(
      list(';info=<https://a;b>;c="d;e"', ";").map(([, name, value]) => [name, value]),
      [
        ["info", "<https://a;b>"],
        ["c", '"d;e"'],
      ],
    );
  });
  it("a second equals sign belongs to the value", () =>
    assert.deepEqual(list(";icid=a=b=", ";"), [[";icid=a=b=", "icid", "a=b="]]));
  it("header fields of a URI", () => {
    assert.deepEqual(list("?Reason=SIP%3Bcause%3D302&Privacy=history&x", "&"), [
      ["?Reason=SIP%3Bcause%3D302", "Reason", "SIP%3Bcause%3D302"],
      ["&Privacy=history", "Privacy", "history"],
      ["&x", "x", undefined],
    ]);
  });
  it("none", () => assert.deepEqual([list("", ";"), list("  ", ";"), list("x", ";")], [[], [], []]));
});
