/** What is answered by DNS for published domains, for Prometheus. */
import { Counter, type Registry } from "prom-client";
import type { Observable } from "rxjs";
import type { DropCause, ResponderEvent } from "../../adapters/index.ts";

const transports = ["udp", "tcp"] as const;

/** Each stands there before it is counted. */
const causes: Readonly<Record<DropCause, readonly (typeof transports)[number][]>> = {
  share: transports,
  total: transports,
  unanswerable: transports,
  connections: ["tcp"],
  slow: ["tcp"],
};

/** RFC 6895 2.3. */
const codes: ReadonlyMap<number, string> = new Map([
  [0, "NOERROR"],
  [1, "FORMERR"],
  [3, "NXDOMAIN"],
  [4, "NOTIMP"],
  [5, "REFUSED"],
  [16, "BADVERS"],
]);

export function countAnswers(registry: Registry, events$: Observable<ResponderEvent>): void {
  const registers = [registry];
  const answers = new Counter({
    name: "privet_publish_answers_total",
    help: "Questions of DNS that were answered for published domains, by response code.",
    labelNames: ["transport", "code"],
    registers,
  });
  const cut = new Counter({
    name: "privet_publish_cut_total",
    help: "Answers over UDP without their records: too large, or beyond the share of a network.",
    labelNames: ["cause"],
    registers,
  });
  const dropped = new Counter({
    name: "privet_publish_dropped_total",
    help: "Questions of DNS that were met with silence, and connections that were closed.",
    labelNames: ["transport", "cause"],
    registers,
  });
  for (const transport of transports) for (const code of codes.values()) answers.inc({ transport, code }, 0);
  for (const cause of ["size", "share"]) cut.inc({ cause }, 0);
  for (const [cause, over] of Object.entries(causes))
    for (const transport of over) dropped.inc({ transport, cause }, 0);
  events$.subscribe((event) => {
    if (event.kind === "dropped") {
      dropped.inc({ transport: event.over, cause: event.cause });
      return;
    }
    answers.inc({ transport: event.over, code: codes.get(event.code) ?? String(event.code) });
    if (event.cut !== undefined) cut.inc({ cause: event.cut });
  });
}
