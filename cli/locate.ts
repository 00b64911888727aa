import { randomInt } from "node:crypto";
import { Resolver } from "../adapters/index.ts";
import { drawsOf, Foresight, type Locate, type NextUri, readUri, usableFor } from "../border/index.ts";
import { type Locating, locateRequest, type SoughtRequest } from "../wire/index.ts";
import { oneOf, readArguments } from "./arguments.ts";
import type { Command } from "./command.ts";
import { exitCode, UsageError } from "./io.ts";
import { readTimeout } from "./live-peer.ts";
import { describeReport, type Report, reportToJson } from "./locate/location-report.ts";
import { locateInSteps } from "./locate/location-steps.ts";
import { nameServers } from "./name-servers.ts";
import { usePolicy } from "./policy.ts";

const help = `usage: privet locate URI [OPTIONS]

Where a request for a SIP URI goes by DNS (RFC 3263): what was asked and told, step by step,
and the targets in the order of trying. With a policy also what it makes of each: whose it
is, whether it is followed, what its certificate must name. Nothing is sent there.
Exit code 0: there is a target; 1: there is none.

  --policy POLICY       as a request of our own network's users, by this policy
  --server ADDRESS[:PORT]
                        whom to ask (default: the name servers of this machine)
  --transport T         one that we speak: tls, tcp, udp; may be given again, the preferred
                        one first (default: all three)
  --draw N              the draw among equals, 0 to 4294967295 (default: a random one)
  --timeout SECONDS     for each question (default: 5)
  --json                one JSON object

example:
  privet locate sip:bob@carrier-c.example --policy policies/ims-border.privet
`;

const options = {
  policy: { type: "string" },
  server: { type: "string" },
  transport: { type: "string", multiple: true, default: [] as string[] },
  draw: { type: "string" },
  timeout: { type: "string" },
  json: { type: "boolean", default: false },
} as const;

const transports = ["tls", "tcp", "udp"] as const;

/** What the URI is taken for. */
interface Question {
  readonly begin: () => Locating;
  readonly network: string | undefined;
  readonly tlsDemanded: boolean;
  readonly isVouchedFor: boolean;
  readonly judged: { readonly foresight: Foresight; readonly locate: Locate } | undefined;
}

export const locateCommand: Command = {
  help,
  async run(argv, io) {
    const { values, positionals } = readArguments(argv, options);
    const [text, ...more] = positionals;
    if (text === undefined) throw new UsageError("no URI is given");
    if (more.length > 0) throw new UsageError(`one URI, please; what is \`${more[0]}\`?`);
    const uri = readUri(text);
    if (uri === undefined || (uri.kind !== "sip" && uri.kind !== "sips"))
      throw new UsageError(`\`${text}\` is no SIP URI such as sip:bob@carrier-c.example`);
    const draw = values.draw === undefined ? randomInt(0x1_00_00_00_00) : readDraw(values.draw);
    const supported = values.transport.map((one) => oneOf("--transport", one, transports));
    const servers = nameServers(values.server);
    const timeout = readTimeout(values.timeout ?? "5");
    const sought = {
      supported: supported.length > 0 ? [...new Set(supported)] : transports,
      families: ["AAAA", "A"],
      draw: drawsOf(draw),
    } as const;
    const question =
      values.policy === undefined
        ? plainQuestion(uri, sought)
        : policyQuestion(new Foresight(usePolicy(values.policy, io).policy), text, uri, sought);

    const resolver = new Resolver({ servers, timeout, cache: 1_024, mostTtl: 60, pending: 1_024 });
    try {
      const told = await locateInSteps(question.begin(), (one) => resolver.ask(one));
      const report = reportOf(text, draw, question, told);
      io.out(values.json ? `${JSON.stringify(reportToJson(report))}\n` : describeReport(report));
      return report.dead === undefined ? exitCode.clean : exitCode.findings;
    } finally {
      resolver.close();
    }
  },
};

type Means = Pick<SoughtRequest, "supported" | "families" | "draw">;

function readDraw(text: string): number {
  const draw = Number(text);
  if (!/^\d{1,10}$/.test(text) || draw > 0xff_ff_ff_ff)
    throw new UsageError(`--draw wants a number from 0 to 4294967295, not \`${text}\``);
  return draw;
}

function plainQuestion({ kind, host, port, transport }: NextUri, means: Means): Question {
  const scheme = kind === "sips" ? "sips" : "sip";
  const sought = {
    scheme,
    host,
    port: port === 0 ? undefined : port,
    transport,
    tlsDemanded: false,
  } as const;
  return {
    begin: () => locateRequest({ ...sought, ...means }),
    network: undefined,
    tlsDemanded: scheme === "sips",
    isVouchedFor: true,
    judged: undefined,
  };
}

/** Throws `UsageError` where the policy leaves nothing to ask. */
function policyQuestion(foresight: Foresight, text: string, uri: NextUri, means: Means): Question {
  const locate = foresight.route(uri);
  if (locate === undefined)
    throw new UsageError("the policy has no network of our own, whose users could ask");
  if (locate.kind === "locate") {
    const { sought, place } = locate;
    return {
      begin: () => locateRequest({ ...sought, ...means, supported: usableFor(sought, means.supported) }),
      network: place.network.name,
      tlsDemanded: sought.tlsDemanded || sought.scheme === "sips",
      isVouchedFor: sought.isVouchedFor,
      judged: { foresight, locate },
    };
  }
  if (locate.kind === "forward")
    throw new UsageError(
      `\`${text}\` names an address of ${locate.place.network.name}: there is nothing to locate`,
    );
  if (locate.status === 503)
    throw new UsageError(`\`${text}\` is of our own network: its hops stand in border.json, not in DNS`);
  throw new UsageError(`\`${text}\` is never located: it is answered ${locate.status}, ${locate.cause}`);
}

function reportOf(uri: string, draw: number, question: Question, told: Report["told"]): Report {
  const { network, tlsDemanded, isVouchedFor, judged } = question;
  const { location } = told;
  const targets = (location.targets ?? []).map((target) => ({
    target,
    verdict: judged?.foresight.judge(judged.locate, location, target),
  }));
  const dead =
    judged === undefined
      ? location.failure && { cause: location.failure.text }
      : judged.foresight.refusal(judged.locate, location);
  return { uri, draw, network, tlsDemanded, isVouchedFor, told, targets, dead };
}
