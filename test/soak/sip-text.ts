/** SIP as the peers of a soak write and read it: text, long field names, no code of Privet's own. */

export class Message {
  readonly bytes: Buffer;
  readonly startLine: string;
  /** Empty for a response. */
  readonly method: string;
  /** 0 for a request. */
  readonly status: number;
  readonly body: string;
  private readonly rows: readonly string[];

  private constructor(bytes: Buffer, head: string, body: string) {
    const [startLine = "", ...rows] = head.split("\r\n");
    this.bytes = bytes;
    this.startLine = startLine;
    this.rows = rows;
    this.body = body;
    this.status = startLine.startsWith("SIP/2.0 ") ? Number(startLine.slice(8, 11)) : 0;
    this.method = this.status > 0 ? "" : startLine.slice(0, Math.max(0, startLine.indexOf(" ")));
  }

  static read(bytes: Buffer): Message {
    const text = bytes.toString("latin1");
    const end = text.indexOf("\r\n\r\n");
    return end < 0
      ? new Message(bytes, text, "")
      : new Message(bytes, text.slice(0, end), text.slice(end + 4));
  }

  get isRequest(): boolean {
    return this.status === 0;
  }

  /** The values of a field's rows, in order. */
  values(field: string): readonly string[] {
    const prefix = `${field.toLowerCase()}:`;
    return this.rows
      .filter((row) => row.slice(0, prefix.length).toLowerCase() === prefix)
      .map((row) => row.slice(prefix.length).trim());
  }

  /** Empty where there is none. */
  value(field: string): string {
    return this.values(field)[0] ?? "";
  }

  get callId(): string {
    return this.value("Call-ID");
  }

  /** Of the topmost Via. */
  get branch(): string {
    return /;branch=([^;,\s]+)/.exec(this.value("Via"))?.[1] ?? "";
  }

  get cseqMethod(): string {
    return this.value("CSeq").split(" ")[1] ?? "";
  }
}

/** A Content-Length is added. */
export function sipBytes(rows: readonly string[], body = ""): Buffer {
  return Buffer.from(`${rows.join("\r\n")}\r\nContent-Length: ${body.length}\r\n\r\n${body}`, "latin1");
}

/** A response with what it must repeat (RFC 3261 8.2.6.2). `more` are whole rows. */
export function responseTo(
  request: Message,
  status: string,
  toTag: string,
  more: readonly string[] = [],
): Buffer {
  const to = request.value("To");
  return sipBytes([
    `SIP/2.0 ${status}`,
    ...request.values("Via").map((via) => `Via: ${via}`),
    `From: ${request.value("From")}`,
    `To: ${to}${to.includes(";tag=") ? "" : `;tag=${toTag}`}`,
    `Call-ID: ${request.callId}`,
    `CSeq: ${request.value("CSeq")}`,
    ...more,
  ]);
}

/** The Via as its sender wrote it, without what a server adds (RFC 3261 18.2.1, RFC 3581 4). */
export function viaAsWritten(via: string): string {
  return via.replace(/;received=[^;,\s]+/g, "").replace(/;rport=\d+/g, ";rport");
}

const emptyLine = Buffer.from("\r\n\r\n");

/** Cuts a stream by Content-Length. */
export class StreamCutter {
  private held: Buffer = Buffer.alloc(0);

  take(chunk: Buffer): readonly Message[] {
    this.held = this.held.length === 0 ? chunk : Buffer.concat([this.held, chunk]);
    const messages: Message[] = [];
    for (;;) {
      let start = 0;
      while (this.held[start] === 13 || this.held[start] === 10) start++;
      const end = this.held.indexOf(emptyLine, start);
      if (end < 0) return messages;
      const head = this.held.toString("latin1", start, end);
      // What was damaged may come through in any form that RFC 3261 allows.
      const length = Number(/\r\n(?:Content-Length|l)\s*:\s*(\d+)/i.exec(head)?.[1] ?? 0);
      if (this.held.length < end + 4 + length) return messages;
      messages.push(Message.read(this.held.subarray(start, end + 4 + length)));
      this.held = this.held.subarray(end + 4 + length);
    }
  }
}
