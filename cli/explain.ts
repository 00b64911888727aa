import { compile, type Explanation } from "../engine/index.ts";
import type { Command } from "./command.ts";
import { messageDecisionToJson } from "./decide.ts";
import { describeMessageDecision } from "./decision-text.ts";
import { exitCode, UsageError } from "./io.ts";
import { questionHelp, readMessageQuestion } from "./message-question.ts";

const help = `usage: privet explain POLICY --from N --to N [OPTIONS] [MESSAGE|-]

As decide, with every rule that was considered: whether it applied, and the condition
that decided it, with its place in the text. A rejection exits with 3.

${questionHelp}

  --json                one JSON object

example:
  privet explain policies/ims-border.privet --from home --to open-d call.sip
`;

export const explainCommand: Command = {
  help,
  async run(argv, io) {
    const { policy, context, event, json, raw } = await readMessageQuestion(argv, io);
    if (raw) throw new UsageError("--raw belongs to privet decide");
    const engine = compile(policy, context);
    const decision = engine.decide(event);
    const considered = engine.explain(event);
    if (json) {
      const rules = considered.map(({ decidedBy, ...one }) => ({
        ...one,
        decidedBy: {
          text: decidedBy.text,
          holds: decidedBy.holds,
          file: decidedBy.origin.file,
          line: decidedBy.origin.line,
        },
      }));
      io.out(`${JSON.stringify({ ...messageDecisionToJson(decision), considered: rules })}\n`);
    } else {
      io.out(describeMessageDecision(decision, event.bytes));
      io.out(`\n${describeConsidered(considered)}`);
    }
    return decision.verdict === "reject" ? exitCode.rejected : exitCode.clean;
  },
};

function describeConsidered(considered: readonly Explanation[]): string {
  if (considered.length === 0) return "no rule was considered: the message broke a rule of syntax\n";
  const width = Math.max(...considered.map(({ rule }) => rule.length));
  return `${considered
    .map(({ rule, gate, applied, decidedBy: { text, holds, origin } }) => {
      const verdict = applied ? "applied    " : "not applied";
      const answer = holds ? "yes" : "no";
      return `${gate.padEnd(9)} ${rule.padEnd(width)}  ${verdict}  ${text}? ${answer}  (${origin.file}:${origin.line})`;
    })
    .join("\n")}\n`;
}
