import { Resolver } from "../adapters/index.ts";
import { domainName, type PublishedZone, publishedZones, type ZoneAuthority } from "../wire/index.ts";
import { readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { exitCode, type Io, UsageError } from "./io.ts";
import { readTimeout } from "./live-peer.ts";
import { nameServers } from "./name-servers.ts";
import { usePolicy } from "./policy.ts";
import { Written } from "./written.ts";
import { type Ask, verifyZone, type ZoneFinding } from "./zone/verification.ts";
import { type ZoneOrigin, zoneText, zoneToJson } from "./zone/zone-text.ts";

const help = `usage: privet zone POLICY [OPTIONS]
       privet zone POLICY --verify [OPTIONS]

What the policy publishes by DNS: NAPTR, SRV and address records, which ask for TLS. Each
domain comes as a part of a master file, to be included in that domain's zone ($INCLUDE).

--verify asks DNS for each of these records, and says what is missing, what differs, and
what contradicts the policy: exit code 0: all is as published; 1: findings.

  --domain D            this domain of several
  --whole --serial N    a zone that stands alone, with SOA and NS
  --name-server HOST    with --whole: who answers for it, one or more (default: the first host)
  --json                one JSON object; --verify: one array, a finding a line

  --server ADDRESS[:PORT]
                        with --verify: whom to ask (default: the name servers of this machine)
  --timeout SECONDS     with --verify: for each question (default: 5)

example:
  privet zone policies/mine.privet > home1.example.sip
  privet zone policies/mine.privet --verify --server 192.0.2.53
`;

const options = {
  domain: { type: "string" },
  whole: { type: "boolean", default: false },
  serial: { type: "string" },
  "name-server": { type: "string", multiple: true, default: [] as string[] },
  verify: { type: "boolean", default: false },
  server: { type: "string" },
  timeout: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

export const zoneCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, options);
    const [path, ...more] = positionals;
    if (path === undefined) throw new UsageError("no policy is named");
    if (more.length > 0) throw new UsageError(`one policy, please; what is \`${more[0]}\`?`);
    const authority = readAuthority(values);
    if (values.verify && values.whole) throw new UsageError("--verify prints no zone: take --whole out");
    for (const name of ["server", "timeout"] as const)
      if (!values.verify && values[name] !== undefined) throw new UsageError(`--${name} goes with --verify`);
    const servers = values.verify ? nameServers(values.server) : [];
    const timeout = readTimeout(values.timeout ?? "5");

    const { policy } = usePolicy(path, io);
    const zones = chosen(publishedZones(policy.publications), values.domain, path);
    if (authority !== undefined && zones.length > 1 && !values.json)
      throw new UsageError(`a zone holds one domain: add --domain with one of ${namesOf(zones)}`);
    if (!values.verify) {
      print(zones, { title: policy.title, path }, { authority, json: values.json }, io);
      return exitCode.clean;
    }
    const resolver = new Resolver({ servers, timeout, cache: 1_024, mostTtl: 60, pending: 1_024 });
    try {
      return await verify(zones, (question) => resolver.ask(question), values.json, io);
    } finally {
      resolver.close();
    }
  },
};

interface AuthorityValues {
  readonly whole: boolean;
  readonly serial?: string | undefined;
  readonly "name-server": readonly string[];
}

function readAuthority({ whole, serial, "name-server": names }: AuthorityValues): ZoneAuthority | undefined {
  if (!whole) {
    if (serial !== undefined) throw new UsageError("--serial goes with --whole");
    if (names.length > 0) throw new UsageError("--name-server goes with --whole");
    return undefined;
  }
  if (serial === undefined) throw new UsageError("--whole needs --serial, larger with each version");
  const number = Number(serial);
  if (!/^\d{1,10}$/.test(serial) || number > 0xff_ff_ff_ff)
    throw new UsageError(`--serial wants a number of 32 bits such as 2026060101, not \`${serial}\``);
  const read = names.map((text) => readDomain("--name-server", text));
  return { serial: number, nameServers: [...new Set(read)] };
}

function chosen(
  zones: readonly PublishedZone[],
  wanted: string | undefined,
  path: string,
): readonly PublishedZone[] {
  if (zones.length === 0)
    throw new UsageError(`\`${path}\` publishes nothing: write a \`publish\` statement (docs/language.md)`);
  if (wanted === undefined) return zones;
  const name = readDomain("--domain", wanted);
  const found = zones.filter(({ domain }) => domain === name);
  if (found.length === 0)
    throw new UsageError(`\`${path}\` does not publish \`${wanted}\`, but ${namesOf(zones)}`);
  return found;
}

function readDomain(option: string, text: string): string {
  const domain = domainName(text);
  if (domain === undefined)
    throw new UsageError(`${option} wants a domain name such as home1.example, not \`${text}\``);
  return domain;
}

const namesOf = (zones: readonly PublishedZone[]): string => zones.map(({ domain }) => domain).join(", ");

interface Printing {
  readonly authority: ZoneAuthority | undefined;
  readonly json: boolean;
}

function print(
  zones: readonly PublishedZone[],
  origin: ZoneOrigin,
  { authority, json }: Printing,
  io: Io,
): void {
  if (json) {
    const domains = zones.map((zone) => zoneToJson(zone, authority));
    io.out(`${JSON.stringify({ policy: origin.title, zones: domains })}\n`);
    return;
  }
  io.out(zones.map((zone) => zoneText(zone, origin, authority)).join("\n"));
}

async function verify(zones: readonly PublishedZone[], ask: Ask, json: boolean, io: Io): Promise<number> {
  const written = new Written(io);
  let count = 0;
  if (json) written.add("[");
  for (const zone of zones) {
    const findings = await verifyZone(zone, ask);
    for (const finding of findings) {
      count++;
      written.add(json ? `${count === 1 ? "\n" : ",\n"}${JSON.stringify(finding)}` : findingText(finding));
    }
    if (findings.length === 0 && !json)
      written.add(`${zone.domain}: ${zone.records.length} records, all as published\n`);
  }
  if (json) written.add("\n]\n");
  else if (count > 0) written.add(`\n${count} finding${count === 1 ? "" : "s"}\n`);
  written.end();
  return count > 0 ? exitCode.findings : exitCode.clean;
}

function findingText({ name, type, kind, record, cause, remedy }: ZoneFinding): string {
  const what = record === undefined ? "" : ` ${record}`;
  return `${name} ${type}${what}\n  ${kind}: ${cause}\n  help: ${remedy}\n`;
}
