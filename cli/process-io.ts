import { writeSync } from "node:fs";
import { buffer } from "node:stream/consumers";
import { isatty } from "node:tty";
import { codeOf } from "./arguments.ts";
import type { Io } from "./io.ts";

const pause = new Int32Array(new SharedArrayBuffer(4));

/** Writes whole, also where the other end of a pipe is slow. */
function writeAll(descriptor: number, data: string | Uint8Array): void {
  let rest = typeof data === "string" ? new TextEncoder().encode(data) : data;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(descriptor, rest));
    } catch (error) {
      const code = codeOf(error);
      if (code === "EPIPE") process.exit(0);
      if (code !== "EAGAIN") throw error;
      Atomics.wait(pause, 0, 0, 2); // the pipe is full: give its reader 2 ms
    }
  }
}

export const processIo: Io = {
  out: (text) => {
    writeAll(1, text);
  },
  err: (text) => {
    writeAll(2, text);
  },
  readInput: async () => {
    if (isatty(0)) writeAll(2, "reading standard input; Ctrl-D ends it\n");
    return buffer(process.stdin);
  },
  now: () => Date.now(),
  // https://no-color.org: any non-empty value asks for none.
  color: isatty(1) && isatty(2) && !process.env["NO_COLOR"],
};
