/**
 * The solver against the interpreter: what it says can't hold never does, and what it says
 * can hold does so for the event that it shows.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ConnectionFacts, type Interpreter, interpret, type MessageEvent } from "../../engine/index.ts";
import type { Policy, Rule } from "../../grammar/model.ts";
import { writeMessage } from "../../grammar/satisfiable/witness.ts";
import { type EndWitness, type Situation, Solver } from "../../grammar/satisfiable.ts";
import { Dice } from "../engine/dice.ts";
import { clocks, generateConnections, generateEvent } from "../engine/generate-event.ts";
import { generatePolicy } from "../engine/generate-policy.ts";

const ends = generateConnections();
const transports: readonly ConnectionFacts["transport"][] = ["udp", "tcp", "tls", "ws", "wss"];

/** A connection with the facts that the witness asks for. */
function connectionOf({ connection }: EndWitness, policy: Policy): ConnectionFacts {
  const { transport, tlsVersion, resumed, certificate, names, listener, address } = connection;
  const named = names.map((name) => policy.networks.get(name)!);
  return {
    transport: transports.find((one) => one === transport)!,
    listener,
    remoteAddress: address ?? "198.51.100.99",
    tls:
      tlsVersion === undefined
        ? undefined
        : {
            version: tlsVersion === 13 ? "TLSv1.3" : "TLSv1.2",
            resumed,
            certificate: certificate
              ? {
                  uris: named.map(({ domains }) => `sip:${domains[0]!}`),
                  dns: [],
                  hasSubjectAltName: true,
                  issuer: "CN=Root",
                  usages: undefined,
                  notBefore: 0,
                  notAfter: Date.UTC(2999, 0, 1),
                  signedBy: names[0],
                }
              : undefined,
          },
  };
}

function eventOf(situation: Situation, policy: Policy): MessageEvent {
  const fields = new Map(policy.fields.map((row) => [row.name, row]));
  const anywhere: EndWitness = { ...situation.from!, network: "stranger" };
  const end = (witness: EndWitness) => ({
    network: witness.network,
    connection: connectionOf(witness, policy),
  });
  return {
    kind: "message",
    bytes: new TextEncoder().encode(writeMessage(situation.message!, fields)),
    framing: "stream",
    from: end(situation.from!),
    to: end(situation.to ?? anywhere),
    at: situation.at ?? clocks[2]!,
  };
}

/** The policy with one rule, and the options that a witness asks for. */
function only(policy: Policy, rule: Rule, options: ReadonlyMap<string, string>): Policy {
  const changed = [...policy.options].map(
    ([name, option]) => [name, { ...option, value: options.get(name) ?? option.value }] as const,
  );
  return { ...policy, rules: [rule], options: new Map(changed) };
}

const applies = (engine: Interpreter, event: MessageEvent): boolean =>
  engine.explain(event).some(({ applied }) => applied);

interface Answered {
  readonly seed: number;
  readonly policy: Policy;
  readonly rule: Rule;
  readonly answer: ReturnType<Solver["solve"]>;
}

/** Random rules, and what is said of each. */
const answers: readonly Answered[] = Array.from({ length: 120 }, (_, index) => index + 1).flatMap((seed) => {
  const policy = generatePolicy(new Dice(seed));
  const solver = new Solver(policy);
  return policy.rules.map((rule) => ({ seed, policy, rule, answer: solver.solve(rule, [rule.condition]) }));
});

const countOf = (verdict: Answered["answer"]["verdict"]): number =>
  answers.filter(({ answer }) => answer.verdict === verdict).length;

describe("whether a condition can hold", () => {
  it("is shown by an event, to which the rule applies", () => {
    for (const { seed, policy, rule, answer } of answers) {
      if (answer.verdict !== "holds") continue;
      const event = eventOf(answer.witness, policy);
      const text = `policy ${seed}, ${rule.name}:\n${new TextDecoder().decode(event.bytes)}`;
      assert.ok(applies(interpret(only(policy, rule, answer.witness.options)), event), text);
    }
  });

  it("is denied only where no event meets it", () => {
    for (const { seed, policy, rule, answer } of answers) {
      if (answer.verdict !== "never") continue;
      const dice = new Dice(seed);
      for (const value of ["yes", "no"]) {
        const options = new Map([
          ["trust-ims-networks", value],
          ["keep-id", value],
        ]);
        const engine = interpret(only(policy, rule, options));
        for (let events = 0; events < 15; events++) {
          assert.ok(!applies(engine, generateEvent(dice, ends)), `policy ${seed}, ${rule.name}`);
        }
      }
    }
  });

  it("is mostly known, one way or the other", () => {
    assert.ok(countOf("never") > 10, String(countOf("never")));
    assert.ok(countOf("holds") > 20 * countOf("unknown"), String(countOf("unknown")));
  });
});
