/** A policy with other values of its options, without reading its text again. */
import { type Diagnostic, diagnose } from "./diagnostic.ts";
import type { Policy, PolicyOption } from "./model.ts";
import { nearName } from "./near-name.ts";

export interface WithOptions {
  /** undefined exactly where a diagnostic says why. */
  readonly policy: Policy | undefined;
  /** They stand at the start of the policy's file: the values came from elsewhere. */
  readonly diagnostics: readonly Diagnostic[];
}

/** The same policy, where the options have these values, by name. A network's own values stay. */
export function withOptions(policy: Policy, values: Iterable<readonly [string, string]>): WithOptions {
  const options = new Map<string, PolicyOption>(policy.options);
  const diagnostics: Diagnostic[] = [];
  const start = { start: 0, end: 0 };
  for (const [name, value] of values) {
    const option = options.get(name);
    if (option === undefined) {
      const suggestion = nearName(name, options.keys());
      diagnostics.push(diagnose("P2003", policy.file, start, { name }, { suggestion }));
    } else if (option.values.includes(value)) {
      options.set(name, Object.freeze({ ...option, value }));
    } else {
      const detail = {
        suggestion: nearName(value, option.values),
        expected: option.values.map((one) => `\`${one}\``),
      };
      diagnostics.push(diagnose("P2014", policy.file, start, { value, option: name }, detail));
    }
  }
  return { policy: diagnostics.length > 0 ? undefined : Object.freeze({ ...policy, options }), diagnostics };
}
