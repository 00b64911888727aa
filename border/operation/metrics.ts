/**
 * What the border counts, for Prometheus. Every label is a name of the policy, of border.json or
 * of this program, never what a sender chose: nobody can make series without end.
 */
import { X509Certificate } from "node:crypto";
import { Counter, Gauge, Registry } from "prom-client";
import type { Observable } from "rxjs";
import type { ResponderEvent } from "../../adapters/index.ts";
import type { Policy } from "../../grammar/model.ts";
import type { Border } from "../border.ts";
import type { ListenerSettings } from "../configuration/configuration.ts";
import { type HopState, hopText } from "../forwarding/hop-health.ts";
import type { DropClass, MessagePassage, Passage } from "../forwarding/passage.ts";
import { AgreementMetrics } from "./agreement-metrics.ts";
import { countAnswers } from "./answer-metrics.ts";
import { RuleSample } from "./rule-sample.ts";

/** Each stands there before it is counted: a counter that appears with its first event shows no increase. */
const dropClasses: Readonly<Record<DropClass, 0>> = {
  syntax: 0,
  policy: 0,
  ack: 0,
  flow: 0,
  "no-way": 0,
  queue: 0,
  closed: 0,
  size: 0,
  share: 0,
  unanswerable: 0,
};

export class BorderMetrics {
  readonly registry: Registry = new Registry();
  private readonly messages: Counter;
  private readonly answers: Counter;
  private readonly drops: Counter;
  private readonly rejections: Counter;
  private readonly violations: Counter;
  private readonly handshakes: Counter;
  private readonly responsesHanded: Counter;
  private readonly reloads: Counter;
  private readonly sample: RuleSample;
  private readonly loaded: Gauge;
  private readonly agreements: AgreementMetrics;
  private readonly certificates: Gauge;
  private readonly lists: Gauge;

  /** `border` is asked whenever the metrics are; `clock` too, in milliseconds since 1970. */
  constructor(
    border: Pick<Border, "connections" | "queuedBytes" | "received" | "refusals" | "returned">,
    clock?: () => number,
  ) {
    const registers = [this.registry];
    const counter = (name: string, help: string, labelNames: readonly string[]): Counter =>
      new Counter({ name, help, labelNames, registers });
    // Of several processes, what was taken over first and what ends first counts.
    const gauge = (name: string, help: string, labelNames: readonly string[]): Gauge =>
      new Gauge({ name, help, labelNames, registers, aggregator: "min" });
    const came: Counter = new Counter({
      name: "privet_received_total",
      help: "SIP messages that came, before anything was decided of them.",
      labelNames: ["transport"],
      registers,
      collect: () => {
        came.reset();
        for (const [transport, count] of border.received()) came.inc({ transport }, count);
      },
    });
    const back: Counter = new Counter({
      name: "privet_returned_total",
      help: "Requests forwarded over TLS whose peer closed before it said anything: they count once more by what became of them then.",
      registers,
      collect: () => {
        back.reset();
        back.inc(border.returned());
      },
    });
    this.messages = counter(
      "privet_messages_total",
      "SIP messages that came, by the networks between which they went, the verdict of the policy and what became of them.",
      ["from", "to", "verdict", "outcome"],
    );
    this.answers = counter("privet_answers_total", "Answers that the border made itself.", ["status"]);
    this.drops = counter("privet_drops_total", "Messages that ended here unanswered, by why.", ["cause"]);
    for (const [cause, none] of Object.entries(dropClasses)) this.drops.inc({ cause }, none);
    this.rejections = counter("privet_rejections_total", "Messages that a rule rejected.", [
      "rule",
      "status",
    ]);
    this.violations = counter(
      "privet_syntax_violations_total",
      "Messages that can be read in two ways or break a limit (docs/syntax-violations.md).",
      ["rule"],
    );
    this.handshakes = counter("privet_handshakes_total", "TLS handshakes that were judged.", [
      "role",
      "verdict",
    ]);
    this.responsesHanded = counter(
      "privet_responses_handed_total",
      "Responses handed to the process that holds the connection of their request.",
      [],
    );
    this.reloads = reloadCounter(registers);
    this.sample = new RuleSample(registers);
    this.loaded = gauge(
      "privet_policy_loaded_timestamp_seconds",
      "When the policy in force was taken over.",
      [],
    );
    this.agreements = new AgreementMetrics(registers, clock);
    this.certificates = gauge("privet_certificate_end_timestamp_seconds", "When an own certificate ends.", [
      "listener",
    ]);
    this.lists = gauge(
      "privet_revocation_list_end_timestamp_seconds",
      "When the CRLs of a file end; 0 where one can't be read.",
      ["file"],
    );
    const open = new Gauge({
      name: "privet_connections",
      help: "Connections that stand; of UDP, remote addresses that are remembered.",
      labelNames: ["transport"],
      registers,
      collect: () => {
        open.reset();
        for (const [transport, count] of border.connections()) open.set({ transport }, count);
      },
    });
    const refused = new Counter({
      name: "privet_connections_refused_total",
      help: "Connections closed as soon as they came: too many, or more than the share of source or network.",
      labelNames: ["reason"],
      registers,
      collect: () => {
        refused.reset();
        for (const [reason, count] of border.refusals()) refused.inc({ reason }, count);
      },
    });
    const queued = new Gauge({
      name: "privet_queue_bytes",
      help: "Bytes that wait: for connections that are being opened, and for the peers of open ones to read.",
      labelNames: ["connection"],
      registers,
      collect: () => {
        for (const [connection, bytes] of Object.entries(border.queuedBytes()))
          queued.set({ connection }, bytes);
      },
    });
  }

  /** One more message or handshake has been dealt with. Never throws. */
  count(passage: Passage): void {
    if (passage.kind === "message") {
      this.countMessage(passage);
      return;
    }
    const { event, decision } = passage;
    this.handshakes.inc({ role: event.role, verdict: decision.verdict });
  }

  /** `states` says of each hop that is pinged whether it answers. */
  watchHops(states: () => readonly HopState[]): void {
    const up = new Gauge({
      name: "privet_hop_up",
      help: "1 where a hop that is pinged answers, 0 where not.",
      labelNames: ["network", "hop"],
      registers: [this.registry],
      // Of several processes, each has its own opinion: one that gets no answer counts.
      aggregator: "min",
      collect: () => {
        up.reset();
        for (const { network, hop, up: isUp } of states())
          up.set({ network, hop: hopText(hop) }, isUp ? 1 : 0);
      },
    });
  }

  /** A policy came into force, with its partners and the certificates of the listeners. `at` in milliseconds. */
  inForce(policy: Policy, listeners: readonly ListenerSettings[], at: number): void {
    this.loaded.set(at / 1000);
    this.agreements.inForce(policy.networks);
    this.certificates.reset();
    for (const [listener, end] of earliestEnds(listeners)) this.certificates.set({ listener }, end / 1000);
  }

  /** Of published domains, by DNS. */
  watchAnswers(events$: Observable<ResponderEvent>): void {
    countAnswers(this.registry, events$);
  }

  handed(): void {
    this.responsesHanded.inc();
  }

  /** CRLs that came into force with the policy. `ends` in milliseconds, by file. */
  revocationLists(ends: ReadonlyMap<string, number>): void {
    this.lists.reset();
    for (const [file, end] of ends) this.lists.set({ file }, end / 1000);
  }

  reloaded(result: "taken" | "refused"): void {
    this.reloads.inc({ result });
  }

  private countMessage({ at, from, to, decision, outcome }: MessagePassage): void {
    this.messages.inc({
      from: from.network,
      to: to?.network ?? "",
      verdict: decision?.verdict ?? "",
      outcome: outcome.kind,
    });
    if (outcome.kind === "answered") this.answers.inc({ status: outcome.status });
    if (outcome.kind === "dropped") this.drops.inc({ cause: outcome.why });
    if (decision !== undefined) this.sample.look(decision, at);
    if (decision?.verdict !== "reject") return;
    if (decision.violation !== undefined) {
      this.violations.inc({ rule: decision.violation.rule });
      return;
    }
    // No rule, but what follows from Privacy, a signature or the edits: an empty name.
    const { status = 0, answeredBy = "" } = decision;
    this.rejections.inc({ rule: answeredBy, status });
  }
}

export function reloadCounter(registers: Registry[]): Counter {
  const reloads = new Counter({
    name: "privet_reloads_total",
    help: "New versions of border.json and policy.",
    labelNames: ["result"],
    registers,
  });
  for (const result of ["taken", "refused"]) reloads.inc({ result }, 0);
  return reloads;
}

/** When the first of the certificates ends that sockets of one name show, by that name, in milliseconds. */
function earliestEnds(listeners: readonly ListenerSettings[]): ReadonlyMap<string, number> {
  const ends = new Map<string, number>();
  for (const { name, certificate: first, certificates = [] } of listeners) {
    for (const certificate of [first, ...certificates.map((one) => one.certificate)]) {
      if (certificate === undefined) continue;
      const end = Date.parse(new X509Certificate(certificate).validTo);
      ends.set(name, Math.min(end, ends.get(name) ?? Number.POSITIVE_INFINITY));
    }
  }
  return ends;
}
