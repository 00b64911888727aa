/** Actions that edit: fields and parts must allow what is asked of them. */
import type * as model from "../model.ts";
import type { Source } from "../source.ts";
import type * as syntax from "../syntax.ts";
import { type FieldRow, sdpLines } from "../vocabulary.ts";
import { anyValue, checkPart, checkValueCondition, shapeOf, shapeWords } from "./parts.ts";
import type { Report } from "./report.ts";
import type { ListedField, Scope } from "./scope.ts";
import { checkPartText } from "./set-texts.ts";

export type EditBody = Exclude<
  syntax.ActionBody,
  { readonly kind: "apply" | "honour" | "mark" | "reject" | "needs" }
>;

/** Header fields that no policy writes, and why. */
const ownersOfFields: ReadonlyMap<string, string> = new Map([
  ["Content-Length", "follows from the body"],
  ["Max-Forwards", "is counted down by forwarding (RFC 3261 16.6)"],
]);

/** The messages that an edit can meet: a field that is mandatory in requests alone may go from responses. */
export type MessageKind = "request" | "response" | "both";

export class EditChecker {
  readonly #scope: Scope;
  readonly #report: Report;

  constructor(scope: Scope, report: Report) {
    this.#scope = scope;
    this.#report = report;
  }

  /** The edits that an action stands for; undefined where it is wrong. */
  check(
    body: EditBody,
    span: syntax.Span,
    source: Source,
    message: MessageKind,
  ): readonly model.Edit[] | undefined {
    const before = this.#report.errors;
    const edits = this.#edits(body, span, source, message);
    return this.#report.errors === before ? edits : undefined;
  }

  #edits(body: EditBody, span: syntax.Span, source: Source, message: MessageKind): readonly model.Edit[] {
    switch (body.kind) {
      case "remove-fields":
        return this.#scope.listFields(body.fields, source).map((listed) => {
          this.#keepMandatory(listed, source, message);
          return { kind: "remove-field", field: listed.row.name };
        });
      case "remove-other-fields":
        return this.#removeOthers(body.except, span, source, message);
      case "remove-values":
        return this.#onField(body.field, source, (row) => {
          this.#keepMandatory({ row, name: body.field }, source, message);
          this.#needRealField(row, body.field, source);
          const where = checkValueCondition(body.where, row, source, this.#report);
          return where && { kind: "remove-values", field: row.name, where };
        });
      case "remove-value":
        return this.#onField(body.field, source, (row) =>
          this.#removeValue(body, row, span, source, message),
        );
      case "remove-surplus":
        return this.#onField(body.field, source, (row) => {
          if (row.shape === "addresses") return { kind: "remove-surplus", field: row.name };
          return this.#reportShape("surplus values", row, body.field, source, ["addresses"]);
        });
      case "remove-parameters":
        return this.#removeParameters(body, source);
      case "remove-uri-headers":
        return this.#onField(body.field, source, (row) => {
          const part = checkPart(
            { kind: "uri-header", name: body.names[0]!, span: body.field.span },
            row,
            source,
            this.#report,
          );
          const where = this.#where(body.where, row, source);
          if (part === undefined || where === undefined) return undefined;
          return {
            kind: "remove-uri-headers",
            field: row.name,
            names: lowerCase(body.names),
            except: body.except,
            where,
          };
        });
      case "remove-display-name":
        return this.#onField(body.field, source, (row) => {
          const part = checkPart({ kind: "display-name", span: body.field.span }, row, source, this.#report);
          const where = this.#where(body.where, row, source);
          return part && where && { kind: "remove-display-name", field: row.name, where };
        });
      case "anonymize-fields":
        return this.#scope.listFields(body.fields, source).map((listed) => {
          this.#needAnonymousForm(listed, source);
          return { kind: "anonymize", field: listed.row.name, where: anyValue };
        });
      case "anonymize-values":
        return this.#onField(body.field, source, (row) => {
          this.#needAnonymousForm({ row, name: body.field }, source);
          const where = checkValueCondition(body.where, row, source, this.#report);
          return where && { kind: "anonymize", field: row.name, where };
        });
      case "conceal":
        return this.#scope.listFields(body.fields, source).map(({ row, name }) => {
          if (row.concealable !== true) {
            const fields = [...this.#scope.fields.values()].filter((one) => one.concealable === true);
            const expected = fields.map((one) => `\`${one.name}\``);
            this.#report.add("P3015", { source, span: name.span }, { field: row.name }, { expected });
          }
          return { kind: "conceal", field: row.name };
        });
      case "set-field":
      case "add-field":
        return this.#onField(body.field, source, (row) => this.#writeField(body, row, source));
      case "set-part":
        return this.#onField(body.field, source, (row) => {
          const part = checkPart(body.part, row, source, this.#report);
          if (part === undefined) return undefined;
          checkPartText(part, body.text, source, this.#report);
          return { kind: "set-part", field: row.name, part, text: body.text.text, where: anyValue };
        });
      case "drop-body":
      case "redact-sipfrag":
        return [{ kind: body.kind }];
      case "drop-parts":
        return [{ kind: "drop-parts", type: body.type.text.toLowerCase() }];
      case "drop-other-parts":
        return [{ kind: "drop-other-parts", except: lowerCase(body.except) }];
      case "drop-named-parts":
        return this.#onField(body.field, source, (row) => {
          if (row.shape === "addresses" || row.shape === "address")
            return { kind: "drop-named-parts", field: row.name };
          return this.#reportShape("URIs that name body parts", row, body.field, source, ["addresses"]);
        });
      case "redact-sdp":
        return [{ kind: "redact-sdp", lines: this.#sdpLines(body.lines, source) }];
    }
  }

  #onField(
    name: syntax.Name,
    source: Source,
    make: (row: FieldRow) => model.Edit | undefined,
  ): readonly model.Edit[] {
    const row = this.#scope.field(name, source);
    const edit = row && make(row);
    return edit === undefined ? [] : [edit];
  }

  #where(
    where: syntax.ValueCondition | undefined,
    row: FieldRow,
    source: Source,
  ): model.ValueCondition | undefined {
    return where === undefined ? anyValue : checkValueCondition(where, row, source, this.#report);
  }

  /** RFC 3261 8.1.1: a message without these is none. */
  #keepMandatory({ row, name }: ListedField, source: Source, message: MessageKind): void {
    if (!isMandatory(row, message)) return;
    const word = row.name === name.text ? "" : ` (by way of \`${name.text}\`)`;
    this.#report.add(
      "P3003",
      { source, span: name.span },
      { field: row.name, word },
      {
        help:
          row.anonymous === undefined ? undefined : `write \`anonymize ${row.name}\` to hide who it names`,
      },
    );
  }

  #needRealField(row: FieldRow, name: syntax.Name, source: Source): void {
    if (row.name === "Request-URI") {
      this.#report.add("P3021", { source, span: name.span }, { field: row.name, what: "is no header field" });
    }
  }

  #needAnonymousForm({ row, name }: ListedField, source: Source): void {
    if (row.anonymous !== undefined) return;
    const remedies = [
      ...(isMandatory(row, "both") ? [] : [`\`remove ${row.name}\``]),
      ...(row.concealable === true ? [`\`conceal ${row.name}\``] : []),
    ];
    const help = remedies.length === 0 ? undefined : `write ${remedies.join(" or ")}`;
    this.#report.add("P3014", { source, span: name.span }, { field: row.name }, { help });
  }

  #removeOthers(
    except: readonly syntax.Name[],
    span: syntax.Span,
    source: Source,
    message: MessageKind,
  ): readonly model.Edit[] {
    const kept = this.#scope.listFields(except, source).map(({ row }) => row.name);
    const missing = [...this.#scope.fields.values()].filter(
      (row) => isMandatory(row, message) && !kept.includes(row.name),
    );
    if (missing.length > 0) {
      const fields = missing.map((row) => row.name).join(", ");
      this.#report.add("P3013", { source, span }, { fields }, { help: `add ${fields} behind \`except\`` });
    }
    return [{ kind: "remove-other-fields", except: kept }];
  }

  #removeValue(
    body: Extract<EditBody, { kind: "remove-value" }>,
    row: FieldRow,
    span: syntax.Span,
    source: Source,
    message: MessageKind,
  ): model.Edit | undefined {
    const { noun, value, field } = body;
    if (noun === "priv-value" && row.shape !== "priv-values")
      return this.#reportShape("priv-values", row, field, source, ["priv-values"]);
    if (noun === "option-tag" && row.shape !== "tokens")
      return this.#reportShape("option tags", row, field, source, ["tokens"]);
    this.#keepMandatory({ row, name: field }, source, message);
    this.#needRealField(row, field, source);
    const origin = source.origin(span);
    const test: model.PartTest = { kind: "among", texts: [value.text] };
    return {
      kind: "remove-values",
      field: row.name,
      where: { kind: "atom", part: { kind: "value" }, test, origin },
    };
  }

  #removeParameters(
    body: Extract<EditBody, { kind: "remove-parameters" }>,
    source: Source,
  ): readonly model.Edit[] {
    const names = lowerCase(body.names);
    const { field, of } = body;
    if (field === undefined) {
      if (body.where !== undefined || of === "value") {
        const span = body.names[0]!.span;
        this.#report.add(
          "P3021",
          { source, span },
          { field: "every uri", what: "takes no `where`, and has no parameters of a value" },
        );
      }
      return [{ kind: "remove-parameters", field: "every-uri", of, names, where: anyValue }];
    }
    return this.#onField(field, source, (row) => {
      const kind = ({ value: "parameter", uri: "uri-parameter", number: "number-parameter" } as const)[of];
      const part = checkPart({ kind, name: body.names[0]!, span: field.span }, row, source, this.#report);
      const where = this.#where(body.where, row, source);
      if (of === "value") this.#keepTags(body.names, row, source);
      return part && where && { kind: "remove-parameters", field: row.name, of, names, where };
    });
  }

  /** Without them, messages belong to no dialog and no transaction (RFC 3261 12, 17.1.3). */
  #keepTags(names: readonly syntax.Value[], row: FieldRow, source: Source): void {
    const needed =
      row.name === "From" || row.name === "To" ? "tag" : row.name === "Via" ? "branch" : undefined;
    for (const { text, span } of names) {
      if (text.toLowerCase() !== needed) continue;
      this.#report.add("P3016", { source, span }, { parameter: needed, field: row.name });
    }
  }

  #writeField(
    body: Extract<EditBody, { kind: "set-field" | "add-field" }>,
    row: FieldRow,
    source: Source,
  ): model.Edit | undefined {
    const { field, text } = body;
    this.#needRealField(row, field, source);
    const owner = ownersOfFields.get(row.name);
    if (owner !== undefined) {
      this.#report.add("P3021", { source, span: field.span }, { field: row.name, what: owner });
    }
    if (body.kind === "add-field" && row.single === true) {
      this.#report.add("P3022", { source, span: field.span }, { field: row.name });
    }
    return { kind: body.kind, field: row.name, text: text.text };
  }

  #sdpLines(lines: readonly syntax.Name[], source: Source): readonly string[] {
    const known = Object.keys(sdpLines);
    for (const { text, span } of lines) {
      if (known.includes(text)) continue;
      const expected = known.map((one) => `\`${one}\``);
      this.#report.add(
        "P2005",
        { source, span },
        { kind: "line of SDP with a neutral form", name: text },
        { expected },
      );
    }
    return [...new Set(lines.map(({ text }) => text))];
  }

  #reportShape(
    what: string,
    row: FieldRow,
    name: syntax.Name,
    source: Source,
    shapes: readonly FieldRow["shape"][],
  ): undefined {
    const fields = [...this.#scope.fields.values()].filter((one) => shapes.includes(one.shape));
    const expected = fields.length > 8 ? [] : fields.map((one) => `\`${one.name}\``);
    const values = { what, field: row.name, shape: shapeWords[shapeOf(row)] };
    this.#report.add("P3007", { source, span: name.span }, values, { expected });
    return undefined;
  }
}

function isMandatory(row: FieldRow, message: MessageKind): boolean {
  return row.mandatory === true && (row.name !== "Max-Forwards" || message !== "response");
}

function lowerCase(names: readonly { readonly text: string }[]): readonly string[] {
  return [...new Set(names.map(({ text }) => text.toLowerCase()))];
}
