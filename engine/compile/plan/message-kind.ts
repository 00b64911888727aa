/** Numbers the kinds of message that a policy tells apart: request or response, and each method that it names. */
import { policyText } from "../../conditions/comparison-text.ts";
import { bytesOf } from "../conditions/byte-text.ts";
import type { MessageFacts } from "../message-facts.ts";

export interface KindOfMessage {
  readonly isRequest: boolean;
  /** Undefined: a method that no rule names. */
  readonly method: string | undefined;
}

export class MessageKinds {
  readonly kinds: readonly KindOfMessage[];
  private readonly methods: readonly Uint8Array[];
  private readonly responsesByMethod: boolean;
  /** By length and first letter: whether some method of the policy may be meant. */
  private readonly likely = new Uint8Array(1024);

  /** @param named the methods that rules name */
  constructor(named: readonly string[]) {
    // A rejection asks whether the request is an ACK or a CANCEL.
    const methods = [...new Set([...named, "ACK", "CANCEL"])];
    this.methods = methods.map((method) => bytesOf(policyText(method)));
    this.responsesByMethod = named.length > 0;
    const all = [...methods, undefined];
    this.kinds = [true, false].flatMap((isRequest) => all.map((method) => ({ isRequest, method })));
    for (const method of this.methods) this.likely[likelihood(method.length, method[0]!)] = 1;
  }

  kindOf(facts: MessageFacts): number {
    const { scan } = facts;
    const others = this.methods.length;
    if (scan.isRequest) {
      const length = scan.methodEnd - scan.methodStart;
      const isLikely = this.likely[likelihood(length, scan.bytes[scan.methodStart]!)] === 1;
      return isLikely ? this.find(facts) : others;
    }
    return others + 1 + (this.responsesByMethod ? this.find(facts) : others);
  }

  private find(facts: MessageFacts): number {
    const { methods } = this;
    for (let method = 0; method < methods.length; method++) {
      if (facts.methodIs(methods[method]!)) return method;
    }
    return methods.length;
  }
}

function likelihood(length: number, first: number): number {
  return ((length & 31) << 5) | (first & 31);
}
