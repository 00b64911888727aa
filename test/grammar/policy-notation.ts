/** A short way to say which diagnostics a policy gives: `P2001 "the underlined text"`. */
import { type CheckResult, check, readerOf } from "../../grammar/index.ts";

/** Networks that most policies of the tests need; nothing in it is worth a diagnostic. */
export const networks: string = `language 1
policy "test"
network home { own domain "home1.example" listener "inside" }
network open-d { domain "open-d.example" address 203.0.113.9/32 }
partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-2026-014" from 2026-01-01 to 2027-12-31
}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
`;

export const now: number = Date.UTC(2026, 5, 1);

/** A policy of the networks above and these statements, other files beside it by name. */
export function checkWith(statements: string, others: Readonly<Record<string, string>> = {}): CheckResult {
  return checkText(networks + statements, others);
}

export function checkText(text: string, others: Readonly<Record<string, string>> = {}): CheckResult {
  return check("main.privet", readerOf({ ...others, "main.privet": text }), { now });
}

/** Each diagnostic as its code and the text that it underlines. */
export function notation({ diagnostics, sources }: CheckResult): string[] {
  return diagnostics.map(({ code, file, span }) => {
    const text = sources.get(file)?.text.slice(span.start, span.end) ?? "";
    return `${code} "${text.replaceAll(/\s+/g, " ")}"`;
  });
}

/** What the statements give, beside the networks above. */
export function findings(statements: string, others: Readonly<Record<string, string>> = {}): string[] {
  return notation(checkWith(statements, others));
}

/** A rule at the out gate with these lines. */
export function ruleWith(lines: string, on = "message to untrusted"): string {
  return `rule a-rule\n  on ${on}\n  ${lines}\n  because "RFC 3325 7"\n`;
}
