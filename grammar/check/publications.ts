/** `publish`: the records by which we ask for TLS (RFC 3263 4). */
import type * as model from "../model.ts";
import type { Source } from "../source.ts";
import type * as syntax from "../syntax.ts";
import { isDomain, normalDomain } from "./domains.ts";
import { originOf, type Report } from "./report.ts";

/** Seconds. */
const defaultTtl = 300;

export function checkPublication(
  statement: syntax.PublishStatement,
  source: Source,
  report: Report,
): model.Publication | undefined {
  const before = report.errors;
  const domain = checkDomain(statement.domain, source, report);
  let ttl = defaultTtl;
  const hosts: model.Publication["hosts"][number][] = [];
  const services: model.Publication["services"][number][] = [];
  for (const item of statement.items) {
    switch (item.kind) {
      case "ttl":
        ttl = item.seconds.value;
        break;
      case "host":
        for (const { address, length, bytes, span } of item.addresses) {
          if (bytes.length * 8 !== length)
            report.add("P3037", { source, span }, { address: `${address}/${length}` });
        }
        hosts.push({
          name: checkDomain(item.name, source, report),
          addresses: item.addresses.map(({ address }) => address),
        });
        break;
      case "service":
        if (item.port.value === 0) report.add("P3038", { source, span: item.port.span });
        services.push({
          transport: item.transport,
          host: checkDomain(item.host, source, report),
          port: item.port.value,
          priority: item.priority.value,
          weight: item.weight.value,
        });
        break;
    }
  }
  if (report.errors > before) return undefined;
  return { domain, ttl, hosts, services, origin: originOf({ source, span: statement.domain.span }) };
}

function checkDomain({ text, span }: syntax.Text, source: Source, report: Report): string {
  const domain = normalDomain(text);
  if (!isDomain(domain)) report.add("P3018", { source, span }, { domain: text });
  return domain;
}
