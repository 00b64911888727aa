/** Privet's contestants. */
import assert from "node:assert/strict";
import { compile, interpret, type MessageEvent } from "../../engine/index.ts";
import type { ResultMemory } from "../../wire/index.ts";
import { eventsOf, home, type LoadedPolicy, partner, shipped, untrusted, withPartners } from "./borders.ts";
import type { Contestant } from "./clock.ts";
import { stripped } from "./invite.ts";

/**
 * Engines that are alive beside the one that is timed, and decide in between, so that no
 * call in it has one target for the whole run.
 */
export function otherEngines(messages: readonly Uint8Array[]): (index: number) => unknown {
  const policies = [shipped("strict-border"), shipped("entry"), withPartners(shipped("ims-border"), 100)];
  const engines = policies.map(({ policy, context }) => compile(policy, context));
  const ends = [untrusted(), partner("carrier-c", "carrier-c.example")];
  const events = [...eventsOf(messages, home(), ends), ...eventsOf(messages, untrusted(), [home()])];
  return (index) => engines[index % engines.length]!.decide(events[(index * 7) % events.length]!);
}

/** Messages of one batch, which a caller writes out before their memory is used again. */
export const batch = 32;

/** Parses, decides, rewrites. What it makes of every event is checked here, before any clock starts. */
export function decideAndRewrite(
  loaded: LoadedPolicy,
  events: readonly MessageEvent[],
  name: string,
  results?: ResultMemory,
): Contestant {
  const engine = compile(
    loaded.policy,
    results === undefined ? loaded.context : { ...loaded.context, results },
  );
  const law = interpret(loaded.policy, loaded.context);
  for (const event of events) {
    const { verdict, bytes } = engine.decide(event);
    assert.equal(verdict, "rewrite");
    assert.equal(Buffer.from(bytes!).toString("latin1"), stripped(event.bytes));
    assert.equal(engine.lastPath, "rows", "the compiled engine decides, not the interpreter");
  }
  const expected = law.decide(events[0]!);
  const actual = engine.decide(events[0]!);
  assert.deepEqual(actual.rules, expected.rules);
  assert.deepEqual(actual.edits, expected.edits);
  const mask = events.length - 1;
  if (results === undefined) return { name, run: (index) => engine.decide(events[index & mask]!) };
  return {
    name,
    run: (index) => {
      if ((index & (batch - 1)) === 0) results.reuse();
      return engine.decide(events[index & mask]!);
    },
  };
}

/** The same where edits inside fields and in the body have to be drawn up. */
export function decideStrictly(
  { policy, context }: LoadedPolicy,
  events: readonly MessageEvent[],
  name: string,
): Contestant {
  const engine = compile(policy, context);
  const law = interpret(policy, context);
  for (const event of events.slice(0, 16)) {
    const { verdict, bytes } = engine.decide(event);
    assert.equal(verdict, "rewrite");
    assert.equal(engine.lastPath, "fields", "the compiled engine decides, not the interpreter");
    assert.deepEqual(Buffer.from(bytes!), Buffer.from(law.decide(event).bytes!));
    assert.doesNotMatch(Buffer.from(bytes!).toString("latin1"), /From: .*alice|o=alice/i);
  }
  const mask = events.length - 1;
  return { name, run: (index) => engine.decide(events[index & mask]!) };
}

/** The out gate alone, over a message that has been read: the decision, and the bytes that it leaves. */
export function decideOnly(
  { policy, context }: LoadedPolicy,
  event: MessageEvent,
  verdict: "allow" | "rewrite",
  name: string,
): Contestant {
  const engine = compile(policy, context);
  const entered = engine.enter(event);
  assert.equal(engine.leave(entered, event.to).verdict, verdict);
  return { name, run: () => engine.leave(entered, event.to) };
}

/** The whole of it by the interpreter. */
export function interpreted(
  { policy, context }: LoadedPolicy,
  events: readonly MessageEvent[],
  name: string,
): Contestant {
  const law = interpret(policy, context);
  const mask = events.length - 1;
  return { name, run: (index) => law.decide(events[index & mask]!) };
}
