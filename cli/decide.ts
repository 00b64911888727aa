import { compile, type MessageDecision } from "../engine/index.ts";
import type { Command } from "./command.ts";
import { describeMessageDecision } from "./decision-text.ts";
import { exitCode, UsageError } from "./io.ts";
import { questionHelp, readMessageQuestion } from "./message-question.ts";

const help = `usage: privet decide POLICY --from N --to N [OPTIONS] [MESSAGE|-]

One decision on one SIP message (a file, or standard input). A rejection exits with 3.

${questionHelp}

  --json                one JSON object
  --raw                 exactly the bytes that would leave; nothing on a rejection

example:
  privet decide policies/ims-border.privet --from home --to open-d call.sip
`;

export const decideCommand: Command = {
  help,
  async run(argv, io) {
    const { policy, context, event, json, raw } = await readMessageQuestion(argv, io);
    if (json && raw) throw new UsageError("--json or --raw, not both");
    const decision = compile(policy, context).decide(event);
    if (raw) {
      if (decision.bytes !== undefined) io.out(decision.bytes);
    } else if (json) {
      io.out(`${JSON.stringify(messageDecisionToJson(decision))}\n`);
    } else {
      io.out(describeMessageDecision(decision, event.bytes));
    }
    return decision.verdict === "reject" ? exitCode.rejected : exitCode.clean;
  },
};

/** The object of `--json`. `message` is the text that leaves, read as UTF-8; `--raw` has its bytes. */
export function messageDecisionToJson(decision: MessageDecision): Record<string, unknown> {
  const { verdict, status, reason, from, to, rules, edits, marks, violation, bytes } = decision;
  return {
    verdict,
    ...(status === undefined ? {} : { status }),
    ...(reason === undefined ? {} : { reason }),
    from,
    to,
    rules,
    edits: edits.map(({ field, action, rule }) => ({ field, action, rule })),
    marks,
    ...(violation === undefined ? {} : { violation }),
    ...(bytes === undefined ? {} : { message: new TextDecoder().decode(bytes) }),
  };
}
