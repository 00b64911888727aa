/** RFC 5118: SIP with IPv6. The archive's files end their lines in LF; here they have CRLF. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Scan, UriReader } from "../../../wire/index.ts";
import { bytes, table, textOf } from "../../wire/messages.ts";
import { checkReading, checkSpans, checkValues } from "../../wire/witness.ts";
import { listShared, readShared } from "./shared-folder.ts";

describe("RFC 5118", () => {
  const scan = new Scan(table);
  const names = listShared(".sip", "corpora", "rfc5118", "crlf");

  it("is all here", () => assert.equal(names.length, 12));

  for (const name of names) {
    const sent = readShared("corpora", "rfc5118", "crlf", name);
    if (name === "ipv6-bad.sip") {
      it("4.2: an address without brackets in the Request-URI is refused", () => {
        assert.equal(scan.read(sent, "datagram"), false);
        assert.deepEqual([scan.violation?.rule, scan.violation?.status], ["request-uri", 400]);
      });
    } else if (name === "ipv6-in-sdp.sip") {
      it("4.6: ipv6-in-sdp passes once Content-Length, which the RFC has wrong, is right", () => {
        assert.equal(scan.read(sent, "datagram"), false);
        assert.equal(scan.violation?.rule, "short-body");
        const text = textOf(sent);
        const size = text.length - text.indexOf("\r\n\r\n") - 4;
        assert.ok(
          scan.read(bytes(text.replace(/Content-Length: \d+/, `Content-Length: ${size}`)), "datagram"),
        );
      });
    } else {
      it(`${name} passes`, () => {
        assert.equal(scan.read(sent, "datagram"), true, scan.violation?.rule);
        checkSpans(scan, true);
        checkReading(scan);
        checkValues(scan);
      });
    }
  }

  it("as published, with bare LF, is refused", () => {
    for (const name of names) {
      assert.equal(scan.read(readShared("corpora", "rfc5118", name.slice(0, -4)), "datagram"), false, name);
    }
  });

  it("4.3, 4.4: a port stands behind the bracket", () => {
    const uri = new UriReader();
    const read = (name: string): [string, number] => {
      assert.ok(scan.read(readShared("corpora", "rfc5118", "crlf", name), "datagram"));
      assert.ok(uri.read(scan.bytes, scan.uriStart, scan.uriEnd));
      return [textOf(scan.bytes, uri.hostStart, uri.hostEnd), uri.port];
    };
    assert.deepEqual(read("port-ambiguous.sip"), ["[2001:db8::10:5070]", -1]);
    assert.deepEqual(read("port-unambiguous.sip"), ["[2001:db8::10]", 5070]);
  });
});
