import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { readReturnPath } from "../../../border/via/return-path.ts";
import { completeTopVia } from "../../../border/via/top-via.ts";
import { ViaReader } from "../../../border/via/via-reader.ts";
import { ViaStack } from "../../../border/via/via-stack.ts";
import { EditList } from "../../../wire/index.ts";
import { fields, messageOf, scanOf } from "../read-scan.ts";

const rest = [
  "From: <sip:a@open-d.example>;tag=1",
  "To: <sip:b@home1.example>",
  "Call-ID: via@test",
  "CSeq: 1 INVITE",
  "Max-Forwards: 70",
  "Content-Length: 0",
];

function read(value: string): { via: ViaReader; bytes: Uint8Array } {
  const via = new ViaReader();
  const bytes = Buffer.from(value, "latin1");
  assert.ok(via.read(bytes, 0, bytes.length), value);
  return { via, bytes };
}

function span(bytes: Uint8Array, start: number, end: number): string | undefined {
  return start < 0 ? undefined : Buffer.from(bytes).subarray(start, end).toString("latin1");
}

describe("a Via value", () => {
  it("is read with blanks and folds wherever LWS may stand (RFC 4475 3.1.1.1)", () => {
    const { via, bytes } = read("SIP  / 2.0\r\n /UDP\r\n    192.0.2.2 : 5070 ;branch = 390skdjuw ; rport");
    assert.equal(via.transport, "udp");
    assert.equal(span(bytes, via.hostStart, via.hostEnd), "192.0.2.2");
    assert.equal(via.port, 5070);
    assert.equal(span(bytes, via.branchStart, via.branchEnd), "390skdjuw");
    assert.equal(via.rportStart, -1);
    assert.ok(via.rportParameterEnd > 0);
  });

  it("may have an IPv6 host, and received in both spellings (RFC 5118 4.5)", () => {
    for (const received of ["[2001:db8::9:255]", "2001:db8::9:255"]) {
      const { via, bytes } = read(
        `SIP/2.0/UDP [2001:db8::9:1]:5070;received=${received};branch=z9hG4bKas3-111`,
      );
      assert.equal(span(bytes, via.hostStart, via.hostEnd), "[2001:db8::9:1]");
      assert.equal(via.port, 5070);
      assert.deepEqual(readReturnPath(via, bytes), {
        transport: "udp",
        host: "2001:db8::9:255",
        numeric: true,
        port: 5070,
      });
    }
  });

  it("is none without a blank before the host, without a host, or with a port beyond 65535", () => {
    for (const value of [
      "SIP/2.0/UDP",
      "SIP/2.0/UDP ;branch=1",
      "SIP/2.0 192.0.2.1",
      "SIP/2.0/UDP h:65536",
      "SIP/2.0/UDP [::1",
    ]) {
      const bytes = Buffer.from(value);
      assert.equal(new ViaReader().read(bytes, 0, bytes.length), false, value);
    }
  });
});

describe("a response goes", () => {
  for (const [value, host, port] of [
    ["SIP/2.0/UDP 192.0.2.1:5070;branch=z9hG4bK1", "192.0.2.1", 5070],
    ["SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1", "192.0.2.1", 5060],
    ["SIP/2.0/TLS edge.carrier-c.example;branch=z9hG4bK1", "edge.carrier-c.example", 5061],
    ["SIP/2.0/UDP 10.1.1.1:5070;received=192.0.2.9;branch=z9hG4bK1", "192.0.2.9", 5070],
    ["SIP/2.0/UDP 10.1.1.1:5070;rport=5071;received=192.0.2.9;branch=z9hG4bK1", "192.0.2.9", 5071],
    ["SIP/2.0/UDP 192.0.2.1:5070;maddr=198.51.100.7;branch=z9hG4bK1", "192.0.2.1", 5070],
  ] as const) {
    it(`to ${host} port ${port} by ${value}`, () => {
      const { via, bytes } = read(value);
      const path = readReturnPath(via, bytes);
      assert.deepEqual([path.host, path.port], [host, port]);
    });
  }
});

describe("the topmost Via of a request", () => {
  function completed(value: string, address: string, port: number): { text: string; path: unknown } {
    const { via, bytes } = read(value);
    const { insertions, path } = completeTopVia(via, bytes, address, port);
    const edits = new EditList();
    for (const { start, end, bytes: text } of insertions) edits.replace(start, end, text);
    const text = Buffer.from(edits.apply(bytes, bytes.length)).toString("latin1");
    // What is written must read back as the path that was promised.
    const again = read(text);
    assert.deepEqual(readReturnPath(again.via, again.bytes), path);
    return { text, path };
  }

  for (const [what, value, address, port, expected] of [
    [
      "stays as it is where it tells the truth",
      "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1",
      "192.0.2.1",
      5060,
      "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1",
    ],
    [
      "gets received where the address differs (RFC 3261 18.2.1)",
      "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1",
      "192.0.2.1",
      4000,
      "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;received=192.0.2.1",
    ],
    [
      "gets received where sent-by is a name",
      "SIP/2.0/TCP pc.open-d.example;branch=z9hG4bK1",
      "192.0.2.1",
      4000,
      "SIP/2.0/TCP pc.open-d.example;branch=z9hG4bK1;received=192.0.2.1",
    ],
    [
      "gets rport and received where rport is asked for (RFC 3581 4)",
      "SIP/2.0/UDP 192.0.2.1:5060;rport;branch=z9hG4bK1",
      "192.0.2.1",
      4000,
      "SIP/2.0/UDP 192.0.2.1:5060;rport=4000;branch=z9hG4bK1;received=192.0.2.1",
    ],
    [
      "gets both behind a last rport",
      "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport",
      "192.0.2.1",
      4000,
      "SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport=4000;received=192.0.2.1",
    ],
    [
      "gets the value of a received that has none, and no second one",
      "SIP/2.0/UDP 192.0.2.1;received;branch=z9hG4bK1;rport",
      "192.0.2.1",
      4000,
      "SIP/2.0/UDP 192.0.2.1;received=192.0.2.1;branch=z9hG4bK1;rport=4000",
    ],
    [
      "loses a received and an rport that the sender made up",
      "SIP/2.0/UDP 10.0.0.1;received=198.51.100.9;rport=9;branch=z9hG4bK1",
      "192.0.2.1",
      4000,
      "SIP/2.0/UDP 10.0.0.1;received=192.0.2.1;rport=4000;branch=z9hG4bK1",
    ],
    [
      "compares IPv6 by value",
      "SIP/2.0/UDP [2001:DB8:0::1]:5060;branch=z9hG4bK1",
      "2001:db8::1",
      5060,
      "SIP/2.0/UDP [2001:DB8:0::1]:5060;branch=z9hG4bK1",
    ],
  ] as const) {
    it(what, () => assert.equal(completed(value, address, port).text, expected));
  }
});

describe("taking off the topmost Via", () => {
  function popped(...vias: readonly string[]): string {
    const bytes = messageOf("SIP/2.0 200 OK", ...vias, ...rest);
    const scan = scanOf(bytes);
    const stack = new ViaStack(fields);
    assert.ok(stack.read(scan));
    const edits = new EditList();
    edits.remove(stack.popStart, stack.popEnd);
    return Buffer.from(edits.apply(bytes, scan.end)).toString("latin1");
  }
  const after = (...vias: readonly string[]) =>
    Buffer.from(messageOf("SIP/2.0 200 OK", ...vias, ...rest)).toString("latin1");

  it("takes its row", () => {
    assert.equal(
      popped("Via: SIP/2.0/UDP b;branch=1", "v: SIP/2.0/UDP a;branch=2"),
      after("v: SIP/2.0/UDP a;branch=2"),
    );
  });

  it("takes its value where others share the row", () => {
    assert.equal(
      popped('Via: SIP/2.0/UDP b;x="1,2" ,\r\n SIP/2.0/UDP a;branch=2, SIP/2.0/UDP c'),
      after("Via: SIP/2.0/UDP a;branch=2, SIP/2.0/UDP c"),
    );
  });
});
