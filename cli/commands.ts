/** The commands, in the order in which they are listed. */
import type { Command } from "./command.ts";

export interface NamedCommand {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Its files are read when it is called: a command that opens no socket need not wait for those that do. */
  load(): Promise<Command>;
}

export const commands: readonly NamedCommand[] = [
  {
    name: "run",
    summary: "the border element; without a file, a tour on loopback",
    load: async () => (await import("./run.ts")).runCommand,
  },
  {
    name: "check",
    summary: "find every mistake in a policy, before anything runs",
    load: async () => (await import("./check.ts")).checkCommand,
  },
  {
    name: "fmt",
    summary: "write policies in their canonical layout",
    load: async () => (await import("./fmt.ts")).fmtCommand,
  },
  {
    name: "decide",
    summary: "what happens to one SIP message",
    load: async () => (await import("./decide.ts")).decideCommand,
  },
  {
    name: "handshake",
    summary: "what happens to one TLS handshake",
    load: async () => (await import("./handshake.ts")).handshakeCommand,
  },
  {
    name: "partners",
    summary: "who they are, what ends when, and what is wrong with them",
    load: async () => (await import("./partners.ts")).partnersCommand,
  },
  {
    name: "zone",
    summary: "what is published by DNS, and whether it is there",
    load: async () => (await import("./zone.ts")).zoneCommand,
  },
  {
    name: "locate",
    summary: "where a request goes by DNS, and what the policy makes of it",
    load: async () => (await import("./locate.ts")).locateCommand,
  },
  {
    name: "explain",
    summary: "why: every rule, and the condition that decided it",
    load: async () => (await import("./explain.ts")).explainCommand,
  },
  {
    name: "test",
    summary: "run the tests that stand in a policy",
    load: async () => (await import("./test.ts")).testCommand,
  },
];
