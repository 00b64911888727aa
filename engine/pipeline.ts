/** Decisions as a stream: `adapter.events$.pipe(decide(policy))`. */
import { isObservable, Observable, type OperatorFunction, of } from "rxjs";
import type { Policy } from "../grammar/model.ts";
import { compile } from "./compile/compile.ts";
import type { HandshakeDecision, MessageDecision } from "./decision.ts";
import type { Engine } from "./engine.ts";
import type { ConnectionFacts, HandshakeEvent, MessageEvent, NetworkEnd, PolicyEvent } from "./event.ts";
import { engineFailure, type Failure, failHandshake, failMessage, noPolicyYet } from "./failure.ts";
import { indexOf } from "./networks/network-index.ts";
import { strangerNetwork } from "./trust/ends.ts";

/** A message as an adapter hands it over: who sent it follows from its connection. */
export interface ReceivedMessage {
  readonly kind: "received";
  readonly bytes: Uint8Array;
  readonly framing: "datagram" | "stream";
  readonly connection: { readonly facts: ConnectionFacts };
  /** Milliseconds since 1970. */
  readonly at: number;
}

/** A handshake as an adapter hands it over. `arrival[decision.verdict]()` carries the verdict out. */
export interface WaitingHandshake {
  readonly kind: "handshake";
  readonly event: HandshakeEvent;
  allow(): void;
  reject(): void;
}

/** What came, the event that was made of it, and the decision. */
export interface Decided<Arrival, Event, Answer> {
  readonly arrival: Arrival;
  readonly event: Event;
  readonly decision: Answer;
}

/** The result for each kind of arrival; none for what there is nothing to decide on. */
export type DecidedFor<Arrival> = Arrival extends MessageEvent | ReceivedMessage
  ? Decided<Arrival, MessageEvent, MessageDecision>
  : Arrival extends HandshakeEvent | WaitingHandshake
    ? Decided<Arrival, HandshakeEvent, HandshakeDecision>
    : never;

export interface DecideOptions {
  /**
   * Where a received message of our own goes. Without it that is `stranger`; what a foreign
   * network sends goes to our own network.
   */
  readonly to?: (message: ReceivedMessage, from: string) => NetworkEnd;
  /** Makes the engine of a policy; by default the compiled one. */
  readonly engine?: (policy: Policy) => Engine;
}

/**
 * Decides on every message and handshake of the source, in order and at once; other events
 * of an adapter are passed over. With a stream of policies each event is decided by the
 * latest, and the source stays subscribed. An event on which the engine breaks, or that comes
 * before the first policy, gets a rejecting decision; the stream goes on. It ends with its
 * source; an error of the source, or of the stream of policies, is passed on.
 */
export function decide<Arrival extends { readonly kind: string }>(
  policy: Engine | Policy | Observable<Engine | Policy>,
  options: DecideOptions = {},
): OperatorFunction<Arrival, DecidedFor<Arrival>> {
  const policies = isObservable(policy) ? policy : of(policy);
  return (source) =>
    new Observable((subscriber) => {
      let engine: Engine | undefined;
      const swapping = policies.subscribe({
        next: (latest) => {
          try {
            engine = "decide" in latest ? latest : (options.engine ?? compile)(latest);
          } catch (error) {
            subscriber.error(error);
          }
        },
        error: (error: unknown) => subscriber.error(error),
      });
      subscriber.add(swapping);
      subscriber.add(
        source.subscribe({
          next: (arrival) => {
            const decided = decideArrival(arrival, engine, options);
            if (decided !== undefined) subscriber.next(decided);
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => subscriber.complete(),
        }),
      );
    });
}

function decideArrival<Arrival extends { readonly kind: string }>(
  arrival: Arrival,
  engine: Engine | undefined,
  options: DecideOptions,
): DecidedFor<Arrival> | undefined {
  let event = eventOf(arrival, undefined, {});
  if (event === undefined) return undefined;
  let decision: MessageDecision | HandshakeDecision;
  try {
    event = eventOf(arrival, engine, options)!;
    decision = engine === undefined ? fail(event, noPolicyYet) : engine.decide(event);
  } catch (error) {
    decision = fail(event, engineFailure(error));
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- which of the two it is, the conditional type says; the compiler can't follow it into the function
  return { arrival, event, decision } as DecidedFor<Arrival>;
}

function fail(event: PolicyEvent, failure: Failure): MessageDecision | HandshakeDecision {
  return event.kind === "message" ? failMessage(event, failure) : failHandshake(failure);
}

function eventOf(
  arrival: { readonly kind: string },
  engine: Engine | undefined,
  options: DecideOptions,
): PolicyEvent | undefined {
  if (isReceived(arrival)) return receivedEvent(arrival, engine, options);
  if (isWaiting(arrival)) return arrival.event;
  return isPolicyEvent(arrival) ? arrival : undefined;
}

function isReceived(arrival: { readonly kind: string }): arrival is ReceivedMessage {
  return arrival.kind === "received";
}

function isWaiting(arrival: { readonly kind: string }): arrival is WaitingHandshake {
  return arrival.kind === "handshake" && "event" in arrival;
}

function isPolicyEvent(arrival: { readonly kind: string }): arrival is PolicyEvent {
  return arrival.kind === "message" || arrival.kind === "handshake";
}

/** Nothing is known of the connection that the message will leave on, so it counts for nothing. */
const unknownConnection: ConnectionFacts = { transport: "udp" };

function receivedEvent(
  message: ReceivedMessage,
  engine: Engine | undefined,
  options: DecideOptions,
): MessageEvent {
  const { bytes, framing, at } = message;
  const connection = message.connection.facts;
  const network = engine === undefined ? strangerNetwork : engine.networkOf(connection, at);
  const own = engine === undefined ? undefined : ownNetwork(engine.policy);
  const isForeign = engine?.policy.networks.get(network)?.own !== true;
  const to =
    isForeign && own !== undefined
      ? { network: own, connection: unknownConnection }
      : (options.to?.(message, network) ?? { network: strangerNetwork, connection: unknownConnection });
  return { kind: "message", bytes, framing, from: { network, connection }, to, at };
}

function ownNetwork({ networks }: Policy): string | undefined {
  return indexOf(networks).own()[0]?.name;
}
