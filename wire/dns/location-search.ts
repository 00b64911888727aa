/** One location: the transport and the servers of a host (RFC 3263 4.1, 4.2), then their addresses. */
import { AddressSearch, type Server } from "./address-search.ts";
import {
  type Locating,
  type LocationFailureCause,
  type SipsOffer,
  type SoughtRequest,
  type SoughtResponse,
  type Target,
  type Transport,
} from "./location.ts";
import { locationLimits } from "./location-limits.ts";
import { foldName } from "./name.ts";
import { type OfferedService, selectServices } from "./naptr.ts";
import { NotLocated, recordsIn } from "./not-located.ts";
import { type Outcome, type Question, recordsOf } from "./record.ts";
import { readHost, type SoughtHost } from "./sought-host.ts";
import { type Draw, orderServers } from "./srv.ts";

type Asking<T> = Generator<readonly Question[], T, readonly Outcome[]>;

/** Servers of one SRV name: none that is named, or in order; an empty list is "not offered". */
type Servers = readonly Server[] | undefined;

const defaultPort: Readonly<Record<Transport, number>> = { udp: 5060, tcp: 5060, tls: 5061 };
/** RFC 3263 4.1; TLS runs over TCP, and `_sips._tls` never was (RFC 3263 4.2). */
const srvPrefix: Readonly<Record<Transport, string>> = {
  udp: "_sip._udp",
  tcp: "_sip._tcp",
  tls: "_sips._tcp",
};
/** Where nothing is published: UDP for sip (RFC 3263 4.1). */
const unpublished: readonly Transport[] = ["udp", "tcp", "tls"];

interface NamedService {
  readonly transport: Transport;
  /** Of SRV records. */
  readonly name: string;
}

const isOffered = (servers: Servers): boolean => servers !== undefined && servers.length > 0;

export class LocationSearch {
  readonly #host: SoughtHost;
  readonly #port: number | undefined;
  readonly #addresses: AddressSearch;
  readonly #draw: Draw;
  #sips: SipsOffer = "not-known";

  constructor({ host, port, families, draw }: SoughtRequest | SoughtResponse) {
    this.#draw = draw;
    this.#host = readHost(host);
    this.#port = port;
    this.#addresses = new AddressSearch(families, draw);
  }

  *request(sought: SoughtRequest): Locating {
    return yield* this.#outcome(this.#serversOfRequest(sought));
  }

  *response({ transport, supported }: SoughtResponse): Locating {
    return yield* this.#outcome(this.#serversOfResponse(transport, supported));
  }

  *#outcome(search: Asking<readonly Server[]>): Locating {
    const domain = this.#host.text;
    try {
      const servers = yield* search;
      const targets: readonly Target[] = yield* this.#addresses.of(servers, domain);
      return { domain, sips: this.#sips, targets };
    } catch (error) {
      if (!(error instanceof NotLocated)) throw error;
      return { domain, sips: this.#sips, failure: { cause: error.cause, text: error.message } };
    }
  }

  *#serversOfRequest(sought: SoughtRequest): Asking<readonly Server[]> {
    const usable = usableTransports(sought, this.#host.text);
    const given = sought.transport !== undefined;
    const first = (given ? usable[0] : unpublished.find((one) => usable.includes(one)))!;
    const known = this.#withoutServices(first);
    if (known !== undefined) return known;
    if (given) return yield* this.#serversOfTransport(first);
    return yield* this.#serversOfDomain(sought, usable, first);
  }

  *#serversOfResponse(transport: string, supported: readonly Transport[]): Asking<readonly Server[]> {
    const own = supported.find((one) => one === transport.toLowerCase());
    if (own === undefined)
      throw new NotLocated("transport-not-supported", `a Via names the transport ${transport}`);
    return this.#withoutServices(own) ?? (yield* this.#serversOfTransport(own));
  }

  /** An address, or a name with a port: nothing to ask but addresses (RFC 3263 4.2). */
  #withoutServices(transport: Transport): readonly Server[] | undefined {
    const { kind, text } = this.#host;
    if (kind === "neither")
      throw new NotLocated("no-such-domain", `${JSON.stringify(text)} is no address and no domain name`);
    if (kind === "name" && this.#port === undefined) return undefined;
    return [{ ...this.#host, kind, transport, port: this.#port ?? defaultPort[transport] }];
  }

  *#serversOfTransport(transport: Transport): Asking<readonly Server[]> {
    const [servers] = yield* this.#askServices([this.#guess(transport)]);
    if (servers?.length === 0) throw this.#noneOffered();
    return servers ?? this.#domainItself(transport);
  }

  *#serversOfDomain(
    { scheme, tlsDemanded }: SoughtRequest,
    usable: readonly Transport[],
    first: Transport,
  ): Asking<readonly Server[]> {
    const question: Question = { type: "NAPTR", name: this.#host.text };
    const [outcome] = yield [question];
    const records = recordsIn(outcome, question);
    if (outcome?.kind === "no-such-name")
      throw new NotLocated("no-such-domain", `${this.#host.text} doesn't exist`);
    const { services, hasSip, offersSips } = selectServices(recordsOf(records, "NAPTR"), usable);
    if (hasSip) this.#sips = offersSips ? "offered" : "not-offered";
    const [preferred] = services;
    if (preferred !== undefined) {
      const servers = yield* this.#firstOfNaptr(services.slice(0, locationLimits.services));
      return servers ?? this.#domainItself(preferred.transport);
    }
    // What it takes is known, and not ours: another way would be in clear, or nobody's. A sips URI has
    // no way in clear, so there the records for sip count as none.
    if (hasSip && scheme === "sip") throw this.#noneUsable(tlsDemanded);
    const guessed = usable.map((transport) => this.#guess(transport));
    const read = yield* this.#askServices(guessed);
    const tls = usable.indexOf("tls");
    // NAPTR records that are silent on SIPS count before SRV records that are found all the same.
    if (!hasSip && tls < read.length) this.#sips = isOffered(read[tls]) ? "offered" : "not-offered";
    const servers = this.#firstOffered(read);
    return servers ?? this.#domainItself(first);
  }

  /** One after the other: the first is nearly always there. */
  *#firstOfNaptr(services: readonly OfferedService[]): Asking<Servers> {
    const read: Servers[] = [];
    for (const { transport, replacement } of services) {
      read.push(...(yield* this.#askServices([{ transport, name: replacement }])));
      if (isOffered(read.at(-1))) break;
    }
    return this.#firstOffered(read);
  }

  /** Undefined: none has SRV records. */
  #firstOffered(read: readonly Servers[]): Servers {
    const offered = read.find(isOffered);
    if (offered === undefined && read.some((servers) => servers !== undefined)) throw this.#noneOffered();
    return offered;
  }

  /** Asks at once, and reads answers up to the first that has servers: what comes after it may fail. */
  *#askServices(named: readonly NamedService[]): Asking<readonly Servers[]> {
    const questions = named.map(({ name }): Question => ({ type: "SRV", name }));
    const outcomes = yield questions;
    const read: Servers[] = [];
    for (const [index, { transport }] of named.entries()) {
      const records = recordsOf(recordsIn(outcomes[index], questions[index]!), "SRV");
      const ordered = records.length > 0 ? orderServers(records, this.#draw) : undefined;
      const servers = ordered
        ?.slice(0, locationLimits.servers)
        .map(({ target, port }): Server => ({ kind: "name", text: foldName(target), transport, port }));
      read.push(servers);
      if (isOffered(servers)) break;
    }
    return read;
  }

  #guess(transport: Transport): NamedService {
    return { transport, name: `${srvPrefix[transport]}.${this.#host.text}` };
  }

  /** No SRV records: the domain's own addresses (RFC 3263 4.2). */
  #domainItself(transport: Transport): readonly Server[] {
    return [{ kind: "name", text: this.#host.text, transport, port: defaultPort[transport] }];
  }

  #noneUsable(tlsDemanded: boolean): NotLocated {
    const { text } = this.#host;
    return tlsDemanded
      ? new NotLocated("tls-not-offered", `${text} offers SIP by NAPTR, and not over TLS`)
      : new NotLocated("transport-not-supported", `${text} offers SIP by NAPTR, over no transport of ours`);
  }

  #noneOffered(): NotLocated {
    return new NotLocated("no-service", `${this.#host.text} says by SRV that it offers no such service`);
  }
}

/** Those that the URI and the demand leave, most preferred first. Throws `NotLocated` if there are none. */
function usableTransports(sought: SoughtRequest, host: string): readonly Transport[] {
  const { scheme, supported, tlsDemanded } = sought;
  const secure = scheme === "sips" || tlsDemanded;
  const given = sought.transport?.toLowerCase();
  // TLS runs over TCP: RFC 3263 4.2, and RFC 5630 3.1.4 for the old word.
  const allowed: readonly string[] =
    given === undefined ? unpublished : given === "tcp" && secure ? ["tls"] : [given];
  const usable = supported.filter((one) => allowed.includes(one) && (!secure || one === "tls"));
  if (usable.length > 0) return usable;
  const way = given === undefined ? "" : ` over ${given}`;
  throw new NotLocated(
    causeWithout(scheme, secure, allowed),
    `no way to ${scheme}:${host}${way} that may be used`,
  );
}

function causeWithout(
  scheme: "sip" | "sips",
  secure: boolean,
  allowed: readonly string[],
): LocationFailureCause {
  if (!secure || !unpublished.some((one) => allowed.includes(one))) return "transport-not-supported";
  return scheme === "sips" ? "sips-not-possible" : "tls-not-offered";
}
