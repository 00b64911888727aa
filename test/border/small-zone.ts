/** A name server whose records a test may change: what stands there is answered, all else does not exist. */
import type { Answer } from "dns-packet";
import { type Asked, answerTo, FakeServer } from "../adapters/dns/fake-server.ts";

/** `owner type data`, such as `carrier-c.example A 127.0.0.7`; SRV: priority weight port target; NAPTR: order preference flags services replacement. */
export type Row = string;

export class SmallZone {
  readonly server: FakeServer;
  private rows: readonly Row[];
  /** Seconds. */
  private readonly ttl: number;
  /** It hears, and says nothing. */
  isDead = false;

  private constructor(server: FakeServer, rows: readonly Row[], ttl: number) {
    this.server = server;
    this.rows = rows;
    this.ttl = ttl;
  }

  static async serve(rows: readonly Row[], ttl = 0): Promise<SmallZone> {
    let zone: SmallZone | undefined;
    const server = await FakeServer.start((asked) => zone?.answer(asked));
    zone = new SmallZone(server, rows, ttl);
    return zone;
  }

  replace(rows: readonly Row[]): void {
    this.rows = rows;
  }

  /** For border.json's `dns`. */
  get servers(): readonly { readonly address: string; readonly port: number }[] {
    return [this.server.server];
  }

  close(): Promise<void> {
    return this.server.close();
  }

  private answer(asked: Asked): void {
    if (this.isDead) return;
    const name = asked.name.toLowerCase();
    const named = this.rows.map((row) => row.split(" ")).filter(([owner]) => isAt(owner!, name));
    const answers = named
      .filter(([owner, type]) => owner === name && type === asked.type)
      .map((row) => recordOf(row, this.ttl));
    const soa: Answer = {
      type: "SOA",
      name: "example",
      ttl: this.ttl,
      data: {
        mname: "ns.example",
        rname: "root.example",
        serial: 1,
        refresh: 1,
        retry: 1,
        expire: 1,
        minimum: this.ttl,
      },
    };
    const empty = { authorities: [soa], flags: named.length === 0 ? nameError : 0 };
    asked.send(answerTo(asked, answers.length > 0 ? { answers } : empty));
  }
}

const nameError = 3;

/** An owner below a name shows that the name exists (RFC 8020). */
function isAt(owner: string, name: string): boolean {
  return owner === name || owner.endsWith(`.${name}`);
}

function recordOf([name = "", type = "", ...data]: readonly string[], ttl: number): Answer {
  switch (type) {
    case "SRV": {
      const [priority, weight, port, target = ""] = data;
      return {
        type,
        name,
        ttl,
        data: { priority: Number(priority), weight: Number(weight), port: Number(port), target },
      };
    }
    case "NAPTR": {
      const [order, preference, flags = "", services = "", replacement = ""] = data;
      return {
        type,
        name,
        ttl,
        data: {
          order: Number(order),
          preference: Number(preference),
          flags,
          services,
          regexp: "",
          replacement,
        },
      };
    }
    case "A":
    case "AAAA":
      return { type, name, ttl, data: data[0]! };
    default:
      throw new Error(`${type} records are not served here`);
  }
}
