/** `publish`: the records by which we ask for TLS (RFC 3263 4). */
import type * as model from "../model.ts";
import type { Source } from "../source.ts";
import type * as syntax from "../syntax.ts";
import { reportTwice } from "./declarations.ts";
import { isDomain, isUnder, normalDomain, notHost } from "./domains.ts";
import { originOf, type Place, type Report } from "./report.ts";

/** Seconds. */
const defaultTtl = 300;
/** Leaves room for `_sips._tcp.` within the 253 of a name (RFC 1035 2.3.4). */
const longestDomain = 242;

export class PublicationChecker {
  readonly #report: Report;
  readonly #networks: ReadonlyMap<string, model.Network>;
  readonly #checked: Checked[] = [];
  /** Over all publications. */
  readonly #once: Once;
  readonly #hosts = new Set<string>();

  constructor(networks: ReadonlyMap<string, model.Network>, report: Report) {
    this.#networks = networks;
    this.#report = report;
    this.#once = new Once(report);
  }

  check(statement: syntax.PublishStatement, source: Source): model.Publication | undefined {
    const before = this.#report.errors;
    const place = { source, span: statement.domain.span };
    const domain = this.#domain(statement.domain, source);
    let ttl = defaultTtl;
    const hosts: model.Publication["hosts"][number][] = [];
    const services: { readonly service: Service; readonly place: Place }[] = [];
    const once = new Once(this.#report);
    for (const item of statement.items) {
      switch (item.kind) {
        case "ttl":
          once.claim("item", "ttl", { source, span: item.span });
          ttl = item.seconds.value;
          break;
        case "host":
          hosts.push(this.#host(item, domain, source));
          break;
        case "service": {
          const service = this.#service(item, source);
          const { transport, host, port } = service;
          const at = { source, span: item.host.span };
          once.claim("service", `${transport} ${host}:${port}`, at);
          services.push({ service, place: at });
          break;
        }
      }
    }
    if (this.#report.errors > before) return undefined;
    this.#checked.push({ domain, place, services });
    return {
      domain,
      ttl,
      hosts,
      services: services.map(({ service }) => service),
      origin: originOf(place),
    };
  }

  /** What is lawful, and hardly meant. To be asked once all networks and publications are known. */
  warn(): void {
    const own = new Set([...this.#networks.values()].flatMap((one) => (one.own ? one.domains : [])));
    for (const { domain, place, services } of this.#checked) {
      if (!own.has(domain)) this.#report.add("P4026", place, { domain });
      if (!services.some(({ service }) => service.transport === "tls"))
        this.#report.add("P4027", place, { domain });
      for (const { service, place: at } of services) {
        const { host } = service;
        const isInside = this.#checked.some((one) => isUnder(host, one.domain));
        if (isInside && !this.#hosts.has(host)) this.#report.add("P4025", at, { host });
      }
    }
  }

  #domain(text: syntax.Text, source: Source): string {
    const place = { source, span: text.span };
    const domain = this.#name(text, source);
    if (domain.length > longestDomain)
      this.#report.add("P3044", place, {
        name: text.text,
        why: `with \`_sips._tcp.\` it is longer than a name may be (RFC 1035 2.3.4)`,
      });
    this.#once.claim("publication", domain, place);
    for (const { name, own, domains } of this.#networks.values())
      if (!own && domains.includes(domain)) this.#report.add("P3046", place, { domain, network: name });
    return domain;
  }

  #host(
    item: Extract<syntax.PublishItem, { kind: "host" }>,
    domain: string,
    source: Source,
  ): model.Publication["hosts"][number] {
    const place = { source, span: item.name.span };
    const name = this.#name(item.name, source);
    if (isDomain(name) && isDomain(domain) && !isUnder(name, domain))
      this.#report.add("P3045", place, { host: name, domain });
    this.#once.claim("host", name, place);
    this.#hosts.add(name);
    const once = new Once(this.#report);
    for (const { address, length, bytes, span } of item.addresses) {
      if (bytes.length * 8 !== length)
        this.#report.add("P3037", { source, span }, { address: `${address}/${length}` });
      once.claim("address", address, { source, span }, bytes.join("."));
    }
    return { name, addresses: item.addresses.map(({ address }) => address) };
  }

  #service(item: Extract<syntax.PublishItem, { kind: "service" }>, source: Source): Service {
    if (item.port.value === 0) this.#report.add("P3038", { source, span: item.port.span });
    return {
      transport: item.transport,
      host: this.#name(item.host, source),
      port: item.port.value,
      priority: item.priority.value,
      weight: item.weight.value,
    };
  }

  /** Of a SIP domain or a server. */
  #name({ text, span }: syntax.Text, source: Source): string {
    const name = normalDomain(text);
    if (!isDomain(name)) {
      this.#report.add("P3018", { source, span }, { domain: text });
      return name;
    }
    const why = notHost(name);
    if (why !== undefined) this.#report.add("P3044", { source, span }, { name: text, why });
    return name;
  }
}

type Service = model.Publication["services"][number];

interface Checked {
  readonly domain: string;
  readonly place: Place;
  readonly services: readonly { readonly service: Service; readonly place: Place }[];
}

/** What may stand once. */
class Once {
  readonly #report: Report;
  readonly #seen = new Map<string, Place>();

  constructor(report: Report) {
    this.#report = report;
  }

  claim(kind: string, name: string, place: Place, key: string = name): void {
    const earlier = this.#seen.get(`${kind} ${key}`);
    if (earlier === undefined) this.#seen.set(`${kind} ${key}`, place);
    else reportTwice(kind, name, place, earlier, this.#report);
  }
}
