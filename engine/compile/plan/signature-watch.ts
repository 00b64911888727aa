/** Whether an edit may have changed what a signature in the message covers (RFC 5379 5.3.1). It may say yes for nothing. */
import type { Policy } from "../../../grammar/model.ts";
import type { FieldTable } from "../../../wire/index.ts";
import type { GateRun } from "../gate-run.ts";
import type { MessageFacts } from "../message-facts.ts";

interface Signature {
  readonly field: number;
  readonly covers: readonly number[];
}

export class SignatureWatch {
  private readonly signatures: readonly Signature[];

  constructor({ fields }: Policy, table: FieldTable) {
    // These fields say what the body is.
    const describing = [table.core.contentType, table.core.contentEncoding];
    this.signatures = fields.flatMap(({ name, covers }) => {
      if (covers === undefined) return [];
      return [
        {
          field: table.id(name),
          covers: covers.flatMap((one) => (one === "body" ? describing : [table.id(one)])),
        },
      ];
    });
  }

  mayBreak(received: MessageFacts, facts: MessageFacts, run: GateRun): boolean {
    for (const { field, covers } of this.signatures) {
      if (facts.firstRow(field) < 0 || run.isGone(field)) continue;
      if (facts !== received || run.mayGrow || run.bodyTouched) return true;
      for (const covered of covers) {
        if (received.scan.firstRow(covered) < 0) continue;
        if (facts.firstRow(covered) < 0 || run.isGone(covered) || run.isTouched(covered)) return true;
      }
    }
    return false;
  }
}
