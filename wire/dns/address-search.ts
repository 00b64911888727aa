/** The addresses of servers in their order (RFC 3263 4.2, RFC 7984). */
import { type AddressFamily, type Target, type Transport } from "./location.ts";
import { locationLimits } from "./location-limits.ts";
import { isDomainName } from "./name.ts";
import { NotLocated, recordsIn } from "./not-located.ts";
import type { Outcome, Question, ResourceRecord } from "./record.ts";
import type { Draw } from "./srv.ts";

/** Where a service is: an address, or a name that has some. */
export interface Server {
  readonly kind: "address" | "name";
  readonly text: string;
  readonly transport: Transport;
  readonly port: number;
}

/** A step of the draw that the servers of a name never reach, so that both chances are apart. */
const addressStep = 1_000;

/** What DNS says of one name and family. */
type Addresses = readonly string[] | NotLocated;

export class AddressSearch {
  readonly #families: readonly AddressFamily[];
  readonly #draw: Draw;

  constructor(families: readonly AddressFamily[], draw: Draw) {
    this.#families = families;
    this.#draw = draw;
  }

  /**
   * Throws `NotLocated` if no server has an address.
   *
   * @param domain sought: another cause if it is the one that doesn't exist.
   */
  *of(
    servers: readonly Server[],
    domain: string,
  ): Generator<readonly Question[], readonly Target[], readonly Outcome[]> {
    const names = new Set(servers.filter(({ kind }) => kind === "name").map(({ text }) => text));
    const questions = [...names]
      .filter(isDomainName)
      .flatMap((name) => this.#families.map((type): Question => ({ type, name })));
    const outcomes = questions.length > 0 ? yield questions : [];
    const known = new Map<string, Addresses>();
    for (const [index, question] of questions.entries())
      known.set(keyOf(question), this.#read(outcomes[index], question));
    const targets = servers.flatMap((server) => this.#targetsOf(server, known));
    if (targets.length === 0)
      throw whyNone(servers, [...known.values()], isMissing(outcomes) ? domain : undefined);
    return distinct(targets).slice(0, locationLimits.targets);
  }

  /** All of the preferred family first: the order inside one server (RFC 7984 4). */
  #targetsOf(
    { kind, text, transport, port }: Server,
    known: ReadonlyMap<string, Addresses>,
  ): readonly Target[] {
    const addresses =
      kind === "address"
        ? [text]
        : this.#families.flatMap((type) => {
            const found = known.get(keyOf({ type, name: text })) ?? [];
            return found instanceof NotLocated ? [] : found;
          });
    return addresses.map((address) => ({ transport, address, port }));
  }

  /** One family that isn't known leaves the other. */
  #read(outcome: Outcome | undefined, question: Question): Addresses {
    try {
      const found = recordsIn(outcome, question).filter((record) => record.type === question.type);
      return this.#turned(addressesIn(found)).slice(0, locationLimits.addresses);
    } catch (error) {
      if (error instanceof NotLocated) return error;
      throw error;
    }
  }

  /**
   * Name servers turn the addresses of a name to share load. Sorted first, then turned by the
   * transaction's chance, they are in one order for all of its messages (RFC 3263 4.4).
   */
  #turned(addresses: readonly string[]): readonly string[] {
    if (addresses.length < 2) return addresses;
    const start = this.#draw(addressStep, addresses.length - 1);
    return [...addresses.slice(start), ...addresses.slice(0, start)];
  }
}

function addressesIn(records: readonly ResourceRecord[]): readonly string[] {
  const addresses = records.flatMap((record) => ("address" in record ? [record.address] : []));
  return [...new Set(addresses)].toSorted();
}

const isMissing = (outcomes: readonly Outcome[]): boolean =>
  outcomes.length > 0 && outcomes.every(({ kind }) => kind === "no-such-name");

function whyNone(
  servers: readonly Server[],
  known: readonly Addresses[],
  missing: string | undefined,
): NotLocated {
  const unknown = known.find((one) => one instanceof NotLocated);
  if (unknown !== undefined) return unknown;
  const names = [...new Set(servers.map(({ text }) => text))].join(", ");
  return names === missing
    ? new NotLocated("no-such-domain", `${names} doesn't exist`)
    : new NotLocated("no-service", `no address of ${names} is published`);
}

function distinct(targets: readonly Target[]): readonly Target[] {
  const seen = new Set<string>();
  return targets.filter(({ transport, address, port }) => {
    const key = `${transport} ${address} ${port}`;
    return !seen.has(key) && seen.add(key);
  });
}

const keyOf = ({ type, name }: Question): string => `${type} ${name}`;
