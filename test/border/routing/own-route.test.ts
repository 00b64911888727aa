import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { KeyedHash } from "../../../border/hash/keyed-hash.ts";
import { NetworkNumbers } from "../../../border/routing/network-number.ts";
import { RouteReader } from "../../../border/routing/own-route.ts";
import { RouteMark } from "../../../border/routing/route-mark.ts";
import { EditList } from "../../../wire/index.ts";
import { fields, messageOf, scanOf } from "../read-scan.ts";
import { networksNamed } from "../small-policy.ts";

const key = Buffer.from("000102030405060708090a0b0c0d0e0f", "hex");
const callId = Buffer.from("route@test");

function markOf(network: string, secret: Uint8Array = key, of: Uint8Array = callId): string {
  const hash = new KeyedHash(secret);
  return new RouteMark(hash, new NetworkNumbers(hash, networksNamed(["home", "open-d"]))).write(
    network,
    of,
    0,
    of.length,
  );
}

const inner = `<sip:192.0.2.1:5060;lr;pr=${markOf("home")}>`;
const outer = `<sip:edge.home1.example;transport=tcp;lr;pr=${markOf("open-d")}>`;

interface Seen {
  readonly uri: string;
  readonly next: string | undefined;
  readonly marked: string | undefined;
  readonly forged: boolean;
  readonly left: readonly string[];
}

function see(requestUri: string, ...routes: readonly string[]): Seen {
  const bytes = messageOf(
    `BYE ${requestUri} SIP/2.0`,
    "Via: SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1",
    ...routes,
    "From: <sip:a@home1.example>;tag=1",
    "To: <sip:b@open-d.example>;tag=2",
    "Call-ID: route@test",
    "CSeq: 2 BYE",
    "Content-Length: 0",
  );
  const scan = scanOf(bytes);
  const hash = new KeyedHash(key);
  const isOurs = (host: string, port: number) =>
    (host === "192.0.2.1" && port === 5060) || (host === "edge.home1.example" && port === 0);
  const reader = new RouteReader(
    fields,
    isOurs,
    new RouteMark(hash, new NetworkNumbers(hash, networksNamed(["home", "open-d"]))),
  );
  reader.read(scan);
  const edits = new EditList();
  if (reader.changes) reader.edit(scan, edits);
  const rows = Buffer.from(edits.apply(bytes, scan.end)).toString("latin1").split("\r\n");
  const { uri, next, marked, forged } = reader;
  return {
    uri: uri.host,
    next: next?.host,
    marked,
    forged,
    left: [rows[0]!, ...rows.filter((row) => row.startsWith("Route"))],
  };
}

describe("Route rows", () => {
  const bye = "BYE sip:bob@198.51.100.4 SIP/2.0";
  const uri = "sip:bob@198.51.100.4";

  it("that are none of ours stay", () => {
    const seen = see(uri, "Route: <sip:p1.open-d.example;lr>,<sip:192.0.2.1:5070;lr>");
    assert.deepEqual(seen, {
      uri: "198.51.100.4",
      next: "p1.open-d.example",
      marked: undefined,
      forged: false,
      left: [bye, "Route: <sip:p1.open-d.example;lr>,<sip:192.0.2.1:5070;lr>"],
    });
  });

  it("of ours go, one or two of them, and the last names the network (RFC 3261 16.4)", () => {
    for (const routes of [
      [`Route: ${inner}`, `Route: ${outer}`, "Route: <sip:p1.open-d.example;lr>"],
      [`Route: ${inner}, ${outer}`, "Route: <sip:p1.open-d.example;lr>"],
      [`Route: ${inner}`, `Route: ${outer},\r\n <sip:p1.open-d.example;lr>`],
    ]) {
      const { next, marked, left } = see(uri, ...routes);
      assert.deepEqual(
        [next, marked, left],
        ["p1.open-d.example", "open-d", [bye, "Route: <sip:p1.open-d.example;lr>"]],
      );
    }
    assert.deepEqual(see(uri, `Route: ${inner}, ${outer}`).left, [bye]);
  });

  it("of ours without a mark go too: a phone's fixed way out", () => {
    assert.deepEqual(see(uri, "Route: <sip:192.0.2.1:5060;lr>"), {
      uri: "198.51.100.4",
      next: undefined,
      marked: undefined,
      forged: false,
      left: [bye],
    });
  });

  it("with a mark of another secret, of another Call-ID, or changed, are forged", () => {
    const marks = [
      markOf("home", Uint8Array.from(key).toReversed()),
      markOf("home", key, Buffer.from("other@test")),
      markOf("home").replace(/^./, (first) => (first === "A" ? "B" : "A")),
    ];
    for (const mark of marks)
      assert.equal(see(uri, `Route: <sip:192.0.2.1:5060;lr;pr=${mark}>`).forged, true, mark);
  });

  it("behind a strict router give the Request-URI back (RFC 3261 16.4, 16.12.1.2)", () => {
    const strict = `sip:192.0.2.1:5060;lr;pr=${markOf("home")}`;
    assert.deepEqual(see(strict, `Route: ${outer}, <sip:p1.open-d.example;lr>, <${uri}>`), {
      uri: "198.51.100.4",
      next: "p1.open-d.example",
      marked: "open-d",
      forged: false,
      left: [bye, "Route: <sip:p1.open-d.example;lr>"],
    });
    assert.deepEqual(see(strict, `Route: ${outer}`, `Route: <${uri}>`).left, [bye]);
  });
});
