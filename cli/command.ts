import type { Io } from "./io.ts";

/** One word of the command line. */
export interface Command {
  /** What `--help` prints: usage, options, an example that works. */
  readonly help: string;
  /** Resolves to the exit code. Throws `UsageError` for a mistake in `argv`. */
  run(argv: readonly string[], io: Io): Promise<number>;
}
