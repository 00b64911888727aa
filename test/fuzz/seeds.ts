/** Messages that the fuzzer starts from: those of the corpora, if they are there, and a few of its own. */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";
import { message } from "../wire/messages.ts";
import { unzipped } from "./zip.ts";

const own: readonly Uint8Array[] = [
  message(),
  message({
    start: "SIP/2.0 200 OK",
    rows: ["Contact: <sip:a@b>;expires=5, sip:c@d", "l: 4"],
    body: "v=0\n",
  }),
  message({
    rows: [
      'f: "A, \\"B\\"" <sip:a;c=d:p@[::1]:5060;lr?x=y>;tag=1',
      "Route: <sip:a;lr>, sip:b",
      "Privacy: id;user",
      'Reason: SIP ;cause=200 ;text="a"',
      "Content-Length: 0",
    ],
  }),
  message({
    rows: ['c: multipart/mixed; boundary="b:c"', "Content-Length: 61"],
    body: "--b:c\r\nContent-Type: application/sdp\r\n\r\nv=0\r\n--b:c\r\n\r\n\r\n--b:c--",
  }),
];

export function readSeeds(): readonly Uint8Array[] {
  const shared = join(packageRoot, "..", "shared");
  const files = ["corpora/rfc4475", "corpora/rfc5118/crlf", "corpora/seeds", "cases"].flatMap((folder) => {
    const path = join(shared, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .filter((name) => /\.(dat|sip|zip|raw)$/.test(name))
      .toSorted()
      .map((name) => join(path, name))
      .filter((file) => statSync(file).isFile());
  });
  return [
    ...own,
    ...files.flatMap((file) => (file.endsWith(".zip") ? unzipped(readFileSync(file)) : [readFileSync(file)])),
  ];
}
