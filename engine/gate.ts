/**
 * One gate: all rules read the same message, every rule that matches applies
 * (docs/language.md, *What a policy means*, 2).
 */
import type { Action, Edit, Rule, Who } from "../grammar/model.ts";
import { holds, isAmong, type Scene, type Witness } from "./conditions/conditions.ts";
import type { AppliedRule } from "./decision.ts";
import { type Asker, collectEdits } from "./edits/collect.ts";
import { compareText, type NodeEdit } from "./edits/node-edit.ts";
import type { MessageTree } from "./message/tree.ts";
import type { End } from "./trust/ends.ts";
import { isWho } from "./trust/who.ts";

export interface GateScene extends Scene {
  readonly tree: MessageTree;
  readonly from: End;
  /** Undefined at the in gate: the message has not been routed yet. */
  readonly to: End | undefined;
}

export interface GateResult {
  readonly scene: GateScene;
  /** By name. */
  readonly rules: readonly Rule[];
  readonly edits: readonly NodeEdit[];
  readonly marks: readonly string[];
  readonly rejection: Rejection | undefined;
}

export interface Rejection {
  readonly status: number;
  readonly reason: string;
  /** Undefined: none rejected, it is a consequence. */
  readonly rule: string | undefined;
}

export function passGate(gate: "in" | "out", scene: GateScene): GateResult {
  const rules = scene.policy.rules
    .filter((rule) => rule.gate === gate && ruleApplies(rule, scene))
    .toSorted((one, other) => compareText(one.name, other.name));
  const taken = rules.flatMap((rule) => actionsInForce(rule, scene).map((action) => ({ rule, action })));
  return {
    scene,
    rules,
    edits: taken.flatMap(({ rule, action }) =>
      isEdit(action) ? collectEdits(action, scene.tree, askerOf(rule, action.because, scene)).edits : [],
    ),
    marks: marksOf(taken),
    rejection: rejectionOf(taken, scene.tree),
  };
}

export function ruleApplies(rule: Rule, scene: GateScene, witness?: Witness): boolean {
  return rulesEventIs(rule, scene) && holds(rule.condition, scene, witness);
}

/** The rule's first line: event and ends. */
export function rulesEventIs(
  rule: Rule,
  {
    tree,
    from,
    to,
  }: { readonly tree: Pick<MessageTree, "isRequest">; readonly from: End; readonly to: End | undefined },
): boolean {
  if (rule.message !== "both" && (rule.message === "request") !== tree.isRequest) return false;
  return endMatches(rule.from, from) && endMatches(rule.to, to);
}

function endMatches(who: readonly Who[] | undefined, end: End | undefined): boolean {
  return who === undefined || (end !== undefined && isAmong(who, end));
}

export function actionsInForce(rule: Rule, scene: GateScene): readonly Action[] {
  return rule.actions.filter(({ condition }) => holds(condition, scene));
}

export function isEdit(action: Action): action is Action & Edit {
  switch (action.kind) {
    case "reject":
    case "mark":
    case "honour-privacy":
    case "needs":
    case "excepted":
      return false;
    default:
      return true;
  }
}

/**
 * A rule that applies because an end is untrusted leaves the fields alone for which that
 * end is trusted (docs/language.md, *Statements*, `trust … for`).
 */
export function askerOf(
  rule: Rule,
  because: string,
  { policy, from, to }: Pick<GateScene, "policy" | "from" | "to">,
): Asker {
  const sparing = [spared(rule.from, from), spared(rule.to, to)];
  return { policy, rule: rule.name, because, spares: (field) => sparing.some((fields) => fields.has(field)) };
}

const noFields: ReadonlySet<string> = new Set();

function spared(who: readonly Who[] | undefined, end: End | undefined): ReadonlySet<string> {
  if (who === undefined || end === undefined) return noFields;
  const others = who.filter(({ kind }) => kind !== "untrusted");
  return others.some((one) => isWho(one, end)) ? noFields : end.trustedFields;
}

/** An action in force, and whose it is. */
export interface TakenAction {
  readonly rule: Rule;
  readonly action: Action;
}

export function marksOf(taken: readonly TakenAction[]): readonly string[] {
  return taken.flatMap(({ action }) => (action.kind === "mark" ? [action.name] : []));
}

/** The lowest status answers, then the first rule by name: `taken` is in that order. */
export function rejectionOf(taken: readonly TakenAction[], tree: MessageTree): Rejection | undefined {
  const rejections = taken.flatMap(({ rule, action }) =>
    action.kind === "reject" && action.status !== undefined && mayReject(rule, tree)
      ? [{ status: action.status, reason: action.reason, rule: rule.name }]
      : [],
  );
  return rejections.toSorted((one, other) => one.status - other.status)[0];
}

/** An ACK can't be answered, and a refused CANCEL leaves a phone ringing. */
function mayReject(rule: Rule, tree: MessageTree): boolean {
  if (rule.namesMethod) return true;
  return tree.isRequest ? isRefusable(tree) : rule.message === "response";
}

export function isRefusable({ isRequest, method }: MessageTree): boolean {
  return isRequest && method !== "ACK" && method !== "CANCEL";
}

export function appliedRules(rules: readonly Rule[]): readonly AppliedRule[] {
  return rules
    .map(({ name, because, origin }) => ({ name, file: origin.file, line: origin.line, because }))
    .toSorted((one, other) => compareText(one.name, other.name));
}
