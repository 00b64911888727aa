import { readFile } from "node:fs/promises";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { type Io, UsageError } from "./io.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** `parseArgs`, with its complaints as `UsageError`. */
export function readArguments<T extends Options>(
  argv: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true }>> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** One of the words, or a `UsageError` that names them. */
export function oneOf<T extends string>(option: string, value: string, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new UsageError(`${option} is one of ${words.join(", ")}, not \`${value}\``);
  return found;
}

/** A date or date-time in ISO 8601, in milliseconds since 1970; without a zone it is UTC. */
export function readTime(option: string, text: string): number {
  const zoned = /^\d{4}-\d\d-\d\dT[\d:.]+$/.test(text) ? `${text}Z` : text;
  const time = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(zoned) : Number.NaN;
  if (Number.isNaN(time)) throw new UsageError(`${option} wants a time such as 2026-06-01T12:00:00Z, not \`${text}\``);
  return time;
}

/** `NAME=VALUE` pairs. */
export function readPairs(option: string, pairs: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`${option} wants NAME=VALUE, not \`${pair}\``);
    map.set(pair.slice(0, at), pair.slice(at + 1));
  }
  return map;
}

/** A file's bytes, or standard input for `-`. */
export async function readBytes(path: string, io: Io): Promise<Uint8Array> {
  if (path === "-") return io.readInput();
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(`can't read \`${path}\`: ${reasonOf(error)}`);
  }
}

/** Why a file could not be read or written, without a stack. */
export function reasonOf(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "reading it is not allowed";
  return error instanceof Error ? error.message : String(error);
}
