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
import { selectServices } from "./naptr.ts";
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
    const name = `${srvPrefix[transport]}.${this.#host.text}`;
    const [servers] = yield* this.#askServices([{ transport, name }]);
    if (transport === "tls" && servers !== undefined) this.#sips = "offered";
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
    this.#sips = offersSips ? "offered" : "not-offered";
    if (services.length > 0) {
      const listed = services.slice(0, locationLimits.services);
      const named = listed.map(({ transport, replacement }) => ({ transport, name: replacement }));
      return (yield* this.#firstOffered(named)) ?? this.#domainItself(listed[0]!.transport);
    }
    if (hasSip && scheme === "sip" && tlsDemanded)
      throw new NotLocated("tls-not-offered", `${this.#host.text} offers SIP, and not over TLS`);
    const guessed = usable.map((transport) => ({
      transport,
      name: `${srvPrefix[transport]}.${this.#host.text}`,
    }));
    const servers = yield* this.#firstOffered(guessed);
    if (servers?.[0]?.transport === "tls") this.#sips = "offered";
    return servers ?? this.#domainItself(first);
  }

  /** Of the most preferred name that has servers; undefined if none has SRV records. */
  *#firstOffered(
    named: readonly { readonly transport: Transport; readonly name: string }[],
  ): Asking<Servers> {
    const answers = yield* this.#askServices(named);
    const offered = answers.find((servers) => servers !== undefined && servers.length > 0);
    if (offered === undefined && answers.some((servers) => servers !== undefined)) throw this.#noneOffered();
    return offered;
  }

  /** Asks at once, and reads answers up to the first that has servers: what comes after it may fail. */
  *#askServices(
    named: readonly { readonly transport: Transport; readonly name: string }[],
  ): Asking<readonly Servers[]> {
    const questions = named.map(({ name }): Question => ({ type: "SRV", name }));
    const outcomes = yield questions;
    const read: Servers[] = [];
    for (const [index, { transport }] of named.entries()) {
      const records = recordsOf(recordsIn(outcomes[index], questions[index]!), "SRV");
      const ordered = records.length > 0 ? orderServers(records, this.#draw) : undefined;
      read.push(
        ordered
          ?.slice(0, locationLimits.servers)
          .map(({ target, port }) => ({ kind: "name", text: target, transport, port })),
      );
      if (ordered !== undefined && ordered.length > 0) break;
    }
    return read;
  }

  /** No SRV records: the domain's own addresses (RFC 3263 4.2). */
  #domainItself(transport: Transport): readonly Server[] {
    return [{ kind: "name", text: this.#host.text, transport, port: defaultPort[transport] }];
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
