/** Numbers the kinds of message that a policy tells apart: request or response, and each method that it names. */
import { policyText } from "../comparison-text.ts";
import { bytesOf } from "./byte-text.ts";
import type { MessageFacts } from "./message-facts.ts";

export interface KindOfMessage {
  readonly isRequest: boolean;
  /** Undefined: a method that no rule names. */
  readonly method: string | undefined;
}

export class MessageKinds {
  readonly kinds: readonly KindOfMessage[];
  private readonly methods: readonly Uint8Array[];
  private readonly responsesByMethod: boolean;

  /** @param named the methods that rules name */
  constructor(named: readonly string[]) {
    // A rejection asks whether the request is an ACK or a CANCEL.
    const methods = [...new Set([...named, "ACK", "CANCEL"])];
    this.methods = methods.map((method) => bytesOf(policyText(method)));
    this.responsesByMethod = named.length > 0;
    const all = [...methods, undefined];
    this.kinds = [true, false].flatMap((isRequest) => all.map((method) => ({ isRequest, method })));
  }

  kindOf(facts: MessageFacts): number {
    const { methods } = this;
    const others = methods.length;
    const first = facts.scan.isRequest ? 0 : others + 1;
    if (first > 0 && !this.responsesByMethod) return first + others;
    for (let method = 0; method < others; method++) {
      if (facts.methodIs(methods[method]!)) return first + method;
    }
    return first + others;
  }
}
