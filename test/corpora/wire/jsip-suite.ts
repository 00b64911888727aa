/** Reads jain-sip's torture suite: 400 messages, header rows and URLs with what its parser expects. */
import { bytes } from "../../wire/messages.ts";

export interface JsipCase {
  /** Place in the suite, from 0. */
  readonly index: number;
  readonly kind: "message" | "header" | "url";
  readonly description: string;
  readonly text: string;
  readonly refused: boolean;
}

function content(xml: string, tag: string): string | undefined {
  const inner = new RegExp(`<${tag}[^>]*>(.*?)</${tag}>`, "s").exec(xml)?.[1];
  if (inner === undefined) return undefined;
  return /<!\[CDATA\[(.*?)\]\]>/s.exec(inner)?.[1] ?? inner;
}

/** The suite's own notation for bytes that XML can't hold. */
function expanded(text: string): string {
  return text
    .replaceAll(/<hex>([0-9A-Fa-f\s]*)<\/hex>/g, (_, digits: string) =>
      Buffer.from(digits.replaceAll(/\s/g, ""), "hex").toString("latin1"),
    )
    .replaceAll(/<repeat count=(\d+)>(.*?)<\/repeat>/gs, (_, count: string, what: string) =>
      what.repeat(Number(count)),
    );
}

export function readSuite(xml: string): JsipCase[] {
  return [...xml.replaceAll(/<!--.*?-->/gs, "").matchAll(/<testcase>(.*?)<\/testcase>/gs)].map(
    ([, inner], index) => {
      const description = (content(inner!, "description") ?? "").trim().replaceAll(/\s+/g, " ");
      const refused = inner!.includes("<expect-exception-callback");
      for (const [tag, kind] of [
        ["message", "message"],
        ["sip-header", "header"],
        ["sip-url", "url"],
      ] as const) {
        const text = content(inner!, tag);
        if (text !== undefined) return { index, kind, description, text: expanded(text), refused };
      }
      throw new Error(`testcase ${index} holds nothing to parse`);
    },
  );
}

/**
 * The message as it would arrive: the suite's editor left lines that end in LF and
 * sometimes no empty line, and Content-Length was never counted.
 */
export function wireForm(text: string): Uint8Array {
  let message = text.replace(/^\s+/, "").replaceAll(/\r?\n/g, "\r\n");
  if (!message.includes("\r\n\r\n")) message = `${message.replace(/(\r\n)+$/, "")}\r\n\r\n`;
  return bytes(message);
}
