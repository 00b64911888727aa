/** Where border.json has published domains answered for, and what an operator should know of it. */
import { isDeepStrictEqual } from "node:util";
import type { Policy } from "../../grammar/model.ts";
import { domainName } from "../../wire/certificate/index.ts";
import { canonicalAddress } from "../routing/ip-address.ts";
import type { BorderFile } from "./border-file.ts";
import type { BorderJson, FileMistake } from "./border-json.ts";

export interface PublishingSettings {
  /** UDP and TCP, at each. Port 0: any. */
  readonly listen: readonly { readonly address: string; readonly port: number }[];
  /** A second over UDP, to one network. */
  readonly answers: number;
  /** A second over UDP, to everybody. */
  readonly total: number;
  /** Domains, in lower case; none: the first host that is published. */
  readonly nameServers: readonly string[];
}

const defaults = { port: 53, answers: 50, total: 2_000 };

type Complain = (pointer: string, cause: string, remedy: string) => void;

export function readPublishing(
  json: BorderJson["publish"],
  complain: Complain,
): PublishingSettings | undefined {
  if (json === undefined) return undefined;
  const { listen, nameServers = [], answers = defaults.answers, total = defaults.total } = json;
  const seen = new Map<string, number>();
  return {
    listen: listen.flatMap((text, index) => {
      const place = `/publish/listen/${index}`;
      const read = readSocket(text);
      if (read === undefined) {
        complain(
          place,
          `\`${text}\` is no address with a port`,
          "write one such as 192.0.2.53:53 or [2001:db8::53]:53",
        );
        return [];
      }
      const key = `${read.address} ${read.port}`;
      const earlier = read.port === 0 ? undefined : seen.get(key);
      if (earlier !== undefined)
        complain(place, `it is /publish/listen/${earlier} once more`, "take it away");
      seen.set(key, index);
      return [read];
    }),
    answers,
    total: Math.max(total, answers),
    nameServers: nameServers.flatMap((text, index) => {
      const name = domainName(text);
      if (name === undefined)
        complain(
          `/publish/nameServers/${index}`,
          `\`${text}\` is no domain name`,
          "write one such as ns1.home1.example",
        );
      return name ?? [];
    }),
  };
}

function readSocket(text: string): { readonly address: string; readonly port: number } | undefined {
  const [, host = "", digits] = /^(\[[^\]]+\]|[\d.]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = canonicalAddress(host);
  const port = digits === undefined ? defaults.port : Number(digits);
  return address === undefined || port > 65_535 ? undefined : { address, port };
}

/** Warnings. `path` is that of border.json, for the places. */
export function checkPublishing(
  path: string,
  { publish, configuration }: Pick<BorderFile, "publish" | "configuration">,
  { publications }: Policy,
): readonly FileMistake[] {
  if (publish === undefined) return [];
  const place = `${path} /publish`;
  if (publications.length === 0) {
    const cause = "the policy publishes nothing: every question is refused";
    return [{ place, cause, remedy: "write a `publish` statement, or take `publish` out" }];
  }
  const warnings: FileMistake[] = [];
  const isAsked = publications.some(({ services }) => services.some(({ transport }) => transport === "tls"));
  if (isAsked && !configuration.listeners.some(({ transport }) => transport === "tls")) {
    const cause = "the policy asks for TLS by DNS, and no listener here speaks it";
    warnings.push({ place, cause, remedy: "add a tls listener, or leave it so where another border has it" });
  }
  const hosts = new Set(publications.flatMap((one) => one.hosts.map(({ name }) => name)));
  const isInside = (name: string): boolean =>
    publications.some(({ domain }) => name === domain || name.endsWith(`.${domain}`));
  for (const [index, name] of publish.nameServers.entries()) {
    if (!isInside(name) || hosts.has(name)) continue;
    const cause = `the policy publishes no address of \`${name}\`, which lies in a domain of its own`;
    const remedy = `add a line such as \`host "${name}" address 192.0.2.53\` to its \`publish\` statement`;
    warnings.push({ place: `${place}/nameServers/${index}`, cause, remedy });
  }
  return warnings;
}

/** What can't change while the border runs. */
export function checkPublishingReload(
  path: string,
  { publish: running }: Pick<BorderFile, "publish">,
  { publish: next }: Pick<BorderFile, "publish">,
): readonly FileMistake[] {
  const fixed = (one: PublishingSettings | undefined): unknown =>
    one && { listen: one.listen, answers: one.answers, total: one.total };
  if (isDeepStrictEqual(fixed(next), fixed(running))) return [];
  const cause =
    "questions of DNS are answered where and as often as was said at the start: only records and name servers change";
  return [{ place: `${path} /publish`, cause, remedy: "put it back, or restart the border" }];
}
