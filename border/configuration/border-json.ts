/** `border.json` as JSON that keeps docs/border.schema.json; what breaks it, as mistakes with place and remedy. */
import { readFileSync } from "node:fs";
import type { ErrorObject } from "ajv";
import type { LogLevel } from "../operation/log.ts";
import { isBorderJson } from "./border-json.generated.ts";
import type { BorderTransport } from "./configuration.ts";

export interface FileMistake {
  /** File, and the path of the value in it: `border.json /networks/home/hops/0`. */
  readonly place: string;
  readonly cause: string;
  readonly remedy: string;
}

/** The JSON as the schema describes it. */
export interface BorderJson {
  readonly policy: string;
  readonly shadow?: string | { readonly policy: string; readonly share?: number };
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
    readonly certificates?: readonly {
      readonly domains: readonly string[];
      readonly host?: string;
      readonly certificate: string;
      readonly key: string;
    }[];
  }[];
  readonly networks: Readonly<
    Record<
      string,
      {
        readonly hops?: readonly string[];
        readonly listener?: string;
        readonly ping?: number;
        readonly numeric?: boolean;
        readonly messages?: number;
        readonly connections?: number;
      }
    >
  >;
  readonly queue?: { readonly bytes?: number; readonly milliseconds?: number; readonly total?: number };
  readonly lossy?: "accept";
  readonly oversize?: "send" | "refuse";
  readonly connections?: Partial<Readonly<Record<"idle" | "open" | "halfOpen" | "keepAlive", number>>>;
  readonly sources?: Partial<
    Readonly<Record<"messages" | "connections" | "newConnections" | "halfOpen" | "answers", number>>
  >;
  readonly dns?: {
    readonly servers: "system" | readonly string[];
    readonly milliseconds?: number;
    readonly cache?: number;
    readonly withdrawn?: "tell" | "refuse";
  };
  readonly workers?: number;
  readonly operation?: { readonly address?: string; readonly port: number };
  readonly publish?: {
    readonly listen: readonly string[];
    readonly nameServers?: readonly string[];
    readonly answers?: number;
    readonly total?: number;
  };
  readonly log?:
    | "decisions"
    | "quiet"
    | {
        readonly level: LogLevel;
        readonly identities?: "masked" | "shown";
        readonly accounts?: boolean;
      };
}

export type BorderJsonResult =
  | { readonly ok: true; readonly value: BorderJson }
  | { readonly ok: false; readonly mistakes: readonly FileMistake[] };

export function readBorderJson(path: string): BorderJsonResult {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    const known =
      code === "ENOENT" ? "there is no such file" : code === "EISDIR" ? "it is a folder" : undefined;
    const cause = known ?? messageOf(error);
    return broken({ place: path, cause, remedy: "give the path of a border.json, or no path for the tour" });
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    const before = text.slice(0, positionOf(messageOf(error), text));
    return broken({
      place: `${path}:${before.split("\n").length}:${before.length - before.lastIndexOf("\n")}`,
      cause: "this is not JSON",
      remedy: "look for a missing or surplus comma, quote or bracket here; JSON has no comments",
    });
  }
  if (isBorderJson(json)) return { ok: true, value: json };
  // `if` repeats what its `then` has said.
  const errors = (isBorderJson.errors ?? []).filter(({ keyword }) => keyword !== "if");
  // They hold what was read, a secret among it.
  isBorderJson.errors = null;
  return broken(...errors.map((error) => schemaMistake(path, error)));
}

function broken(...mistakes: readonly FileMistake[]): BorderJsonResult {
  return { ok: false, mistakes };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Where V8 stopped reading: it names the position, or shows the ten characters before it. */
function positionOf(message: string, text: string): number {
  const position = /position (\d+)/.exec(message);
  if (position !== null) return Number(position[1]);
  const [, shown] =
    /^Unexpected token .*?, \.\.\."([\s\S]+?)"(?:\.\.\.)? is not valid JSON$/.exec(message) ?? [];
  const at = shown === undefined ? -1 : text.indexOf(shown);
  return at < 0 ? text.length : at + 10;
}

function schemaMistake(path: string, error: ErrorObject): FileMistake {
  const place = `${path} ${error.instancePath || "/"}`;
  const given = JSON.stringify(error.data);
  const settings = Object.keys(error.parentSchema?.["properties"] ?? {});
  const description: unknown = error.parentSchema?.["description"];
  switch (error.keyword) {
    case "additionalProperties":
      return {
        place,
        cause: `there is no setting \`${error.params["additionalProperty"]}\``,
        remedy: `use one of ${settings.join(", ")}, or take it away`,
      };
    case "required": {
      const name = error.params["missingProperty"];
      return { place, cause: `\`${name}\` is missing`, remedy: `add "${name}": see docs/border.schema.json` };
    }
    case "enum":
      return {
        place,
        cause: `${given} is not known here`,
        remedy: `use one of ${error.params["allowedValues"].join(", ")}`,
      };
    default:
      return {
        place,
        cause: `${given} ${error.message ?? "is not right"}`,
        remedy: typeof description === "string" ? description : "see docs/border.schema.json",
      };
  }
}
