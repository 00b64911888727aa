/** One end of a call as server (RFC 3261 8.2, 13.3.1, 17.2): answers as the plan says, repeats what is not acknowledged. */
import type { Call } from "./call.ts";
import { t1, t2 } from "./client-transaction.ts";
import type { Line } from "./lines.ts";
import { type Party, tagOf } from "./party.ts";
import { type Message, responseTo, viaAsWritten } from "./sip-text.ts";

/** How long a final response is repeated: 64 times T1 (RFC 3261 13.3.1.4). */
const repeatFor = 32_000;

export class Answerer {
  private readonly call: Call;
  private readonly party: Party;
  /** The last response by branch and method, for a request that comes again. */
  private readonly said = new Map<string, Buffer>();
  /** Numbers of CSeq. */
  private readonly acknowledged = new Set<string>();
  private pending: { readonly request: Message; readonly line: Line } | undefined;

  constructor(call: Call, party: Party) {
    this.call = call;
    this.party = party;
  }

  take(request: Message, line: Line): void {
    const { method, branch } = request;
    if (method === "ACK") {
      const [number = ""] = request.value("CSeq").split(" ");
      if (!this.acknowledged.has(number)) this.call.onAcknowledged(this.party);
      this.acknowledged.add(number);
      return;
    }
    const known = this.said.get(`${branch} ${method}`);
    if (known !== undefined) {
      this.call.post(line, known, true);
      return;
    }
    this.call.checkRequest(request, this.party);
    if (method === "INVITE" && tagOf(request.value("To")) === "") this.ring(request, line);
    else if (method === "INVITE") this.conclude(request, line, "200 OK");
    else if (method === "CANCEL") this.cancel(request, line);
    else {
      this.say(request, line, "200 OK");
      if (method === "BYE") this.call.onHungUp();
    }
  }

  private ring(request: Message, line: Line): void {
    const { call, party } = this;
    call.recorded = request.values("Record-Route");
    if (call.plan.kind !== "refused")
      party.enterDialog(tagOf(request.value("From")), request.value("Contact"), call.recorded);
    this.pending = { request, line };
    this.say(request, line, "100 Trying");
    call.later(call.dice.between(5, 200), () => {
      this.say(request, line, "180 Ringing");
      if (call.plan.kind === "cancelled") return;
      const status = call.plan.kind === "refused" ? "486 Busy Here" : "200 OK";
      call.later(call.dice.between(5, 500), () => this.conclude(request, line, status));
    });
  }

  private cancel(request: Message, line: Line): void {
    this.say(request, line, "200 OK");
    if (this.pending !== undefined)
      this.conclude(this.pending.request, this.pending.line, "487 Request Terminated");
    this.pending = undefined;
  }

  /** The final response of an INVITE: repeated until its ACK, a 2xx over any transport, others over UDP. */
  private conclude(request: Message, line: Line, status: string): void {
    const bytes = this.say(request, line, status);
    const [number = ""] = request.value("CSeq").split(" ");
    if (!status.startsWith("2") && line.transport !== "udp") return;
    const until = Date.now() + repeatFor;
    let wait = t1;
    const repeat = (): void => {
      if (this.acknowledged.has(number) || Date.now() > until) return;
      this.call.post(line, bytes, true);
      wait = Math.min(wait * 2, t2);
      this.call.later(wait, repeat);
    };
    this.call.later(wait, repeat);
  }

  private say(request: Message, line: Line, status: string): Buffer {
    const { party, call } = this;
    const more = [party.identity];
    if (request.method === "INVITE" && !status.startsWith("100")) {
      more.push(`Contact: ${party.contact}`);
      more.push(...request.values("Record-Route").map((route) => `Record-Route: ${route}`));
    }
    const bytes = responseTo(request, status, party.tag, more);
    this.said.set(`${request.branch} ${request.method}`, bytes);
    call.post(line, bytes, false);
    return bytes;
  }
}

/** The Via rows of a request that went through the border alone: its own, and below it the sender's. */
export function viasFault(request: Message): string {
  const vias = request.values("Via");
  if (vias.length !== 2) return `${vias.length} Via rows`;
  if (!vias[0]!.includes(";pf=")) return `no flow in ${vias[0]}`;
  return /^SIP\/2\.0\/(UDP|TCP|TLS) 127\.0\.0\.\d+:\d+;branch=z9hG4bK-soak-[\w-]+(;alias)?;rport$/.test(
    viaAsWritten(vias[1]!),
  )
    ? ""
    : `Via below: ${vias[1]}`;
}
