/** Reads `border.json`. Whatever is wrong with it is a list of mistakes, never an exception. */
import { randomBytes } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { Ajv, type ErrorObject } from "ajv";
import {
  type BorderConfiguration,
  type BorderTransport,
  defaultQueue,
  type Hop,
  type ListenerSettings,
  type NetworkSettings,
} from "./configuration.ts";
import { canonicalAddress } from "./ip-address.ts";
import { packagePath } from "./package-path.ts";
import { defaultPort } from "./return-path.ts";

export interface BorderFile {
  /** Path of the policy; relative where that of border.json is. */
  readonly policy: string;
  readonly configuration: BorderConfiguration;
  readonly log: "decisions" | "quiet";
  /** What the operator should know, though it starts. */
  readonly warnings: readonly FileMistake[];
}

export interface FileMistake {
  /** File, and the path of the value in it: `border.json /networks/home/hops/0`. */
  readonly place: string;
  readonly cause: string;
  readonly remedy: string;
}

export type BorderFileResult =
  | { readonly ok: true; readonly file: BorderFile }
  | { readonly ok: false; readonly mistakes: readonly FileMistake[] };

/** The JSON as docs/border.schema.json describes it. */
interface BorderJson {
  readonly policy: string;
  readonly secret?: string;
  readonly secretFile?: string;
  readonly listeners: readonly {
    readonly name: string;
    readonly transport: BorderTransport;
    readonly address: string;
    readonly port: number;
    readonly host?: string;
    readonly certificate?: string;
    readonly key?: string;
  }[];
  readonly networks: Readonly<
    Record<string, { readonly hops?: readonly string[]; readonly listener?: string; readonly numeric?: boolean }>
  >;
  readonly queue?: { readonly bytes?: number; readonly milliseconds?: number };
  readonly log?: "decisions" | "quiet";
}

export function readBorderFile(path: string): BorderFileResult {
  const mistakes: FileMistake[] = [];
  const json = readJson(path, mistakes);
  if (json === undefined) return { ok: false, mistakes };
  const reader = new Reader(path, json);
  const file = reader.read();
  return reader.mistakes.length > 0 ? { ok: false, mistakes: reader.mistakes } : { ok: true, file };
}

/** `udp:192.0.2.1:5060`, `tls:[2001:db8::1]`. Names are not looked up. */
export function readHop(text: string): Hop | undefined {
  const match = /^(udp|tcp|tls):(\[[^\]]+\]|[^:]+)(?::(\d{1,5}))?$/.exec(text);
  if (match === null) return undefined;
  const transport = match[1] as BorderTransport;
  const address = canonicalAddress(match[2]!);
  const port = match[3] === undefined ? defaultPort(transport) : Number(match[3]);
  return address === undefined || port < 1 || port > 65535 ? undefined : { transport, address, port };
}

function readJson(path: string, mistakes: FileMistake[]): BorderJson | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code === "ENOENT" ? "there is no such file" : String(error);
    mistakes.push({ place: path, cause, remedy: "give the path of a border.json, or no path for the tour" });
    return undefined;
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const before = text.slice(0, positionOf((error as Error).message, text));
    mistakes.push({
      place: `${path}:${before.split("\n").length}:${before.length - before.lastIndexOf("\n")}`,
      cause: "this is not JSON",
      remedy: "look for a missing or surplus comma, quote or bracket here; JSON has no comments",
    });
    return undefined;
  }
  const schema = JSON.parse(readFileSync(packagePath("docs/border.schema.json"), "utf8")) as object;
  const validate = new Ajv({ allErrors: true, verbose: true }).compile<BorderJson>(schema);
  if (validate(json)) return json;
  const errors = (validate.errors ?? []).filter(({ keyword }) => keyword !== "if");
  mistakes.push(...errors.map((error) => schemaMistake(path, error)));
  return undefined;
}

/** Where V8 stopped reading: it names the position, or shows the ten characters before it. */
function positionOf(message: string, text: string): number {
  const position = /position (\d+)/.exec(message);
  if (position !== null) return Number(position[1]);
  const [, shown] = /^Unexpected token .*?, \.\.\."([\s\S]+?)"(?:\.\.\.)? is not valid JSON$/.exec(message) ?? [];
  const at = shown === undefined ? -1 : text.indexOf(shown);
  return at < 0 ? text.length : at + 10;
}

function schemaMistake(path: string, error: ErrorObject): FileMistake {
  const place = `${path} ${error.instancePath || "/"}`;
  const { description } = (error.parentSchema ?? {}) as { description?: string };
  switch (error.keyword) {
    case "additionalProperties": {
      const name = String((error.params as { additionalProperty: string }).additionalProperty);
      const known = Object.keys((error.parentSchema as { properties?: object }).properties ?? {});
      return { place, cause: `there is no setting \`${name}\``, remedy: `use one of ${known.join(", ")}, or take it away` };
    }
    case "required": {
      const name = String((error.params as { missingProperty: string }).missingProperty);
      return { place, cause: `\`${name}\` is missing`, remedy: `add "${name}": see docs/border.schema.json` };
    }
    case "enum": {
      const allowed = (error.params as { allowedValues: readonly unknown[] }).allowedValues;
      return { place, cause: `${JSON.stringify(error.data)} is not known here`, remedy: `use one of ${allowed.join(", ")}` };
    }
    default:
      return {
        place,
        cause: `${JSON.stringify(error.data)} ${error.message ?? "is not right"}`,
        remedy: description ?? "see docs/border.schema.json",
      };
  }
}

class Reader {
  readonly mistakes: FileMistake[] = [];
  private readonly warnings: FileMistake[] = [];
  private readonly path: string;
  private readonly json: BorderJson;

  constructor(path: string, json: BorderJson) {
    this.path = path;
    this.json = json;
  }

  read(): BorderFile {
    const listeners = this.json.listeners.map((_, index) => this.readListener(index));
    const networks = new Map(Object.keys(this.json.networks).map((name) => [name, this.readNetwork(name)]));
    const { bytes = defaultQueue.bytes, milliseconds = defaultQueue.milliseconds } = this.json.queue ?? {};
    return {
      policy: isAbsolute(this.json.policy) ? this.json.policy : join(dirname(this.path), this.json.policy),
      configuration: { secret: this.readSecret(), listeners, networks, queue: { bytes, milliseconds } },
      log: this.json.log ?? "decisions",
      warnings: this.warnings,
    };
  }

  private readListener(index: number): ListenerSettings {
    const place = `/listeners/${index}`;
    const { name, transport, address, port, host, certificate, key } = this.json.listeners[index]!;
    const canonical = canonicalAddress(address);
    if (canonical === undefined) {
      this.mistake(`${place}/address`, `\`${address}\` is no IP address`, "write an address of this machine, such as 127.0.0.1");
    } else if (host === undefined && (canonical === "0.0.0.0" || canonical === "::")) {
      this.mistake(place, "peers can't answer to an unspecified address", 'add "host": the name or address that peers see');
    }
    return {
      name,
      transport,
      address: canonical ?? address,
      port,
      host: host ?? canonical ?? address,
      certificate: this.readPem(`${place}/certificate`, certificate),
      key: this.readPem(`${place}/key`, key),
    };
  }

  private readPem(place: string, name: string | undefined): string | undefined {
    if (name === undefined) return undefined;
    const text = this.readText(place, name);
    if (text !== undefined && !text.includes("-----BEGIN ")) {
      this.mistake(place, `\`${name}\` holds no PEM`, "give a file with -----BEGIN … lines");
    }
    return text;
  }

  private readText(place: string, name: string): string | undefined {
    const full = resolve(dirname(this.path), name);
    try {
      return readFileSync(full, "utf8");
    } catch {
      const cause = existsSync(full) ? `\`${full}\` can't be read` : `there is no file \`${full}\``;
      this.mistake(place, cause, "paths count from the folder of border.json");
      return undefined;
    }
  }

  private readNetwork(name: string): NetworkSettings {
    const { hops = [], listener, numeric = false } = this.json.networks[name]!;
    const read = hops.flatMap((text, index) => {
      const hop = readHop(text);
      if (hop !== undefined) return [hop];
      this.mistake(
        `/networks/${name}/hops/${index}`,
        `\`${text}\` is no hop`,
        "write transport:address:port, such as udp:192.0.2.1:5060 or tls:[2001:db8::1]:5061",
      );
      return [];
    });
    if (listener !== undefined && !this.json.listeners.some((one) => one.name === listener)) {
      this.mistake(`/networks/${name}/listener`, `there is no listener \`${listener}\``, "name one of /listeners");
    }
    return { hops: read, listener, numeric };
  }

  private readSecret(): Uint8Array {
    const { secret, secretFile } = this.json;
    const place = secret === undefined ? "/secretFile" : "/secret";
    if (secret === undefined && secretFile === undefined) {
      this.warnings.push({
        place: `${this.path} /`,
        cause: "no secret: one was made up for this run",
        remedy: 'add "secretFile" with 32 hexadecimal digits, so that calls in progress outlive a restart',
      });
      return randomBytes(16);
    }
    const text = (secret ?? this.readText(place, secretFile!) ?? "").trim();
    if (!/^[0-9a-f]{32}$/i.test(text)) {
      this.mistake(place, "a secret is 32 hexadecimal digits", "make one with: openssl rand -hex 16");
      return new Uint8Array(16);
    }
    return Buffer.from(text, "hex");
  }

  private mistake(place: string, cause: string, remedy: string): void {
    this.mistakes.push({ place: `${this.path} ${place}`, cause, remedy });
  }
}
