/** A client transaction as a peer runs it (RFC 3261 17.1): repeats over UDP what is not answered, hands out the final response. */
import type { Line } from "./lines.ts";
import type { Message } from "./sip-text.ts";

/** RFC 3261 17.1.1.1, 17.1.2.1; milliseconds. */
export const t1 = 500;
export const t2 = 4_000;
/** Timers B and F; with a provisional response an INVITE is given longer. */
const patience = 32_000;
const ringing = 60_000;

export interface Sending {
  readonly line: Line;
  readonly bytes: Buffer;
  readonly method: string;
  /** Puts the bytes on the line, or loses them. */
  readonly post: (line: Line, bytes: Buffer, isRepeated: boolean) => void;
  /** The first final response, and each time that it comes again. */
  readonly onFinal?: (response: Message) => void;
}

export class ClientTransaction {
  /** Rejects where none comes in time. */
  readonly final: Promise<Message>;
  /** A 180, or a while after the 100 where none comes (a 180 is sent once, and may be lost); or any final response. */
  readonly rung: Promise<void>;
  private readonly sending: Sending;
  private resolve: (response: Message) => void = () => {};
  private reject: (error: Error) => void = () => {};
  private ring: () => void = () => {};
  private isAnswered = false;
  private isProvisional = false;
  private repeatTimer: NodeJS.Timeout | undefined;
  private endTimer: NodeJS.Timeout | undefined;

  constructor(sending: Sending) {
    this.sending = sending;
    this.final = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
    this.rung = new Promise((resolve) => {
      this.ring = resolve;
    });
    // Whoever waits hears of it; nobody may be waiting yet.
    this.final.catch(() => {});
  }

  start(): void {
    const { line, bytes, post, method } = this.sending;
    post(line, bytes, false);
    this.endAfter(patience);
    if (line.transport !== "udp") return;
    let wait = t1;
    const repeat = (): void => {
      if (this.isAnswered || (method === "INVITE" && this.isProvisional)) return;
      post(line, bytes, true);
      wait = method === "INVITE" ? wait * 2 : Math.min(wait * 2, t2);
      this.repeatTimer = setTimeout(repeat, wait);
    };
    this.repeatTimer = setTimeout(repeat, wait);
  }

  receive(response: Message): void {
    if (response.status < 200) {
      if (!this.isProvisional && this.sending.method === "INVITE" && !this.isAnswered) this.endAfter(ringing);
      this.isProvisional = true;
      if (response.status > 100) this.ring();
      else setTimeout(this.ring, t2);
      return;
    }
    this.ring();
    this.sending.onFinal?.(response);
    if (this.isAnswered) return;
    this.isAnswered = true;
    this.stop();
    this.resolve(response);
  }

  stop(): void {
    clearTimeout(this.repeatTimer);
    clearTimeout(this.endTimer);
  }

  private endAfter(milliseconds: number): void {
    clearTimeout(this.endTimer);
    this.endTimer = setTimeout(() => {
      this.stop();
      const { method, line } = this.sending;
      this.reject(new Error(`${method} over ${line.transport}: no final response`));
      this.ring();
    }, milliseconds);
  }
}
