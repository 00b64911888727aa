/** A single request with the status that it must be answered with; no other end takes part. */
import { ClientTransaction } from "./client-transaction.ts";
import type { Line } from "./lines.ts";
import type { Neighbour } from "./neighbour.ts";
import { type Message, sipBytes, viaAsWritten } from "./sip-text.ts";

export interface Question {
  readonly at: Neighbour;
  readonly line: Line;
  readonly method: string;
  readonly uri: string;
  readonly status: number;
  readonly callId: string;
  readonly maxForwards?: number;
  /** Whole rows. */
  readonly rows?: readonly string[];
  /** Sent-by of the Via in the place of the network's own, and no `rport`. */
  readonly sentBy?: string;
  /** Puts the bytes on the line in another way than at once. */
  readonly post?: (line: Line, bytes: Buffer) => void;
}

let branches = 0;

/** Resolves with the milliseconds until the answer; rejects where it is another one, or none comes. */
export async function ask(question: Question): Promise<number> {
  const { at, line, method, status } = question;
  const branch = `z9hG4bK-soak-q${++branches}`;
  const { bytes, via } = questionBytes(question, branch);
  const post = question.post ?? ((way: Line, sent: Buffer) => way.send(sent));
  const transaction = new ClientTransaction({
    line,
    bytes,
    method,
    post,
    onFinal: (response) => {
      // An ACK of the border's own answer ends there.
      if (method === "INVITE") line.send(acknowledgement(question, branch, response));
    },
  });
  at.transactions.set(branch, transaction);
  const started = performance.now();
  try {
    transaction.start();
    const response = await transaction.final;
    const vias = response.values("Via");
    if (vias.length !== 1 || viaAsWritten(vias[0]!) !== via)
      throw new Error(`Via came back as ${vias.join()}`);
    if (response.status !== status)
      throw new Error(`${method} ${question.uri} from ${at.name} was answered ${response.startLine}`);
    return performance.now() - started;
  } finally {
    setTimeout(() => at.transactions.delete(branch), 5_000);
  }
}

function questionBytes(question: Question, branch: string): { readonly bytes: Buffer; readonly via: string } {
  const { at, line, method, uri, callId, maxForwards = 70, rows = [], sentBy } = question;
  const from =
    sentBy === undefined
      ? `${at.reachedAt(line.transport)};branch=${branch};rport`
      : `${sentBy};branch=${branch}`;
  const via = `SIP/2.0/${line.transport.toUpperCase()} ${from}`;
  const bytes = sipBytes([
    `${method} ${uri} SIP/2.0`,
    `Via: ${via}`,
    `Max-Forwards: ${maxForwards}`,
    `From: <sip:asker@${at.domain}>;tag=1`,
    `To: <${uri}>`,
    `Call-ID: ${callId}`,
    `CSeq: 1 ${method}`,
    "User-Agent: a peer of the soak, with a name that leaves room for an answer",
    ...rows,
  ]);
  return { bytes, via };
}

function acknowledgement({ at, line, uri, callId }: Question, branch: string, response: Message): Buffer {
  return sipBytes([
    `ACK ${uri} SIP/2.0`,
    `Via: SIP/2.0/${line.transport.toUpperCase()} ${at.reachedAt(line.transport)};branch=${branch};rport`,
    "Max-Forwards: 70",
    `From: <sip:asker@${at.domain}>;tag=1`,
    `To: ${response.value("To")}`,
    `Call-ID: ${callId}`,
    "CSeq: 1 ACK",
  ]);
}
