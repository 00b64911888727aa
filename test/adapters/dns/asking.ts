/** Resolvers and servers of one test, closed behind it. */
import { Resolver, type ResolverEvent, type ResolverSettings } from "../../../adapters/index.ts";
import type { Outcome, Question } from "../../../wire/index.ts";
import { type Answerer, FakeServer } from "./fake-server.ts";

export const ofSip: Question = { type: "A", name: "sip.example.net" };
export const wellAnswered: Outcome = {
  kind: "records",
  records: [{ type: "A", address: "192.0.2.1" }],
  ttl: 300,
};

export class Asking {
  readonly #open: { close(): Promise<void> | void }[] = [];
  /** Of all resolvers. */
  readonly events: ResolverEvent[] = [];

  async server(answer: Answerer, host?: string): Promise<FakeServer> {
    const server = await FakeServer.start(answer, host);
    this.#open.push(server);
    return server;
  }

  resolver(
    servers: ResolverSettings["servers"],
    settings: Partial<ResolverSettings> = {},
    clock?: () => number,
  ): Resolver {
    const defaults = { timeout: 10_000, cache: 100, mostTtl: 86_400, pending: 100 };
    const resolver = new Resolver({ ...defaults, ...settings, servers }, clock);
    this.#open.push(resolver);
    resolver.events$.subscribe((event) => this.events.push(event));
    return resolver;
  }

  /** A server that answers so, and a resolver that asks it. */
  async pair(
    answer: Answerer,
    settings: Partial<ResolverSettings> = {},
    clock?: () => number,
  ): Promise<{ readonly server: FakeServer; readonly resolver: Resolver }> {
    const server = await this.server(answer);
    return { server, resolver: this.resolver([server.server], settings, clock) };
  }

  all<K extends ResolverEvent["kind"]>(kind: K): Extract<ResolverEvent, { readonly kind: K }>[] {
    return this.events.filter(
      (event): event is Extract<ResolverEvent, { readonly kind: K }> => event.kind === kind,
    );
  }

  async close(): Promise<void> {
    for (const one of this.#open.splice(0)) await one.close();
    this.events.length = 0;
  }
}

export function causeOf(outcome: Outcome | undefined): string {
  if (outcome?.kind !== "failure") throw new Error(`no failure, but ${JSON.stringify(outcome)}`);
  return outcome.cause;
}
