/** What a log line says of a difference between the policy in force and the shadow policy. */
import type { HandshakeDecision, MessageDecision } from "../../engine/index.ts";
import type { Comparison, HandshakeDifference, MessageDifference } from "../shadow/comparison.ts";
import { bySide, differingFields, tellingRules } from "../shadow/difference.ts";
import type { LogAccount } from "./log-account.ts";
import type { Hide } from "./masking.ts";

type Decisions<Decision> = readonly [one: Decision, other: Decision];

export class ShadowAccount {
  private readonly account: LogAccount;

  /** Masks as that does. */
  constructor(account: LogAccount) {
    this.account = account;
  }

  of(comparison: Exclude<Comparison, { readonly result: "same" }>): object {
    if (comparison.result === "fault") return this.ofFault(comparison);
    return comparison.kind === "handshake" ? this.ofHandshake(comparison) : this.ofMessage(comparison);
  }

  private ofFault({ passage, error }: Extract<Comparison, { readonly result: "fault" }>): object {
    const { account } = this;
    const head =
      passage.kind === "handshake"
        ? account.handshakeHead(passage, account.hideOfHandshake(passage))
        : account.messageHead(passage);
    return { ...head, ...account.ofFault(error), kind: "shadow", of: passage.kind, result: "fault" };
  }

  private ofMessage(difference: MessageDifference): object {
    const { account } = this;
    const { passage, inForce, onTrial } = difference;
    const networks = [onTrial?.from.network, onTrial?.to.network].filter((name) => name !== undefined);
    const hide = account.hideOfMessage(passage, networks);
    const head = { ...account.messageHead(passage), kind: "shadow", of: "message", result: "different" };
    const isRouted = passage.to !== undefined;
    try {
      const fields = differingFields(difference);
      const side = (...decisions: Decisions<MessageDecision | undefined>): object =>
        messageSide(decisions, fields, isRouted, hide);
      return {
        ...head,
        gate: isRouted ? undefined : "in",
        ...bySide(side(inForce, onTrial), side(onTrial, inForce)),
        fields: fields.map((field) => account.fieldOf(field, hide)),
      };
    } catch (error) {
      // The account is drawn up when it is read; what was decided stands without it.
      const verdicts = bySide({ verdict: inForce?.verdict }, { verdict: onTrial?.verdict });
      return { ...head, ...verdicts, fault: account.ofFault(error) };
    }
  }

  private ofHandshake({ passage, inForce, onTrial }: HandshakeDifference): object {
    const { account } = this;
    const hide = account.hideOfHandshake(passage, onTrial.partner === undefined ? [] : [onTrial.partner]);
    return {
      ...account.handshakeHead(passage, hide),
      kind: "shadow",
      of: "handshake",
      result: "different",
      ...bySide(handshakeSide(inForce, hide), handshakeSide(onTrial, hide)),
    };
  }
}

function messageSide(
  [decision, other]: Decisions<MessageDecision | undefined>,
  fields: readonly string[],
  isRouted: boolean,
  hide: Hide,
): object {
  if (decision === undefined) return { verdict: "allow" };
  const { verdict, status, reason, violation, from, to, marks } = decision;
  return {
    verdict,
    status,
    reason: reason === undefined ? undefined : hide(reason),
    violation: violation?.rule,
    from: { network: from.network, trusted: from.trusted },
    to: isRouted ? { network: to.network, trusted: to.trusted } : undefined,
    rules: tellingRules(decision, other, fields).map(({ name, file, line }) => ({
      name,
      place: `${file}:${line}`,
    })),
    marks: marks.length === 0 ? undefined : marks.map(hide),
  };
}

function handshakeSide({ verdict, partner, reason, cause, rules }: HandshakeDecision, hide: Hide): object {
  return {
    verdict,
    partner,
    reason: reason === undefined ? undefined : hide(reason),
    cause: cause === undefined ? undefined : hide(cause),
    rules: rules.map(({ name, file, line }) => ({ name, place: `${file}:${line}` })),
  };
}
