/** The servers that are asked, and which of them have not answered of late. */
import { isIP } from "node:net";

export interface NameServer {
  /** IPv4 or IPv6, no brackets. */
  readonly address: string;
  readonly port: number;
}

/** How long one that didn't answer stands behind the others, in milliseconds. */
const passedOverFor = 30_000;

export type ServerChange =
  /** It didn't answer. Until it does it is asked last, but for one question in 30 seconds. */
  | { readonly kind: "passed-over"; readonly server: NameServer; readonly cause: string }
  /** It answers again. */
  | { readonly kind: "back"; readonly server: NameServer };

/** `192.0.2.1 port 53`. */
export const nameOf = ({ address, port }: NameServer): string => `${address} port ${port}`;

export class NameServers {
  readonly #servers: readonly NameServer[];
  readonly #clock: () => number;
  readonly #changed: (change: ServerChange) => void;
  /** Those that don't answer, and when they are tried again. */
  readonly #silent = new Map<NameServer, number>();

  /** Throws `RangeError` if there is none, or one without an address. */
  constructor(servers: readonly NameServer[], clock: () => number, changed: (change: ServerChange) => void) {
    if (servers.length === 0) throw new RangeError("a resolver needs a name server: its list is empty");
    for (const { address, port } of servers) {
      if (isIP(address) === 0)
        throw new RangeError(`name server ${JSON.stringify(address)} is no IP address; names can't be asked`);
      if (!(Number.isInteger(port) && port > 0 && port < 65_536))
        throw new RangeError(`name server ${address}: ${port} is no port`);
    }
    this.#servers = servers;
    this.#clock = clock;
    this.#changed = changed;
  }

  get count(): number {
    return this.#servers.length;
  }

  /** For one question: all, in their order, those that don't answer last. */
  inOrder(): readonly NameServer[] {
    if (this.#silent.size === 0) return this.#servers;
    const now = this.#clock();
    const last: NameServer[] = [];
    const first = this.#servers.filter((server) => {
      const until = this.#silent.get(server);
      if (until === undefined) return true;
      // One question pays for the trial, not all that come meanwhile.
      if (now >= until) {
        this.#silent.set(server, now + passedOverFor);
        return true;
      }
      last.push(server);
      return false;
    });
    return [...first, ...last];
  }

  /** @param cause as a log shows it. */
  passOver(server: NameServer, cause: string): void {
    const isNew = !this.#silent.has(server);
    this.#silent.set(server, this.#clock() + passedOverFor);
    if (isNew) this.#changed({ kind: "passed-over", server, cause });
  }

  answered(server: NameServer): void {
    if (this.#silent.delete(server)) this.#changed({ kind: "back", server });
  }
}
