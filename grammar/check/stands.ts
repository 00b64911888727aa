/** Where a condition stands, and what it may speak of there. */
import type { Source } from "../source.ts";
import type { Subject } from "../words.ts";

export interface Stand {
  readonly source: Source;
  readonly where: Where;
}

export type Where =
  | "in"
  | "out"
  | "handshake"
  | "treatment"
  | "trust"
  | "transit"
  | "assertion"
  | "endless-assertion"
  | "message-test"
  | "handshake-test";

interface WhereRow {
  readonly words: string;
  readonly subjects: readonly Subject[];
  readonly help: string;
}

const both: readonly Subject[] = ["connection", "agreement", "option", "clock"];

// biome-ignore format: a table reads best with one row a line
export const whereRows: Readonly<Record<Where, WhereRow>> = {
  in: { words: "at the in gate", subjects: [...both, "message", "ends"], help: "say it in a rule `on handshake`" },
  out: { words: "at the out gate", subjects: [...both, "message", "ends"], help: "say it in a rule `on handshake`" },
  treatment: { words: "in a treatment", subjects: [...both, "message", "ends"], help: "say it in a rule `on handshake`" },
  handshake: { words: "in a rule on a handshake", subjects: [...both, "handshake"], help: "there is no message yet: speak of the certificate, the connection, options or the date, or write the rule `on message`" },
  trust: { words: "in a trust statement", subjects: both, help: "trust follows from the connection, the agreement, options and the date; what a message says proves nothing (RFC 3324 2.3)" },
  transit: { words: "in a transit statement", subjects: ["message", "option", "clock"], help: "speak of the message, of options or of the date" },
  assertion: { words: "in an assertion", subjects: [...both, "message", "ends"], help: "assertions speak of messages: a handshake has rules and tests" },
  "endless-assertion": { words: "in an assertion that names no end", subjects: ["message", "ends", "option", "clock"], help: "name the end behind `on`, as in `on message to untrusted`: which connection would be meant?" },
  "message-test": { words: "in a test of a message", subjects: [...both, "message", "ends"], help: "what a handshake knows can be expected after `given handshake`" },
  "handshake-test": { words: "in a test of a handshake", subjects: [...both, "handshake"], help: "there is no message: expect something of the certificate or of the verdict" },
};
