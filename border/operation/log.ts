/** The border's log: JSON lines, one for each decision, at the level that the operator chose. */
import { type DestinationStream, type Logger, pino } from "pino";
import { type HopState, hopText } from "../forwarding/hop-health.ts";
import type { Passage } from "../forwarding/passage.ts";
import type { Listening } from "../forwarding/sides.ts";
import type { SipsWithdrawn } from "../location/dns-location.ts";
import { stranger } from "../routing/topology.ts";
import type { Comparison } from "../shadow/comparison.ts";
import { LogAccount } from "./log-account.ts";
import { hidden } from "./masking.ts";
import { ShadowAccount } from "./shadow-account.ts";

/** All; what is refused, dropped or failed; faults alone. */
export type LogLevel = "decisions" | "rejections" | "quiet";

export interface BorderLogSettings {
  /** Takes whole lines, with their end. Its faults are its own: the border goes on. */
  readonly destination: DestinationStream;
  readonly level: LogLevel;
  /** `masked`, the default: no user, name, number or host of a subscriber stands in a line. */
  readonly identities?: "masked" | "shown";
  /** A word, in lower case, of the name of a network in force: a cause may tell it although a subscriber's host has the same. */
  readonly isNetworkWord?: (word: string) => boolean;
  /** All rules, edits and marks of what was forwarded or rejected: about half a millisecond each. */
  readonly accounts?: boolean;
  /** The key of what stands for a Call-ID: processes that have the same write the same. Default: one of this process alone. */
  readonly pseudonymKey?: Uint8Array | undefined;
}

type Weight = "info" | "warn" | "error";

/** No method throws. */
export class BorderLog {
  private readonly level: LogLevel;
  private readonly isMasked: boolean;
  private readonly account: LogAccount;
  private readonly shadowAccount: ShadowAccount;
  private readonly logger: Logger;

  constructor(settings: BorderLogSettings) {
    const { destination, level, identities = "masked", accounts = false } = settings;
    const { isNetworkWord = () => false, pseudonymKey } = settings;
    this.level = level;
    this.isMasked = identities === "masked";
    this.account = new LogAccount(this.isMasked, accounts, isNetworkWord, pseudonymKey);
    this.shadowAccount = new ShadowAccount(this.account);
    this.logger = pino(
      { base: null, timestamp: false, formatters: { level: (label) => ({ level: label }) } },
      { write: (line) => destination.write(escaped(line)) },
    );
  }

  log(passage: Passage): void {
    try {
      const weight = weightOf(passage);
      if (this.isWanted(weight)) this.write(weight, this.account.of(passage));
    } catch (error) {
      this.write("error", { time: now(), ...this.account.ofFault(error) });
    }
  }

  /** What a shadow policy would have done, where it is not what was done. */
  compared(comparison: Comparison): void {
    if (comparison.result === "same" || !comparison.isTold || !this.isWanted("warn")) return;
    try {
      this.write("warn", this.shadowAccount.of(comparison));
    } catch (error) {
      this.write("error", { time: now(), ...this.account.ofFault(error) });
    }
  }

  started(listeners: readonly Listening[]): void {
    const told = listeners.map(({ name, transport, address, port }) => ({ name, transport, address, port }));
    this.tell("info", { kind: "started", listeners: told });
  }

  /** `detail`: what is in force now, or the mistakes; the operator's own words, told as they are. */
  reloaded(ok: boolean, detail: string): void {
    this.tell(ok ? "info" : "error", { kind: "reloaded", ok, detail });
  }

  /** A hop that is pinged answers no more, or again. */
  hop({ network, hop, up }: HopState): void {
    this.tell(up ? "info" : "warn", { kind: "hop", network, hop: hopText(hop), up });
  }

  /** A domain that asked for TLS does no longer (RFC 3263 7). The domain of a stranger is what a subscriber dialled. */
  sipsWithdrawn({ network, domain, isRefused }: SipsWithdrawn): void {
    const shown = this.isMasked && network === stranger ? hidden : domain;
    const clear = isRefused ? "refused" : "allowed";
    this.tell("warn", { kind: "sips-withdrawn", network, domain: shown, clear });
  }

  /** A name server answers no more, or again. */
  nameServer(server: string, up: boolean): void {
    this.tell(up ? "info" : "warn", { kind: "name-server", server, up });
  }

  /** One of several processes serves, or has ended without being told to. */
  worker(number: number, process: number, ended: string | undefined): void {
    this.tell(ended === undefined ? "info" : "error", { kind: "worker", number, process, ended });
  }

  stopping(): void {
    this.tell("info", { kind: "stopping" });
  }

  /** The border's own life is told at every level but `quiet`, which has its faults alone. */
  private tell(weight: Weight, line: object): void {
    if (weight === "error" || this.level !== "quiet") this.write(weight, { time: now(), ...line });
  }

  private isWanted(weight: Weight): boolean {
    if (this.level === "decisions") return true;
    return weight === "error" || (weight === "warn" && this.level === "rejections");
  }

  /** A disk that is full must not stop the messages. */
  private write(weight: Weight, line: object): void {
    try {
      this.logger[weight](line);
    } catch {
      // Nowhere is left where it could be told.
    }
  }
}

function weightOf(passage: Passage): Weight {
  if (passage.kind === "handshake") return passage.decision.verdict === "reject" ? "warn" : "info";
  const { outcome } = passage;
  if (outcome.kind === "failed") return "error";
  if (outcome.kind === "dropped") return "warn";
  return outcome.kind === "answered" && outcome.status >= 300 ? "warn" : "info";
}

/** JSON leaves these as they are, but terminals obey some, and readers break lines at others. */
function escaped(line: string): string {
  return line.replace(
    /[\u007f-\u009f\u2028\u2029]/gu,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function now(): string {
  return new Date().toISOString();
}
