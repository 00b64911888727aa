/** The messages of `../shared/corpora/sip-text`, which are stored many to a file. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";

export interface TextMessage {
  /** File and number of the message in it, from 1. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const startLine = /^(?:SIP\/2\.0 \d{3} |[A-Z]+ \S+ SIP\/2\.0\r\n)/;

/** `stream/*.txt`: messages one behind the other. */
export function readStreams(folder: string): readonly TextMessage[] {
  return filesUnder(folder, ".txt").flatMap((path) => {
    const lines = readFileSync(path, "latin1").split(/(?<=\n)/);
    const starts = lines.flatMap((line, index) => (startLine.test(line) ? [index] : []));
    return starts.map((start, index) =>
      message(relative(folder, path), index, lines.slice(start, starts[index + 1]).join("")),
    );
  });
}

/** `misc/**.yaml`: a list of literal blocks, one message each. */
export function readFlows(folder: string): readonly TextMessage[] {
  return filesUnder(folder, ".yaml").flatMap((path) =>
    readFileSync(path, "latin1")
      .split(/^- \|\+\n/m)
      .slice(1)
      .map((block, index) =>
        message(relative(folder, path), index, block.replaceAll(/^ {2}/gm, "").replaceAll(/\r?\n/g, "\r\n")),
      ),
  );
}

/** The blank lines between two messages are no part of them. */
function message(file: string, index: number, text: string): TextMessage {
  const headEnd = text.indexOf("\r\n\r\n");
  const head = headEnd < 0 ? text.trimEnd() : text.slice(0, headEnd);
  const length = /^(?:content-length|l)[ \t]*:[ \t]*(\d+)/im.exec(head)?.[1];
  const body =
    length === undefined || headEnd < 0 ? "" : text.slice(headEnd + 4, headEnd + 4 + Number(length));
  return { name: `${file} ${index + 1}`, bytes: Buffer.from(`${head}\r\n\r\n${body}`, "latin1") };
}

function filesUnder(folder: string, ending: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(ending))
    .toSorted()
    .map((path) => join(folder, path));
}
