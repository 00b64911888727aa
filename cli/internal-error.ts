import { exitCode, type Io } from "./io.ts";

/** Variables of the environment that are read: `PRIVET_DEBUG`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** A mistake in Privet, not in what it was given. The stack is for those who will mend it. */
export function showInternalError(error: unknown, io: Io, environment: Environment): number {
  const isDebugging = (environment["PRIVET_DEBUG"] ?? "") !== "";
  const [what = ""] = String(error).split("\n");
  io.err(
    `privet: internal error: ${what}; please report it${isDebugging ? "" : ", with what is shown when PRIVET_DEBUG=1 is set"}\n`,
  );
  if (isDebugging && error instanceof Error) io.err(`${error.stack ?? ""}\n`);
  return exitCode.internal;
}
