import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bytesOf,
  equalBytes,
  equalDecoded,
  equalFolded,
  isUnderDomain,
  UriReader,
} from "../../wire/index.ts";
import { bytes, textOf } from "./messages.ts";

const uri = new UriReader();

interface Expected {
  readonly kind: string;
  readonly user?: string;
  readonly host?: string;
  readonly port?: number;
  readonly parameters?: string;
  readonly headers?: string;
}

function read(text: string): Expected | undefined {
  const b = bytes(`<${text}>`);
  if (!uri.read(b, 1, b.length - 1)) return undefined;
  const part = (name: string, start: number, end: number): Record<string, string> =>
    start < 0 ? {} : { [name]: textOf(b, start, end) };
  return {
    kind: uri.kind,
    ...part("user", uri.userStart, uri.userEnd),
    ...part("host", uri.hostStart, uri.hostEnd),
    ...(uri.port < 0 ? {} : { port: uri.port }),
    ...part("parameters", uri.parametersStart, uri.parametersEnd),
    ...part("headers", uri.headersStart, uri.headersEnd),
  };
}

describe("a URI", () => {
  const cases: readonly (readonly [text: string, expected: Expected | undefined])[] = [
    ["sip:alice@home1.example", { kind: "sip", user: "alice", host: "home1.example" }],
    [
      "SIPS:alice:secret@home1.example:5061;transport=tcp;lr?Subject=a&x=b@c",
      {
        kind: "sips",
        user: "alice",
        host: "home1.example",
        port: 5061,
        parameters: ";transport=tcp;lr",
        headers: "?Subject=a&x=b@c",
      },
    ],
    ["sip:home1.example", { kind: "sip", host: "home1.example" }],
    ["sip:home1.example;lr", { kind: "sip", host: "home1.example", parameters: ";lr" }],
    ["sip:home1.example?Reason=a", { kind: "sip", host: "home1.example", headers: "?Reason=a" }],
    // RFC 4475 3.1.1.9: the user holds parameters of its own.
    [
      "sip:+1202;cpc=payphone;oli=00@home1.example;user=phone",
      { kind: "sip", user: "+1202;cpc=payphone;oli=00", host: "home1.example", parameters: ";user=phone" },
    ],
    // RFC 3261 25.1: a question mark may stand in the user.
    ["sip:a?b@c", { kind: "sip", user: "a?b", host: "c" }],
    ["sip:a%40b@c", { kind: "sip", user: "a%40b", host: "c" }],
    ["sip:a@[2001:db8::1]:5060", { kind: "sip", user: "a", host: "[2001:db8::1]", port: 5060 }],
    ["sip:[::ffff:192.0.2.10]", { kind: "sip", host: "[::ffff:192.0.2.10]" }],
    [
      "tel:+1-202-555-0101;phone-context=home1.example;cpc=ordinary",
      { kind: "tel", user: "+1-202-555-0101", parameters: ";phone-context=home1.example;cpc=ordinary" },
    ],
    ["urn:service:sos.police", { kind: "urn" }],
    ["https://a.example/x@y?z", { kind: "other" }],
    ["sipx:a@b", { kind: "other" }],
    ["cid:a@b", { kind: "other" }],
    ["sip:", undefined],
    ["sip:@a", undefined],
    ["sip:a@", undefined],
    ["sip:a@b@c", undefined],
    ["sip:a@b;x=c@d", undefined],
    ["sip:a@b:", undefined],
    ["sip:a@b:x", undefined],
    ["sip:a@b:123456", undefined],
    ["sip:a@b/c", undefined],
    ["sip:2001:db8::1", undefined],
    ["sip:[2001:db8::1", undefined],
    ["sip:a b@c", undefined],
    ['sip:a"b@c', undefined],
    ["tel:", undefined],
    ["tel:;x", undefined],
    ["alice", undefined],
    ["1a:b", undefined],
    ["", undefined],
  ];
  for (const [text, expected] of cases) it(text || "(nothing)", () => assert.deepEqual(read(text), expected));

  it("tells where the userinfo ends, password and all", () => {
    const b = bytes("sip:alice:secret@h");
    assert.ok(uri.read(b, 0, b.length));
    assert.equal(textOf(b, uri.userStart, uri.userinfoEnd), "alice:secret");
  });
});

describe("comparison", () => {
  const whole = (text: string): [Uint8Array, number, number] => [bytes(`x${text}y`), 1, text.length + 1];
  it("of bytes counts case", () => {
    assert.deepEqual(
      [
        equalBytes(...whole("Alice"), bytesOf("Alice")),
        equalBytes(...whole("Alice"), bytesOf("alice")),
        equalBytes(...whole("Alic"), bytesOf("Alice")),
      ],
      [true, false, false],
    );
  });
  it("of tokens does not (RFC 3261 7.3.1)", () => {
    assert.deepEqual(
      [
        equalFolded(...whole("TCP"), bytesOf("tcp")),
        equalFolded(...whole("T[P"), bytesOf("t{p")),
        equalFolded(...whole("tcpx"), bytesOf("tcp")),
      ],
      [true, false, false],
    );
  });
  it("of users decodes once (RFC 4475 3.1.1.3)", () => {
    const user = (text: string, decoded: string): boolean =>
      equalDecoded(...whole(text), bytesOf(decoded), false);
    assert.deepEqual(
      [
        user("%61lice", "alice"),
        user("a%6Cice", "alice"),
        user("value%2541", "value%41"),
        user("value%2541", "valueA"),
        user("Alice", "alice"),
        user("alic", "alice"),
        user("alicee", "alice"),
      ],
      [true, true, true, false, false, false, false],
    );
  });
  it("takes a percent sign that begins no escape for itself", () => {
    assert.deepEqual(
      [
        equalDecoded(...whole("a%zz"), bytesOf("a%zz"), false),
        equalDecoded(...whole("a%4"), bytesOf("a%4"), false),
        equalDecoded(...whole("a%00"), bytes("a\0"), false),
      ],
      [true, true, true],
    );
  });
  it("of decoded hosts leaves case out", () =>
    assert.ok(equalDecoded(...whole("HOME1.ex%41mple"), bytesOf("home1.example"), true)));
  it("of domains goes by labels", () => {
    const under = (host: string): boolean => isUnderDomain(...whole(host), bytesOf("home1.example"));
    assert.deepEqual(
      [
        "home1.example",
        "Edge.HOME1.example",
        "home1.example.",
        "xhome1.example",
        "home1.example.net",
        "example",
        ".home1.example",
      ].map(under),
      [true, true, true, false, false, false, true],
    );
  });
});
