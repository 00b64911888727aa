/** Whether an edit of the body could mean something in a message. It may say yes for nothing. */
import type { Edit } from "../../../grammar/model.ts";
import type { FieldTable } from "../../../wire/index.ts";
import { bytesOf, equalsCaseless } from "../conditions/byte-text.ts";
import type { Test } from "../conditions/condition-test.ts";
import type { MessageFacts } from "../message-facts.ts";
import { startsWith } from "../plain-type.ts";

export function bodyTriggerOf(edit: Edit, table: FieldTable): Test {
  const test = partTrigger(edit, table);
  return (facts) => facts.scan.end > facts.scan.bodyStart && test(facts);
}

/** Whether the type of a plain body says all that a trigger asks. */
function asksTypeAlone({ kind }: Edit): boolean {
  return ["drop-parts", "drop-other-parts", "redact-sdp", "redact-sipfrag"].includes(kind);
}

interface WatchedEdit {
  readonly trigger: Test;
  /** The edit's own condition; undefined: always. */
  readonly test: Test | undefined;
}

/** Edits of the body, asked together whether one of them may change something. */
export class BodyWatch {
  private readonly byType: WatchedEdit[] = [];
  private readonly others: WatchedEdit[] = [];
  /** The last type (`PlainType.spelling`) that no trigger minded: most bodies are of the type of the one before. */
  private quiet = 0;

  add(edit: Edit, test: Test | undefined, table: FieldTable): void {
    const watched = { trigger: bodyTriggerOf(edit, table), test };
    (asksTypeAlone(edit) ? this.byType : this.others).push(watched);
  }

  get isEmpty(): boolean {
    return this.byType.length + this.others.length === 0;
  }

  mayChange(facts: MessageFacts): boolean {
    for (const { trigger, test } of this.others) {
      if (trigger(facts) && (test === undefined || test(facts))) return true;
    }
    if (this.byType.length === 0) return false;
    const { spelling } = facts.plainType();
    if (spelling !== 0 && spelling === this.quiet) return false;
    let isQuiet = true;
    for (const { trigger, test } of this.byType) {
      if (!trigger(facts)) continue;
      if (test === undefined || test(facts)) return true;
      isQuiet = false;
    }
    if (isQuiet) this.quiet = spelling;
    return false;
  }
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
  return (facts) => !facts.plainType().isPlain || isListed(facts);
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
