/**
 * Random message events: valid SIP in many spellings (compact names, folds, blanks before
 * the colon, lists in rows and commas, escapes, quoted commas), from and to every network.
 */
import type { ConnectionFacts, MessageEvent, NetworkEnd } from "../../engine/event.ts";
import type { Dice } from "./dice.ts";

const users = [
  "alice",
  "al%69ce",
  "bob",
  "+12125551212",
  "+1-212-555-1212;cpc=payphone",
  "anonymous",
  "a%3bb",
  "4711;oli=62",
];
const hosts = [
  "home1.example",
  "HOME1.example",
  "pbx.home1.example",
  "open-d.example",
  "carrier-c.example",
  "anonymous.invalid",
  "192.0.2.10",
  "[2001:db8::1]",
];
const names = [
  "",
  "",
  "Alice ",
  '"Alice" ',
  '"Smith, Bob" ',
  '"a \\" b" ',
  "Alice  Bob ",
  '"<sip:x@home1.example>" ',
];
const uriParameters = [
  ";transport=tcp",
  ";TRANSPORT=TCP",
  ";iotl=homeA-homeB",
  ";lr",
  ";user=phone",
  ";%69otl=x",
  ";gr=urn:x",
  ";cpc=operator",
];
const uriHeaders = [
  "Subject=x",
  "P-Asserted-Identity=%3csip:a@home1.example%3e",
  "Privacy=history",
  "Reason=SIP%3bcause%3d302",
  "privacy=none",
];
const parameters = [
  ";q=0.7",
  ";Q=0.50",
  ";privacy=full",
  ';screen="yes"',
  ";reason=unconditional",
  ";counter=1",
  ";expires=60",
  ' ; x="a;b,c"',
  ";np=1.1",
  ";index=1.1",
  ";rc=1",
];
const privacies = [
  "id",
  "none",
  "id;critical",
  "user",
  "header",
  "session",
  "history",
  "user;id",
  "none;id",
  "ID",
  "user; header ;id",
  "critical",
  "id;id",
  "x-token;id",
  "history;critical",
];
const methods = ["INVITE", "ACK", "BYE", "CANCEL", "MESSAGE", "REFER", "OPTIONS", "INFO", "NOTIFY"];

function uri(dice: Dice): string {
  if (dice.chance(12)) {
    return dice.pick([
      "tel:+12125551212",
      "tel:+1-212-555-1212;cpc=payphone",
      "TEL:+4930123;oli=1;phone-context=x",
      "tel:911;phone-context=+1",
      "urn:service:sos",
      "urn:service:sos.fire",
      "mailto:x@home1.example",
    ]);
  }
  const scheme = dice.pick(["sip:", "sip:", "sip:", "sips:", "SIP:"]);
  const user = dice.chance(85) ? `${dice.pick(users)}${dice.chance(5) ? ":secret" : ""}@` : "";
  return `${scheme}${user}${dice.pick(hosts)}${dice.chance(15) ? ":5061" : ""}${dice.some(uriParameters, 0, 2).join("")}`;
}

function address(dice: Dice, more: readonly string[] = []): string {
  const tail = [...dice.some(parameters, 0, 2), ...more].join("");
  if (dice.chance(12)) {
    // Without <> what follows the first semicolon belongs to the header field (RFC 3261 20).
    return `${dice.pick(["sip:alice@home1.example", "tel:+12125551212", "sip:home1.example:5060"])}${tail}`;
  }
  const headers = dice.chance(15) ? `?${dice.some(uriHeaders, 1, 3).join("&")}` : "";
  return `${dice.pick(names)}<${uri(dice)}${headers}>${tail}`;
}

function list(dice: Dice, one: () => string): string {
  const values = dice.times(1, 3, one);
  return values.reduce((all, next) => `${all}${dice.pick([", ", ",", " ,  ", ",\r\n\t"])}${next}`);
}

/** Name and how its value is made. */
const optionalFields: readonly (readonly [string, (dice: Dice) => string])[] = [
  ["P-Asserted-Identity", (dice) => list(dice, () => address(dice))],
  ["p-asserted-identity", (dice) => address(dice)],
  ["P-Preferred-Identity", (dice) => address(dice)],
  ["Remote-Party-ID", (dice) => address(dice, dice.some([";party=calling", ";screen=yes"], 0, 2))],
  ["Privacy", (dice) => dice.pick(privacies)],
  ["Privacy", (dice) => dice.pick(privacies)],
  [
    "Proxy-Require",
    (dice) => dice.pick(["privacy", "privacy, sec-agree", "foo,Privacy", "sec-agree", "privacy,privacy"]),
  ],
  ["Contact", (dice) => list(dice, () => address(dice))],
  ["m", (dice) => address(dice)],
  ["Subject", (dice) => dice.pick(["Lunch, at noon", "x", "a;b", "caf\u00e9"])],
  ["s", () => "compact"],
  ["Organization", () => "Home One"],
  ["User-Agent", () => "Phone/1.0 (x;y)"],
  ["Server", () => "srv"],
  ["History-Info", (dice) => list(dice, () => address(dice, [`;index=1.${dice.below(4)}`]))],
  [
    "Diversion",
    (dice) => list(dice, () => address(dice, dice.some([";privacy=full", ";reason=no-answer"], 0, 2))),
  ],
  ["Referred-By", (dice) => address(dice)],
  ["b", (dice) => address(dice)],
  ["Reply-To", (dice) => address(dice)],
  ["Refer-To", (dice) => address(dice)],
  ["Warning", (dice) => list(dice, () => `${dice.pick(["399", "307"])} ${dice.pick(hosts)} "no, thanks"`)],
  [
    "Reason",
    (dice) =>
      list(
        dice,
        () =>
          `${dice.pick(["SIP", "Q.850"])};cause=${dice.pick(["302", "486", "16"])}${dice.pick(["", ' ;text="a, b"'])}`,
      ),
  ],
  ["Resource-Priority", () => "ets.0, wps.1"],
  ["Identity", () => "eyJhbGciOiJFUzI1NiJ9..x;info=<https://home1.example/c.cer>;alg=ES256"],
  ["y", () => "abc;info=<https://home1.example/c.cer>"],
  ["Identity-Info", () => "<https://home1.example/c.cer>;alg=rsa-sha1"],
  ["Date", () => "Thu, 21 Feb 2002 13:02:03 GMT"],
  [
    "Geolocation",
    (dice) =>
      dice.pick(["<cid:target@home1.example>", "<sips:loc@home1.example>, <cid:other@home1.example>"]),
  ],
  ["Geolocation-Routing", (dice) => dice.pick(["yes", "no"])],
  ["P-Access-Network-Info", () => "3GPP-E-UTRAN-FDD; utran-cell-id-3gpp=234"],
  ["P-Charging-Vector", () => "icid-value=1;orig-ioi=home1.example"],
  ["Feature-Caps", () => "*;+g.3gpp.x"],
  ["Supported", () => "timer, 100rel"],
  ["k", () => "histinfo"],
  ["Require", (dice) => dice.pick(["timer", "foo, timer"])],
  ["Route", (dice) => list(dice, () => `<${uri(dice)}>`)],
  ["Record-Route", (dice) => list(dice, () => `<${uri(dice)};lr>`)],
  ["X-Corp-Trace", () => "x, y;z"],
  ["X-Unknown", () => "whatever, <;"],
  ["Accept", () => "application/sdp, text/plain;q=0.5"],
];

/** One row, in one of the ways that RFC 3261 7.3.1 allows. */
function row(dice: Dice, name: string, value: string): string {
  const spelled = dice.chance(10) ? name.toUpperCase() : dice.chance(10) ? name.toLowerCase() : name;
  const colon = dice.pick([": ", ": ", ": ", ":", " : ", "\t:", ":\r\n ", ":   "]);
  return `${spelled}${colon}${value}${dice.chance(6) ? "  " : ""}\r\n`;
}

function body(dice: Dice): { readonly type: string; readonly text: string } | undefined {
  const sdp =
    "v=0\r\no=alice 1 1 IN IP4 192.0.2.10\r\ns=call\r\ni=info\r\nc=IN IP4 192.0.2.10\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n";
  switch (dice.below(8)) {
    case 0:
    case 1:
    case 2:
      return { type: "application/sdp", text: sdp };
    case 3:
      return {
        type: 'multipart/mixed;boundary="b1"',
        text: `--b1\r\nContent-Type: application/sdp\r\n\r\n${sdp}\r\n--b1\r\nContent-Type: application/pidf+xml\r\nContent-ID: <target@home1.example>\r\n\r\n<p/>\r\n--b1--\r\n`,
      };
    case 4:
      return { type: "message/sipfrag", text: "From: <sip:alice@home1.example>\r\n" };
    default:
      return undefined;
  }
}

interface GeneratedMessage {
  readonly bytes: Uint8Array;
  readonly framing: "datagram" | "stream";
}

function generateMessage(dice: Dice): GeneratedMessage {
  const method = dice.pick(methods);
  const request = dice.chance(70);
  const start = request
    ? `${method} ${uri(dice)} SIP/2.0\r\n`
    : `SIP/2.0 ${dice.pick(["180 Ringing", "200 OK", "302 Moved", "404 Not Found", "486 Busy Here", "603 "])}\r\n`;
  const framing = dice.pick(["datagram", "stream"] as const);
  const content = body(dice);
  const rows: string[] = [
    row(dice, dice.pick(["Via", "v"]), "SIP/2.0/UDP pc.home1.example:5060;branch=z9hG4bK77"),
    row(dice, dice.pick(["From", "From", "f"]), address(dice, [";tag=99"])),
    row(dice, dice.pick(["To", "To", "t"]), address(dice, dice.chance(40) ? [";tag=7"] : [])),
    row(dice, dice.pick(["Call-ID", "i"]), "a84b4c76e66710@pc"),
    row(dice, "CSeq", `1 ${method}`),
    row(dice, "Max-Forwards", "70"),
  ];
  if (framing === "stream" || dice.chance(70)) {
    rows.push(row(dice, dice.pick(["Content-Length", "l"]), String(content?.text.length ?? 0)));
  }
  if (content !== undefined) rows.push(row(dice, dice.pick(["Content-Type", "c"]), content.type));
  for (const [name, make] of dice.some(optionalFields, 0, 10)) {
    for (let copies = dice.chance(15) ? 2 : 1; copies > 0; copies--) {
      rows.splice(dice.below(rows.length + 1), 0, row(dice, name, make(dice)));
    }
  }
  return { bytes: Buffer.from(`${start}${rows.join("")}\r\n${content?.text ?? ""}`, "latin1"), framing };
}

/** The connections of a run; each lives as long as the run. */
export function generateConnections(): readonly NetworkEnd[] {
  const clear = (
    transport: "udp" | "tcp",
    listener: string | undefined,
    remoteAddress: string,
  ): ConnectionFacts => ({ transport, listener, remoteAddress });
  const secured = (uris: readonly string[], signedBy: string | undefined): ConnectionFacts => ({
    transport: "tls",
    listener: "outside",
    remoteAddress: "203.0.113.7",
    tls: {
      version: "TLSv1.3",
      resumed: false,
      certificate: {
        uris,
        dns: [],
        hasSubjectAltName: true,
        issuer: "CN=ca",
        usages: undefined,
        notBefore: 0,
        notAfter: Date.UTC(2030, 0),
        signedBy,
      },
    },
  });
  const good = secured(["sip:carrier-c.example"], "carrier-c");
  const forged = secured(["sip:carrier-c.example"], undefined);
  return [
    { network: "home", connection: clear("tcp", "inside", "198.51.100.4") },
    { network: "home", connection: clear("udp", "inside", "198.51.100.5") },
    { network: "ims-b", connection: clear("tcp", "zb", "192.0.2.9") },
    { network: "ims-b", connection: clear("udp", "outside", "192.0.2.9") },
    { network: "carrier-c", connection: good },
    { network: "carrier-c", connection: clear("udp", "outside", "203.0.113.7") },
    { network: "carrier-c", connection: forged },
    { network: "open-d", connection: clear("udp", "outside", "203.0.113.99") },
    { network: "stranger", connection: clear("udp", "outside", "2001:db8::7") },
    { network: "open-d", connection: good },
  ];
}

/** Days on both sides of every date that generated policies name. */
export const clocks: readonly number[] = [
  Date.UTC(2025, 11, 31, 23, 59, 59, 999),
  Date.UTC(2026, 0, 1),
  Date.UTC(2026, 5, 1, 12),
  Date.UTC(2026, 6, 1),
  Date.UTC(2028, 0, 1),
  Date.UTC(2031, 0, 1),
];

export function generateEvent(dice: Dice, ends: readonly NetworkEnd[]): MessageEvent {
  const { bytes, framing } = generateMessage(dice);
  return {
    kind: "message",
    bytes,
    framing,
    from: dice.pick(ends),
    to: dice.pick(ends),
    at: dice.pick(clocks),
  };
}
