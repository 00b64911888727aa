/**
 * A second reader of SIP messages, written from RFC 3261 25.1 with regular expressions over
 * a string: short, obvious, slow. It shares no code with the scan. What the scan accepts
 * this reader accepts too, and both find the same rows.
 */

interface SlowRow {
  readonly name: string;
  readonly value: string;
}

export interface SlowMessage {
  readonly start: string;
  readonly rows: readonly SlowRow[];
  /** Offset of the first byte of the body. */
  readonly bodyStart: number;
}

const blank = "(?:[ \\t]|\\r\\n[ \\t])";
const token = "[-A-Za-z0-9.!%*_+`'~]+";
const quoted = '"(?:[^"\\\\\\x00-\\x08\\x0a-\\x1f\\x7f]|\\r\\n[ \\t]|\\\\[^\\r\\n])*"';
const host = "(?:\\[[0-9A-Fa-f:.]+\\]|[-A-Za-z0-9._]+)";
const plain = '[^\\x00-\\x20"<>\\x7f]';
const sipUri = `[Ss][Ii][Pp][Ss]?:(?:[^\\x00-\\x20"<>@\\x7f]+@)?${host}(?::\\d{1,5})?(?:;[^\\x00-\\x20"<>@?\\x7f]*)?(?:\\?${plain}*)?`;
const otherUri = `(?![Ss][Ii][Pp][Ss]?:)[A-Za-z][-A-Za-z0-9+.]*:${plain}+`;
const parameter = `(?:[^"<>,;\\x00-\\x08\\x0a-\\x1f\\x7f]|\\r\\n[ \\t]|=${blank}*${quoted}${blank}*(?=[;,]|$))`;
const parameters = `(?:;${parameter}*)*`;
const name = `(?:${quoted}|(?:[^"<>,;?:\\x00-\\x08\\x0a-\\x1f\\x7f]|\\r\\n[ \\t])*)`;
const bracketed = `${name}${blank}*<(?:${sipUri}|${otherUri})>`;
/** Without brackets no comma, semicolon or question mark may stand in the URI (RFC 3261 20). */
const bare = `(?=[^,;?]*(?:[,;]|$))(?=(?:${sipUri}|${otherUri})(?:${blank}|[,;]|$))[^\\x00-\\x20"<>,;?\\x7f]+`;
const addressPattern = `(?:${bracketed}|${bare})${blank}*${parameters}${blank}*`;
const address = new RegExp(`^${addressPattern}$`, "s");
const addresses = new RegExp(`^${addressPattern}(?:,${blank}*${addressPattern})*$`, "s");
const viaPattern = `${token}${blank}*/${blank}*${token}${blank}*/${blank}*${token}${blank}+${host}${blank}*(?::${blank}*\\d{1,5}${blank}*)?${parameters}${blank}*`;
const vias = new RegExp(`^${viaPattern}(?:,${blank}*${viaPattern})*$`, "s");
const requestLine = new RegExp(`^${token} (?:${sipUri}|${otherUri}) [Ss][Ii][Pp]/2\\.0$`);
const statusLine = /^[Ss][Ii][Pp]\/2\.0 [1-6]\d\d(?: [^\x00-\x08\x0a-\x1f\x7f]*)?$/;
const rowPattern = new RegExp(`^(${token})[ \\t]*:(.*)$`, "s");

/** Undefined where the head can't be read. */
export function readSlowly(text: string): SlowMessage | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const head = text.slice(0, headEnd);
  if (/\r(?!\n)|(?<!\r)\n|\r\n[ \t]+\r\n|\r\n[ \t]+$/.test(head)) return undefined;
  const lines = head.split(/\r\n(?![ \t])/);
  const rows: SlowRow[] = [];
  for (const line of lines.slice(1)) {
    const match = rowPattern.exec(line);
    if (match === null) return undefined;
    rows.push({ name: match[1]!, value: match[2]!.replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, "") });
  }
  return { start: lines[0]!, rows, bodyStart: headEnd + 4 };
}

/** What is wrong with a message that was read; an empty list for a good one. Field names are long ones. */
export function faultsOf(message: SlowMessage, longName: (name: string) => string): string[] {
  const faults: string[] = [];
  const values = (field: string): string[] =>
    message.rows.filter(({ name: written }) => longName(written) === field).map(({ value }) => value);
  const isRequest = !/^sip\//i.test(message.start);
  if (!(isRequest ? requestLine : statusLine).test(message.start)) faults.push("start line");
  if (isRequest && /^[^ ]+ sips?:(?:[^@ ]+@)?[^@ ?]*\?[^@]*$/i.test(message.start))
    faults.push("header fields in the Request-URI");
  for (const field of ["From", "To", "Call-ID", "CSeq"])
    if (values(field).join("") === "") faults.push(`no ${field}`);
  if (values("Via").length === 0) faults.push("no Via");
  for (const field of ["From", "To", "Call-ID", "CSeq", "Max-Forwards", "Content-Length", "Content-Type"]) {
    if (values(field).length > 1) faults.push(`${field} twice`);
  }
  for (const field of ["From", "To"])
    for (const value of values(field)) if (!address.test(value)) faults.push(`${field}: ${value}`);
  for (const field of ["Route", "Record-Route", "P-Asserted-Identity", "Contact"]) {
    for (const value of values(field)) {
      if (value !== "" && !addresses.test(value) && !(field === "Contact" && value === "*"))
        faults.push(`${field}: ${value}`);
    }
  }
  for (const value of values("Via")) if (!vias.test(value)) faults.push(`Via: ${value}`);
  for (const value of values("Call-ID")) if (/[ \t\r\n,]/.test(value)) faults.push(`Call-ID: ${value}`);
  for (const value of values("Max-Forwards"))
    if (!/^\d+$/.test(value) || Number(value) > 255) faults.push(`Max-Forwards: ${value}`);
  for (const value of values("Content-Length"))
    if (!/^\d+$/.test(value)) faults.push(`Content-Length: ${value}`);
  for (const value of values("CSeq")) {
    const match = /^(\d+)[ \t\r\n]+([^ \t\r\n]+)$/.exec(value);
    if (match === null || Number(match[1]) > 2 ** 31 - 1) faults.push(`CSeq: ${value}`);
    else if (isRequest && !message.start.startsWith(`${match[2]} `)) faults.push(`CSeq: ${value}`);
  }
  return faults;
}
