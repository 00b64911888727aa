/** Messages that are none: with a fault that is known, or damaged by chance. */
import { mutate } from "../fuzz/mutation.ts";
import type { Dice } from "./dice.ts";
import type { Place } from "./lines.ts";
import { rudeCall } from "./neighbour.ts";
import { sipBytes } from "./sip-text.ts";

let count = 0;

/** A whole request that asks nothing of anybody who keeps promises. */
export function rudeRequest(
  method: string,
  uri: string,
  via: string,
  more: readonly string[] = [],
  body = "",
): Buffer {
  const number = ++count;
  return sipBytes(
    [
      `${method} ${uri} SIP/2.0`,
      `Via: ${via};branch=z9hG4bK-rude-${number}`,
      "Max-Forwards: 70",
      `From: "Somebody" <sip:rude@stranger.example>;tag=${number}`,
      `To: <${uri}>`,
      `Call-ID: ${rudeCall}${number}`,
      `CSeq: ${number} ${method}`,
      "User-Agent: a peer that keeps no promises, and has a long name",
      ...more,
    ],
    body,
  );
}

const faults: readonly ((text: string) => string)[] = [
  (text) => text.replace("CSeq: ", "CSeq: x"),
  (text) => text.replace("SIP/2.0\r\n", "SIP/3.0\r\n"),
  (text) => text.replace("Max-Forwards: 70", "Max-Forwards: -1"),
  (text) => text.replace("Max-Forwards: 70\r\n", "Max-Forwards: 70\nX: y\r\n"),
  (text) => text.replace("Call-ID: ", "Call-ID: a b\r\nX: "),
  (text) => text.replace("From: ", 'From: "'),
  (text) => text.replace("Via: ", "Via: SIP/2.0/UDP"),
  (text) => text.replace("To: ", "To: <sip:a@b>\r\nTo: "),
  (text) => text.replace("User-Agent: ", "User-Agent: \0"),
  (text) => text.replace("\r\nContent-Length", "\r\n Content-Length: 3\r\n\r\nContent-Length"),
];

/** One message with one fault that every stream can still be cut at: the border counts it once. */
export function faultyRequest(dice: Dice, via: string): Buffer {
  const text = rudeRequest("MESSAGE", "sip:x@home1.example", via).toString("latin1");
  return Buffer.from(dice.pick(faults.slice(0, 3))(text), "latin1");
}

/** As a datagram: whatever the fault. */
export function faultyDatagram(dice: Dice, via: string): Buffer {
  const text = rudeRequest("INVITE", "sip:x@home1.example", via).toString("latin1");
  return Buffer.from(dice.pick(faults)(text), "latin1");
}

/** Damaged anywhere. */
export function damagedRequest(dice: Dice, via: string): Buffer {
  const seed = (): Buffer =>
    rudeRequest(dice.pick(["INVITE", "MESSAGE", "ACK", "REGISTER", "PUBLISH"]), "sip:x@home1.example", via, [
      `Contact: <sip:rude@stranger.example;ob>;q=0.${dice.below(10)}`,
      dice.pick(["Route: <sip:127.0.0.5;lr>", "Supported: timer, 100rel", "Privacy: id;user"]),
    ]);
  return Buffer.from(mutate(dice, seed(), seed()));
}

/** Messages that a stream of these bytes can be cut into at most, a broken head at its end included. */
export function mostMessages(bytes: Buffer): number {
  return bytes.toString("latin1").split("\r\n\r\n").length;
}

/** A response that answers nothing: no flow, or one that we never gave. */
export function strayResponse(dice: Dice, border: Place, transport: string): Buffer {
  const number = ++count;
  const flow = dice.pick([
    "",
    ";pf=0000000000000000000000000000000000000000",
    `;pf=${"z".repeat(dice.below(60))}`,
  ]);
  return sipBytes([
    `SIP/2.0 ${dice.pick(["100 Trying", "180 Ringing", "200 OK", "404 Not Found", "503 Service Unavailable"])}`,
    `Via: SIP/2.0/${transport.toUpperCase()} ${border.host}:${border.port};branch=z9hG4bK${"0".repeat(24)}${String(number).padStart(8, "0")}${flow}`,
    `Via: SIP/2.0/UDP 127.0.0.2:${dice.between(1024, 60_000)};branch=z9hG4bK-rude-${number}`,
    `From: <sip:rude@stranger.example>;tag=${number}`,
    "To: <sip:x@home1.example>;tag=1",
    `Call-ID: ${rudeCall}${number}`,
    `CSeq: ${number} INVITE`,
  ]);
}
