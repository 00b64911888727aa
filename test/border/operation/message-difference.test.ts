import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { differenceOf, forwardingFields } from "../../../border/operation/message-difference.ts";

function message(...lines: readonly string[]): Uint8Array {
  return Buffer.from(lines.join("\r\n"));
}

function changes(received: Uint8Array, sent: Uint8Array): readonly string[] {
  return differenceOf(received, sent, forwardingFields).map(
    ({ kind, field, text }) => `${kind === "removed" ? "-" : "+"} ${field} | ${text}`,
  );
}

describe("what a message lost and gained", () => {
  const received = message(
    "INVITE sip:b@open-d.example;iotl=homea SIP/2.0",
    "Via: SIP/2.0/UDP a;branch=1",
    "Max-Forwards: 70",
    'f: "Alice"\r\n <sip:alice@home1.example>;tag=1',
    "P-Asserted-Identity: <sip:a@home1.example>",
    "P-Asserted-Identity: <tel:+1>",
    "X-Same: 1",
    "",
    "v=0",
    "i=Alice",
  );

  it("is told by field, folds on one line, compact names by their registered ones", () => {
    const sent = message(
      "INVITE sip:b@open-d.example SIP/2.0",
      "Via: SIP/2.0/UDP border;branch=2",
      "Via: SIP/2.0/UDP a;branch=1;received=192.0.2.1",
      "Record-Route: <sip:border;lr>",
      "Max-Forwards: 69",
      'f: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=1',
      "P-Asserted-Identity: <tel:+1>",
      "X-Same: 1",
      "",
      "v=0",
    );
    assert.deepEqual(changes(received, sent), [
      "- Request-URI | sip:b@open-d.example;iotl=homea",
      "+ Request-URI | sip:b@open-d.example",
      '- From | f: "Alice" <sip:alice@home1.example>;tag=1',
      '+ From | f: "Anonymous" <sip:anonymous@anonymous.invalid>;tag=1',
      "- P-Asserted-Identity | P-Asserted-Identity: <sip:a@home1.example>",
      "- body | i=Alice",
    ]);
  });

  it("is nothing where only forwarding has been at work", () => {
    const sent = Buffer.from(
      Buffer.from(received).toString().replace("Max-Forwards: 70", "Max-Forwards: 69"),
    );
    assert.deepEqual(changes(received, sent), []);
  });
});
