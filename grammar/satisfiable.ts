/**
 * Conditions: can this hold? Can both hold? With an event that shows it.
 *
 * An answer `holds` comes with a witness, `never` is claimed only where it is certain
 * whatever message, connection, option or date comes, and `unknown` is all between.
 */
import type { Condition, Network, Who } from "./model.ts";
import { type BodyWitness, solveBody } from "./satisfiable/bodies.ts";
import { type ConnectionWitness, type FactLiteral, solveConnection } from "./satisfiable/connections.ts";
import {
  type HandshakeWitness,
  type StartLine,
  solveClock,
  solveHandshake,
  solveOptions,
  solveStartLine,
} from "./satisfiable/facts.ts";
import { type FieldValues, solveFields } from "./satisfiable/fields.ts";
import {
  addNames,
  isOneOf,
  type NetworkGroup,
  NetworkGrouping,
  type NetworkGroups,
  type Setting,
  trustOf,
  visitEnds,
} from "./satisfiable/networks.ts";
import {
  always,
  branches,
  type EndReader,
  type Formula,
  formulaOf,
  type Literal,
  neverHolds,
  type Side,
} from "./satisfiable/normal-form.ts";
import { never, type Solved, unknown } from "./satisfiable/texts.ts";
import type { FieldRow } from "./vocabulary.ts";

/** Where a condition is read. */
export interface Scene {
  readonly gate: "in" | "out" | "handshake";
  readonly message: "request" | "response" | "both";
  readonly from: readonly Who[] | undefined;
  readonly to: readonly Who[] | undefined;
}

/** An event in which the conditions hold. */
export interface Situation {
  readonly gate: Scene["gate"];
  readonly from: EndWitness | undefined;
  readonly to: EndWitness | undefined;
  readonly message: MessageWitness | undefined;
  readonly handshake: HandshakeWitness | undefined;
  readonly options: ReadonlyMap<string, string>;
  /** undefined: at any time. */
  readonly at: number | undefined;
}

export interface EndWitness {
  readonly network: string;
  readonly connection: ConnectionWitness;
}

export interface MessageWitness extends StartLine {
  readonly fields: FieldValues;
  readonly body: BodyWitness;
}

export type Answer = Solved<Situation>;

/** More branches than these are not looked at: the answer is `unknown`. */
const mostBranches = 4_000;

/** Can all the conditions hold for one event of the scene? */
export class Solver {
  readonly #setting: Setting;
  readonly #fields: ReadonlyMap<string, FieldRow>;
  readonly #ownDomains: readonly string[];
  readonly #networks: NetworkGrouping;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#networks = new NetworkGrouping(setting);
    this.#fields = new Map(setting.fields.map((row) => [row.name, row]));
    this.#ownDomains = [...setting.networks.values()]
      .filter(({ own }) => own)
      .flatMap(({ domains }) => domains);
  }

  solve(scene: Scene, conditions: readonly Condition[]): Answer {
    const mentioned = mentionsIn(scene, conditions);
    const networks = this.#networks.naming(mentioned.names);
    const kinds = scene.message === "both" ? (["request", "response"] as const) : [scene.message];
    const budget = { left: mostBranches };
    let undecided = networks.truncated;
    for (const from of this.#choices(scene, "from", networks, mentioned.sides)) {
      for (const to of this.#choices(scene, "to", networks, mentioned.sides)) {
        for (const message of kinds) {
          const answer = this.#solveFor({ scene, conditions, networks, from, to, message }, budget);
          if (answer.verdict === "holds") return answer;
          if (answer.verdict === "unknown") undecided = true;
          if (budget.left <= 0) return unknown;
        }
      }
    }
    return undecided ? unknown : never;
  }

  #choices(
    scene: Scene,
    side: Side,
    { groups }: NetworkGroups,
    sides: ReadonlySet<Side>,
  ): readonly (NetworkGroup | undefined)[] {
    if (scene.gate === "handshake" || (scene.gate === "in" && side === "to")) return [undefined];
    // From our own side out, from a foreign one in: what a reader expects of a witness.
    const own = side === "from" && scene.gate === "out";
    const sorted = groups.toSorted((a, b) => Number(b.network.own === own) - Number(a.network.own === own));
    const gateSide = scene.gate === "in" ? "from" : "to";
    return side === gateSide || sides.has(side) ? sorted : sorted.slice(0, 1);
  }

  #solveFor(attempt: Attempt, budget: { left: number }): Answer {
    const { scene, conditions, from, to } = attempt;
    const gateSide: Side = scene.gate === "in" ? "from" : "to";
    const ends: EndReader = (side, who, positive) => {
      const group = side === "from" ? from : to;
      return group === undefined ? always : this.#endFormula(group.network, side, who, positive);
    };
    const formula: Formula = {
      kind: "and",
      of: [
        scene.from === undefined ? always : ends("from", scene.from, true),
        scene.to === undefined ? always : ends("to", scene.to, true),
        ...conditions.map((condition) => formulaOf(condition, true, gateSide, ends)),
      ],
    };
    let undecided = false;
    for (const literals of branches(formula)) {
      if (budget.left-- <= 0) return unknown;
      const answer = this.#solveBranch(literals, attempt);
      if (answer.verdict === "holds") return answer;
      if (answer.verdict === "unknown") undecided = true;
    }
    return undecided ? unknown : never;
  }

  #endFormula(network: Network, side: Side, who: readonly Who[], positive: boolean): Formula {
    const of = who.map((one): Formula => {
      if (one.kind !== "trusted" && one.kind !== "untrusted") {
        return isOneOf(network, one) === positive ? always : neverHolds;
      }
      const trusted = (one.kind === "trusted") === positive;
      const statements = trustOf(this.#setting, network, side).map(({ condition }) =>
        formulaOf(condition, trusted, side, () => neverHolds),
      );
      return { kind: trusted ? "or" : "and", of: statements };
    });
    return { kind: positive ? "or" : "and", of };
  }

  #solveBranch(literals: readonly Literal[], attempt: Attempt): Answer {
    const { scene, networks, from, to, message } = attempt;
    const factsOf = (side: Side): readonly FactLiteral[] =>
      literals.flatMap((one) => (one.is === "fact" && one.side === side ? [one] : []));
    const allFacts = literals.flatMap((one) => (one.is === "fact" ? [one] : []));
    const handshake = scene.gate === "handshake";
    const group = (side: Side): NetworkGroup | undefined => (side === "from" ? from : to);

    const options = solveOptions(literals, this.#setting.options, (name, side) => {
      const network = group(side)?.network;
      return network === undefined || network.own ? undefined : network.options.get(name);
    });
    const clock = solveClock(literals, group);
    const fromFacts = solveConnection(factsOf("from"), from?.network, networks, false);
    const toFacts = solveConnection(factsOf("to"), to?.network, networks, handshake);
    const shake = solveHandshake(allFacts);
    const start = handshake ? undefined : solveStartLine(allFacts, message);
    const fields = solveFields(literals, { fields: this.#fields, ownDomains: this.#ownDomains, message });
    const body = solveBody(allFacts);

    const parts = [options, clock, fromFacts, toFacts, shake, start, fields, body];
    if (parts.some((one) => one?.verdict === "never")) return never;
    if (options.verdict !== "holds" || clock.verdict !== "holds" || shake.verdict !== "holds") return unknown;
    if (fromFacts.verdict !== "holds" || toFacts.verdict !== "holds") return unknown;
    if (fields.verdict !== "holds" || body.verdict !== "holds") return unknown;
    const uri = fields.witness.get("Request-URI")?.[0];
    if (start !== undefined && start.verdict !== "holds") return unknown;
    // `emergency` and tests of the Request-URI speak of the same text; what one leaves open the other may not.
    const sos = uri?.startsWith("urn:service:sos") === true;
    if (start !== undefined && uri !== undefined && sos !== start.witness.emergency) return unknown;
    return {
      verdict: "holds",
      witness: {
        gate: scene.gate,
        from: from === undefined ? undefined : { network: from.network.name, connection: fromFacts.witness },
        to: to === undefined ? undefined : { network: to.network.name, connection: toFacts.witness },
        message:
          start === undefined ? undefined : { ...start.witness, fields: fields.witness, body: body.witness },
        handshake: handshake ? shake.witness : undefined,
        options: options.witness,
        at: clock.witness,
      },
    };
  }
}

interface Attempt {
  readonly scene: Scene;
  readonly conditions: readonly Condition[];
  readonly networks: NetworkGroups;
  readonly from: NetworkGroup | undefined;
  readonly to: NetworkGroup | undefined;
  readonly message: "request" | "response";
}

/** The networks named, and the ends spoken of. */
function mentionsIn(
  scene: Scene,
  conditions: readonly Condition[],
): { readonly names: ReadonlySet<string>; readonly sides: ReadonlySet<Side> } {
  const names = new Set<string>();
  const sides = new Set<Side>();
  const add = (who: readonly Who[], side: Side | undefined): void => {
    if (side !== undefined) sides.add(side);
    addNames(who, names);
  };
  if (scene.from !== undefined) add(scene.from, "from");
  if (scene.to !== undefined) add(scene.to, "to");
  for (const condition of conditions) visitEnds(condition, add);
  return { names, sides };
}
