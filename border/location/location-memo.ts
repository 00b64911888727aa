/**
 * Locations that were worked out already, for as long as DNS says the same: a message then costs a
 * look at each answer, and not the work of RFC 3263 once more.
 *
 * What is sought and what DNS says leave only chance open (RFC 2782), so the locations of one host
 * stand in a tree of the draws that led to them.
 */
import type { Draw, Location, Outcome, Question } from "../../wire/index.ts";

/** Of all keys: a location has up to 32 targets, and what DNS said hangs on it. */
const mostNodes = 10_000;
/** Of one key. Weights make many draws possible, and few of them give another order. */
const mostOfKey = 512;

interface Leaf {
  readonly location: Location;
  readonly asked: readonly Question[];
  readonly outcomes: readonly Outcome[];
}

interface Node {
  /** The draw made here; undefined: none is. */
  drawing: Drawing | undefined;
  readonly next: Map<number, Node>;
  leaf: Leaf | undefined;
}

interface Drawing {
  readonly step: number;
  readonly highest: number;
}

const node = (): Node => ({ drawing: undefined, next: new Map(), leaf: undefined });

interface Tree {
  readonly root: Node;
  nodes: number;
}

/** Work under way: what it asks and draws is noted, to be kept with what comes of it. */
export class Noted {
  readonly draw: Draw;
  readonly asked: Question[] = [];
  readonly outcomes: Outcome[] = [];
  readonly draws: (Drawing & { readonly drawn: number })[] = [];

  constructor(draw: Draw) {
    this.draw = (step, highest) => {
      const drawn = draw(step, highest);
      this.draws.push({ step, highest, drawn });
      return drawn;
    };
  }

  note(question: Question, outcome: Outcome): void {
    this.asked.push(question);
    this.outcomes.push(outcome);
  }
}

export class LocationMemo {
  /** The first planted first. */
  readonly #trees = new Map<string, Tree>();
  #nodes = 0;

  /** undefined: it must be worked out. `known` as a resolver has it. */
  find(key: string, draw: Draw, known: (question: Question) => Outcome | undefined): Location | undefined {
    let at = this.#trees.get(key)?.root;
    while (at?.drawing !== undefined) at = at.next.get(draw(at.drawing.step, at.drawing.highest));
    const leaf = at?.leaf;
    if (leaf === undefined) return undefined;
    const { asked, outcomes, location } = leaf;
    for (let i = 0; i < asked.length; i++) {
      if (known(asked[i]!) === outcomes[i]) continue;
      // Another answer may lead to other draws.
      this.#fell(key);
      return undefined;
    }
    return location;
  }

  keep(key: string, { draws, asked, outcomes }: Noted, location: Location): void {
    const tree = this.#trees.get(key) ?? this.#plant(key);
    let at = tree.root;
    for (const { step, highest, drawn } of draws) {
      at.drawing ??= { step, highest };
      if (at.drawing.step !== step || at.drawing.highest !== highest) {
        this.#fell(key);
        return;
      }
      let next = at.next.get(drawn);
      if (next === undefined) {
        if (tree.nodes >= mostOfKey) return;
        tree.nodes++;
        this.#nodes++;
        next = node();
        at.next.set(drawn, next);
      }
      at = next;
    }
    at.leaf = { location, asked, outcomes };
    while (this.#nodes > mostNodes) this.#fell(this.#trees.keys().next().value!);
  }

  #plant(key: string): Tree {
    const tree = { root: node(), nodes: 1 };
    this.#trees.set(key, tree);
    this.#nodes++;
    return tree;
  }

  #fell(key: string): void {
    this.#nodes -= this.#trees.get(key)?.nodes ?? 0;
    this.#trees.delete(key);
  }
}
