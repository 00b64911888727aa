import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import {
  compile,
  declaredConnection,
  type Engine,
  interpret,
  type MessageDecision,
} from "../../engine/index.ts";
import type { Policy } from "../../grammar/model.ts";
import { Scan } from "../../wire/index.ts";
import { packageRoot } from "../package-root.ts";
import { usePolicy } from "../policies/shipped-policies.ts";
import { readFlows, readStreams, type TextMessage } from "./sip-text-messages.ts";

const folder = join(packageRoot, "../shared/corpora/sip-text");
const streams = readStreams(join(folder, "stream"));
const flows = readFlows(join(folder, "misc"));
const at = Date.UTC(2026, 10, 24);

/** No border and no caller says `none` in these messages, so no identity may leave. */
const identity =
  /^(?:p-asserted-identity|p-preferred-identity|remote-party-id|p-access-network-info|p-charging-vector|p-charging-function-addresses)[ \t]*:/im;

/** RFC 5626 shortens its examples to messages without Via, RFC 3515 its Refer-To to no URI at all. */
function isNoMessage({ bytes }: TextMessage): boolean {
  const text = Buffer.from(bytes).toString("latin1");
  return !/^(?:via|v)[ \t]*:/im.test(text) || /^Refer-To: \(.*\)\r$/m.test(text);
}

/** strict-border passes listed body types only. */
function hasUnlistedBody({ bytes }: TextMessage): boolean {
  return /^content-type: application\/vnd\.3gpp\.srvcc-info\+xml/im.test(
    Buffer.from(bytes).toString("latin1"),
  );
}

function sendToStranger(engine: Engine, { bytes }: TextMessage): MessageDecision {
  const { policy } = engine;
  return engine.decide({
    kind: "message",
    bytes,
    framing: "datagram",
    from: { network: "home", connection: declaredConnection(policy, "home", at) },
    to: { network: "open-d", connection: declaredConnection(policy, "open-d", at) },
    at,
  });
}

function reread({ fields }: Engine, bytes: Uint8Array): string {
  const scan = new Scan(fields);
  assert.ok(scan.read(bytes, "datagram"), `what leaves can't be read: ${scan.violation?.rule}`);
  return Buffer.from(bytes.subarray(0, scan.headEnd)).toString("latin1");
}

describe("messages that others recorded, from home to an untrusted network", () => {
  it("are as many as their collection says", () => {
    assert.equal(streams.length, 253);
    assert.ok(flows.length > 200);
  });

  const policies: readonly (readonly [string, Policy])[] = ["ims-border.privet", "strict-border.privet"].map(
    (file) => [file, usePolicy(file)],
  );
  for (const [file, policy] of policies) {
    for (const [name, makeEngine] of [
      ["interpreted", interpret],
      ["compiled", compile],
    ] as const) {
      it(`${file}, ${name}: what leaves is well-formed and asserts no identity`, () => {
        const engine = makeEngine(policy);
        for (const message of [...streams, ...flows]) {
          const decision = sendToStranger(engine, message);
          const isRefused =
            isNoMessage(message) || (file === "strict-border.privet" && hasUnlistedBody(message));
          assert.equal(decision.verdict === "reject", isRefused, `${message.name}: ${decision.reason}`);
          if (!isRefused) assert.doesNotMatch(reread(engine, decision.bytes!), identity, message.name);
        }
      });
    }
  }

  it("leave without a trace of the cell and of the charging", () => {
    const engine = interpret(policies[0]![1]);
    const ims = streams.filter(({ name }) => name.startsWith("lioneagle"));
    assert.equal(ims.length, 26);
    for (const message of ims) {
      const { bytes } = sendToStranger(engine, message);
      assert.doesNotMatch(
        Buffer.from(bytes ?? []).toString("latin1"),
        /utran-cell-id|icid-value/i,
        message.name,
      );
    }
  });
});
