/** What location by DNS counts, for Prometheus. */
import { Counter, Gauge, type Registry } from "prom-client";
import type { ResolverEvent } from "../../adapters/index.ts";
import { type DnsLocation, serverText } from "../location/dns-location.ts";

/** From now on. */
export function countDns(dns: DnsLocation, registry: Registry): void {
  const registers = [registry];
  const answers = new Counter({
    name: "privet_dns_answers_total",
    help: "What came of each question to a name server: what it said, or that it said nothing; foreign: answers to other questions.",
    labelNames: ["server", "transport", "outcome"],
    registers,
  });
  const up = new Gauge({
    name: "privet_dns_server_up",
    help: "1 where a name server answers, 0 where it didn't and is asked last.",
    labelNames: ["server"],
    registers,
    aggregator: "min",
  });
  const withdrawn = new Counter({
    name: "privet_sips_withdrawn_total",
    help: "Domains of a network that asked for TLS by SIPS records and then did no longer (RFC 3263 7).",
    labelNames: ["network"],
    registers,
  });
  for (const server of dns.servers) up.set({ server: serverText(server) }, 1);
  dns.events$.subscribe((event) => count(event, answers, up));
  dns.withdrawn$.subscribe(({ network }) => withdrawn.inc({ network }));
}

function count(event: ResolverEvent, answers: Counter, up: Gauge): void {
  if (event.kind === "asked" || event.kind === "settled") return;
  const server = serverText(event.server);
  switch (event.kind) {
    case "passed-over":
    case "back":
      up.set({ server }, event.kind === "back" ? 1 : 0);
      break;
    case "answered":
      answers.inc({ server, transport: event.transport, outcome: event.outcome });
      break;
    case "unanswered":
    case "foreign":
      answers.inc({ server, transport: event.transport, outcome: event.kind });
  }
}
