import { hasErrors, nearName, renderDiagnostics } from "../grammar/index.ts";
import type { Network } from "../grammar/model.ts";
import { domainName } from "../wire/index.ts";
import { oneOf, readArguments, readTime } from "./arguments.ts";
import { refuse } from "./border-load.ts";
import type { Command } from "./command.ts";
import { exitCode, type Io, UsageError } from "./io.ts";
import { DatedFiles } from "./partners/dated-files.ts";
import { type NamedPartners, readNamedPartners } from "./partners/named-partners.ts";
import { findingsOf, type PartnerFinding } from "./partners/partner-findings.ts";
import { partnerToJson } from "./partners/partner-json.ts";
import { endsWithin } from "./partners/partner-rows.ts";
import { PartnerTable } from "./partners/partner-table.ts";
import { Written } from "./written.ts";

const help = `usage: privet partners list FILE [NAME|DOMAIN] [OPTIONS]
       privet partners check FILE [OPTIONS]

The partners of a policy, of the policy that a border.json names, or of a partner list
(.csv, .json) by itself.

list shows each one's domains, agreement, authorities and CRLs, with the days that are left.
check says what is wrong with them: exit code 0: nothing found; 1: findings; 2: the command
was called wrongly.

  --near DAYS   list: only those of which something ends within so many days, has ended,
                or can't be read
  --at TIME     the clock, such as 2026-06-01T12:00:00Z (default: now)
  --json        one JSON object, a partner a line; check: one array, a finding a line

example:
  privet partners check policies/ims-border.privet
`;

const options = {
  near: { type: "string" },
  at: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

export const partnersCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, options);
    const [word, path, sought, ...more] = positionals;
    if (word === undefined) throw new UsageError("say what to do: list or check");
    const action = oneOf("the first word", word, ["list", "check"]);
    if (path === undefined) throw new UsageError("no file is named");
    const surplus = action === "check" ? sought : more[0];
    if (surplus !== undefined) throw new UsageError(`one file, please; what is \`${surplus}\`?`);
    if (action === "check" && values.near !== undefined) throw new UsageError("--near goes with list");
    const near = values.near === undefined ? undefined : readDays(values.near);
    const at = values.at === undefined ? io.now() : readTime("--at", values.at);

    const named = readNamedPartners(path, at);
    if (action === "check") return check(path, named, { at, json: values.json }, io);
    if (named.mistakes.length > 0 || hasErrors(named.errors)) {
      refuse(named.mistakes, io);
      io.err(renderDiagnostics(named.errors, named.sources, { colour: io.color }));
      return exitCode.findings;
    }
    const partners = sought === undefined ? named.partners : [partnerCalled(sought, named.partners, path)];
    const files = new DatedFiles(named);
    const shown = near === undefined ? partners : partners.filter((one) => endsWithin(near, one, files, at));
    if (values.json) writeJson(shown, files, at, io);
    else writeTable(path, shown, { near, of: partners.length, files, at }, io);
    return exitCode.clean;
  },
};

function readDays(text: string): number {
  if (!/^\d{1,6}$/.test(text)) throw new UsageError(`--near wants a number of days, not \`${text}\``);
  return Number(text);
}

function partnerCalled(sought: string, partners: readonly Network[], path: string): Network {
  const domain = domainName(sought);
  const found =
    partners.find(({ name }) => name === sought) ??
    partners.find(({ domains }) => domain !== undefined && domains.includes(domain));
  if (found !== undefined) return found;
  const near = nearName(
    sought,
    partners.flatMap(({ name, domains }) => [name, ...domains]),
  );
  const hint = near === undefined ? `privet partners list ${path} shows them` : `did you mean \`${near}\`?`;
  throw new UsageError(`no partner has the name or the domain \`${sought}\`; ${hint}`);
}

function writeJson(partners: readonly Network[], files: DatedFiles, at: number, io: Io): void {
  const written = new Written(io);
  written.add('{"partners":[');
  for (const [index, partner] of partners.entries())
    written.add(`${index === 0 ? "\n" : ",\n"}${JSON.stringify(partnerToJson(partner, files, at))}`);
  written.add("\n]}\n");
  written.end();
}

interface Listing {
  readonly near: number | undefined;
  /** Partners, shown or not. */
  readonly of: number;
  readonly files: DatedFiles;
  readonly at: number;
}

function writeTable(path: string, partners: readonly Network[], listing: Listing, io: Io): void {
  const { near, of, files, at } = listing;
  if (partners.length === 0) {
    const ending = `of ${counted(of, "partner")} nothing ends within ${counted(near ?? 0, "day")}`;
    io.out(`${path}: ${of === 0 ? "no partners" : ending}\n`);
    return;
  }
  const table = new PartnerTable(files, at);
  for (const partner of partners) table.measure(partner);
  const written = new Written(io);
  written.add(table.head());
  for (const partner of partners) written.add(table.write(partner));
  written.add(`\n${partners.length === of ? "" : `${partners.length} of `}${counted(of, "partner")}\n`);
  written.end();
}

interface Checking {
  readonly at: number;
  readonly json: boolean;
}

function check(path: string, named: NamedPartners, { at, json }: Checking, io: Io): number {
  const written = new Written(io);
  let count = 0;
  if (json) written.add("[");
  for (const finding of findingsOf(named, at)) {
    count++;
    written.add(json ? `${count === 1 ? "\n" : ",\n"}${JSON.stringify(finding)}` : findingText(finding));
  }
  if (json) written.add("\n]\n");
  else if (count > 0) written.add(`\n${counted(count, "finding")}\n`);
  else written.add(`${path}: ${counted(named.partners.length, "partner")}, no findings\n`);
  written.end();
  return count > 0 ? exitCode.findings : exitCode.clean;
}

function findingText({ place, code, partner, cause, remedy }: PartnerFinding): string {
  const about = code === undefined ? partner && `${partner}: ` : `[${code}] `;
  return `${place}: ${about ?? ""}${cause}\n  help: ${remedy}\n`;
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? "" : "s"}`;
