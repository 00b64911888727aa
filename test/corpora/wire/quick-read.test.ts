/** The quick reading on messages of the corpora: it says what the careful one says, and has most of them. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Scan, StreamFramer } from "../../../wire/index.ts";
import { CarefulScans, isReadQuickly, readAlike } from "../../wire/careful-scan.ts";
import { message, table, textOf } from "../../wire/messages.ts";
import { readFlows, readStreams } from "../sip-text-messages.ts";
import { readCapture, streamsOf } from "./capture.ts";
import { readSuite, wireForm } from "./jsip-suite.ts";
import { listShared, readShared, shared } from "./shared-folder.ts";

const quick = new Scan(table);
const careful = new CarefulScans(table);

interface Count {
  accepted: number;
  quickly: number;
  /** Messages left to the careful reading though none of their rows is folded. */
  readonly left: string[];
}

/** Reads each of them both ways and as both framings. */
function count(messages: Iterable<Uint8Array>): Count {
  const result: Count = { accepted: 0, quickly: 0, left: [] };
  for (const one of messages) {
    quick.read(one, "datagram");
    const partner = careful.suited(quick);
    assert.ok(partner, "no message of the corpora has both a long method and a long Call-ID");
    readAlike(quick, partner, one, "stream");
    if (!readAlike(quick, partner, one, "datagram")) continue;
    result.accepted++;
    if (isReadQuickly(one)) result.quickly++;
    else if (!/\n[ \t]/.test(textOf(one, 0, quick.headEnd))) result.left.push(textOf(one, 0, quick.headEnd));
  }
  return result;
}

function captured(): Uint8Array[] {
  const files = [".pcap", ".pcapng"].flatMap((ending) => listShared(ending, "corpora", "captures"));
  return files.flatMap((file) => {
    const packets = readCapture(readShared("corpora", "captures", file));
    const datagrams = packets.filter(({ transport }) => transport === "udp").map(({ payload }) => payload);
    const messages: Uint8Array[] = [];
    for (const segments of streamsOf(packets).values()) {
      const framer = new StreamFramer();
      for (const segment of segments) {
        framer.push(segment);
        for (let one = framer.next(); one; one = framer.next()) messages.push(one.slice());
      }
    }
    return [...datagrams, ...messages];
  });
}

function tests(): Uint8Array[] {
  const folders: readonly (readonly [ending: string, ...path: string[]])[] = [
    [".dat", "corpora", "rfc4475"],
    [".sip", "corpora", "rfc5118", "crlf"],
    [".sip", "cases"],
  ];
  const files = folders.flatMap(([ending, ...path]) =>
    listShared(ending, ...path).map((name) => readShared(...path, name)),
  );
  const suite = readSuite(textOf(readShared("corpora", "jsip-torture", "torture.xml")));
  return [
    ...files,
    ...suite.flatMap(({ kind, text }) => {
      if (kind === "message") return [wireForm(text)];
      return kind === "header" ? [message({ rows: [text.trim().replaceAll(/\r?\n/g, "\r\n")] })] : [];
    }),
  ];
}

describe("the quick reading of the corpora", () => {
  it("has nearly all of what was captured", () => {
    const { accepted, quickly } = count(captured());
    assert.ok(accepted > 150, `${accepted}`);
    assert.ok(quickly >= 0.95 * accepted, `${quickly} of ${accepted}`);
  });

  it("says the same of what is meant to test a parser", () => {
    const { accepted, quickly } = count(tests());
    assert.ok(accepted > 200, `${accepted}`);
    assert.ok(quickly > 100, `${quickly}`);
  });

  it("says the same of the flows in documents, and leaves those alone that are folded to fit a page", () => {
    const folder = join(shared, "corpora", "sip-text");
    const { accepted, quickly, left } = count(
      [...readStreams(folder), ...readFlows(folder)].map(({ bytes }) => bytes),
    );
    assert.ok(accepted > 450, `${accepted}`);
    assert.ok(quickly > 150, `${quickly}`);
    assert.deepEqual(left, []);
  });
});
