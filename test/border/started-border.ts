/** A border as a test starts it, in a few words; its listeners are bound to ports that the system chooses. */
import {
  Border,
  type BorderConfiguration,
  type BorderTransport,
  type DnsSettings,
  defaultQueue,
  type HandshakePassage,
  type ListenerSettings,
  loadPolicy,
  type MessagePassage,
  type Passage,
  type QueueLimits,
  readHop,
  type SipsWithdrawn,
} from "../../border/index.ts";
import { compile, type Engine } from "../../engine/index.ts";
import { renderDiagnostics } from "../../grammar/index.ts";
import type { IssuingAuthority } from "../../wire/index.ts";
import { until } from "../until.ts";

export interface Wishes {
  readonly engine: Engine;
  /** `name transport`, on 127.0.0.1, or `name transport address`, or `name transport address host`. */
  readonly listeners: readonly string[];
  /** By network: `transport:address:port`. */
  readonly hops?: Readonly<Record<string, readonly string[]>>;
  /** Networks whose public addresses our users may name. */
  readonly numeric?: readonly string[];
  /** Of TLS listeners. */
  readonly identity?: Pick<IssuingAuthority, "certificate" | "privateKey">;
  readonly queue?: QueueLimits;
  readonly secret?: Uint8Array;
  /** Who is asked for locations. */
  readonly dns?: Partial<DnsSettings> & Pick<DnsSettings, "servers">;
}

export class StartedBorder {
  readonly passages: Passage[] = [];
  readonly withdrawn: SipsWithdrawn[] = [];
  private readonly wishes: Wishes;
  private border: Border;
  /** Of the listeners as the border that runs was asked for them; 0: any. */
  private ports: readonly number[];

  private constructor(wishes: Wishes) {
    this.wishes = wishes;
    this.ports = wishes.listeners.map(() => 0);
    this.border = new Border(wishes.engine, this.configuration(wishes));
  }

  static async start(wishes: Wishes): Promise<StartedBorder> {
    const started = new StartedBorder(wishes);
    await started.listen();
    return started;
  }

  /** Another process, as far as the border can tell: same configuration, same ports, same secret. */
  async restart(): Promise<void> {
    this.ports = this.border.sides.map(({ port }) => port);
    await this.border.close();
    this.border = new Border(this.wishes.engine, this.configuration(this.wishes));
    await this.listen();
  }

  /** A reload; what is not given stays. */
  adopt(changes: Partial<Pick<Wishes, "engine" | "hops" | "identity">>): void {
    const wishes = { ...this.wishes, ...changes };
    this.border.adopt(wishes.engine, this.configuration(wishes));
  }

  /** Of the first listener of that name and transport. */
  port(name: string, transport: BorderTransport): number {
    const side = this.border.sides.find((one) => one.name === name && one.transport === transport);
    if (side === undefined) throw new Error(`there is no listener ${name} ${transport}`);
    return side.port;
  }

  /** How many connections of that transport stand. */
  connections(transport: BorderTransport): number {
    return this.border.connections().get(transport) ?? 0;
  }

  get messages(): readonly MessagePassage[] {
    return this.passages.filter((one) => one.kind === "message");
  }

  get handshakes(): readonly HandshakePassage[] {
    return this.passages.filter((one) => one.kind === "handshake");
  }

  /** Resolves once it holds; rejects, with what the border has told, where it never does. */
  async until(holds: () => boolean, what: string): Promise<void> {
    await until(holds, what, () => `there was ${this.told}`);
  }

  close(): Promise<void> {
    return this.border.close();
  }

  private get told(): string {
    return this.passages
      .map((one) => (one.kind === "message" ? `${one.method} ${JSON.stringify(one.outcome)}` : one.kind))
      .join(", ");
  }

  private async listen(): Promise<void> {
    await this.border.listen();
    this.border.passages$.subscribe((passage) => this.passages.push(passage));
    this.border.dns?.withdrawn$.subscribe((one) => this.withdrawn.push(one));
  }

  private configuration({
    listeners,
    hops = {},
    numeric = [],
    identity,
    dns,
    queue = defaultQueue,
    secret = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
  }: Wishes): BorderConfiguration {
    const names = new Set([...Object.keys(hops), ...numeric]);
    return {
      secret,
      queue,
      ...(dns === undefined ? {} : { dns: { milliseconds: 8_000, cache: 100, withdrawn: "tell", ...dns } }),
      // A test asks more in a second than a source hears answers in one.
      sources: { messages: undefined, connections: undefined, answers: 100_000 },
      listeners: listeners.map((text, index) => listener(text, this.ports[index]!, identity)),
      networks: new Map(
        [...names].map((name) => [
          name,
          {
            hops: (hops[name] ?? []).map((text) => readHop(text)!),
            listener: undefined,
            numeric: numeric.includes(name),
          },
        ]),
      ),
    };
  }
}

function listener(text: string, port: number, identity: Wishes["identity"]): ListenerSettings {
  const [name = "", transport, address = "127.0.0.1", host = address] = text.split(" ");
  const plain = { name, address, port, host };
  if (transport === "udp" || transport === "tcp") return { ...plain, transport };
  if (transport !== "tls" || identity === undefined) throw new Error(`${text}: no transport, or no identity`);
  return { ...plain, transport, certificate: identity.certificate, key: identity.privateKey };
}

/** An engine for a policy that a test writes; `files` are the modules and authorities that it names, by path. */
export function writtenPolicy(text: string, files: Readonly<Record<string, string>> = {}): Engine {
  const path = "written.privet";
  return readPolicy(path, (wanted) => (wanted === path ? text : files[wanted]));
}

/** An engine for a policy of the disk, some of whose files are others. */
export function readPolicy(path: string, replace: (path: string) => string | undefined): Engine {
  const { policy, diagnostics, sources, context } = loadPolicy(path, { replace });
  if (policy === undefined) throw new Error(renderDiagnostics(diagnostics, sources, { colour: false }));
  return compile(policy, context);
}
