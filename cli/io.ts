/** The process, as far as a command sees it. Tests pass their own. */
export interface Io {
  /** Standard output. */
  out(text: string | Uint8Array): void;
  /** Standard error. */
  err(text: string): void;
  /** All of standard input. */
  readInput(): Promise<Uint8Array>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Colours are wanted on standard output. */
  readonly color: boolean;
}

/** Exit codes of every command. */
export const exitCode = {
  clean: 0,
  findings: 1,
  usage: 2,
  rejected: 3,
  /** A fault of Privet itself (EX_SOFTWARE of sysexits.h). */
  internal: 70,
} as const;

/** A mistake in how a command was called: shown on standard error, exit code 2. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** Thrown where a policy has errors, after they were shown: the command ends with exit code 1. */
export class PolicyHasErrors extends Error {
  override readonly name = "PolicyHasErrors";
  readonly code: number = exitCode.findings;
}
