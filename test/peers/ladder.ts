/**
 * SIPp scenarios for both ends of a call, drawn as one ladder: each arrow is a message sent at
 * one end, and the same message awaited and checked at the other.
 *
 * SIPp is told with -key: `target` is the URI that is called, `domain` the sender's own.
 */
import {
  type Body,
  compare,
  keepBranch,
  keepField,
  keepVias,
  receive,
  scenario,
  sdp,
  send,
  sendUntilHeard,
} from "./sipp-steps.ts";

export type End = "caller" | "callee";

const reasons: Readonly<Record<number, string>> = {
  100: "Trying",
  180: "Ringing",
  183: "Session Progress",
  200: "OK",
  302: "Moved Temporarily",
  403: "Forbidden",
  486: "Busy Here",
  487: "Request Terminated",
};

const makesDialog = new Set(["INVITE", "SUBSCRIBE"]);

export interface AnswerOptions {
  /** Answers of different forks have different To tags: they are dialogs of their own (RFC 3261 12.1). */
  readonly fork?: string;
  readonly contact?: string;
  /** What the caller checks beside. */
  readonly checks?: readonly string[];
}

export class Ladder {
  readonly name: string;
  /** Of the first request, and of the last. */
  method = "";
  last = "";
  private readonly caller: string[] = [];
  private readonly callee: string[] = [];
  private cancelled = false;
  private transactions = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** The scenario of one end, as SIPp reads it. */
  xml(end: End): string {
    return scenario(`${this.name}, ${end}`, this[end]);
  }

  /** Nothing reaches the callee. */
  get isOneSided(): boolean {
    return this.callee.length === 0;
  }

  /** The first request, outside a dialog, that nobody answers yet. */
  request(method: string, fields: readonly string[] = [], body?: Body): this {
    this.ask(method, fields, body);
    this.callee.push(
      receive(`request="${method}" rrs="true"`, [
        keepField("From", "remote"),
        keepVias("vias"),
        keepBranch("branch"),
      ]),
    );
    return this;
  }

  /** The callee answers the first request. */
  answer(
    status: number,
    { fork = "", contact = contactOf("callee"), checks = [] }: AnswerOptions = {},
  ): this {
    const dialog = makesDialog.has(this.method) && status > 100 && status < 300;
    const copied = this.cancelled
      ? ["[$vias]", "From: [$remote]", "CSeq: 1 INVITE"]
      : ["[last_Via:]", "[last_From:]", "[last_CSeq:]"];
    const head = [
      `SIP/2.0 ${status} ${reasons[status]}`,
      ...copied,
      `[last_To:]${status === 100 ? "" : `;tag=[pid]-[call_number]${fork}`}`,
      "[last_Call-ID:]",
      ...(dialog ? ["[last_Record-Route:]"] : []),
      `Contact: ${contact}`,
    ];
    const say = this.method === "INVITE" && status >= 200 ? sendUntilHeard : send;
    this.callee.push(say(head, this.method === "INVITE" && status === 200 ? sdp : undefined));
    this.caller.push(this.awaitAnswer(status, checks));
    return this;
  }

  /** The border answers the first request, which the callee never sees. */
  refusal(method: string, status: number): this {
    this.ask(method, [], undefined);
    this.caller.push(this.awaitAnswer(status, []));
    if (method === "INVITE") this.caller.push(send(ackOfRefusal()));
    return this;
  }

  /** The ACK of a 2xx: a transaction of its own, by the route of the dialog (RFC 3261 13.2.2.4). */
  acknowledge(): this {
    return this.acknowledgeFrom("caller", [keepBranch("later"), ...compare("branch", "later", false)]);
  }

  /** The ACK of a refusal: on the branch of its INVITE, before and behind the border (RFC 3261 17.1.1.3). */
  acknowledgeRefusal(): this {
    this.last = "ACK";
    this.caller.push(send(ackOfRefusal()));
    this.callee.push(receive('request="ACK"', [keepBranch("later"), ...compare("branch", "later", true)]));
    return this;
  }

  /** CANCEL and its 200, on the branch of the INVITE before and behind the border (RFC 3261 9.1). */
  cancel(): this {
    const head = ["CANCEL [target] SIP/2.0", via(1), ...parties("caller", "<[target]>"), "CSeq: 1 CANCEL"];
    this.caller.push(sendUntilHeard(head));
    this.callee.push(receive('request="CANCEL"', [keepBranch("later"), ...compare("branch", "later", true)]));
    this.callee.push(send(["SIP/2.0 200 OK", "[last_Via:]", "[last_From:]", ...ownTo, "[last_CSeq:]"]));
    this.caller.push(receive('response="200"'));
    this.cancelled = true;
    return this;
  }

  /**
   * A request in the dialog, its 200, and the ACK where it is an INVITE. Over TCP requests and
   * responses of one end go on different connections and may overtake each other: an end must
   * not send a request behind a response of its own before it has heard of the peer again.
   */
  within(end: End, method: string, fields: readonly string[] = []): this {
    const peer = otherEnd(end);
    this[end].push(this.inDialog(end, method, fields));
    this[peer].push(receive(`request="${method}"`), okInDialog(peer, method));
    this[end].push(receive('response="200"'));
    return method === "INVITE" ? this.acknowledgeFrom(end, []) : this;
  }

  /** 200 to a SUBSCRIBE and the callee's NOTIFY behind it, in whichever order they come (RFC 6665 4.1.2.4). */
  subscribed(fields: readonly string[]): this {
    this.answer(200);
    const accepted = this.caller.pop()!;
    this.callee.push(this.inDialog("callee", "NOTIFY", fields), receive('response="200"'));
    const notified = 'request="NOTIFY"';
    const ok = okInDialog("caller", "NOTIFY");
    this.caller.push(
      receive(`${notified} optional="true" next="early"`),
      accepted,
      receive(notified),
      ok.replace("<send>", '<send next="end">'),
      '  <label id="early" />',
      ok,
      accepted,
      '  <label id="end" />',
      "  <nop />",
    );
    return this;
  }

  /** This end waits until `SippCalls.release`. */
  wait(end: End): this {
    this[end].push(receive('request="INFO"'));
    return this;
  }

  private ask(method: string, fields: readonly string[], body: Body | undefined): void {
    this.method = this.last = method;
    this.transactions = 1;
    const head = [
      `${method} [target] SIP/2.0`,
      via(1),
      ...parties("caller", "<[target]>"),
      `CSeq: 1 ${method}`,
      `Contact: ${contactOf("caller")}`,
      ...fields,
    ];
    this.caller.push(sendUntilHeard(head, method === "INVITE" ? sdp : body));
  }

  private awaitAnswer(status: number, checks: readonly string[]): string {
    const dialog = makesDialog.has(this.method) && status >= 200 && status < 300;
    const keep = [keepField("To", "remote"), ...checks];
    return receive(`response="${status}"${dialog ? ' rrs="true"' : ""}`, keep);
  }

  private inDialog(end: End, method: string, fields: readonly string[]): string {
    this.transactions++;
    this.last = method;
    const head = [
      `${method} [next_url] SIP/2.0`,
      via(this.transactions),
      "[routes]",
      ...parties(end, "[$remote]"),
      `CSeq: ${this.transactions} ${method}`,
      `Contact: ${contactOf(end)}`,
      ...fields,
    ];
    return sendUntilHeard(head, method === "INVITE" ? sdp : undefined);
  }

  private acknowledgeFrom(end: End, checks: readonly string[]): this {
    const number = this.transactions;
    this.last = "ACK";
    this.transactions++;
    const head = [
      "ACK [next_url] SIP/2.0",
      via(this.transactions),
      "[routes]",
      ...parties(end, "[$remote]"),
      `CSeq: ${number} ACK`,
    ];
    this[end].push(send(head));
    this[otherEnd(end)].push(receive('request="ACK"', checks));
    return this;
  }
}

/** The call's `n`th transaction. */
function via(n: number): string {
  return `Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=z9hG4bK[pid]-[call_number]-${n}`;
}

function parties(end: End, to: string): readonly string[] {
  const from = end === "caller" ? "<sip:alice@[domain]>" : "<[target]>";
  return ["Max-Forwards: 70", `From: ${from};tag=[pid]-[call_number]`, `To: ${to}`, "Call-ID: [call_id]"];
}

function ackOfRefusal(): readonly string[] {
  return ["ACK [target] SIP/2.0", via(1), ...parties("caller", "[$remote]"), "CSeq: 1 ACK"];
}

function contactOf(end: End): string {
  return `<sip:${end}@[local_ip]:[local_port];transport=[transport]>`;
}

function okInDialog(end: End, method: string): string {
  const head = [
    "SIP/2.0 200 OK",
    "[last_Via:]",
    "[last_From:]",
    "[last_To:]",
    "[last_Call-ID:]",
    "[last_CSeq:]",
    `Contact: ${contactOf(end)}`,
  ];
  return method === "INVITE" ? sendUntilHeard(head, sdp) : send(head);
}

const ownTo = ["[last_To:];tag=[pid]-[call_number]", "[last_Call-ID:]"];

function otherEnd(end: End): End {
  return end === "caller" ? "callee" : "caller";
}
