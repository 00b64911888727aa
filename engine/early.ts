/**
 * The out gate before there is a connection to the next hop: a message that every connection
 * of that network would lead to a rejection is refused at once, and none is opened for it.
 * What follows from the result of the join (Privacy, signatures) is not foreseen here.
 */
import type { Action, Network, Policy, Rule } from "../grammar/model.ts";
import { allOf, holdsUnconnected, type Known } from "./conditions/unconnected.ts";
import type { Assessment } from "./decision.ts";
import { compareText } from "./edits/node-edit.ts";
import type { EngineContext } from "./engine.ts";
import type { ConnectionFacts } from "./event.ts";
import {
  type GateScene,
  marksOf,
  type Rejection,
  rejectionOf,
  rulesEventIs,
  type TakenAction,
} from "./gate.ts";
import { type End, networkNamed, statementsOn } from "./trust/ends.ts";

/** What is certain of the out gate. */
export interface EarlyRefusal {
  readonly rejection: Rejection;
  /** Of those asked, the ones that apply whatever connection comes about. */
  readonly rules: readonly Rule[];
  readonly marks: readonly string[];
}

/** By name. */
export function outRules({ rules }: Policy): readonly Rule[] {
  return rules
    .filter(({ gate }) => gate === "out")
    .toSorted((one, other) => compareText(one.name, other.name));
}

/** In the place of a connection that nobody reads. */
const none: ConnectionFacts = { transport: "udp" };

/** The network as the end that it will turn out to be: trusted or not, or both where that hangs on the connection. */
export function unconnectedEnds(
  policy: Policy,
  context: EngineContext,
  name: string,
  at: number,
): readonly End[] {
  const network = networkNamed(policy, name);
  const trusted = trustOf(policy, context, network, at);
  const values = trusted === undefined ? [true, false] : [trusted];
  const assessment: Assessment = {
    network: network.name,
    trusted: trusted === true,
    because: "no connection was opened",
  };
  return values.map((value) => ({
    network,
    trusted: value,
    connection: none,
    assessment,
    trustedFields: new Set(),
  }));
}

function trustOf(policy: Policy, context: EngineContext, network: Network, at: number): Known {
  const scene = { policy, context, at, connection: none, network };
  const answers = statementsOn(network, policy, "outgoing")
    .filter(({ fields }) => fields === undefined)
    .map(({ condition }) => holdsUnconnected(condition, scene));
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/**
 * The rejection with which `passGate` would answer in each of the scenes, on any connection.
 * undefined: the message may leave, or who answers hangs on the connection.
 * @param rules `outRules`, or those of them that have a rejection: the others only add to the account
 * @param scenes one for each of `unconnectedEnds`
 */
export function refuseEarly(rules: readonly Rule[], scenes: readonly GateScene[]): EarlyRefusal | undefined {
  const [first, ...others] = scenes.map((scene) => certainOf(rules, scene));
  const rejection = first?.rejection;
  if (first === undefined || rejection === undefined) return undefined;
  if (!others.every((other) => isSame(other.rejection, rejection))) return undefined;
  return {
    rejection,
    rules: first.rules.filter((rule) => others.every((other) => other.rules.includes(rule))),
    marks: first.marks.filter((mark) => others.every((other) => other.marks.includes(mark))),
  };
}

interface Certain {
  readonly rejection: Rejection | undefined;
  readonly rules: readonly Rule[];
  readonly marks: readonly string[];
}

function certainOf(all: readonly Rule[], scene: GateScene): Certain {
  const rules = all
    .filter((rule) => rulesEventIs(rule, scene))
    .map((rule) => ({ rule, applies: holdsUnconnected(rule.condition, scene) }))
    .filter(({ applies }) => applies !== false);
  const possible = rules.flatMap(({ rule, applies }) =>
    rule.actions.flatMap((action) => weigh(rule, action, applies, scene)),
  );
  const certain = possible.filter(({ known }) => known === true);
  // Where one that may not come about would answer in its place, nothing is certain.
  const rejection = rejectionOf(certain, scene.tree);
  return {
    rejection: isSame(rejection, rejectionOf(possible, scene.tree)) ? rejection : undefined,
    rules: rules.filter(({ applies }) => applies === true).map(({ rule }) => rule),
    marks: marksOf(certain),
  };
}

function weigh(rule: Rule, action: Action, applies: Known, scene: GateScene): readonly Weighed[] {
  const known = allOf([applies, holdsUnconnected(action.condition, scene)]);
  return known === false ? [] : [{ rule, action, known }];
}

interface Weighed extends TakenAction {
  readonly known: Known;
}

function isSame(one: Rejection | undefined, other: Rejection | undefined): boolean {
  return one?.status === other?.status && one?.rule === other?.rule && one?.reason === other?.reason;
}
