/** A gate plan while it is being built. */
import { compareText } from "../../edits/node-edit.ts";
import type { Rejection } from "../../gate.ts";
import type { EndClass } from "../binding/bound-end.ts";
import type { Test } from "../conditions/condition-test.ts";
import type { Known } from "../conditions/residual.ts";
import { RowFilter } from "../conditions/row-filter.ts";
import type { OrderedTest, OrderedTests } from "../ordered-tests.ts";
import type { BodyWatch } from "./body-trigger.ts";
import {
  type FieldPlan,
  type GatePlan,
  type PlannedEdit,
  type PlannedFulfilment,
  rowAction,
} from "./gate-plan.ts";

/** What all messages of a plan have in common. */
export interface PlanKey {
  readonly gate: "in" | "out";
  readonly from: EndClass;
  /** Undefined at the in gate. */
  readonly to: EndClass | undefined;
  readonly isRequest: boolean;
  /** Undefined: none that the policy names. */
  readonly method: string | undefined;
}

export interface Draft {
  readonly key: PlanKey;
  readonly known: Known;
  readonly rowActions: Uint8Array;
  readonly fields: Map<number, FieldDraft>;
  readonly requestUri: FieldDraft;
  readonly rejections: (Rejection & OrderedTest & { readonly rule: string })[];
  readonly newRows: PlannedEdit[];
  readonly bodyEdits: PlannedEdit[];
  readonly body: BodyWatch;
  readonly honours: Test[];
  readonly fulfilments: PlannedFulfilment[];
  readonly grows: Set<number>;
}

export interface FieldDraft {
  readonly removals: OrderedTest[];
  readonly filter: RowFilter;
  readonly triggers: Test[];
  readonly edits: PlannedEdit[];
}

export function emptyField(): FieldDraft {
  return { removals: [], filter: new RowFilter(), triggers: [], edits: [] };
}

/** The draft of a field, which is made when it is first asked for. */
export function fieldOf(draft: Draft, id: number): FieldDraft {
  let field = draft.fields.get(id);
  if (field === undefined) {
    field = emptyField();
    draft.fields.set(id, field);
  }
  return field;
}

/** Arranges tests for one policy. */
export type Order = (tests: readonly OrderedTest[]) => OrderedTests;

export function finish(
  draft: Draft,
  privacy: Pick<GatePlan, "refusesUnfulfilled" | "loudPrivacy">,
  order: Order,
): GatePlan {
  const { rowActions, newRows, bodyEdits, body, honours, fulfilments, grows } = draft;
  const fields: (FieldPlan | undefined)[] = [];
  for (const [id, field] of draft.fields) {
    // A field that goes in any case needs no other look.
    if (rowActions[id] === rowAction.remove) continue;
    rowActions[id] = rowAction.look;
    fields[id] = planOf(field, order);
  }
  const requestUri =
    draft.requestUri.edits.length > 0 && draft.key.isRequest ? planOf(draft.requestUri, order) : undefined;
  const rejections = draft.rejections.toSorted(
    (one, other) => one.status - other.status || compareText(one.rule, other.rule),
  );
  const isIdle =
    rowActions.every((action) => action === rowAction.keep) &&
    requestUri === undefined &&
    body.isEmpty &&
    rejections.length + newRows.length + honours.length === 0;
  return {
    isIdle,
    rowActions,
    fields,
    requestUri,
    rejections,
    rejectionTests: order(rejections),
    newRows,
    bodyEdits,
    body,
    honours,
    fulfilments,
    ...privacy,
    grows,
  };
}

function planOf({ removals, filter, triggers, edits }: FieldDraft, order: Order): FieldPlan {
  return { removals: order(removals), filter: filter.isEmpty ? undefined : filter, triggers, edits };
}
