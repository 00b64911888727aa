/** The border cases, as far as the wire decides them. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readBody, Scan, StreamFramer } from "../../../wire/index.ts";
import { bytes, rowsOf, table, textOf } from "../../wire/messages.ts";
import { checkReading, checkSpans, checkValues } from "../../wire/witness.ts";
import { listShared, readShared } from "./shared-folder.ts";

const scan = new Scan(table);

describe("the cases", () => {
  const refused: Readonly<Record<string, string>> = {
    "11-control-character-before-colon.sip": "control-character",
    "13-two-to-rows-empty-tag.sip": "repeated-field",
  };
  for (const name of listShared(".sip", "cases")) {
    const rule = refused[name];
    it(`${name} ${rule === undefined ? "passes" : "is refused"}`, () => {
      const accepted = scan.read(readShared("cases", name), "datagram");
      assert.deepEqual(
        [accepted, scan.violation?.rule, scan.violation?.status],
        [rule === undefined, rule, rule === undefined ? undefined : 400],
      );
      checkSpans(scan, accepted);
      if (!accepted) return;
      checkReading(scan);
      checkValues(scan);
    });
  }

  it("37: the identity behind 320 rows is found", () => {
    assert.ok(scan.read(readShared("cases", "37-identity-behind-320-rows.sip"), "datagram"));
    assert.ok(scan.rowCount > 320);
    assert.equal(rowsOf(scan, "P-Asserted-Identity").length, 1);
  });

  it("17: the parts of the multipart are found", () => {
    assert.ok(scan.read(readShared("cases", "17-multipart-part-removed-compact-length.sip"), "datagram"));
    assert.deepEqual(
      readBody(scan)?.parts.map(({ type }) => type),
      ["application/sdp", "application/pidf+xml"],
    );
  });
});

describe("case 27: a stream with several messages in one segment", () => {
  interface Stream {
    readonly chunks: readonly string[];
    readonly expect: readonly {
      readonly afterChunk: number;
      readonly event: "message" | "ping";
      readonly callId?: string;
      readonly body?: string;
    }[];
  }
  const { chunks, expect } = JSON.parse(
    textOf(readShared("cases", "27-stream-several-messages-in-one-segment.json")),
  ) as Stream;
  const all = bytes(chunks.join(""));
  const wanted = expect.map(({ event, callId, body }) =>
    event === "ping" ? { event } : { event, callId, body },
  );

  function run(parts: readonly Uint8Array[]): { events: unknown[]; after: number[] } {
    const framer = new StreamFramer();
    const events: unknown[] = [];
    const after: number[] = [];
    let pings = 0;
    parts.forEach((part, index) => {
      framer.push(part);
      for (;;) {
        const message = framer.next();
        for (; pings < framer.pings; pings++) {
          events.push({ event: "ping" });
          after.push(index + 1);
        }
        if (message === undefined) break;
        assert.ok(scan.read(message, "stream"), scan.violation?.rule);
        events.push({
          event: "message",
          callId: rowsOf(scan, "Call-ID")[0],
          body: textOf(message, scan.bodyStart, scan.end),
        });
        after.push(index + 1);
      }
    });
    assert.equal(framer.error, undefined);
    return { events, after };
  }

  it("as it came", () => {
    const { events, after } = run(chunks.map(bytes));
    assert.deepEqual(events, wanted);
    assert.deepEqual(
      after,
      expect.map(({ afterChunk }) => afterChunk),
    );
  });

  it("cut at every place", () => {
    for (let cut = 1; cut < all.length; cut++) {
      assert.deepEqual(run([all.subarray(0, cut), all.subarray(cut)]).events, wanted, `cut at ${cut}`);
    }
  });

  it("byte by byte", () =>
    assert.deepEqual(run(Array.from(all, (_, i) => all.subarray(i, i + 1))).events, wanted));
});
