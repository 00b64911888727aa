/**
 * What follows from the result of the join, which no rule may read (docs/language.md,
 * *What a policy means*, 5). One pass, after the out gate.
 */
import type { Action, Fulfilment, Rule } from "../../grammar/model.ts";
import { holds } from "../conditions/conditions.ts";
import { optionValue } from "../conditions/connection-atoms.ts";
import { type Asker, collectEdits } from "../edits/collect.ts";
import { joinEdits, type NodeEdit } from "../edits/node-edit.ts";
import { renderEdits } from "../edits/render.ts";
import {
  actionsInForce,
  type GateResult,
  type GateScene,
  isEdit,
  isRefusable,
  type Rejection,
} from "../gate.ts";
import { fieldOf, type MessageTree } from "../message/tree.ts";
import { askedOf, leavePrivacy, readPrivacy } from "./privacy.ts";
import { brokenSignatures } from "./signatures.ts";

export interface Consequences {
  /** Of the same tree as the out gate's own edits. */
  readonly edits: readonly NodeEdit[];
  readonly marks: readonly string[];
  readonly rejection: Rejection | undefined;
}

const none: Consequences = { edits: [], marks: [], rejection: undefined };

/**
 * @param received the message as it came to the border
 * @param gates what the in gate and the out gate made of it
 * @param result the message with the edits of both
 */
export function drawConsequences(
  received: MessageTree,
  gates: { readonly in: GateResult; readonly out: GateResult },
  result: MessageTree,
): Consequences {
  const privacy = honoursPrivacy([gates.in, gates.out]) ? privacyConsequences(gates, result) : none;
  if (privacy.rejection !== undefined) return privacy;
  const signature = signatureConsequences(received, result, gates.out.scene);
  return {
    edits: [...privacy.edits, ...signature.edits, ...locationConsequences(received, result, gates.out.scene)],
    marks: privacy.marks,
    rejection: signature.rejection,
  };
}

export function consequence(because: string, { policy }: Pick<GateScene, "policy">): Asker {
  return { policy, rule: "(consequence)", because, spares: () => false };
}

function consequent(status: number, reason: string): Rejection {
  return { status, reason, rule: undefined };
}

function honoursPrivacy(gates: readonly GateResult[]): boolean {
  return gates.some(({ rules, scene }) =>
    rules.some((rule) => actionsInForce(rule, scene).some(({ kind }) => kind === "honour-privacy")),
  );
}

/** RFC 3323 5. */
function privacyConsequences(
  gates: { readonly in: GateResult; readonly out: GateResult },
  result: MessageTree,
): Consequences {
  const { scene } = gates.out;
  const privacy = readPrivacy(scene.tree);
  if (privacy === undefined) return none;
  const marks = privacy.malformed ? ["privacy-malformed"] : [];
  const mayRefuse = isRefusable(scene.tree);
  if (privacy.malformed && mayRefuse && optionIs("malformed-privacy", "refuse", scene)) {
    return { edits: [], marks, rejection: consequent(400, "Malformed Privacy") };
  }
  const asked = askedOf(privacy);
  const fulfilments = [gates.in, gates.out].flatMap((gate) =>
    gate.rules.flatMap((rule) =>
      rule.fulfilments
        .filter((fulfilment) => isFulfilled(fulfilment, rule, gate.scene, result))
        .map((fulfilment) => ({
          value: fulfilment.privValue,
          keeps: holds(fulfilment.keepWhen, gate.scene),
        })),
    ),
  );
  const isDone = (value: string): boolean => fulfilments.some((one) => one.value === value);
  const isKept = (value: string): boolean => fulfilments.some((one) => one.value === value && one.keeps);
  const unfulfilled = asked.filter((value) => !isDone(value));
  const isCritical = privacy.critical || optionIs("unfulfilled-privacy", "refuse", scene);
  if (unfulfilled.length > 0 && isCritical && mayRefuse) {
    return {
      edits: [],
      marks,
      rejection: consequent(500, `Privacy Failure: ${unfulfilled.join(", ")}`),
    };
  }
  const leaving = asked.filter((value) => isDone(value) && !isKept(value));
  return {
    edits: leavePrivacy(
      privacy,
      leaving,
      asked.length > unfulfilled.length,
      scene.tree,
      consequence("RFC 3323 5", scene),
    ),
    marks: unfulfilled.length > 0 ? [...marks, "partial"] : marks,
    rejection: undefined,
  };
}

function optionIs(name: string, value: string, { policy, to }: GateScene): boolean {
  return optionValue(name, { policy, network: to?.network }) === value;
}

/** Asked for, and all that the treatment declares is in force. */
function isFulfilled(fulfilment: Fulfilment, rule: Rule, scene: GateScene, result: MessageTree): boolean {
  if (!holds(fulfilment.condition, scene)) return false;
  return fulfilment.actions.every((index) => isInForce(rule.actions[index]!, scene, result));
}

/** An edit is in force where it would find nothing left to do in the message that leaves. */
function isInForce(action: Action, scene: GateScene, result: MessageTree): boolean {
  if (!holds(action.condition, scene)) return true;
  if (action.kind === "needs") return false;
  const edit = action.kind === "excepted" ? action.edit : isEdit(action) ? action : undefined;
  if (edit === undefined) return true;
  const left = collectEdits(edit, result, consequence(action.because, scene));
  return !left.unable && renderEdits(joinEdits(left.edits), result).length === 0;
}

/** RFC 5379 5.3.1: who breaks a signature takes it away. */
function signatureConsequences(received: MessageTree, result: MessageTree, scene: GateScene): Consequences {
  const broken = brokenSignatures(received, result);
  if (broken.length === 0) return none;
  if (optionIs("broken-signature", "refuse", scene) && isRefusable(scene.tree)) {
    return {
      edits: [],
      marks: [],
      rejection: consequent(500, `Broken Signature: ${broken.join(", ")}`),
    };
  }
  const fields = broken.includes("Identity") ? [...broken, "Identity-Info"] : broken;
  return { edits: removeFields(fields, "RFC 5379 5.3.1", scene), marks: [], rejection: undefined };
}

/** RFC 6442 4.2: Geolocation-Routing speaks of the Geolocation beside it. */
function locationConsequences(
  received: MessageTree,
  result: MessageTree,
  scene: GateScene,
): readonly NodeEdit[] {
  const isGone =
    fieldOf(received, "Geolocation") !== undefined && fieldOf(result, "Geolocation") === undefined;
  return isGone ? removeFields(["Geolocation-Routing"], "RFC 6442 4.2", scene) : [];
}

function removeFields(fields: readonly string[], because: string, scene: GateScene): readonly NodeEdit[] {
  const asker = consequence(because, scene);
  return fields.flatMap((field) => collectEdits({ kind: "remove-field", field }, scene.tree, asker).edits);
}
