/** What a decision costs as the partner list and the policy grow. */
import assert from "node:assert/strict";
import { compile, type NetworkEnd } from "../../engine/index.ts";
import {
  eventsOf,
  home,
  partner,
  partnerDomain,
  partnerName,
  shipped,
  untrusted,
  withPartners,
  withRules,
} from "./borders.ts";
import type { Contestant } from "./clock.ts";

/** So many partners are being talked to at a time, taken from all over the list. */
const active = 10;

export function partnersGrown(messages: readonly Uint8Array[], counts: readonly number[]): Contestant[] {
  return counts.map((count) => {
    const loaded = withPartners(shipped("ims-border"), count);
    const ends: NetworkEnd[] = Array.from({ length: active }, (_, index) => {
      const chosen = Math.floor((index * count) / active);
      return partner(partnerName(chosen), partnerDomain(chosen));
    });
    const engine = compile(loaded.policy, loaded.context);
    const events = [...eventsOf(messages, home(), ends)];
    for (const event of events) {
      const { verdict, to } = engine.decide(event);
      assert.equal(verdict, "allow");
      assert.ok(to.trusted, "a partner over TLS is trusted");
    }
    const mask = events.length - 1;
    return { name: `${count} partners`, run: (index) => engine.decide(events[index & mask]!) };
  });
}

export function rulesGrown(messages: readonly Uint8Array[], counts: readonly number[]): Contestant[] {
  return counts.map((count) => {
    const loaded = withRules(shipped("ims-border"), count);
    const engine = compile(loaded.policy, loaded.context);
    const events = eventsOf(messages, home(), [untrusted()]);
    for (const event of events) assert.equal(engine.decide(event).verdict, "rewrite");
    const mask = events.length - 1;
    return { name: `${count} rules`, run: (index) => engine.decide(events[index & mask]!) };
  });
}
