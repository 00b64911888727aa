/** The corpora and cases that lie beside the repository, in `../shared`. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "../../package-root.ts";

export const shared: string = join(packageRoot, "..", "shared");

export function readShared(...path: string[]): Uint8Array {
  return readFileSync(join(shared, ...path));
}

/** Names of a folder's files that end so, in order. */
export function listShared(ending: string, ...path: string[]): string[] {
  return readdirSync(join(shared, ...path), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(ending))
    .toSorted();
}
