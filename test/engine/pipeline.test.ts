import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { map, type Observable, Subject } from "rxjs";
import { type RunHelpers, TestScheduler } from "rxjs/testing";
import {
  decide,
  type Engine,
  type HandshakeEvent,
  Interpreter,
  type MessageDecision,
  type MessageEvent,
} from "../../engine/index.ts";
import type { Policy } from "../../grammar/model.ts";
import { request, response } from "./messages.ts";
import { entryRule, policy, reject, removeField, rule } from "./policy-builder.ts";

const withholds = policy([rule("withhold", [removeField("P-Asserted-Identity")])]);
const refuses = policy([entryRule("refuse", [reject(403, "Forbidden")])]);

const bytes = request("INVITE", ["P-Asserted-Identity: <sip:al@home1.example>"]);

const message: MessageEvent = {
  kind: "message",
  bytes,
  framing: "datagram",
  from: { network: "home", connection: { transport: "udp" } },
  to: { network: "away", connection: { transport: "udp" } },
  at: 0,
};

const handshake: HandshakeEvent = {
  kind: "handshake",
  role: "server",
  connection: { transport: "tls" },
  at: 0,
};

function received(facts: { readonly listener?: string; readonly remoteAddress?: string }) {
  const connection = { facts: { transport: "udp", ...facts } } as const;
  return { kind: "received", bytes, framing: "datagram", connection, at: 0 } as const;
}

function run(check: (marbles: RunHelpers) => void): void {
  new TestScheduler((actual, expected) => assert.deepEqual(actual, expected)).run(check);
}

/** Breaks on messages to the network `away`. */
class Broken extends Interpreter {
  override leave(...[entered, to]: Parameters<Interpreter["leave"]>): MessageDecision {
    if (to.network === "away") throw new TypeError("a bug");
    return super.leave(entered, to);
  }
}

function broken(): Engine {
  return new Broken(withholds);
}

describe("decide", () => {
  it("decides each event when it comes", () => {
    run(({ hot, expectObservable }) => {
      const events = hot<MessageEvent | HandshakeEvent>("-m--h-m|", { m: message, h: handshake });
      const verdicts = events.pipe(decide(withholds), verdictsOnly);
      expectObservable(verdicts).toBe("   -w--a-w|", { w: "rewrite", a: "allow" });
    });
  });

  it("takes the latest policy and leaves the source subscribed", () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot("  -m-m-m-m|", { m: message });
      const policies = hot<Policy>("w---r-w--", { w: withholds, r: refuses });
      expectObservable(source.pipe(decide(policies), verdictsOnly)).toBe("-w-w-r-w|", {
        w: "rewrite",
        r: "reject",
      });
      expectSubscriptions(source.subscriptions).toBe("^-------!");
    });
  });

  it("refuses what comes before the first policy", () => {
    run(({ hot, expectObservable }) => {
      const source = hot<MessageEvent | HandshakeEvent>("mh-m|", { m: message, h: handshake });
      const policies = hot<Policy>("           --w", { w: withholds });
      const answers = source.pipe(decide(policies), answersOnly);
      expectObservable(answers).toBe("mh-w|", { m: "reject 503", h: "reject", w: "rewrite" });
    });
  });

  it("turns an error in one event into a rejection and goes on", () => {
    run(({ hot, expectObservable }) => {
      const source = hot<MessageEvent>("m-n|", {
        m: message,
        n: { ...message, to: { ...message.to, network: "stranger" } },
      });
      expectObservable(source.pipe(decide(broken()), answersOnly)).toBe("m-n|", {
        m: "reject 500",
        n: "rewrite",
      });
    });
  });

  it("passes on an error of the source", () => {
    run(({ hot, expectObservable }) => {
      const source = hot<MessageEvent>("m-#", { m: message }, new Error("the source broke"));
      expectObservable(source.pipe(decide(withholds), verdictsOnly)).toBe(
        "m-#",
        { m: "rewrite" },
        new Error("the source broke"),
      );
    });
  });

  it("lets go of source and policies when nobody listens", () => {
    run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot("  -m-m-m", { m: message });
      const policies = hot<Policy>("w", { w: withholds });
      expectObservable(source.pipe(decide(policies), verdictsOnly), "^---!").toBe("-w-w", { w: "rewrite" });
      expectSubscriptions(source.subscriptions).toBe("              ^---!");
      expectSubscriptions(policies.subscriptions).toBe("            ^---!");
    });
  });

  it("answers nobody who sent a response on which the engine broke", () => {
    const events = new Subject<MessageEvent>();
    const silent: boolean[] = [];
    events.pipe(decide(broken())).subscribe(({ decision }) => silent.push(decision.silent));
    events.next(message);
    events.next({ ...message, bytes: response(200, "OK") });
    events.next({ ...message, bytes: request("ACK") });
    assert.deepEqual(silent, [false, true, true]);
  });

  it("tells from the connection who sent a message, and sends what is foreign home", () => {
    const arrivals = new Subject<ReturnType<typeof received> | { readonly kind: "opened" }>();
    const ends: string[] = [];
    arrivals
      .pipe(decide(withholds))
      .subscribe(({ event }) => ends.push(`${event.from.network} to ${event.to.network}`));
    arrivals.next(received({ listener: "inside" }));
    arrivals.next({ kind: "opened" });
    arrivals.next(received({ remoteAddress: "192.0.2.9" }));
    arrivals.next(received({ remoteAddress: "198.51.100.1" }));
    assert.deepEqual(ends, ["home to stranger", "away to home", "stranger to home"]);
  });

  it("asks the caller where our own messages go", () => {
    const arrivals = new Subject<ReturnType<typeof received>>();
    const ends: string[] = [];
    const to = () => ({ network: "away", connection: { transport: "udp" } }) as const;
    arrivals.pipe(decide(withholds, { to })).subscribe(({ event }) => ends.push(event.to.network));
    arrivals.next(received({ listener: "inside" }));
    arrivals.next(received({ remoteAddress: "192.0.2.9" }));
    assert.deepEqual(ends, ["away", "home"]);
  });

  it("leaves it to the caller to carry out a verdict on a handshake", () => {
    const carried: string[] = [];
    const waiting = {
      kind: "handshake",
      event: handshake,
      allow: () => void carried.push("allow"),
      reject: () => void carried.push("reject"),
    } as const;
    const arrivals = new Subject<typeof waiting>();
    arrivals.pipe(decide(withholds)).subscribe(({ arrival, decision }) => arrival[decision.verdict]());
    arrivals.next(waiting);
    assert.deepEqual(carried, ["allow"]);
  });
});

interface Answered {
  readonly decision: {
    readonly verdict: string;
    readonly kind: string;
    readonly status?: number | undefined;
  };
}

function verdictsOnly(source: Observable<Answered>): Observable<string> {
  return source.pipe(map(({ decision }) => decision.verdict));
}

function answersOnly(source: Observable<Answered>): Observable<string> {
  return source.pipe(map(({ decision }) => [decision.verdict, decision.status ?? []].flat().join(" ")));
}
