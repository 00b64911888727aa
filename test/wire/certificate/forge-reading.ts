/** DER as node-forge reads it: what our own reader must agree with, value by value. */
import forge from "node-forge";

export interface PlainNode {
  readonly tagClass: number;
  readonly type: number;
  readonly constructed: boolean;
  readonly value: string | readonly PlainNode[];
}

/** undefined: forge does not take it, or does not write it back as it stood. */
export function forgeReading(binary: string): PlainNode | undefined {
  let node: forge.asn1.Asn1;
  try {
    node = forge.asn1.fromDer(binary, true);
  } catch {
    return undefined;
  }
  return forge.asn1.toDer(node).getBytes() === binary ? plain(node) : undefined;
}

/** A BIT STRING stays as it stands: forge may see more in it, and nobody asks for that. */
export function plain(node: forge.asn1.Asn1): PlainNode {
  const { tagClass, type, constructed, value } = node;
  const bits = "bitStringContents" in node && typeof node.bitStringContents === "string";
  return {
    tagClass,
    type,
    constructed,
    value: bits ? String(node.bitStringContents) : typeof value === "string" ? value : value.map(plain),
  };
}
