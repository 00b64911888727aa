/** What a live peer has shown, and what the policy makes of it. */
import type { HandshakeDecision } from "../engine/index.ts";
import { type CertificateDescription, describeCertificate } from "../wire/index.ts";
import { dayOf, leftText } from "./days.ts";
import { describeHandshake, handshakeDecisionToJson } from "./handshake-text.ts";
import type { LivePeer } from "./live-peer.ts";
import type { Meeting } from "./meeting.ts";
import { placeOf, whyNoConnection } from "./no-connection.ts";

export function describeMeeting(
  peer: LivePeer,
  meeting: Meeting,
  decision: HandshakeDecision | undefined,
  at: number,
): string {
  const { event, failure } = meeting;
  const lines: string[] = [];
  if (failure !== undefined) {
    const { place, cause, remedy } = whyNoConnection(peer, meeting, failure);
    lines.push(`no connection: ${place}: ${cause}`, `  help: ${remedy}`);
  }
  const tls = event?.connection.tls;
  if (tls === undefined || decision === undefined) return `${lines.join("\n")}\n`;
  const chain = tls.certificate?.chain ?? [];
  if (lines.length > 0) lines.push("");
  lines.push(
    `peer  ${placeOf(peer, meeting)}`,
    `  asked for    ${peer.domain}`,
    `  session      ${tls.version}, ${tls.cipher}`,
    ...(chain.length === 0 ? ["  certificate  none"] : []),
    ...chain.flatMap((der, index) => certificateLines(describeCertificate(der), index, at)),
    "",
  );
  return `${lines.join("\n")}\n${describeHandshake(decision)}`;
}

function certificateLines(one: CertificateDescription, index: number, at: number): string[] {
  const lines = ["", `  certificate ${index + 1}`];
  if (one.unreadable !== undefined) return [...lines, `    unreadable: it ${one.unreadable}`];
  const { subject, names, issuer, notBefore, notAfter, usages } = one;
  const left = leftText({ from: notBefore, until: notAfter + 1_000 }, at);
  return [
    ...lines,
    `    subject  ${subject}`,
    `    names    ${names.length === 0 ? "none" : names.join(", ")}`,
    `    issuer   ${issuer}`,
    `    dates    ${dayOf(notBefore)} to ${dayOf(notAfter)}, ${left}`,
    `    usages   ${usages === undefined ? "any: no extended key usage" : usages.join(", ")}`,
  ];
}

/** The object of the decision, with what the peer showed beside it. */
export function meetingToJson(
  peer: LivePeer,
  meeting: Meeting,
  decision: HandshakeDecision | undefined,
): Record<string, unknown> {
  const { address, event, failure } = meeting;
  const tls = event?.connection.tls;
  return {
    ...(decision === undefined ? {} : handshakeDecisionToJson(decision)),
    peer: {
      host: peer.host,
      port: peer.port,
      ...(address === undefined ? {} : { address }),
      domain: peer.domain,
    },
    ...(tls === undefined
      ? {}
      : {
          session: { version: tls.version, cipher: tls.cipher },
          chain: (tls.certificate?.chain ?? []).map((der) => certificateToJson(describeCertificate(der))),
        }),
    ...(failure === undefined ? {} : { failure: whyNoConnection(peer, meeting, failure) }),
  };
}

function certificateToJson(one: CertificateDescription): Record<string, unknown> {
  if (one.unreadable !== undefined) return { unreadable: one.unreadable };
  const { subject, names, issuer, notBefore, notAfter, usages, authority } = one;
  return {
    subject,
    names,
    issuer,
    notBefore: new Date(notBefore).toISOString(),
    notAfter: new Date(notAfter).toISOString(),
    ...(usages === undefined ? {} : { usages }),
    authority,
  };
}
