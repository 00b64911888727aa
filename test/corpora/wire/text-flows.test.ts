/** Messages of an IMS core and of the RFCs' call flows. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import { Scan } from "../../../wire/index.ts";
import { table } from "../../wire/messages.ts";
import { checkReading, checkSpans, checkValues } from "../../wire/witness.ts";
import { readFlows, readStreams } from "../sip-text-messages.ts";
import { shared } from "./shared-folder.ts";

/** Messages that the documents show in part only, by the beginning of their name, and how many. */
const abridged: Readonly<Record<string, readonly [rule: string, count: number]>> = {
  "misc/rfc3515/4.1_": ["address", 1], // `Refer-To: (whatever URI)`
  "misc/rfc3515/4.2_": ["address", 1],
  "misc/rfc5626/9.3_": ["missing-field", 8],
  "misc/rfc5626/9.4_": ["missing-field", 1],
  "misc/rfc5626/9.5_": ["missing-field", 2],
  "stream/generic.txt": ["missing-field", 11], // the same flows of RFC 5626
};

describe("messages in text", () => {
  const folder = join(shared, "corpora", "sip-text");
  const messages = [...readStreams(folder), ...readFlows(folder)];

  it("pass, but for those that a document abridges", () => {
    const scan = new Scan(table);
    const refused = new Map<string, string[]>();
    for (const { name, bytes } of messages) {
      const accepted = scan.read(bytes, "datagram");
      checkSpans(scan, accepted);
      if (accepted) {
        checkReading(scan);
        checkValues(scan);
        continue;
      }
      const group = Object.keys(abridged).find((beginning) => name.startsWith(beginning)) ?? name;
      refused.set(group, [...(refused.get(group) ?? []), scan.violation!.rule]);
    }
    assert.deepEqual(
      Object.fromEntries(refused),
      Object.fromEntries(
        Object.entries(abridged).map(([name, [rule, count]]) => [name, Array(count).fill(rule)]),
      ),
    );
    assert.ok(messages.length > 500);
  });
});
