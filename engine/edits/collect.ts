/** What an edit of the language asks of the nodes of one message. */
import type { Edit, Policy, ValueCondition } from "../../grammar/model.ts";
import { policyText } from "../conditions/comparison-text.ts";
import { settingOf } from "../conditions/conditions.ts";
import {
  type FieldNode,
  fieldOf,
  type MessageTree,
  type ParameterNode,
  type ValueNode,
} from "../message/tree.ts";
import { holdsForValue } from "../message/value-parts.ts";
import { type BodyRequest, bodyEdits } from "./collect-body.ts";
import {
  anonymizing,
  type Credit,
  fieldKey,
  type NodeEdit,
  newParameter,
  newRow,
  partKey,
  removal,
  setting,
  spanKey,
  valueKey,
} from "./node-edit.ts";

/** Who asks, and which header fields he leaves alone. */
export interface Asker {
  readonly policy: Policy;
  readonly rule: string;
  readonly because: string;
  readonly spares: (field: string) => boolean;
}

export interface Collected {
  readonly edits: readonly NodeEdit[];
  /** Some node that the edit means is out of reach: a missing key, a signed or unreadable body. */
  readonly unable: boolean;
}

const nothing: Collected = { edits: [], unable: false };

/** The field of every address, and the request's URI. */
const everyUri = "every-uri";

export function collectEdits(edit: Edit, tree: MessageTree, asker: Asker): Collected {
  switch (edit.kind) {
    case "drop-body":
    case "drop-parts":
    case "drop-named-parts":
    case "drop-other-parts":
    case "redact-sdp":
    case "redact-sipfrag":
      return collectBody(edit, tree, asker);
    case "add-field":
      return asker.spares(edit.field) ? nothing : able([addRow(edit.field, edit.text, asker)]);
    case "remove-other-fields":
      return able(
        tree.fields
          .filter(
            ({ name, row }) => row?.mandatory !== true && !edit.except.includes(name) && !asker.spares(name),
          )
          .map((field) => removeField(field.name, asker)),
      );
    case "set-field":
      if (asker.spares(edit.field)) return nothing;
      return able([
        fieldOf(tree, edit.field) === undefined
          ? addRow(edit.field, edit.text, asker)
          : setting(fieldKey(edit.field), policyText(edit.text), creditOf(edit.field, "set", asker)),
      ]);
    case "conceal":
      // Without keys nothing can be sealed: no edit, and the treatment is not in force.
      return { edits: [], unable: fieldOf(tree, edit.field) !== undefined };
    default:
      return able(
        fieldsOf(edit.field, tree, asker).flatMap((field) => collectField(edit, field, tree, asker)),
      );
  }
}

function able(edits: readonly NodeEdit[]): Collected {
  return { edits, unable: false };
}

function collectBody(edit: BodyRequest, tree: MessageTree, asker: Asker): Collected {
  if (edit.kind === "drop-named-parts" && asker.spares(edit.field)) return nothing;
  return bodyEdits(edit, tree, { rule: asker.rule, because: asker.because });
}

function fieldsOf(name: string, tree: MessageTree, asker: Asker): readonly FieldNode[] {
  if (name !== everyUri) {
    const field = fieldOf(tree, name);
    return field === undefined || asker.spares(name) ? [] : [field];
  }
  const addresses = tree.fields.filter(({ name: one, row }) => isAddress(row?.shape) && !asker.spares(one));
  return tree.requestUri === undefined ? addresses : [tree.requestUri, ...addresses];
}

function isAddress(shape: string | undefined): boolean {
  return shape === "address" || shape === "addresses";
}

type FieldEdit = Extract<
  Edit,
  {
    readonly kind:
      | "remove-field"
      | "remove-values"
      | "remove-surplus"
      | "remove-parameters"
      | "remove-uri-headers"
      | "remove-display-name"
      | "anonymize"
      | "set-part";
  }
>;

function collectField(
  edit: FieldEdit,
  field: FieldNode,
  tree: MessageTree,
  asker: Asker,
): readonly NodeEdit[] {
  const { name } = field;
  const meant = (where: ValueCondition): readonly ValueNode[] => {
    const comparing = settingOf(asker.policy, tree, field);
    return field.values.filter((value) => holdsForValue(where, value, comparing));
  };
  const removeSpans = (
    spansOf: (value: ValueNode) => readonly ParameterNode[],
    where: ValueCondition,
    said: string,
  ) => {
    const credit = creditOf(name, said, asker);
    return meant(where).flatMap((value) =>
      spansOf(value).map(({ nameSpan }) => removal(spanKey(nameSpan), credit)),
    );
  };
  switch (edit.kind) {
    case "remove-field":
      return [removeField(name, asker)];
    case "remove-values":
      return removeValues(meant(edit.where), name, asker);
    case "remove-surplus":
      return removeValues(surplusIdentities(field), name, asker);
    case "remove-parameters":
      return removeSpans(
        (value) => parametersOf(value, edit.of).filter((parameter) => edit.names.includes(parameter.name)),
        edit.where,
        `remove-${edit.of === "value" ? "" : `${edit.of}-`}parameter`,
      );
    case "remove-uri-headers":
      return removeSpans(
        ({ uri }) =>
          (uri?.headers ?? []).filter((header) => edit.names.includes(header.name) !== edit.except),
        edit.where,
        "remove-uri-header",
      );
    case "remove-display-name": {
      const credit = creditOf(name, "remove-display-name", asker);
      return meant(edit.where)
        .filter(({ displayName }) => displayName !== undefined)
        .map((value) => removal(partKey(value, "display-name"), credit));
    }
    case "anonymize":
      return anonymize(name, edit.where, meant(edit.where), asker);
    case "set-part": {
      const credit = creditOf(name, "set", asker);
      return meant(edit.where).flatMap((value) => setPart(edit, value, credit));
    }
  }
}

function creditOf(field: string, action: string, { rule, because }: Asker): Credit {
  return { field, action, rule, because };
}

function removeField(name: string, asker: Asker): NodeEdit {
  return removal(fieldKey(name), creditOf(name, "remove", asker));
}

export function removeValues(values: readonly ValueNode[], field: string, asker: Asker): readonly NodeEdit[] {
  const credit = creditOf(field, "remove-value", asker);
  return values.map((value) => removal(valueKey(value), credit));
}

function addRow(field: string, text: string, asker: Asker): NodeEdit {
  return newRow(`${field}: ${policyText(text)}\r\n`, creditOf(field, "add", asker));
}

/** Without a condition it is an edit of the whole field, and outranks a `set` of it. */
function anonymize(
  field: string,
  where: ValueCondition,
  values: readonly ValueNode[],
  asker: Asker,
): readonly NodeEdit[] {
  const credit = creditOf(field, "anonymize", asker);
  const ofValues = values.map((value) => anonymizing(valueKey(value), credit));
  const isWhole = where.kind === "and" && where.of.length === 0;
  return isWhole ? [anonymizing(fieldKey(field), credit), ...ofValues] : ofValues;
}

function parametersOf(value: ValueNode, of: "value" | "uri" | "number"): readonly ParameterNode[] {
  if (of === "value") return value.parameters;
  return (of === "uri" ? value.uri?.parameters : value.uri?.numberParameters) ?? [];
}

function isSip({ uri }: ValueNode): boolean {
  return uri?.kind === "sip" || uri?.kind === "sips";
}

/** RFC 5876 4.5: the first sip or sips URI and the first tel URI count, and no other may be passed on. */
function surplusIdentities({ values }: FieldNode): readonly ValueNode[] {
  const kept = [values.find(isSip), values.find(({ uri }) => uri?.kind === "tel")];
  return values.filter((value) => !kept.includes(value));
}

function setPart(
  { part, text }: Extract<Edit, { readonly kind: "set-part" }>,
  value: ValueNode,
  credit: Credit,
): readonly NodeEdit[] {
  const plain = policyText(text);
  switch (part.kind) {
    case "display-name":
      return [setting(partKey(value, part.kind), quotedText(plain), credit)];
    case "parameter": {
      const written = parameterText(plain);
      const present = value.parameters.filter(({ name }) => name === part.name);
      if (present.length > 0)
        return present.map(({ nameSpan }) => setting(spanKey(nameSpan), written, credit));
      return [newParameter(value, part.name, `;${part.name}=${written}`, credit)];
    }
    default:
      return [setting(partKey(value, part.kind), plain, credit)];
  }
}

function quotedText(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/** A token, else a quoted string (RFC 3261 25.1). */
function parameterText(text: string): string {
  return /^[\w\-.!%*+`'~:[\]]+$/.test(text) ? text : quotedText(text);
}
