import type { Subscription } from "rxjs";
import type { Adapter, AdapterEvent, HandshakeArrival } from "../../adapters/index.ts";

const patience = 20_000;

type Kind = AdapterEvent["kind"];
type EventOf<K extends Kind> = Extract<AdapterEvent, { readonly kind: K }>;

/** Keeps what an adapter says, and waits for it. Handshakes are allowed unless told otherwise. */
export class Recorder {
  readonly events: AdapterEvent[] = [];
  completed = false;
  judge: (handshake: HandshakeArrival) => void = (handshake) => handshake.allow();
  react: (event: AdapterEvent) => void = () => {};
  readonly #subscription: Subscription;
  readonly #waiting = new Set<() => void>();

  constructor(adapter: Adapter) {
    this.#subscription = adapter.events$.subscribe({
      next: (event) => {
        this.events.push(event);
        if (event.kind === "handshake") this.judge(event);
        this.react(event);
        for (const look of this.#waiting) look();
      },
      complete: () => {
        this.completed = true;
        for (const look of this.#waiting) look();
      },
    });
  }

  all<K extends Kind>(kind: K): EventOf<K>[] {
    return this.events.filter((event): event is EventOf<K> => event.kind === kind);
  }

  /** The texts of the messages so far. */
  get texts(): string[] {
    return this.all("received").map(({ bytes }) => Buffer.from(bytes).toString("latin1"));
  }

  /** Resolves with the `count`th event of the kind; rejects after five seconds. */
  async nth<K extends Kind>(kind: K, count = 1): Promise<EventOf<K>> {
    await this.until(() => this.all(kind).length >= count, `${kind} number ${count}`);
    return this.all(kind)[count - 1]!;
  }

  until(holds: () => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#waiting.delete(look);
        reject(new Error(`${what} did not come: ${this.events.map(({ kind }) => kind).join(" ")}`));
      }, patience);
      this.#waiting.add(look);
      look();
    });
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }
}

/** One request, with a body that tells which. */
export function message(number: number, size = 0): Buffer {
  const body = `${number}`.padEnd(Math.max(size, 4), ".");
  return Buffer.from(
    [
      "MESSAGE sip:bob@home1.example SIP/2.0",
      "Via: SIP/2.0/TCP 127.0.0.1;branch=z9hG4bK776asdhds",
      "Max-Forwards: 70",
      "To: <sip:bob@home1.example>",
      "From: <sip:al@carrier-c.example>;tag=49583",
      `Call-ID: ${number}@127.0.0.1`,
      "CSeq: 1 MESSAGE",
      "Content-Type: text/plain",
      `Content-Length: ${body.length}`,
      "",
      body,
    ].join("\r\n"),
    "latin1",
  );
}

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");
