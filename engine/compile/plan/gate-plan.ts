/** What a gate does with messages of one kind between ends of two classes. Built once, then only read. */
import type { Edit } from "../../../grammar/model.ts";
import type { Asker } from "../../edits/collect.ts";
import type { Rejection } from "../../gate.ts";
import type { Test } from "../conditions/condition-test.ts";
import type { RowFilter } from "../conditions/row-filter.ts";
import type { OrderedTests } from "../ordered-tests.ts";
import type { BodyWatch } from "./body-trigger.ts";

/** `rowActions`: a row stays, goes, or its field's plan says. */
export const rowAction = { keep: 0, remove: 1, look: 2 } as const;

export interface GatePlan {
  /** No rule can touch such a message. */
  readonly isIdle: boolean;
  /** By field id; 0 stands for every unknown field. */
  readonly rowActions: Uint8Array;
  readonly fields: readonly (FieldPlan | undefined)[];
  readonly requestUri: FieldPlan | undefined;
  /** In order: the lowest status, then the first rule by name. */
  readonly rejections: readonly Rejection[];
  readonly rejectionTests: OrderedTests;
  /** Edits that add rows where the field is absent. */
  readonly newRows: readonly PlannedEdit[];
  readonly bodyEdits: readonly PlannedEdit[];
  /** Whether one of them may change something. */
  readonly body: BodyWatch;
  /** Some of them holds: this border is the privacy service for the message. */
  readonly honours: readonly Test[];
  readonly fulfilments: readonly PlannedFulfilment[];
  /** Words of Privacy (`WordField`) of which something may come: any other set of them stays as it is. */
  readonly loudPrivacy: number;
  /** An unfulfilled wish is refused even where it is not critical (RFC 5379 4.3). */
  readonly refusesUnfulfilled: boolean;
  /** Ids of fields to which some edit may add a row. */
  readonly grows: ReadonlySet<number>;
}

export interface FieldPlan {
  /** The whole field goes where one of them holds. */
  readonly removals: OrderedTests;
  /** Looks at each row for what edits of parameters and URI header fields mean. */
  readonly filter: RowFilter | undefined;
  /** Other edits inside the field may change something where one of them holds. */
  readonly triggers: readonly Test[];
  /** All edits inside the field. */
  readonly edits: readonly PlannedEdit[];
}

export interface PlannedEdit {
  /** Undefined: always. */
  readonly test: Test | undefined;
  readonly edit: Edit;
  readonly asker: Asker;
}

export interface PlannedFulfilment {
  /** In lower case. */
  readonly privValue: string;
  /** The rule applies and the treatment is asked for. */
  readonly test: Test;
  readonly deeds: readonly Deed[];
  /** It stays in Privacy though fulfilled; undefined: always. */
  readonly keeps: Test | undefined;
}

/** An edit, or a need, that has to be in force. */
export interface Deed {
  /** Its own condition; undefined: always. */
  readonly test: Test | undefined;
  /** Undefined: this border can't do it. */
  readonly edit: Edit | undefined;
  /** Of the edit's field; 0 where it has none in the table. */
  readonly field: number;
  /** Of an edit of the body: it may find something to do. */
  readonly trigger: Test | undefined;
  readonly asker: Asker;
}
