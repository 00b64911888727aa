/** The scan and a second, slow reader agree; and nothing that arrives makes the wire stumble. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { EditList, Scan } from "../../wire/index.ts";
import { bytes, message, rowsOf, table, textOf } from "./messages.ts";
import { checkBody, checkReading, checkSpans, checkValues, framed } from "./witness.ts";

const scan = new Scan(table);

/** Blanks that may stand wherever LWS may, folds among them. */
const lws = fc.constantFrom("", " ", "\t", "  ", "\r\n ", " \r\n\t");
const word = fc.string({
  unit: fc.constantFrom(..."abcXYZ019-.!%*_+`'~".split("")),
  minLength: 1,
  maxLength: 8,
});
const host = fc.constantFrom("home1.example", "192.0.2.1", "[2001:db8::1]", "a");
const uri = fc.oneof(
  fc
    .tuple(
      fc.constantFrom("sip:", "SIPS:"),
      fc.constantFrom("", "alice@", "+1202;cpc=x@", "a%40b:pw@"),
      host,
      fc.constantFrom("", ":5060"),
      fc.constantFrom("", ";lr", ";transport=tcp;x=%41"),
    )
    .map((parts) => parts.join("")),
  fc.constantFrom("tel:+1-202-555-0101", "urn:service:sos", "isbn:2983792873"),
);
const quotedName = fc
  .string({
    unit: fc.constantFrom("a", " ", ",", "<", ">", ";", '\\"', "\\\\", "\r\n ", "\xe9", "\\\0"),
    maxLength: 8,
  })
  .map((text) => `"${text}"`);
const name = fc.oneof(
  quotedName,
  word,
  fc.tuple(word, word).map((words) => words.join(" ")),
  fc.constant(""),
);
const parameter = fc
  .tuple(lws, lws, word, fc.option(fc.tuple(lws, lws, fc.oneof(word, quotedName))))
  .map(
    ([before, behind, key, value]) =>
      `${before};${behind}${key}${value ? `${value[0]}=${value[1]}${value[2]}` : ""}`,
  );
const address = fc
  .tuple(name, lws, uri, fc.array(parameter, { maxLength: 2 }))
  .map(([display, gap, target, tail]) => `${display}${gap}<${target}>${tail.join("")}`);
const addressList = fc
  .array(address, { minLength: 1, maxLength: 3 })
  .chain((values) => lws.map((gap) => values.join(`,${gap}`)));
const cased = (text: string): fc.Arbitrary<string> =>
  fc.constantFrom(text, text.toUpperCase(), text.toLowerCase());
const row = (names: readonly string[], value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.constantFrom(...names).chain(cased),
      fc.constantFrom("", " ", " \t"),
      lws,
      value,
      fc.constantFrom("", " "),
    )
    .map(([field, gap, before, text, behind]) => `${field}${gap}:${before}${text}${behind}`);

const optional = fc.oneof(
  row(["Contact", "m"], addressList),
  row(["Route", "Record-Route", "P-Asserted-Identity"], addressList),
  row(
    ["Supported", "k"],
    fc.array(word, { minLength: 1, maxLength: 3 }).map((words) => words.join(", ")),
  ),
  row(
    ["Subject", "s", "X-Unknown"],
    fc
      .string({ unit: fc.constantFrom("a", " ", "\t", '"', ",", "<", "\xff"), maxLength: 9 })
      .map((text) => `x${text}x`),
  ),
  row(["Privacy"], fc.constantFrom("id", "user;header", "none")),
);
/** A fold whose line holds nothing is refused: two blanks with folds may not meet. */
const valid = fc
  .record({
    via: row(
      ["Via", "v"],
      fc
        .tuple(host, fc.array(parameter, { maxLength: 1 }))
        .map(([sentBy, tail]) => `SIP/2.0/UDP ${sentBy}${tail.join("")}`),
    ),
    from: row(
      ["From", "f"],
      fc.tuple(name, uri).map(([display, target]) => `${display} <${target}>;tag=1`),
    ),
    to: row(
      ["To", "t"],
      fc.tuple(name, uri).map(([display, target]) => `${display}<${target}>`),
    ),
    others: fc.array(optional, { maxLength: 6 }),
    body: fc.string({ maxLength: 20 }),
  })
  .filter(
    (parts) =>
      ![parts.via, parts.from, parts.to, ...parts.others].some((text) => /\r\n[ \t]+(\r\n|$)/.test(text)),
  );

function compose(parts: {
  via: string;
  from: string;
  to: string;
  others: readonly string[];
  body: string;
}): string {
  const rows = [
    parts.via,
    parts.from,
    ...parts.others,
    parts.to,
    "i: x@y",
    "CSeq: 7\r\n INVITE",
    `l:${parts.body.length}`,
  ];
  return `INVITE sip:a@b SIP/2.0\r\n${rows.join("\r\n")}\r\n\r\n${parts.body}`;
}

describe("the scan and the slow reader", () => {
  it("find the same rows in valid messages of every spelling", () => {
    fc.assert(
      fc.property(valid, (parts) => {
        const sent = bytes(compose(parts));
        assert.equal(
          scan.read(sent, "stream"),
          true,
          scan.violation && `${scan.violation.rule} at ${textOf(sent, scan.violation.at)}`,
        );
        checkSpans(scan, true);
        checkReading(scan);
        checkValues(scan);
        checkBody(scan);
        const named = (row_: string): string => row_.slice(0, row_.indexOf(":")).trim().toLowerCase();
        const contacts = parts.others.filter((other) => ["contact", "m"].includes(named(other)));
        assert.deepEqual(
          rowsOf(scan, "Contact"),
          contacts.map((other) =>
            other.slice(other.indexOf(":") + 1).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, ""),
          ),
        );
      }),
      { numRuns: 500 },
    );
  });

  it("agree on damaged messages that still pass, and stumble over none", () => {
    const damage = fc.record({
      at: fc.nat(1000),
      remove: fc.nat(3),
      add: fc.string({
        unit: fc.constantFrom(
          "\r\n",
          "\r",
          "\n",
          "\0",
          '"',
          "<",
          ">",
          ",",
          ";",
          ":",
          "@",
          " ",
          "\t",
          "\\",
          "?",
          "[",
          "]",
          "*",
          "=",
          "l:",
          "\r\n\r\n",
          "\x7f",
          "\xe9",
          "a",
          "0",
        ),
        maxLength: 2,
      }),
    });
    fc.assert(
      fc.property(
        valid,
        fc.array(damage, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(400), { maxLength: 3 }),
        (parts, damages, cuts) => {
          let text = compose(parts);
          for (const { at, remove, add } of damages) {
            const place = at % (text.length + 1);
            text = text.slice(0, place) + add + text.slice(place + remove);
          }
          const sent = bytes(text);
          for (const framing of ["datagram", "stream"] as const) {
            const accepted = scan.read(sent, framing);
            checkSpans(scan, accepted);
            if (!accepted) continue;
            checkReading(scan);
            checkValues(scan);
            checkBody(scan);
          }
          const places = [...new Set(cuts.map((cut) => Math.min(cut, sent.length)))].toSorted(
            (a, b) => a - b,
          );
          assert.equal(framed(sent, places), framed(sent, []));
        },
      ),
      { numRuns: 3000 },
    );
  });

  it("agree on what is left when rows are taken out", () => {
    const edits = new EditList();
    fc.assert(
      fc.property(valid, fc.nat(), (parts, chosen) => {
        const sent = bytes(compose(parts));
        assert.ok(scan.read(sent, "stream"));
        edits.clear();
        const mandatory = new Set(
          ["Via", "From", "To", "Call-ID", "CSeq", "Content-Length"].map((field) => table.id(field)),
        );
        const kept: string[] = [];
        for (let index = 0; index < scan.rowCount; index++) {
          const whole = textOf(sent, scan.rowStart[index], scan.rowEnd[index]);
          if (!mandatory.has(scan.rowField[index]!) && ((chosen >> index) & 1) === 1)
            edits.remove(scan.rowStart[index]!, scan.rowEnd[index]!);
          else kept.push(whole);
        }
        const left = edits.apply(sent, scan.end);
        assert.equal(scan.read(left, "stream"), true);
        assert.deepEqual(
          Array.from({ length: scan.rowCount }, (_, index) =>
            textOf(left, scan.rowStart[index], scan.rowEnd[index]),
          ),
          kept,
        );
      }),
    );
  });

  it("stumble over no bytes at all", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        for (const sent of [noise, Uint8Array.from([...message(), ...noise])])
          checkSpans(scan, scan.read(sent, "datagram"));
        framed(noise, []);
      }),
    );
  });
});
