/** What the ends of a call say, as far as a test needs it: an INVITE, answers, requests within the dialog. */
import { type Phone, textMessage, valuesOf } from "../border/phone.ts";

/** What one end keeps of its dialog (RFC 3261 12.1, 12.2.1.1). */
export class DialogEnd {
  private readonly local: string;
  private readonly remote: string;
  private readonly target: string;
  private readonly routes: readonly string[];
  private readonly callId: string;
  private cseq: number;

  private constructor(
    message: string,
    ends: readonly [local: string, remote: string],
    routes: readonly string[],
  ) {
    [this.local, this.remote] = ends;
    this.routes = routes;
    this.target = /<([^>]+)>/.exec(valuesOf(message, "Contact")[0]!)![1]!;
    this.callId = valuesOf(message, "Call-ID")[0]!;
    this.cseq = Number.parseInt(valuesOf(message, "CSeq")[0]!, 10);
  }

  /** Of the 200 to its INVITE. */
  static ofCaller(ok: string): DialogEnd {
    const ends = [valuesOf(ok, "From")[0]!, valuesOf(ok, "To")[0]!] as const;
    return new DialogEnd(ok, ends, valuesOf(ok, "Record-Route").toReversed());
  }

  /** Of the INVITE that it answered with that tag. */
  static ofCallee(invite: string, tag: string): DialogEnd {
    const ends = [`${valuesOf(invite, "To")[0]!};tag=${tag}`, valuesOf(invite, "From")[0]!] as const;
    return new DialogEnd(invite, ends, valuesOf(invite, "Record-Route"));
  }

  /** `port`: of its own, over UDP. An ACK is for the request before. */
  request(method: string, port: number): string {
    if (method !== "ACK") this.cseq++;
    return textMessage(
      `${method} ${this.target} SIP/2.0`,
      `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK${method}${this.cseq}p${port}`,
      ...this.routes.map((route) => `Route: ${route}`),
      "Max-Forwards: 70",
      `From: ${this.local}`,
      `To: ${this.remote}`,
      `Call-ID: ${this.callId}`,
      `CSeq: ${this.cseq} ${method}`,
      "Content-Length: 0",
    );
  }
}

/** The answer to a request; `tag` where it makes the dialog, and `contact` with it. */
export function answerTo(
  request: string,
  status: string,
  more: { tag?: string; contact?: string } = {},
): string {
  const copied = ["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
    valuesOf(request, field).map(
      (value) => `${field}: ${value}${field === "To" && more.tag !== undefined ? `;tag=${more.tag}` : ""}`,
    ),
  );
  const contact = more.contact === undefined ? [] : [`Contact: <${more.contact}>`];
  return textMessage(`SIP/2.0 ${status}`, ...copied, ...contact, "Content-Length: 0");
}

/** The ACK of an answer that refuses, without which the proxy sends it again and again (RFC 3261 17.1.1.3). */
export function ackOf(refusal: string): string {
  const copied = ["From", "To", "Call-ID"].map((field) => `${field}: ${valuesOf(refusal, field)[0]}`);
  return textMessage(
    `ACK ${/<([^>]+)>/.exec(valuesOf(refusal, "To")[0]!)![1]} SIP/2.0`,
    `Via: ${valuesOf(refusal, "Via")[0]}`,
    "Max-Forwards: 70",
    ...copied,
    `CSeq: ${Number.parseInt(valuesOf(refusal, "CSeq")[0]!, 10)} ACK`,
    "Content-Length: 0",
  );
}

let count = 0;

/** A call by that phone, with the caller's identity asserted. */
export function inviteOf({ port }: Phone, caller: string, called: string): string {
  count++;
  return textMessage(
    `INVITE sip:${called} SIP/2.0`,
    `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bKk${count}`,
    "Max-Forwards: 70",
    `From: <sip:${caller}>;tag=k${count}`,
    `To: <sip:${called}>`,
    `Call-ID: k${count}@kamailio`,
    "CSeq: 1 INVITE",
    `Contact: <sip:127.0.0.1:${port}>`,
    `P-Asserted-Identity: <sip:${caller}>`,
    "Content-Length: 0",
  );
}
