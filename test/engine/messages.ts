/** SIP messages for tests: what a test does not speak of is valid and stays out of its sight. */
const encoder = new TextEncoder();

/** Lines end in CRLF; the blank line that ends the head is added. */
export function messageOf(lines: readonly string[], body = ""): Uint8Array {
  return encoder.encode([...lines, "", body].join("\r\n"));
}

const requestFrame: readonly string[] = [
  "Via: SIP/2.0/UDP edge.home1.example:5060;branch=z9hG4bK776",
  "Max-Forwards: 70",
  "To: <sip:bob@open-d.example>",
  "Call-ID: a84b4c76e66710",
];

/** A request with that From, or one of al@home1.example. Other rows stand behind the mandatory ones. */
export function request(method: string, rows: readonly string[] = [], body = ""): Uint8Array {
  const from = rows.some((row) => /^(From|f)\s*:/i.test(row)) ? [] : ["From: <sip:al@home1.example>;tag=a"];
  return messageOf(
    [`${method} sip:bob@open-d.example SIP/2.0`, ...requestFrame, ...from, `CSeq: 1 ${method}`, ...rows],
    body,
  );
}

export function response(
  status: number,
  reason: string,
  rows: readonly string[] = [],
  method = "INVITE",
): Uint8Array {
  return messageOf([
    `SIP/2.0 ${status} ${reason}`,
    "Via: SIP/2.0/UDP edge.open-d.example:5060;branch=z9hG4bK776",
    "From: <sip:caller@open-d.example>;tag=a",
    "To: <sip:bob@home1.example>;tag=b",
    "Call-ID: a84b4c76e66710",
    `CSeq: 1 ${method}`,
    ...rows,
  ]);
}

/** The bytes as text, one character a byte. */
export function textOf(bytes: Uint8Array | undefined): string {
  return bytes === undefined ? "" : Buffer.from(bytes).toString("latin1");
}

/** The rows of a message, behind those that `request` writes first. */
export function rowsOf(bytes: Uint8Array | undefined): readonly string[] {
  const head = textOf(bytes).split("\r\n\r\n")[0]!;
  const lines = head.split(/\r\n(?![ \t])/);
  return lines.slice(lines.findIndex((line) => line.startsWith("CSeq:")) + 1);
}
