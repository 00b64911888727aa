/**
 * The interpreter: what a policy means, step by step, on a tree of the message. It is the
 * law; the compiled form agrees with it. Short and obvious, not fast.
 */
import type { Policy } from "../grammar/model.ts";
import { type EditList, FieldTable, Scan } from "../wire/index.ts";
import { drawConsequences } from "./consequences/consequences.ts";
import type { Decision, Explanation, HandshakeDecision, MessageDecision } from "./decision.ts";
import { outRules, refuseEarly, unconnectedEnds } from "./early.ts";
import { appliedEdits, applyEdits } from "./edits/apply.ts";
import { joinEdits } from "./edits/node-edit.ts";
import { type ByteEdit, renderEdits } from "./edits/render.ts";
import type { Engine, EngineContext, Entered } from "./engine.ts";
import type {
  ConnectionFacts,
  EnteringMessage,
  HandshakeEvent,
  MessageEvent,
  NetworkEnd,
  PolicyEvent,
} from "./event.ts";
import { explainHandshake, explainMessage } from "./explain.ts";
import { type GateResult, type GateScene, passGate } from "./gate.ts";
import { type FieldRows, type MessageTree, readTree } from "./message/tree.ts";
import { type Account, refuse, refuseSyntax, rewrite, unrouted } from "./message-decision.ts";
import { assessEnd, type End, networkOf } from "./trust/ends.ts";
import { decideHandshake } from "./trust/handshake.ts";

/** A message between the gates, with what `leave` has to know of it. */
interface Passage extends Entered {
  readonly from: End;
  /** Undefined where the message can't be read. */
  readonly entry:
    | { readonly received: MessageTree; readonly gate: GateResult; readonly tree: MessageTree }
    | undefined;
  readonly account: Account;
}

export class Interpreter implements Engine {
  readonly policy: Policy;
  readonly fields: FieldTable;
  readonly #context: EngineContext;
  readonly #fieldRows: FieldRows;
  readonly #passages = new WeakMap<Entered, Passage>();

  constructor(policy: Policy, context: EngineContext = { authorities: new Map() }) {
    this.policy = policy;
    this.fields = new FieldTable(policy.fields);
    this.#context = context;
    this.#fieldRows = new Map(policy.fields.map((row) => [row.name, row]));
  }

  networkOf(connection: ConnectionFacts, at: number): string {
    return networkOf(this.policy, this.#context, connection, at);
  }

  decide(event: MessageEvent): MessageDecision;
  decide(event: HandshakeEvent): HandshakeDecision;
  decide(event: PolicyEvent): Decision;
  decide(event: PolicyEvent): Decision {
    if (event.kind === "handshake") return decideHandshake(this.policy, this.#context, event);
    return this.leave(this.enter(event), event.to);
  }

  enter(message: EnteringMessage): Entered {
    const passage = this.#enter(message);
    this.#passages.set(passage, passage);
    return passage;
  }

  leave(entered: Entered, to: NetworkEnd, also?: (scan: Scan, edits: EditList) => void): MessageDecision {
    return this.#leave(this.#passageOf(entered), to, also);
  }

  refuses(entered: Entered, network: string): MessageDecision | undefined {
    const { message, from, entry, account, refused } = this.#passageOf(entered);
    const ends = unconnectedEnds(this.policy, this.#context, network, message.at);
    const to = ends[0]!.assessment;
    if (refused !== undefined || entry === undefined) return { ...refused!, to };
    const { tree } = entry;
    const scenes = ends.map((end) => this.#outScene(tree, from, end, message.at));
    const early = refuseEarly(outRules(this.policy), scenes);
    if (early === undefined) return undefined;
    return refuse(early.rejection, tree, {
      ...account,
      to,
      rules: [...account.rules, ...early.rules],
      marks: [...account.marks, ...early.marks],
    });
  }

  explain(event: PolicyEvent): readonly Explanation[] {
    if (event.kind === "handshake") return explainHandshake(this.policy, this.#context, event);
    const scenes = this.scenes(event);
    return scenes === undefined ? [] : explainMessage(scenes.in, scenes.out);
  }

  /**
   * What the rules of each gate read; undefined where the message can't be read. Where the in
   * gate refused it, the out gate has seen nothing.
   */
  scenes(event: MessageEvent): { readonly in: GateScene; readonly out: GateScene | undefined } | undefined {
    const { entry, from, refused } = this.#enter(event);
    if (entry === undefined) return undefined;
    const to = assessEnd(this.policy, this.#context, event.to, "outgoing", event.at);
    return {
      in: entry.gate.scene,
      out: refused === undefined ? this.#outScene(entry.tree, from, to, event.at) : undefined,
    };
  }

  /** What is said of a message as it is sent, and of both its ends; undefined where it can't be read. */
  sceneOf(event: MessageEvent): GateScene | undefined {
    const scan = new Scan(this.fields);
    if (!scan.read(event.bytes, event.framing)) return undefined;
    const from = assessEnd(this.policy, this.#context, event.from, "incoming", event.at);
    const to = assessEnd(this.policy, this.#context, event.to, "outgoing", event.at);
    return this.#outScene(this.#readTree(scan), from, to, event.at);
  }

  #enter(message: EnteringMessage): Passage {
    const from = assessEnd(this.policy, this.#context, message.from, "incoming", message.at);
    const account: Account = { from: from.assessment, to: unrouted, rules: [], marks: [], edits: [] };
    const scan = new Scan(this.fields);
    if (!scan.read(message.bytes, message.framing)) {
      const refused = refuseSyntax(scan.violation!, account);
      return { message, scan, from, entry: undefined, account, refused };
    }
    const received = this.#readTree(scan);
    const gate = passGate("in", {
      ...this.#sceneAt(from, message.at),
      tree: received,
      from,
      to: undefined,
    });
    const edits = gate.rejection === undefined ? renderEdits(joinEdits(gate.edits), received) : [];
    const edited = this.#rescan(edits, scan, message.framing);
    const rejection = gate.rejection ?? (edited === undefined ? unreadable : undefined);
    const inside: Account = {
      ...account,
      rules: gate.rules,
      marks: gate.marks,
      edits: appliedEdits(edits),
    };
    return {
      message,
      scan: edited ?? scan,
      from,
      entry: { received, gate, tree: edited === undefined ? received : this.#readTree(edited) },
      account: inside,
      refused: rejection && refuse(rejection, received, inside),
    };
  }

  #leave(passage: Passage, toEnd: NetworkEnd, also?: (scan: Scan, edits: EditList) => void): MessageDecision {
    const { message, scan, from, entry, account, refused } = passage;
    const to = assessEnd(this.policy, this.#context, toEnd, "outgoing", message.at);
    if (refused !== undefined || entry === undefined) return { ...refused!, to: to.assessment };
    const { received, tree } = entry;
    const out = passGate("out", this.#outScene(tree, from, to, message.at));
    const outside: Account = {
      ...account,
      to: to.assessment,
      rules: [...account.rules, ...out.rules],
      marks: [...account.marks, ...out.marks],
    };
    if (out.rejection !== undefined) return refuse(out.rejection, tree, outside);
    const result = this.#rescan(renderEdits(joinEdits(out.edits), tree), scan, message.framing);
    if (result === undefined) return refuse(unreadable, tree, outside);
    const consequences = drawConsequences(received, { in: entry.gate, out }, this.#readTree(result));
    const marked: Account = { ...outside, marks: [...outside.marks, ...consequences.marks] };
    if (consequences.rejection !== undefined) return refuse(consequences.rejection, tree, marked);
    const edits = renderEdits(joinEdits([...out.edits, ...consequences.edits]), tree);
    const bytes = applyEdits(edits, scan, also);
    return rewrite(bytes, { ...marked, edits: [...account.edits, ...appliedEdits(edits)] });
  }

  #passageOf(entered: Entered): Passage {
    const passage = this.#passages.get(entered);
    if (passage === undefined) throw new RangeError("the message has not entered this engine");
    return passage;
  }

  #readTree(scan: Scan): MessageTree {
    return readTree(scan, this.fields, this.#fieldRows);
  }

  /** The edited message; undefined where an edit left it unreadable: then nothing of it is passed on. */
  #rescan(edits: readonly ByteEdit[], scan: Scan, framing: MessageEvent["framing"]): Scan | undefined {
    if (edits.length === 0) return scan;
    const edited = new Scan(this.fields);
    return edited.read(applyEdits(edits, scan), framing) ? edited : undefined;
  }

  #outScene(tree: MessageTree, from: End, to: End, at: number): GateScene {
    return { ...this.#sceneAt(to, at), tree, from, to };
  }

  /** The gate's end says which connection, agreement and options are meant. */
  #sceneAt(end: End, at: number): Pick<GateScene, "policy" | "context" | "at" | "connection" | "network"> {
    return {
      policy: this.policy,
      context: this.#context,
      at,
      connection: end.connection,
      network: end.network,
    };
  }
}

const unreadable = { status: 500, reason: "Server Internal Error", rule: undefined };

/** The engine of a policy, by the letter. */
export function interpret(policy: Policy, context?: EngineContext): Interpreter {
  return new Interpreter(policy, context);
}
