/** Messages on a stream (RFC 3261 18.3, RFC 5626 4.4.1): the same wherever the bytes are cut. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { Scan, StreamFramer } from "../../wire/index.ts";
import { bytes, table, textOf } from "./messages.ts";

type Framed = { readonly message: string } | "ping" | { readonly error: string; readonly status: number };

/** What a framer makes of chunks, in order. */
function framed(chunks: Iterable<Uint8Array>, framer: StreamFramer = new StreamFramer()): Framed[] {
  const events: Framed[] = [];
  let pings = 0;
  for (const chunk of chunks) {
    framer.push(chunk);
    for (;;) {
      const message = framer.next();
      for (; pings < framer.pings; pings++) events.push("ping");
      if (message === undefined) break;
      events.push({ message: textOf(message) });
    }
  }
  if (framer.error) events.push({ error: framer.error.rule, status: framer.error.status });
  return events;
}

function* bytewise(b: Uint8Array): Generator<Uint8Array> {
  for (let i = 0; i < b.length; i++) yield b.subarray(i, i + 1);
}

/** Whole, byte by byte, cut once at every place, and in three at some. */
function everywhere(text: string, expected: readonly Framed[]): void {
  const b = bytes(text);
  assert.deepEqual(framed([b]), expected);
  assert.deepEqual(framed(bytewise(b)), expected, "byte by byte");
  for (let cut = 1; cut < b.length; cut++) {
    assert.deepEqual(framed([b.subarray(0, cut), b.subarray(cut)]), expected, `cut at ${cut}`);
    const second = cut + 1 + ((cut * 31) % (b.length - cut));
    assert.deepEqual(
      framed([b.subarray(0, cut), b.subarray(cut, second), b.subarray(second)]),
      expected,
      `cut at ${cut} and ${second}`,
    );
  }
}

const head = (...rows: string[]): string =>
  ["MESSAGE sip:a@b SIP/2.0", "Via: SIP/2.0/TCP c", ...rows, "", ""].join("\r\n");

describe("the framing of a stream", () => {
  const first = `${head("Content-Length: 5")}hello`;
  const second = head("Subject: x", "l : 0");

  it("cuts messages at Content-Length", () =>
    everywhere(first + second + first, [{ message: first }, { message: second }, { message: first }]));

  it("finds pings between messages, and passes over single line ends", () => {
    everywhere(`\r\n\r\n\r\n${first}\r\n${second}\r\n\r\n\r\n\r\n`, [
      "ping",
      { message: first },
      { message: second },
      "ping",
      "ping",
    ]);
  });

  it("tells a single line end that stands between messages from one before a message (RFC 3261 7.5)", () => {
    const framer = new StreamFramer();
    const push = (text: string): number => [...framed([bytes(text)], framer)].length;
    push(first);
    assert.equal(framer.hasLoneLineEnd, false);
    push("\r");
    assert.equal(framer.hasLoneLineEnd, false);
    push("\n");
    assert.deepEqual([framer.hasLoneLineEnd, framer.padded], [true, 0]);
    push(second.slice(0, 20));
    assert.equal(framer.hasLoneLineEnd, false);
    push(second.slice(20));
    assert.deepEqual([framer.hasLoneLineEnd, framer.padded, framer.pings], [false, 1, 0]);
    push("\r\n");
    framer.forgetLoneLineEnd();
    push("\r\n");
    assert.deepEqual([framer.hasLoneLineEnd, framer.padded, framer.pings], [true, 1, 0]);
    push("\r\n");
    assert.deepEqual([framer.hasLoneLineEnd, framer.padded, framer.pings], [false, 1, 1]);
    push(`\r\n\r\n\r\n${first}${second}`);
    assert.deepEqual([framer.hasLoneLineEnd, framer.padded], [false, 2]);
  });

  it("reads a body that looks like messages and keep-alives", () => {
    const body = `\r\n\r\n${second}\r\n\r\n`;
    const message = `${head(`Content-Length: ${body.length}`)}${body}`;
    everywhere(message + first, [{ message }, { message: first }]);
  });

  for (const row of [
    "Content-Length: 5",
    "content-LENGTH \t :\t5  ",
    "l:5",
    "L\t: 5",
    "Content-Length:\r\n 5",
    "l:\r\n\t5 ",
    "Content-Length: 0005",
  ]) {
    it(`finds ${JSON.stringify(row)}`, () =>
      everywhere(`${head(row)}hello${second}`, [{ message: `${head(row)}hello` }, { message: second }]));
  }

  for (const decoy of [
    "Subject: a\r\n Content-Length: 3",
    'From: "x\r\n l: 3" <sip:a@b>',
    "X: Content-Length: 3",
    "Content-Lengths: 3",
    "lx: 3",
    "Content-Lengt: 3",
    "XContent-Length: 3",
    "Content-Type: l:3",
  ]) {
    it(`is not fooled by ${JSON.stringify(decoy)}`, () => {
      everywhere(`${head(decoy, "Content-Length: 5", decoy)}hello${second}`, [
        { message: `${head(decoy, "Content-Length: 5", decoy)}hello` },
        { message: second },
      ]);
    });
  }

  for (const [why, row, rule] of [
    ["no Content-Length", "Subject: x", "content-length-missing"],
    ["a negative one", "Content-Length: -1", "content-length"],
    ["one that is no number", "Content-Length: five", "content-length"],
    ["an empty one", "Content-Length:", "content-length"],
    ["two that differ", "Content-Length: 0\r\nl: 5", "content-length-repeated"],
    ["two that agree", "Content-Length: 5\r\nContent-Length: 5", "content-length-repeated"],
    ["a Content-Length behind a bare CR", "Subject: a\rContent-Length: 5", "content-length-missing"],
    ["a bare LF", "Subject: a\nContent-Length: 5", "bare-lf"],
    [
      "a Content-Length with a control character in its name",
      "Content-Length\x0b: 5",
      "content-length-missing",
    ],
  ] as const) {
    it(`stops at ${why}`, () => {
      everywhere(`${first}${head(row)}hello`, [{ message: first }, { error: rule, status: 400 }]);
    });
  }

  for (const row of ["Subject: a\rContent-Length: 5", "Subject: a\0", "Content-Length\x0b: 5", "No colon"]) {
    it(`leaves ${JSON.stringify(row)} to the scan, which closes the stream too`, () => {
      const message = head(row, "Content-Length: 0");
      everywhere(message, [{ message }]);
      const scan = new Scan(table);
      assert.equal(scan.read(bytes(message), "stream"), false);
      assert.equal(scan.violation?.closes, true);
    });
  }

  it("lets an escaped control character pass (RFC 3261 25.1: quoted-pair)", () => {
    const message = head('Contact: "a\\\0b" <sip:c@d>', "Content-Length: 0");
    everywhere(message, [{ message }]);
  });

  it("stops at a CR between messages", () =>
    everywhere(`${first}\r${second}`, [{ message: first }, { error: "bare-cr", status: 400 }]));

  it("gives the head of what it stopped at, and frames no more", () => {
    const framer = new StreamFramer();
    const sent = head("Via: SIP/2.0/TCP d", "Content-Length: x");
    framer.push(bytes(first + sent));
    assert.equal(textOf(framer.next()!), first);
    assert.equal(framer.next(), undefined);
    assert.deepEqual(
      [framer.error?.closes, textOf(framer.error!.head, framer.error!.at, framer.error!.at + 14)],
      [true, "Content-Length"],
    );
    assert.equal(textOf(framer.error!.head), sent);
    framer.push(bytes(first));
    assert.equal(framer.next(), undefined);
    assert.equal(framer.pendingBytes, 0);
  });

  it("makes no copy of messages that lie in one chunk, and none of the rest of a chunk", () => {
    const framer = new StreamFramer();
    const one = bytes(first + second + first.slice(0, 20));
    const two = bytes(first.slice(20) + second + first);
    framer.push(one);
    const early = [framer.next()!, framer.next()!, framer.next()];
    framer.push(two);
    const late = [framer.next()!, framer.next()!, framer.next()!];
    assert.deepEqual(
      early.map((message) => message?.buffer === one.buffer),
      [true, true, false],
    );
    assert.deepEqual(
      late.map((message) => message.buffer === two.buffer),
      [false, true, true],
    );
    assert.deepEqual(
      [...early.slice(0, 2), ...late].map((message) => textOf(message!)),
      [first, second, first, second, first],
    );
  });

  it("takes several chunks before it is asked", () => {
    const framer = new StreamFramer();
    for (const byte of bytewise(bytes(first + second))) framer.push(byte);
    assert.deepEqual(
      [textOf(framer.next()!), textOf(framer.next()!), framer.next()],
      [first, second, undefined],
    );
  });

  it("never changes a message that it has given away", () => {
    const framer = new StreamFramer();
    const given: Uint8Array[] = [];
    const copies: string[] = [];
    const stream = bytes((first + second).repeat(300));
    for (let at = 0; at < stream.length; at += 37) {
      framer.push(stream.slice(at, at + 37));
      for (let message = framer.next(); message; message = framer.next()) {
        given.push(message);
        copies.push(textOf(message));
      }
    }
    assert.deepEqual(
      given.map((message) => textOf(message)),
      copies,
    );
    assert.equal(copies.length, 600);
  });

  it("holds no more than the limits", () => {
    const limits = { headBytes: 200, bodyBytes: 50 };
    const long = (size: number): string =>
      head(`X: ${"x".repeat(size - head("X: ", "Content-Length: 0").length)}`, "Content-Length: 0");
    assert.deepEqual(framed([bytes(long(200))], new StreamFramer(limits)), [{ message: long(200) }]);
    assert.deepEqual(framed([bytes(long(201))], new StreamFramer(limits)), [
      { error: "limit-head-bytes", status: 513 },
    ]);
    assert.deepEqual(framed(bytewise(bytes(long(201))), new StreamFramer(limits)), [
      { error: "limit-head-bytes", status: 513 },
    ]);
    const body = (size: number): string => `${head(`Content-Length: ${size}`)}${"x".repeat(size)}`;
    assert.deepEqual(framed([bytes(body(50))], new StreamFramer(limits)), [{ message: body(50) }]);
    assert.deepEqual(framed([bytes(body(51))], new StreamFramer(limits)), [
      { error: "limit-body-bytes", status: 513 },
    ]);
    assert.deepEqual(
      framed([bytes(head("Content-Length: 99999999999999999999999"))], new StreamFramer(limits)),
      [{ error: "limit-body-bytes", status: 513 }],
    );
    const endless = new StreamFramer(limits);
    for (let i = 0; i < 100 && !endless.error; i++) {
      endless.push(bytes("INVITE sip:aaaaaaaaaaaaaaaaaaaa"));
      endless.next();
    }
    assert.equal(endless.error?.rule, "limit-head-bytes");
  });

  it("frames a large message byte by byte, which quadratic work would not end in the suite's time", () => {
    const big = `${head(`X: ${"x".repeat(60_000)}`, "Content-Length: 900000")}${"y".repeat(900_000)}`;
    assert.equal(framed(bytewise(bytes(big))).length, 1);
  });

  it("gives the same for any cuts of any messages", () => {
    const body = fc.string({
      unit: fc.constantFrom("\r", "\n", "l", ":", "5", " ", "x", "\0"),
      maxLength: 40,
    });
    const part = fc.oneof(
      body.map((text) => `${head(`Content-Length: ${text.length}`)}${text}`),
      body.map((text) => `${head('X: "l:\r\n 5"', `l :\r\n ${text.length}`)}${text}`),
      fc.constantFrom("\r\n", "\r\n\r\n", head("Subject: x"), "\r", "\0"),
    );
    fc.assert(
      fc.property(
        fc.array(part, { maxLength: 6 }),
        fc.array(fc.nat(600), { maxLength: 8 }),
        (parts, cuts) => {
          const b = bytes(parts.join(""));
          const places = [...new Set([0, ...cuts.map((cut) => Math.min(cut, b.length)), b.length])].toSorted(
            (x, y) => x - y,
          );
          const chunks = places.slice(1).map((place, index) => b.subarray(places[index], place));
          assert.deepEqual(framed(chunks), framed([b]));
        },
      ),
      { numRuns: 300 },
    );
  });
});
