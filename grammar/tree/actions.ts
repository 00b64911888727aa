/** What a rule or a treatment does. */
import type { Phrase } from "../reading/sentence.ts";
import type { Action, ActionBody } from "../syntax.ts";
import { readGuard } from "./conditions.ts";
import {
  type Findings,
  readCount,
  readMediaType,
  readName,
  readNames,
  readText,
  readValue,
  readValueList,
} from "./leaves.ts";
import { readPart, readWhere, readWhereAt } from "./parts.ts";
import { choiceOf, maybeAt, membersOf, phraseAt, spanOf, tokenAt } from "./phrase.ts";

/** An `action` of a rule, or a `treatment_edit`, which may have a clause of its own. */
export function readAction(action: Phrase, findings: Findings): Action {
  const edit = phraseAt(action, 0);
  const guard = maybeAt(action, 1);
  const because = action.rule === "treatment_edit" ? maybeAt(action, 2) : undefined;
  const span = spanOf(edit);
  if (guard !== undefined) checkPlace(guard, edit, findings);
  return {
    ...readEdit(choiceOf(edit), findings),
    guard: guard && readGuard(guard, findings),
    because: because && readText(phraseAt(because, 1), findings),
    span,
  };
}

/**
 * A condition that stands under an action, as far to the left, looks like one of the
 * whole rule, but the grammar gives it to that action alone.
 */
function checkPlace(guard: Phrase, edit: Phrase, findings: Findings): void {
  const word = tokenAt(choiceOf(guard), 0);
  const verb = tokenAt(choiceOf(edit), 0);
  if (word.first && verb.first && word.column <= verb.column)
    findings.report(
      "P1020",
      spanOf(guard),
      { word: word.text, verb: verb.text },
      { related: [{ file: findings.file, span: spanOf(edit), message: "it holds for this action alone" }] },
    );
}

type EditReader = (edit: Phrase, findings: Findings) => ActionBody;

const editReaders: Readonly<Record<string, EditReader>> = {
  remove_fields: (edit) => ({ kind: "remove-fields", fields: readNames(phraseAt(edit, 1)) }),
  remove_other_fields: (edit) => ({ kind: "remove-other-fields", except: readNames(phraseAt(edit, 4)) }),
  remove_values: (edit, findings) => ({
    kind: "remove-values",
    field: readName(phraseAt(edit, 3)),
    where: readWhere(phraseAt(edit, 4), findings),
  }),
  remove_value: (edit, findings) => {
    const noun = tokenAt(edit, 1).text;
    return {
      kind: "remove-value",
      noun: noun === "option-tag" || noun === "priv-value" ? noun : "value",
      value: readValue(phraseAt(edit, 2), findings),
      field: readName(phraseAt(edit, 4)),
    };
  },
  remove_surplus: (edit) => ({ kind: "remove-surplus", field: readName(phraseAt(edit, 4)) }),
  remove_parameters: (edit, findings) => {
    const noun = tokenAt(edit, 1).text;
    const place = phraseAt(edit, 4);
    return {
      kind: "remove-parameters",
      of: noun === "uri-parameter" ? "uri" : noun === "number-parameter" ? "number" : "value",
      names: readValueList(phraseAt(edit, 2), findings),
      field: place.parts.length === 1 ? readName(place) : undefined,
      where: readWhereAt(edit, 5, findings),
    };
  },
  remove_uri_headers: (edit, findings) => {
    const except = tokenAt(edit, 1).text === "uri-headers";
    const at = except ? 3 : 2;
    return {
      kind: "remove-uri-headers",
      names: readValueList(phraseAt(edit, at), findings),
      except,
      field: readName(phraseAt(edit, at + 2)),
      where: readWhereAt(edit, at + 3, findings),
    };
  },
  remove_display_name: (edit, findings) => ({
    kind: "remove-display-name",
    field: readName(phraseAt(edit, 3)),
    where: readWhereAt(edit, 4, findings),
  }),

  anonymize_fields: (edit) => ({ kind: "anonymize-fields", fields: readNames(phraseAt(edit, 1)) }),
  anonymize_values: (edit, findings) => ({
    kind: "anonymize-values",
    field: readName(phraseAt(edit, 3)),
    where: readWhere(phraseAt(edit, 4), findings),
  }),
  conceal: (edit) => ({ kind: "conceal", fields: readNames(phraseAt(edit, 1)) }),
  set_field: (edit, findings) => ({
    kind: "set-field",
    field: readName(phraseAt(edit, 1)),
    text: readText(phraseAt(edit, 3), findings),
  }),
  set_part: (edit, findings) => ({
    kind: "set-part",
    part: readPart(phraseAt(edit, 1), findings),
    field: readName(phraseAt(edit, 3)),
    text: readText(phraseAt(edit, 5), findings),
  }),
  add_field: (edit, findings) => ({
    kind: "add-field",
    field: readName(phraseAt(edit, 1)),
    text: readText(phraseAt(edit, 2), findings),
  }),

  drop_body: () => ({ kind: "drop-body" }),
  drop_parts: (edit) => ({ kind: "drop-parts", type: readMediaType(phraseAt(edit, 2)) }),
  drop_named_parts: (edit) => ({ kind: "drop-named-parts", field: readName(phraseAt(edit, 4)) }),
  drop_other_parts: (edit) => ({
    kind: "drop-other-parts",
    except: membersOf(phraseAt(edit, 4)).map(readMediaType),
  }),
  redact_sdp: (edit) => ({ kind: "redact-sdp", lines: readNames(phraseAt(edit, 2)) }),
  redact_sipfrag: () => ({ kind: "redact-sipfrag" }),

  apply: (edit) => {
    const except = maybeAt(edit, 2);
    return {
      kind: "apply",
      treatments: readNames(phraseAt(edit, 1)),
      except: except ? readNames(phraseAt(except, 1)) : [],
    };
  },
  honour: (edit) => ({ kind: "honour", field: readName(phraseAt(edit, 1)) }),
  mark: (edit) => ({ kind: "mark", name: readName(phraseAt(edit, 1)) }),
  reject: (edit, findings) => {
    const status = maybeAt(edit, 1);
    return {
      kind: "reject",
      status: status && readCount(status, findings),
      reason: readText(phraseAt(edit, 2), findings),
    };
  },
  needs: (edit) => ({ kind: "needs", capability: readName(phraseAt(edit, 1)) }),
};

function readEdit(edit: Phrase, findings: Findings): ActionBody {
  const read = editReaders[edit.rule];
  if (read === undefined) throw new Error(`no reader for ${edit.rule}`);
  return read(edit, findings);
}
