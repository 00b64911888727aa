#!/usr/bin/env node
/** The one binary. */
import { runCommandLine } from "./command-line.ts";
import { showInternalError } from "./internal-error.ts";
import { processIo } from "./process-io.ts";

// What a callback of a running border throws comes from nobody's command.
process.on("uncaughtException", (error) => {
  process.exit(showInternalError(error, processIo, process.env));
});

process.exitCode = await runCommandLine(process.argv.slice(2), processIo, process.env);
