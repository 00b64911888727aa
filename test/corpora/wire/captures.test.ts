/** Traffic as it was captured: what phones and servers really send passes. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scan, StreamFramer } from "../../../wire/index.ts";
import { table } from "../../wire/messages.ts";
import { checkBody, checkReading, checkSpans, checkValues } from "../../wire/witness.ts";
import { type Packet, readCapture, streamsOf } from "./capture.ts";
import { listShared, readShared } from "./shared-folder.ts";

interface Expected {
  /** Messages that pass: in datagrams, and on TCP. */
  readonly udp: number;
  readonly tcp?: number;
  /** Rules that the others break, in order; `not-sip` is other traffic. */
  readonly refused?: readonly string[];
  readonly why?: string;
}

const escapedQuote =
  'the name of From is written `\\"arik\\"`: a quoted string that does not begin with its quote';
const expected: Readonly<Record<string, Expected>> = {
  "ipfixprobe/sip.pcap": { udp: 40, refused: ["not-sip", "not-sip", "not-sip"] },
  "pcapplusplus/sdp.pcap": { udp: 1 },
  "pcapplusplus/sip_non_default_port.pcap": { udp: 2 },
  "pcapplusplus/sip_not_sdp.pcap": { udp: 1 },
  "pcapplusplus/sip_reqs.pcap": {
    udp: 1,
    refused: ["head-unterminated"],
    why: "the capture cut the packet off",
  },
  "pcapplusplus/sip_resp.pcap": { udp: 6, tcp: 1 },
  "sip.pcapng": { udp: 5, refused: ["not-sip"] },
  "suricata-verify/sip-body-frames-public-cloudshark-sip-s0.pcap": { udp: 10 },
  "suricata-verify/sip-compact-form-sip_compact_form.pcap": {
    udp: 0,
    refused: ["stray-quote"],
    why: escapedQuote,
  },
  "suricata-verify/sip-header-multi-value-sip_header_multi_val.pcap": {
    udp: 0,
    refused: ["stray-quote"],
    why: escapedQuote,
  },
  "suricata-verify/sip-options-method-input.pcap": { udp: 2 },
  "suricata-verify/sip-pattern-matching-sip.pcap": { udp: 2 },
  "suricata-verify/sip-sdp-sdp.pcap": { udp: 0, refused: ["stray-quote", "stray-quote"], why: escapedQuote },
  "suricata-verify/sip-tcp-method-sip-tcp.pcap": { udp: 0, tcp: 2 },
  "suricata-verify/sip-tcp-pattern-matching-sip.pcap": { udp: 0, tcp: 2 },
  "tls12-dsb.pcapng": {
    udp: 0,
    refused: Array(4).fill("bare-lf"),
    why: "TLS: four streams of ciphertext",
  },
  "zeek/invalid-content-length.pcap": {
    udp: 0,
    refused: ["content-length", "content-length"],
    why: "Content-Length is `bad`",
  },
  "zeek/sip-junk-before-request.pcap": {
    udp: 0,
    refused: ["missing-field"],
    why: "a datagram of junk, no longer than a keep-alive, then a request with one header field",
  },
  "zeek/sip-long-request-response-paths.pcap": { udp: 2 },
  "zeek/wireshark.pcap": { udp: 81 },
};

const scan = new Scan(table);
const refused: string[] = [];

function reads(bytes: Uint8Array, framing: "datagram" | "stream"): boolean {
  const accepted = scan.read(bytes, framing);
  checkSpans(scan, accepted);
  if (accepted) {
    checkReading(scan);
    checkValues(scan);
    checkBody(scan);
  } else {
    refused.push(scan.violation!.rule);
  }
  return accepted;
}

function messagesOnStreams(packets: readonly Packet[]): number {
  let count = 0;
  for (const segments of streamsOf(packets).values()) {
    const framer = new StreamFramer();
    for (const segment of segments) {
      framer.push(segment);
      for (let message = framer.next(); message; message = framer.next())
        if (reads(message, "stream")) count++;
    }
    if (framer.error) refused.push(framer.error.rule);
  }
  return count;
}

describe("captures", () => {
  it("are all here", () => {
    const files = [
      ...listShared(".pcap", "corpora", "captures"),
      ...listShared(".pcapng", "corpora", "captures"),
    ].toSorted();
    assert.deepEqual(files, Object.keys(expected).toSorted());
  });

  for (const [file, { udp, tcp = 0, refused: rules = [], why }] of Object.entries(expected)) {
    it(`${file}${why ? `: ${why}` : ""}`, () => {
      refused.length = 0;
      const packets = readCapture(readShared("corpora", "captures", file));
      // Datagrams of up to four bytes keep an address translation alive (RFC 5626 3.5).
      const datagrams = packets.filter(({ transport, payload }) => transport === "udp" && payload.length > 4);
      assert.deepEqual(
        [datagrams.filter(({ payload }) => reads(payload, "datagram")).length, messagesOnStreams(packets)],
        [udp, tcp],
      );
      assert.deepEqual(refused, rules);
    });
  }
});
