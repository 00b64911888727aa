/**
 * Reads one Via value as spans over bytes (RFC 3261 20.42, 25.1): `SIP/2.0/UDP host:port;branch=…`,
 * with blanks and folds wherever LWS may stand. A reader is reused; its spans are good until the
 * next `read`. A span that is absent starts at -1.
 */
import { ParameterCursor } from "../../wire/index.ts";

const HTAB = 9;
const LF = 10;
const CR = 13;
const SP = 32;
const SLASH = 47;
const COLON = 58;
const SEMICOLON = 59;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;

/** The parameter that this border writes (`flow.ts`). */
export const flowParameter = "pf";

export class ViaReader {
  start = -1;
  end = -1;
  /** Lower case. */
  transport = "";
  /** IPv6 with its brackets. */
  hostStart = -1;
  hostEnd = -1;
  /** 0: none is written. */
  port = 0;
  branchStart = -1;
  branchEnd = -1;
  receivedStart = -1;
  receivedEnd = -1;
  /** Behind the whole parameter. */
  receivedParameterEnd = -1;
  /** Behind the whole parameter, and its value (-1: it has none). */
  rportParameterEnd = -1;
  rportStart = -1;
  rportEnd = -1;
  flowStart = -1;
  flowEnd = -1;
  /** RFC 5923 7: the connection may be used for requests to its sender. */
  alias = false;

  private readonly parameters = new ParameterCursor();
  private bytes: Uint8Array = new Uint8Array(0);
  private at = 0;

  /** Reads the value `bytes[start, end)`, without blanks around it. False: it is no Via value. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    this.bytes = bytes;
    this.at = this.start = start;
    this.end = end;
    this.hostStart = this.branchStart = this.receivedStart = this.rportStart = this.flowStart = -1;
    this.hostEnd = this.branchEnd = this.receivedEnd = this.rportEnd = this.flowEnd = -1;
    this.receivedParameterEnd = this.rportParameterEnd = -1;
    this.port = 0;
    this.alias = false;
    return this.readProtocol() && this.readSentBy() && this.readParameters();
  }

  private readProtocol(): boolean {
    if (!this.skipWord() || !this.skipSlash() || !this.skipWord() || !this.skipSlash()) return false;
    const start = this.at;
    if (!this.skipWord()) return false;
    this.transport = transportName(this.bytes, start, this.at);
    const blank = this.at;
    this.skipBlanks();
    return this.at > blank;
  }

  private readSentBy(): boolean {
    const { bytes, end } = this;
    this.hostStart = this.at;
    if (this.at < end && bytes[this.at] === OPEN_BRACKET) {
      while (this.at < end && bytes[this.at] !== CLOSE_BRACKET) this.at++;
      if (this.at++ >= end) return false;
    } else {
      while (this.at < end && isHostByte(bytes[this.at]!)) this.at++;
    }
    this.hostEnd = this.at;
    if (this.hostEnd === this.hostStart) return false;
    this.skipBlanks();
    if (this.at >= end || bytes[this.at] !== COLON) return true;
    this.at++;
    this.skipBlanks();
    const start = this.at;
    while (this.at < end && isDigit(bytes[this.at]!)) this.at++;
    this.port = readPort(bytes, start, this.at);
    this.skipBlanks();
    return this.port > 0;
  }

  /** The first parameter of a name counts. */
  private readParameters(): boolean {
    const { bytes, parameters } = this;
    if (this.at >= this.end) return true;
    if (bytes[this.at] !== SEMICOLON) return false;
    parameters.reset(bytes, this.at, this.end, ";");
    while (parameters.next()) {
      const { nameStart, nameEnd, valueStart, valueEnd } = parameters;
      if (this.branchStart < 0 && isName(bytes, nameStart, nameEnd, "branch")) {
        this.branchStart = valueStart;
        this.branchEnd = valueEnd;
      } else if (this.receivedParameterEnd < 0 && isName(bytes, nameStart, nameEnd, "received")) {
        this.receivedParameterEnd = parameters.end;
        this.receivedStart = valueStart;
        this.receivedEnd = valueEnd;
      } else if (this.rportParameterEnd < 0 && isName(bytes, nameStart, nameEnd, "rport")) {
        this.rportParameterEnd = parameters.end;
        this.rportStart = valueStart;
        this.rportEnd = valueEnd;
      } else if (this.flowStart < 0 && isName(bytes, nameStart, nameEnd, flowParameter)) {
        this.flowStart = valueStart;
        this.flowEnd = valueEnd;
      } else if (!this.alias && isName(bytes, nameStart, nameEnd, "alias")) {
        this.alias = true;
      }
    }
    return true;
  }

  private skipWord(): boolean {
    const start = this.at;
    while (this.at < this.end && this.bytes[this.at] !== SLASH && !isBlank(this.bytes[this.at]!)) this.at++;
    return this.at > start;
  }

  private skipSlash(): boolean {
    this.skipBlanks();
    if (this.at >= this.end || this.bytes[this.at] !== SLASH) return false;
    this.at++;
    this.skipBlanks();
    return true;
  }

  private skipBlanks(): void {
    while (this.at < this.end && isBlank(this.bytes[this.at]!)) this.at++;
  }
}

/** 1 to 65535; 0 for anything else. */
export function readPort(bytes: Uint8Array, start: number, end: number): number {
  if (end <= start || end - start > 5) return 0;
  let port = 0;
  for (let at = start; at < end; at++) {
    if (!isDigit(bytes[at]!)) return 0;
    port = port * 10 + bytes[at]! - 48;
  }
  return port <= 65535 ? port : 0;
}

/** `name` is in lower case; the bytes may be in any. */
export function isName(bytes: Uint8Array, start: number, end: number, name: string): boolean {
  if (end - start !== name.length) return false;
  for (let i = 0; i < name.length; i++) if ((bytes[start + i]! | 0x20) !== name.charCodeAt(i)) return false;
  return true;
}

const transportNames = ["udp", "tcp", "tls", "sctp", "ws", "wss"];

/** Known names make no new string. */
function transportName(bytes: Uint8Array, start: number, end: number): string {
  const known = transportNames.find((name) => isName(bytes, start, end, name));
  return known ?? Buffer.from(bytes.subarray(start, end)).toString("latin1").toLowerCase();
}

function isBlank(byte: number): boolean {
  return byte === SP || byte === HTAB || byte === CR || byte === LF;
}

function isDigit(byte: number): boolean {
  return byte >= 48 && byte <= 57;
}

function isHostByte(byte: number): boolean {
  const letter = byte | 0x20;
  return (letter >= 97 && letter <= 122) || isDigit(byte) || byte === 45 || byte === 46 || byte === 95;
}
