/** What a log line says of one passage. */
import type { Assessment, MessageDecision } from "../../engine/index.ts";
import { fieldRows } from "../../grammar/index.ts";
import { FieldTable, Scan } from "../../wire/index.ts";
import type {
  HandshakePassage,
  MessagePassage,
  Outcome,
  Passage,
  PassageEnd,
} from "../forwarding/passage.ts";
import { type Hide, hidden, Mask, maskOfMessage, Pseudonyms, plainly } from "./masking.ts";

/** RFC 3261, 3262, 3265, 3311, 3428, 3515, 3903, 6086. Another method is a word of its sender's. */
const knownMethods: ReadonlySet<string> = new Set(
  "ACK BYE CANCEL INFO INVITE MESSAGE NOTIFY OPTIONS PRACK PUBLISH REFER REGISTER SUBSCRIBE UPDATE".split(
    " ",
  ),
);

export class LogAccount {
  private readonly masked: boolean;
  private readonly accounts: boolean;
  private readonly isNetworkWord: (word: string) => boolean;
  private readonly scan = new Scan(new FieldTable(fieldRows));
  private readonly pseudonyms: Pseudonyms;

  constructor(
    masked: boolean,
    accounts: boolean,
    isNetworkWord: (word: string) => boolean,
    pseudonymKey: Uint8Array | undefined,
  ) {
    this.pseudonyms = new Pseudonyms(pseudonymKey);
    this.masked = masked;
    this.accounts = accounts;
    this.isNetworkWord = isNetworkWord;
  }

  of(passage: Passage): object {
    return passage.kind === "handshake" ? this.ofHandshake(passage) : this.ofMessage(passage);
  }

  /** The cause may quote a message: masked, only its class and the places in the code are told. */
  ofFault(error: unknown): object {
    if (!(error instanceof Error))
      return { kind: "fault", cause: this.masked ? typeof error : String(error) };
    const { message, stack = "" } = error;
    if (!this.masked) return { kind: "fault", cause: message, stack };
    return { kind: "fault", cause: `${hidden} (masked)`, stack: framesOf(stack, message).join("\n") };
  }

  /** Which message it was, and between whom. */
  messageHead({ at, method, status, from, to, decision, received }: MessagePassage): object {
    return {
      time: new Date(at).toISOString(),
      kind: "message",
      method: this.masked && method !== "" && !knownMethods.has(method) ? hidden : method,
      status,
      callId: method === "" ? undefined : this.callId(received),
      from: endOf(from, decision?.from),
      to: to === undefined ? undefined : endOf(to, decision?.to),
    };
  }

  /** How texts that speak of the message are told; `shown` names stay. */
  hideOfMessage(passage: MessagePassage, shown: readonly string[] = []): Hide {
    if (!this.masked) return plainly;
    let mask: Mask | undefined;
    // Most lines hold no text that would have to be masked.
    return (text) => {
      mask ??= maskOfMessage(passage.received, [...networksOf(passage), ...shown], this.isNetworkWord);
      return mask.hide(text);
    };
  }

  private ofMessage(passage: MessagePassage): object {
    const { outcome, decision } = passage;
    const hide = this.hideOfMessage(passage);
    const line = {
      ...this.messageHead(passage),
      verdict: verdictOf(passage),
      ...outcomeOf(outcome, hide),
    };
    return decision === undefined ? line : { ...line, ...this.accountOf(passage, decision, hide) };
  }

  private accountOf({ outcome }: MessagePassage, decision: MessageDecision, hide: Hide): object {
    const isRejected = decision.verdict === "reject";
    const refusal = isRejected
      ? {
          rejection: {
            status: decision.status,
            reason: decision.reason === undefined ? undefined : hide(decision.reason),
            rule: decision.answeredBy,
          },
          violation: decision.violation?.rule,
        }
      : {};
    if (!this.accounts || (!isRejected && outcome.kind !== "forwarded")) return refusal;
    try {
      return {
        ...refusal,
        rules: decision.rules.map(({ name, file, line }) => ({ name, place: `${file}:${line}` })),
        marks: decision.marks.map(hide),
        edits: decision.edits.map(({ field, action, rule }) => ({
          field: this.fieldOf(field, hide),
          action,
          rule,
        })),
      };
    } catch (error) {
      // The account is drawn up when it is read; what was decided stands without it.
      return { ...refusal, fault: this.ofFault(error) };
    }
  }

  /** A field that the vocabulary lacks has the name that its sender gave it. */
  fieldOf(field: string, hide: Hide): string {
    return this.scan.table.recognise(Buffer.from(field), 0, Buffer.byteLength(field)) > 0
      ? field
      : hide(field);
  }

  /** Which handshake it was, and with whom. */
  handshakeHead({ event }: HandshakePassage, hide: Hide): object {
    const { at, connection, role, domain, partner } = event;
    return {
      time: new Date(at).toISOString(),
      kind: "handshake",
      role,
      listener: connection.listener,
      transport: connection.transport,
      address: connection.remoteAddress,
      domain: domain === undefined ? undefined : hide(domain),
      wanted: partner,
    };
  }

  /** How texts that speak of the handshake are told; `shown` names stay. */
  hideOfHandshake({ event, decision }: HandshakePassage, shown: readonly string[] = []): Hide {
    if (!this.masked) return plainly;
    const names = [event.partner, decision.partner].filter((name) => name !== undefined);
    return maskOfHandshake(event, [...names, ...shown]);
  }

  private ofHandshake(passage: HandshakePassage): object {
    const { decision } = passage;
    const hide = this.hideOfHandshake(passage);
    const told = (text: string | undefined): string | undefined =>
      text === undefined ? undefined : hide(text);
    return {
      ...this.handshakeHead(passage, hide),
      verdict: decision.verdict,
      partner: decision.partner,
      identities: decision.identities.map(hide),
      reason: told(decision.reason),
      cause: told(decision.cause),
      rules:
        decision.verdict === "reject" || this.accounts
          ? decision.rules.map(({ name, file, line }) => ({ name, place: `${file}:${line}` }))
          : undefined,
    };
  }

  /** Lines of one call are joined by it; undefined where there is none. */
  private callId(bytes: Uint8Array): string | undefined {
    const { scan } = this;
    // What breaks a rule is read as far as the rule.
    scan.read(bytes, "datagram");
    const row = scan.firstRow(scan.table.core.callId);
    if (row < 0) return undefined;
    const value = scan.bytes.subarray(scan.valueStart[row], scan.valueEnd[row]);
    return this.masked ? this.pseudonyms.of(value) : Buffer.from(value).toString("utf8");
  }
}

function outcomeOf(outcome: Outcome, hide: Hide): object {
  switch (outcome.kind) {
    case "forwarded":
      return outcome.oversize === true ? { outcome: "forwarded", oversize: true } : { outcome: "forwarded" };
    case "absorbed":
      return { outcome: outcome.kind };
    case "answered": {
      const { status, reason, cause } = outcome;
      return { outcome: "answered", answer: { status, reason: hide(reason) }, cause: hide(cause) };
    }
    case "dropped": {
      const { why, cause } = outcome;
      // The text of a flood: nothing is quoted, and nothing is compared.
      return { outcome: "dropped", why, cause: why === "share" || why === "queue" ? cause : hide(cause) };
    }
    case "failed": {
      const { cause, stack } = outcome;
      const shown = hide === plainly ? stack : framesOf(stack, cause).map(hide).join("\n");
      return { outcome: "failed", cause: hide(cause), stack: shown };
    }
  }
}

function verdictOf({ outcome, decision }: MessagePassage): string {
  if (outcome.kind === "absorbed") return "absorb";
  if (outcome.kind === "forwarded") return decision?.verdict ?? "allow";
  return outcome.kind === "answered" && outcome.status < 300 ? "allow" : "reject";
}

function endOf({ network, transport, address, port }: PassageEnd, assessed: Assessment | undefined): object {
  return { network, transport, address, port, trusted: assessed?.trusted };
}

function networksOf({ from, to }: MessagePassage): readonly string[] {
  return to === undefined ? [from.network] : [from.network, to.network];
}

/**
 * The domain sought comes from a Request-URI. A certificate names elements of a network,
 * unless what it names has a user part or is no domain at all.
 */
function maskOfHandshake(
  { domain, connection: { tls } }: HandshakePassage["event"],
  shown: readonly string[],
): Hide {
  const { uris = [], commonName } = tls?.certificate ?? {};
  const telling = uris.filter((uri) => uri.includes("@") || !/^sips?:/iu.test(uri));
  if (commonName !== undefined && !/^[a-z0-9*-]+(?:\.[a-z0-9-]+)+$/iu.test(commonName))
    telling.push(commonName);
  if (domain !== undefined) telling.push(domain);
  if (tls?.sni !== undefined) telling.push(tls.sni);
  const mask = new Mask(telling, shown);
  return (text) => mask.hide(text);
}

/** The lines of a stack that name places of the code; not those of the message above them. */
function framesOf(stack: string, message: string): readonly string[] {
  const rest = message !== "" && stack.includes(message) ? stack.replace(message, () => "") : stack;
  return rest
    .split("\n")
    .filter((line) =>
      /^ {4}at (?:async |new )?[\w.$<>[\] #]*\(?(?:file:|node:|\/)[^\s@]*:\d+:\d+\)?$/u.test(line),
    );
}
