import { readFile } from "node:fs/promises";
import type { CertificateFacts } from "../engine/index.ts";
import { readCertificate, readPem } from "../wire/index.ts";
import { reasonOf } from "./arguments.ts";
import { UsageError } from "./io.ts";

/** The certificates of a PEM file, DER, in the order of the file. */
export async function readPemFile(path: string): Promise<readonly [Uint8Array, ...Uint8Array[]]> {
  let text: string;
  try {
    text = await readFile(path, "latin1");
  } catch (error) {
    throw new UsageError(`can't read \`${path}\`: ${reasonOf(error)}`);
  }
  const [first, ...rest] = readPem(text);
  if (first === undefined) throw new UsageError(`\`${path}\` holds no certificate in PEM form`);
  return [first, ...rest];
}

/** A leaf and the rest of its chain, as facts of a connection. */
export async function readCertificateFile(path: string): Promise<{ readonly facts: CertificateFacts }> {
  const [leaf, ...rest] = await readPemFile(path);
  return { facts: readCertificate(leaf, rest) };
}
