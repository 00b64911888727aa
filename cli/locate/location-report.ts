/** What a location has told, and what the policy makes of it: for people, or as JSON. */
import type { TargetVerdict } from "../../border/index.ts";
import { dataText, type Location, type Outcome, type Target } from "../../wire/index.ts";
import type { Asking, Steps } from "./location-steps.ts";

export interface Report {
  readonly uri: string;
  /** Of the order among equals; another transaction draws another. */
  readonly draw: number;
  /** Which network of the policy it is for; undefined: no policy was named. */
  readonly network: string | undefined;
  /** Nothing may go there in clear. */
  readonly tlsDemanded: boolean;
  /** An authority of the policy could vouch for a certificate of that domain; without a policy, who knows. */
  readonly isVouchedFor: boolean;
  readonly told: Steps;
  /** In the order of trying; `verdict` where a policy was named. */
  readonly targets: readonly { readonly target: Target; readonly verdict: TargetVerdict | undefined }[];
  /** Why the request goes nowhere. */
  readonly dead: DeadEnd | undefined;
}

interface DeadEnd {
  readonly cause: string;
  /** How it is answered, where a policy was named. */
  readonly status?: number;
  readonly warning?: { readonly code: number; readonly text: string };
}

export function describeReport(report: Report): string {
  const { uri, network, tlsDemanded, isVouchedFor, told, targets, dead, draw } = report;
  const lines = [uri];
  if (network !== undefined)
    lines.push(`  for ${network}${tlsDemanded ? ", over TLS alone" : ""}, as the policy has it`);
  if (!isVouchedFor) lines.push("  not over TLS: no authority of the policy could vouch for its certificate");
  if (told.steps.length === 0)
    lines.push("", targets.length > 0 ? "nothing to ask: the URI names an address" : "nothing was asked");
  for (const [index, asked] of told.steps.entries()) {
    lines.push("");
    for (const asking of asked) lines.push(...askingLines(`${index + 1}.`, asking));
  }
  lines.push("", sipsText(told.location));
  if (targets.length > 0) lines.push("", `targets, in the order of trying (draw ${draw}):`);
  for (const [index, { target, verdict }] of targets.entries())
    lines.push(
      `  ${index + 1}. ${targetText(target)}${verdict === undefined ? "" : `  ${verdictText(verdict)}`}`,
    );
  if (dead !== undefined) lines.push("", deadEndText(dead));
  return `${lines.join("\n")}\n`;
}

export function reportToJson(report: Report): object {
  const { uri, draw, network, tlsDemanded, isVouchedFor, told, targets, dead } = report;
  const { domain, sips } = told.location;
  return {
    uri,
    domain,
    ...(network === undefined ? {} : { network }),
    tlsDemanded,
    ...(network === undefined ? {} : { tlsPossible: isVouchedFor }),
    steps: told.steps.map((asked) =>
      asked.map(({ question, outcome, milliseconds }) => ({ ...question, ...outcome, milliseconds })),
    ),
    sips,
    draw,
    targets: targets.map(({ target, verdict }) => ({
      ...target,
      ...(verdict === undefined ? {} : { verdict }),
    })),
    ...(dead === undefined ? {} : { refusal: dead }),
  };
}

function askingLines(number: string, { question, outcome, milliseconds }: Asking): readonly string[] {
  const indent = " ".repeat(number.length + 1);
  const { lines, note } = outcomeText(outcome);
  return [
    `${number} ${question.type} ${question.name}: ${note} (${milliseconds} ms)`,
    ...lines.map((line) => `${indent}  ${line}`),
  ];
}

function outcomeText(outcome: Outcome): { readonly note: string; readonly lines: readonly string[] } {
  switch (outcome.kind) {
    case "records":
      return { note: `for ${outcome.ttl} s`, lines: outcome.records.map(dataText) };
    case "no-data":
      return { note: `none, for ${outcome.ttl} s`, lines: [] };
    case "no-such-name":
      return { note: `the name does not exist, for ${outcome.ttl} s`, lines: [] };
    case "truncated":
      return { note: "cut short", lines: [] };
    case "failure":
      return { note: `not known: ${outcome.cause}`, lines: [] };
  }
}

function sipsText({ domain, sips }: Location): string {
  switch (sips) {
    case "offered":
      return `${domain} asks for TLS: it publishes SIPS`;
    case "not-offered":
      return `${domain} does not ask for TLS: it publishes no SIPS`;
    case "not-known":
      return `whether ${domain} asks for TLS was not looked at`;
  }
}

function targetText({ transport, address, port }: Target): string {
  return `${transport} ${address} port ${port}`;
}

function verdictText(verdict: TargetVerdict): string {
  if (!verdict.follows) return `not followed: ${verdict.cause}`;
  const { network, domain, partner } = verdict;
  if (domain === undefined) return `${network}, in clear`;
  const authority = partner === undefined ? "" : `, by an authority of ${partner}`;
  return `${network}: its certificate must name ${domain}${authority}`;
}

function deadEndText({ status, cause, warning }: DeadEnd): string {
  if (status === undefined) return `no target: ${cause}`;
  const told = warning === undefined ? "" : `, Warning ${warning.code} "${warning.text}"`;
  return `the request would be answered ${status}${told}: ${cause}`;
}
