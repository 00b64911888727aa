import { readFile } from "node:fs/promises";
import { type ParseArgsConfig, parseArgs } from "node:util";
import { nearName } from "../grammar/index.ts";
import { type Io, UsageError } from "./io.ts";

type Options = NonNullable<ParseArgsConfig["options"]>;

/** `parseArgs`, with its complaints, and an option that is given twice, as `UsageError`. */
export function readArguments<T extends Options>(
  argv: readonly string[],
  options: T,
): ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; tokens: true }>> {
  try {
    const read = parseArgs({ args: [...argv], options, allowPositionals: true, tokens: true });
    const given = new Set<string>();
    for (const token of read.tokens) {
      if (token.kind !== "option" || options[token.name]?.multiple === true) continue;
      if (given.has(token.name)) throw new UsageError(`${token.rawName} is given twice`);
      given.add(token.name);
    }
    return read;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(complaintOf(error, options));
  }
}

function complaintOf(error: unknown, options: Options): string {
  const code = codeOf(error);
  const message = error instanceof Error ? error.message : String(error);
  const name = /'(?:-\w, )?(--?[^' ]+)/.exec(message)?.[1] ?? "";
  if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") {
    const names = Object.keys(options).map((one) => `--${one}`);
    const near = nearName(name, names);
    const hint = near === undefined ? `the options are ${names.join(", ")}` : `did you mean \`${near}\`?`;
    return `there is no option \`${name}\`; ${hint}`;
  }
  if (code === "ERR_PARSE_ARGS_INVALID_OPTION_VALUE") {
    return options[name.slice(2)]?.type === "boolean"
      ? `${name} takes no value`
      : `${name} wants a value; one that begins with a dash is written ${name}=-VALUE`;
  }
  return message;
}

/** One of the words, or a `UsageError` that names them. */
export function oneOf<T extends string>(option: string, value: string, words: readonly T[]): T {
  const found = words.find((word) => word === value);
  if (found === undefined) throw new UsageError(`${option} is one of ${words.join(", ")}, not \`${value}\``);
  return found;
}

const isoTime = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?)?(Z|[+-]\d\d:\d\d)?$/;

/** A date or date-time in ISO 8601, in milliseconds since 1970; without a zone it is UTC. */
export function readTime(option: string, text: string): number {
  const [, year, month, day, clock = "T00:00", zone = "Z"] = isoTime.exec(text) ?? [];
  const time = Date.parse(`${year}-${month}-${day}${clock}${zone}`);
  // Date.parse takes the 31st of February for the 3rd of March.
  const midnight = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  if (Number.isNaN(time) || midnight.getUTCDate() !== Number(day)) {
    throw new UsageError(`${option} wants a time such as 2026-06-01T12:00:00Z, not \`${text}\``);
  }
  return time;
}

/** `NAME=VALUE` pairs. */
export function readPairs(option: string, pairs: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf("=");
    if (at < 1) throw new UsageError(`${option} wants NAME=VALUE, not \`${pair}\``);
    const name = pair.slice(0, at);
    if (map.has(name)) throw new UsageError(`${option} gives \`${name}\` twice`);
    map.set(name, pair.slice(at + 1));
  }
  return map;
}

/** A file's bytes, or standard input for `-`. */
export async function readBytes(path: string, io: Io): Promise<Uint8Array> {
  try {
    return path === "-" ? await io.readInput() : await readFile(path);
  } catch (error) {
    throw new UsageError(`can't read ${path === "-" ? "standard input" : `\`${path}\``}: ${reasonOf(error)}`);
  }
}

/** A file's text. Where it is not UTF-8, to write it back would lose what it says. */
export async function readText(path: string, io: Io): Promise<string> {
  const bytes = await readBytes(path, io);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`\`${path}\` is not UTF-8 text: save it in that encoding`);
  }
}

/** Why a file could not be read or written, without a stack. */
export function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES" || code === "EPERM") return "it is not allowed";
  return error instanceof Error ? error.message : String(error);
}

/** Node's code of what went wrong, such as ENOENT. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
