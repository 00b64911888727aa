/** The body of a message as conditions and edits see it: parts, down to their lines. */
import { type BodyPart, readBody, type Scan } from "../../wire/index.ts";
import { readText } from "../conditions/comparison-text.ts";

export interface BodyTree {
  readonly bytes: Uint8Array;
  /** The whole body; undefined where the message has none. */
  readonly root: BodyPart | undefined;
}

export function readBodyTree(scan: Scan): BodyTree {
  return { bytes: scan.bytes, root: readBody(scan) };
}

/** The part and all parts inside it. */
export function partsWithin(part: BodyPart): readonly BodyPart[] {
  return [part, ...part.parts.flatMap(partsWithin)];
}

function allParts({ root }: BodyTree): readonly BodyPart[] {
  return root === undefined ? [] : partsWithin(root);
}

export function bodyIs(body: BodyTree, is: "present" | "encrypted" | "nested" | "unreadable"): boolean {
  const parts = allParts(body);
  switch (is) {
    case "present":
      return parts.length > 0;
    case "encrypted":
      return parts.some((part) => part.encoded || isSealed(part) || isCiphertext(part));
    case "nested":
      return parts.some(({ type }) => type === "message/sip" || type === "message/sipfrag");
    case "unreadable":
      return parts.some(({ unreadable }) => unreadable);
  }
}

export function hasBodyType(body: BodyTree, type: string): boolean {
  return allParts(body).some((part) => isOfType(part, type));
}

/** `application/*` stands for all its subtypes. */
export function isOfType({ type }: BodyPart, wanted: string): boolean {
  if (wanted === "*/*") return true;
  return wanted.endsWith("/*") ? type.startsWith(wanted.slice(0, -1)) : type === wanted;
}

/** What stands inside belongs to a signature (RFC 1847, RFC 3261 23.3): no byte of it may change. */
export function isSealed({ type }: BodyPart): boolean {
  return type === "multipart/signed" || type === "multipart/encrypted";
}

/** RFC 8551 3.2. */
export function isCiphertext({ type }: BodyPart): boolean {
  return type === "application/pkcs7-mime" || type === "application/x-pkcs7-mime";
}

export function isSdp({ type }: BodyPart): boolean {
  return type === "application/sdp";
}

/** The session descriptions of a body, byte for byte. */
export function sdpTexts(body: BodyTree): readonly string[] {
  return allParts(body)
    .filter(isSdp)
    .map(({ contentStart, contentEnd }) => readText(body.bytes, contentStart, contentEnd));
}
