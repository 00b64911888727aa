/** A gate plan while it is being built. */
import { compareText } from "../edits/node-edit.ts";
import type { EndClass } from "./bound-end.ts";
import type { Test } from "./condition-test.ts";
import {
  type FieldPlan,
  type GatePlan,
  type PlannedEdit,
  type PlannedFulfilment,
  type PlannedRejection,
  type Rejections,
  rowAction,
} from "./gate-plan.ts";
import type { Known } from "./residual.ts";
import { RowFilter } from "./row-filter.ts";

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
  readonly rejections: (PlannedRejection & { readonly rule: string; readonly needs: number })[];
  readonly newRows: PlannedEdit[];
  readonly bodyEdits: PlannedEdit[];
  readonly bodyTriggers: Test[];
  readonly honours: Test[];
  readonly fulfilments: PlannedFulfilment[];
  readonly grows: Set<number>;
}

export interface FieldDraft {
  readonly removals: Test[];
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

export function finish(
  draft: Draft,
  privacy: Pick<GatePlan, "refusesUnfulfilled" | "loudPrivacy">,
): GatePlan {
  const { rowActions, newRows, bodyEdits, bodyTriggers, honours, fulfilments, grows } = draft;
  const fields: (FieldPlan | undefined)[] = [];
  for (const [id, field] of draft.fields) {
    // A field that goes in any case needs no other look.
    if (rowActions[id] === rowAction.remove) continue;
    rowActions[id] = rowAction.look;
    fields[id] = planOf(field);
  }
  const requestUri =
    draft.requestUri.edits.length > 0 && draft.key.isRequest ? planOf(draft.requestUri) : undefined;
  const rejections = orderedRejections(draft);
  const isIdle =
    rowActions.every((action) => action === rowAction.keep) &&
    requestUri === undefined &&
    rejections.all.length + newRows.length + bodyTriggers.length + honours.length === 0;
  return {
    isIdle,
    rowActions,
    fields,
    requestUri,
    rejections,
    newRows,
    bodyEdits,
    bodyTriggers,
    honours,
    fulfilments,
    ...privacy,
    grows,
  };
}

function planOf({ removals, filter, triggers, edits }: FieldDraft): FieldPlan {
  return { removals, filter: filter.isEmpty ? undefined : filter, triggers, edits };
}

/** The lowest status, then the first rule by name. */
function orderedRejections({ rejections }: Draft): Rejections {
  const ordered = rejections.toSorted(
    (one, other) => one.status - other.status || compareText(one.rule, other.rule),
  );
  const byField = new Map<number, number[]>();
  const open: number[] = [];
  ordered.forEach(({ needs }, place) => {
    const places = needs < 0 ? open : byField.get(needs);
    if (places === undefined) byField.set(needs, [place]);
    else places.push(place);
  });
  return { all: ordered, open, byField };
}
