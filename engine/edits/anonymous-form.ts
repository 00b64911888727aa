/** The anonymous form of a value (RFC 3323 4.1.1.3), as the vocabulary gives it. */
import type { AnonymousForm } from "../../grammar/index.ts";
import { lowerCase, readText, unfold, unquote } from "../conditions/comparison-text.ts";
import type { ParameterNode, Span, ValueNode } from "../message/tree.ts";

export interface NewHead {
  readonly span: Span;
  readonly text: string;
}

/** What takes the place of the value's head; undefined where it is anonymous already. */
export function anonymousHead(
  value: ValueNode,
  form: AnonymousForm,
  keptHeaders: readonly ParameterNode[],
  bytes: Uint8Array,
): NewHead | undefined {
  if (form.of === "warn-agent") return anonymousAgent(value, form.text, bytes);
  if (isAnonymous(value, keptHeaders, bytes)) return undefined;
  const headers = keptHeaders.map((header) => readText(bytes, header.nameSpan.start, header.end));
  const text = headers.length === 0 ? form.text : form.text.replace(/>$/, `?${headers.join("&")}>`);
  return { span: value.head, text };
}

/** Nothing is left that could tell who it is: no name, user, password, port or parameter of anybody. */
function isAnonymous(
  { uri, displayName }: ValueNode,
  keptHeaders: readonly ParameterNode[],
  bytes: Uint8Array,
): boolean {
  if (uri === undefined || !uri.headers.every((header) => keptHeaders.includes(header))) return false;
  const name =
    displayName === undefined
      ? "anonymous"
      : unquote(unfold(readText(bytes, displayName.start, displayName.end)));
  const address = uri.text.split("?")[0]!;
  return lowerCase(name) === "anonymous" && /^sips?:(?:anonymous@)?anonymous\.invalid$/i.test(address);
}

/** RFC 3261 20.43: warn-code, warn-agent, warn-text. Only the agent says who it is. */
function anonymousAgent(value: ValueNode, text: string, bytes: Uint8Array): NewHead | undefined {
  const [, code, agent] = /^(\d+\s+)(\S+)/.exec(readText(bytes, value.start, value.end)) ?? [];
  if (code === undefined || agent === undefined) return { span: value, text: `399 ${text} "-"` };
  const start = value.start + code.length;
  return { span: { start, end: start + agent.length }, text };
}
