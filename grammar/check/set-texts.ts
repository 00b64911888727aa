/**
 * Texts that a policy writes into messages: they must not break the message open. Control
 * characters, which would end a line of it, are no part of policy text at all (P1027).
 */

import type * as model from "../model.ts";
import { readAddressPrefix } from "../reading/address-prefix.ts";
import type { Source } from "../source.ts";
import type { Text } from "../syntax.ts";
import { isDomain } from "./domains.ts";
import type { Report } from "./report.ts";

const forms: Readonly<
  Partial<Record<model.Part["kind"], { readonly words: string; readonly test: (text: string) => boolean }>>
> = {
  host: { words: "a host: a domain name or an IP address", test: isHost },
  user: {
    words: "a user part: no `@`, blank, quote or bracket in it",
    test: (text) => /^[A-Za-z0-9\-_.!~*'()&=+$,;?/%]+$/.test(text),
  },
  "display-name": { words: "a display name", test: () => true },
  parameter: {
    words: "a parameter's value: a word or quoted text",
    test: (text) => /^(?:[A-Za-z0-9\-.!%*_+`'~:[\]]+|"(?:[^"\\]|\\.)*")$/.test(text),
  },
};

/** Only `display-name`, `user`, `host` and `parameter` can be set. */
export function checkPartText(part: model.Part, text: Text, source: Source, report: Report): void {
  const form = forms[part.kind];
  if (form === undefined) {
    const expected = Object.keys(forms).map((kind) => `\`${kind}\``);
    report.add("P3024", { source, span: text.span }, { part: part.kind }, { expected });
  } else if (!form.test(text.text)) {
    report.add("P3025", { source, span: text.span }, { text: text.text, form: form.words });
  }
}

function isHost(text: string): boolean {
  if (isDomain(text)) return true;
  const address = /^\[(.*)\]$/.exec(text)?.[1] ?? text;
  return (
    !address.includes("/") &&
    address.includes(":") === text.startsWith("[") &&
    readAddressPrefix(address) !== undefined
  );
}
