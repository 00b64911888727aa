/** Finds the command, shows its help, turns what goes wrong into a message and an exit code. */
import { readFileSync } from "node:fs";
import { nearName } from "../grammar/index.ts";
import { commands } from "./commands.ts";
import { type Environment, showInternalError } from "./internal-error.ts";
import { exitCode, type Io, PolicyHasErrors, UsageError } from "./io.ts";

const overview = `privet: policy for SIP privacy and partner trust at the border of an IMS network

usage: privet COMMAND [ARGUMENTS]

${commands.map(({ name, summary }) => `  ${name.padEnd(10)} ${summary}`).join("\n")}

privet COMMAND --help shows a command's options and an example; privet --version the version.

Exit code 0: it went well; 1: findings, or tests that fail; 2: called wrongly;
3: the decision is a rejection; 70: a fault of Privet itself.

example:
  privet check policies/ims-border.privet
`;

/** @returns the exit code. Never throws: a fault of Privet itself is told in one line. */
export async function runCommandLine(
  argv: readonly string[],
  io: Io,
  environment: Environment,
): Promise<number> {
  try {
    return await runNamed(argv, io);
  } catch (error) {
    return showInternalError(error, io, environment);
  }
}

async function runNamed(argv: readonly string[], io: Io): Promise<number> {
  const [word, ...rest] = argv;
  if (word === undefined) {
    io.err(overview);
    return exitCode.usage;
  }
  if (word === "--version" || word === "-v" || word === "version") {
    io.out(`privet ${await version()}\n`);
    return exitCode.clean;
  }
  const isHelp = word === "--help" || word === "-h" || word === "help";
  const name = isHelp ? rest[0] : word;
  if (name === undefined) {
    io.out(overview);
    return exitCode.clean;
  }
  const named = commands.find((one) => one.name === name);
  if (named === undefined) {
    const names = commands.map((one) => one.name);
    const near = nearName(name, names);
    const hint = near === undefined ? `the commands are ${names.join(", ")}` : `did you mean \`${near}\`?`;
    io.err(`privet: there is no command \`${name}\`; ${hint}\n`);
    return exitCode.usage;
  }
  const command = await named.load();
  if (isHelp || rest.includes("--help") || rest.includes("-h")) {
    io.out(command.help);
    return exitCode.clean;
  }
  try {
    return await command.run(rest, io);
  } catch (error) {
    if (error instanceof PolicyHasErrors) return error.code;
    if (!(error instanceof UsageError)) throw error;
    const [usage] = command.help.split("\n\n");
    io.err(`privet ${name}: ${error.message}\n\n${usage}\nprivet ${name} --help shows more\n`);
    return exitCode.usage;
  }
}

async function version(): Promise<string> {
  const { packagePath } = await import("../border/configuration/index.ts");
  const json: unknown = JSON.parse(readFileSync(packagePath("package.json"), "utf8"));
  return typeof json === "object" && json !== null && "version" in json ? String(json.version) : "";
}
