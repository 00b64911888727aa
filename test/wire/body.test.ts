/** Bodies down to their parts (RFC 2046 5.1, RFC 3261 7.4, RFC 5621). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { type BodyPart, defaultBodyLimits, readBody, Scan, SdpCursor } from "../../wire/index.ts";
import { bytes, message, table, textOf } from "./messages.ts";

interface Told {
  readonly type: string;
  readonly content: string;
  readonly id?: string;
  readonly parts?: readonly Told[];
  readonly unreadable?: true;
}

const scan = new Scan(table);
let sent: Uint8Array;

function read(rows: readonly string[], body: string, limits = defaultBodyLimits): BodyPart | undefined {
  sent = message({ rows: [...rows, `Content-Length: ${body.length}`], body });
  assert.ok(scan.read(sent, "datagram"), scan.violation?.rule);
  return readBody(scan, limits);
}

function told(part: BodyPart): Told {
  return {
    type: part.type,
    content: textOf(sent, part.contentStart, part.contentEnd),
    ...(part.contentId === "" ? {} : { id: part.contentId }),
    ...(part.type.startsWith("multipart/") && !part.unreadable ? { parts: part.parts.map(told) } : {}),
    ...(part.unreadable ? { unreadable: true } : {}),
  };
}

const parts = (type: string, body: string): Told["parts"] =>
  told(read([`Content-Type: ${type}`], body)!).parts;

describe("a body", () => {
  it("is none", () => assert.equal(read(["Content-Type: application/sdp"], ""), undefined));

  it("has the type of Content-Type, in lower case, or is text", () => {
    assert.deepEqual(told(read(["c : Application/SDP ;charset=x"], "v=0")!), {
      type: "application/sdp",
      content: "v=0",
    });
    assert.deepEqual(told(read([], "v=0")!), { type: "text/plain", content: "v=0" });
    assert.equal(read(["Content-Type: message / sipfrag"], "x")!.type, "message/sipfrag");
  });

  it("tells its Content-ID and whether it is encoded", () => {
    assert.equal(read(["Content-ID: <a@b>"], "x")!.contentId, "a@b");
    assert.equal(read(["Content-ID: (an id) < a@b > (indeed)"], "x")!.contentId, "a@b");
    assert.equal(read(["Content-ID: a@b"], "x")!.contentId, "a@b");
    assert.equal(read(["e: gzip"], "x")!.encoded, true);
    assert.equal(read(["Content-Encoding: identity"], "x")!.encoded, false);
  });

  it("falls into parts", () => {
    const body =
      "preamble\r\n--b\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n\r\n--b \r\nContent-ID:\r\n <i@d>\r\nc: text/x;y=z\r\n\r\n\r\n--b\r\n\r\nplain\r\n--b--\r\nepilogue";
    assert.deepEqual(parts("multipart/mixed;boundary=b", body), [
      { type: "application/sdp", content: "v=0\r\n" },
      { type: "text/x", content: "", id: "i@d" },
      { type: "text/plain", content: "plain" },
    ]);
  });

  it("gives spans from which a part can be cut", () => {
    const body = "--b\r\nContent-Type: a/b\r\n\r\none\r\n--b\r\nContent-Type: c/d\r\n\r\ntwo\r\n--b--\r\n";
    const whole = read(["Content-Type: multipart/mixed; boundary=b"], body)!;
    const [one, two] = whole.parts as [BodyPart, BodyPart];
    const without = (part: BodyPart, end: number): string =>
      textOf(sent, whole.contentStart, part.start) + textOf(sent, end, whole.contentEnd);
    assert.equal(without(one, two.start), "\r\n--b\r\nContent-Type: c/d\r\n\r\ntwo\r\n--b--\r\n");
    assert.equal(without(two, whole.closeStart), "--b\r\nContent-Type: a/b\r\n\r\none\r\n--b--\r\n");
    assert.equal(textOf(sent, two.headStart, two.headEnd), "Content-Type: c/d\r\n\r\n");
    assert.equal(textOf(sent, whole.closeStart, whole.closeEnd), "\r\n--b--\r\n");
    assert.deepEqual(
      two.rows.map((row) => [
        row.name,
        textOf(sent, row.valueStart, row.valueEnd),
        textOf(sent, row.start, row.end),
      ]),
      [["content-type", "c/d", "Content-Type: c/d\r\n"]],
    );
  });

  it("has a quoted boundary with colons, equals signs, blanks and escapes", () => {
    for (const [written, boundary] of [
      ['"a:b=c"', "a:b=c"],
      ['"a b\\"c"', 'a b"c'],
      ["=_x", "=_x"],
      ['"--"', "--"],
    ] as const) {
      assert.deepEqual(
        parts(`multipart/mixed ; x=y ; Boundary = ${written}`, `--${boundary}\r\n\r\nv\r\n--${boundary}--`),
        [{ type: "text/plain", content: "v" }],
        boundary,
      );
    }
  });

  it("is not cut where a boundary stands inside a line", () => {
    assert.deepEqual(parts("multipart/mixed;boundary=b", "--b\r\n\r\n --b\r\nx--b\r\n-b\r\n--b--"), [
      { type: "text/plain", content: " --b\r\nx--b\r\n-b" },
    ]);
  });

  it("nests", () => {
    const inner =
      "--in\r\nContent-Type: message/sipfrag\r\n\r\nSIP/2.0 200 OK\r\n\r\n--in\r\nContent-Type: application/pidf+xml\r\n\r\n<x/>\r\n--in--";
    const body = `--out\r\nContent-Type: multipart/alternative; boundary="in"\r\n\r\n${inner}\r\n--out\r\n\r\nz\r\n--out--\r\n`;
    assert.deepEqual(parts("multipart/mixed;boundary=out", body), [
      {
        type: "multipart/alternative",
        content: inner,
        parts: [
          { type: "message/sipfrag", content: "SIP/2.0 200 OK\r\n" },
          { type: "application/pidf+xml", content: "<x/>" },
        ],
      },
      { type: "text/plain", content: "z" },
    ]);
  });

  it("keeps NUL and every other byte of a binary part (RFC 4475 3.1.1.11)", () => {
    const binary = String.fromCharCode(...Array.from({ length: 256 }, (_, index) => index));
    assert.deepEqual(
      parts("multipart/mixed;boundary=b", `--b\r\nContent-Type: a/b\r\n\r\n${binary}\r\n--b--`),
      [{ type: "a/b", content: binary }],
    );
  });

  it("takes LF for a line end inside a multipart", () => {
    assert.deepEqual(parts("multipart/mixed;boundary=b", "--b\nContent-Type: a/b\n\nx\n--b\n\ny\n--b--\n"), [
      { type: "a/b", content: "x" },
      { type: "text/plain", content: "y" },
    ]);
  });

  for (const [why, type, body] of [
    ["no boundary", "multipart/mixed", "--b\r\n\r\nx\r\n--b--"],
    ["two boundaries", "multipart/mixed;boundary=a;boundary=b", "--b\r\n\r\nx\r\n--b--"],
    ["an empty boundary", 'multipart/mixed;boundary=""', "--\r\n\r\nx\r\n----"],
    ["a boundary beyond 70 characters", `multipart/mixed;boundary=${"b".repeat(71)}`, "x"],
    ["no closing boundary", "multipart/mixed;boundary=b", "--b\r\n\r\nx\r\n"],
    ["no boundary line at all", "multipart/mixed;boundary=b", "x"],
    ["only a closing boundary", "multipart/mixed;boundary=b", "--b--"],
    ["two delimiters and nothing between them", "multipart/mixed;boundary=b", "--b\r\n--b\r\n\r\nx\r\n--b--"],
    ["a delimiter and at once the close", "multipart/mixed;boundary=b", "--b\r\n--b--"],
    // RFC 2046 5.1.2: it is enough for some readers that the boundary begins the line.
    ["a line that begins like a delimiter", "multipart/mixed;boundary=b", "--b\r\n\r\n--bb\r\n--b--"],
    ["a close that goes on", "multipart/mixed;boundary=b", "--b\r\n\r\nx\r\n--b--x\r\n--b--"],
    ["a delimiter behind a bare CR", "multipart/mixed;boundary=b", "--b\r\n\r\nx\r--b\r\n\r\ny\r\n--b--"],
    [
      "a delimiter behind the close",
      "multipart/mixed;boundary=b",
      "--b\r\n\r\nx\r\n--b--\r\n--b\r\n\r\ny\r\n--b--",
    ],
    [
      "a bare CR in a part's head",
      "multipart/mixed;boundary=b",
      "--b\r\nX: a\rContent-Type: a/b\r\n\r\nx\r\n--b--",
    ],
    ["a NUL in a part's head", "multipart/mixed;boundary=b", "--b\r\nX: a\0\r\n\r\nx\r\n--b--"],
    ["a part's head without a colon", "multipart/mixed;boundary=b", "--b\r\nContent-Type\r\n\r\nx\r\n--b--"],
    [
      "two types of one part",
      "multipart/mixed;boundary=b",
      "--b\r\nContent-Type: a/b\r\nc: d/e\r\n\r\nx\r\n--b--",
    ],
    [
      "two names of one part",
      "multipart/mixed;boundary=b",
      "--b\r\nContent-ID: <a@b>\r\nContent-ID: <c@d>\r\n\r\nx\r\n--b--",
    ],
    [
      "a nested multipart that does not end",
      "multipart/mixed;boundary=b",
      "--b\r\nContent-Type: multipart/mixed;boundary=c\r\n\r\n--c\r\n\r\nx\r\n--b--",
    ],
  ] as const) {
    it(`is unreadable with ${why}`, () =>
      assert.equal(read([`Content-Type: ${type}`], body)!.unreadable, true));
  }

  it("is unreadable where it is encoded, or a part is", () => {
    const body = "--b\r\n\r\nx\r\n--b--";
    assert.equal(
      read(["Content-Type: multipart/mixed;boundary=b", "Content-Encoding: gzip"], body)!.unreadable,
      true,
    );
    assert.equal(
      read(
        ["Content-Type: multipart/mixed;boundary=b"],
        `--b\r\nContent-Type: x/y\r\ne: gzip\r\n\r\nx\r\n--b--`,
      )!.parts[0]!.encoded,
      true,
    );
  });

  it("holds to its limits", () => {
    const nested = (depth: number): string =>
      depth === 0
        ? "x"
        : `--b${depth}\r\nContent-Type: ${depth === 1 ? "text/plain" : `multipart/mixed;boundary=b${depth - 1}`}\r\n\r\n${nested(depth - 1)}\r\n--b${depth}--`;
    const deep = (depth: number): boolean =>
      read([`Content-Type: multipart/mixed;boundary=b${depth}`], nested(depth), {
        ...defaultBodyLimits,
        depth: 4,
      })!.unreadable;
    assert.deepEqual([deep(4), deep(5)], [false, true]);
    const many = (count: number): boolean =>
      read(["Content-Type: multipart/mixed;boundary=b"], `${"--b\r\n\r\nx\r\n".repeat(count)}--b--`, {
        ...defaultBodyLimits,
        parts: 7,
      })!.unreadable;
    assert.deepEqual([many(7), many(8)], [false, true]);
    const rows = (count: number): boolean =>
      read(["Content-Type: multipart/mixed;boundary=b"], `--b\r\n${"X: y\r\n".repeat(count)}\r\nx\r\n--b--`, {
        ...defaultBodyLimits,
        partRows: 5,
      })!.unreadable;
    assert.deepEqual([rows(5), rows(6)], [false, true]);
    const size = (bytesOfHead: number): boolean =>
      read(
        ["Content-Type: multipart/mixed;boundary=b"],
        `--b\r\nX: ${"y".repeat(bytesOfHead - 5)}\r\n\r\nx\r\n--b--`,
        { ...defaultBodyLimits, partHeadBytes: 100 },
      )!.unreadable;
    assert.deepEqual([size(100), size(101)], [false, true]);
  });

  it("finds again the parts that were put together", () => {
    const content = fc
      .string({ unit: fc.constantFrom("\r", "\n", "-", "-b", "x", "\0", " "), maxLength: 12 })
      .filter((text) => !/(^|\n|\r)--b/.test(text));
    fc.assert(
      fc.property(fc.array(content, { minLength: 1, maxLength: 6 }), content, (contents, preamble) => {
        const body = `${preamble}\r\n${contents.map((text) => `--b\r\nContent-Type: a/b\r\n\r\n${text}\r\n`).join("")}--b--`;
        assert.deepEqual(
          parts("multipart/mixed;boundary=b", body)?.map((part) => part.content),
          contents,
        );
      }),
    );
  });
});

describe("the lines of SDP", () => {
  const lines = (text: string): { found: (readonly [string, string, string])[]; malformed: boolean } => {
    const b = bytes(text);
    const cursor = new SdpCursor();
    cursor.reset(b, 0, b.length);
    const found: (readonly [string, string, string])[] = [];
    while (cursor.next()) {
      found.push([
        cursor.letter === 0 ? "" : String.fromCharCode(cursor.letter),
        textOf(b, cursor.valueStart, cursor.valueEnd),
        textOf(b, cursor.start, cursor.end),
      ]);
    }
    return { found, malformed: cursor.malformed };
  };

  it("end in CRLF or LF", () => {
    assert.deepEqual(lines("v=0\r\no=- 1 1\ns=\r\nnone\r\n=x\r\nt=0 0"), {
      found: [
        ["v", "0", "v=0\r\n"],
        ["o", "- 1 1", "o=- 1 1\n"],
        ["s", "", "s=\r\n"],
        ["", "none", "none\r\n"],
        ["", "=x", "=x\r\n"],
        ["t", "0 0", "t=0 0"],
      ],
      malformed: false,
    });
  });
  it("end at a bare CR too, which is told", () => {
    assert.deepEqual(lines("s=a\ri=b\r\n"), {
      found: [
        ["s", "a", "s=a\r"],
        ["i", "b", "i=b\r\n"],
      ],
      malformed: true,
    });
    assert.equal(lines("s=a\0\r\n").malformed, true);
  });
});
