#!/usr/bin/env node
/** The one binary: finds the command, shows its help, turns a mistake in its use into exit code 2. */
import { checkCommand } from "./check.ts";
import type { Command } from "./command.ts";
import { decideCommand } from "./decide.ts";
import { explainCommand } from "./explain.ts";
import { fmtCommand } from "./fmt.ts";
import { handshakeCommand } from "./handshake.ts";
import { exitCode, type Io, UsageError } from "./io.ts";
import { PolicyHasErrors } from "./policy.ts";
import { processIo } from "./process-io.ts";
import { runCommand } from "./run.ts";
import { testCommand } from "./test.ts";

const commands: readonly Command[] = [
  runCommand,
  checkCommand,
  fmtCommand,
  decideCommand,
  handshakeCommand,
  explainCommand,
  testCommand,
];

const overview = `privet: policy for SIP privacy and partner trust at the border of an IMS network

usage: privet COMMAND [ARGUMENTS]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join("\n")}

privet COMMAND --help shows a command's options and an example.

  privet check policies/ims-border.privet
`;

export async function main(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? (text: string) => io.err(text) : (text: string) => io.out(text))(overview);
    return name === undefined ? exitCode.usage : exitCode.clean;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    io.err(`privet: there is no command \`${name}\`; the commands are ${commands.map((one) => one.name).join(", ")}\n`);
    return exitCode.usage;
  }
  if (rest.includes("--help") || rest.includes("-h")) {
    io.out(command.help);
    return exitCode.clean;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof PolicyHasErrors) return error.code;
    if (!(error instanceof UsageError)) throw error;
    io.err(`privet ${name}: ${error.message}\n\n${command.help.split("\n\n")[0]}\nprivet ${name} --help shows more\n`);
    return exitCode.usage;
  }
}

process.exitCode = await main(process.argv.slice(2), processIo);
