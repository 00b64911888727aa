/** Whether an edit of the body could mean something in a message. It may say yes for nothing. */
import type { Edit } from "../../../grammar/model.ts";
import type { FieldTable } from "../../../wire/index.ts";
import { bytesOf, equalsCaseless } from "../conditions/byte-text.ts";
import type { Test } from "../conditions/condition-test.ts";
import { startsWith } from "../plain-type.ts";

export function bodyTriggerOf(edit: Edit, table: FieldTable): Test {
  const test = partTrigger(edit, table);
  return (facts) => facts.scan.end > facts.scan.bodyStart && test(facts);
}

function partTrigger(edit: Edit, table: FieldTable): Test {
  switch (edit.kind) {
    case "drop-named-parts": {
      const field = table.id(edit.field);
      return (facts) => facts.firstRow(field) >= 0;
    }
    case "drop-parts":
      return typeTrigger([edit.type]);
    case "drop-other-parts": {
      const isListed = listedTest(edit.except);
      return (facts) => !facts.plainType().isPlain || !isListed(facts);
    }
    case "redact-sdp":
      return typeTrigger(["application/sdp"]);
    case "redact-sipfrag":
      return typeTrigger(["message/sipfrag"]);
    default:
      return () => true;
  }
}

function typeTrigger(types: readonly string[]): Test {
  const isListed = listedTest(types);
  let spelling = -1;
  let answer = false;
  return (facts) => {
    const type = facts.plainType();
    // Most bodies are of the type of the one before.
    if (type.spelling !== spelling) {
      spelling = type.spelling;
      answer = !type.isPlain || isListed(facts);
    }
    return answer;
  };
}

/** Of a plain body: its type is one of these, where `*` stands for all subtypes. */
function listedTest(types: readonly string[]): Test {
  const wanted = types.map((type) => ({
    any: type.endsWith("/*"),
    bytes: bytesOf(type.endsWith("/*") ? type.slice(0, -1) : type),
  }));
  const all = types.includes("*/*");
  return (facts) => {
    const { bytes } = facts.scan;
    const { start, end } = facts.plainType();
    for (const type of wanted) {
      if (
        type.any ? startsWith(bytes, start, end, type.bytes) : equalsCaseless(bytes, start, end, type.bytes)
      )
        return true;
    }
    return all;
  };
}
