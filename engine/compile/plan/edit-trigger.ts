/**
 * Whether an edit inside a field could change anything in a message. A trigger may say yes
 * for nothing: then the edit is drawn up by the law's code and comes to nothing.
 */
import type { Edit, ValueCondition } from "../../../grammar/model.ts";
import type { FieldTable } from "../../../wire/index.ts";
import { requestUriField } from "../../message/tree.ts";
import { no } from "../conditions/byte-text.ts";
import type { ConditionCompiler, Test } from "../conditions/condition-test.ts";
import type { MessageFacts } from "../message-facts.ts";

const always: Test = () => true;

export function triggerOf(edit: Edit, field: string, table: FieldTable, conditions: ConditionCompiler): Test {
  switch (edit.kind) {
    case "remove-surplus":
      return surplusTrigger(table.id(field));
    case "remove-values":
    case "remove-display-name":
    case "anonymize":
    case "set-part":
      return valueTrigger(edit.where, field, table, conditions);
    default:
      return always;
  }
}

/** Some value may meet the condition. */
function valueTrigger(
  where: ValueCondition,
  field: string,
  table: FieldTable,
  conditions: ConditionCompiler,
): Test {
  if (where.kind === "and" && where.of.length === 0) return always;
  const test = conditions.compileValue(where, field);
  if (field === requestUriField) {
    return (facts) => test(facts, facts.scan.bytes, facts.scan.uriStart, facts.scan.uriEnd) !== no;
  }
  const id = table.id(field);
  const shape = conditions.rowShape(field);
  return (facts) => {
    const { scan, values } = facts;
    const { bytes } = scan;
    for (let row = facts.firstRow(id); row >= 0; row = scan.nextRow(row)) {
      values.reset(bytes, scan.valueStart[row]!, scan.valueEnd[row]!, shape);
      while (values.next()) if (test(facts, bytes, values.start, values.end) !== no) return true;
    }
    return false;
  };
}

/** All but the first sip or sips and the first tel URI are surplus (RFC 5876 4.5). */
function surplusTrigger(id: number): Test {
  return (facts) => {
    const { scan, values } = facts;
    const { bytes } = scan;
    let hasSip = false;
    let hasTel = false;
    for (let row = facts.firstRow(id); row >= 0; row = scan.nextRow(row)) {
      values.reset(bytes, scan.valueStart[row]!, scan.valueEnd[row]!, "addresses");
      while (values.next()) {
        const kind = uriKind(facts, values.start, values.end);
        if (kind === "sip" && !hasSip) hasSip = true;
        else if (kind === "tel" && !hasTel) hasTel = true;
        else return true;
      }
    }
    return false;
  };
}

function uriKind(
  { scan, address, uri }: MessageFacts,
  start: number,
  end: number,
): "sip" | "tel" | undefined {
  const { bytes } = scan;
  if (!address.read(bytes, start, end) || !uri.read(bytes, address.uriStart, address.uriEnd))
    return undefined;
  if (uri.kind === "sip" || uri.kind === "sips") return "sip";
  return uri.kind === "tel" ? "tel" : undefined;
}
