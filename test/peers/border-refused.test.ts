/**
 * openssl s_server as a partner that judges our certificate after we have shaken hands and written,
 * and closes with an alert (RFC 8446 4.4.2.4, 6.2).
 */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { Phone } from "../border/phone.ts";
import { StartedBorder, writtenPolicy } from "../border/started-border.ts";
import { writeRequest } from "../border/written-messages.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { lastingPort } from "../lasting-port.ts";
import { Running } from "../running.ts";

const host = "127.0.0.1";
const root = makeAuthority("carrier root");
const year = new Date().getUTCFullYear();
const engine = writtenPolicy(
  `language 1
policy "a partner over TLS"
network home {
  own
  domain "home1.example"
  listener "inside"
}
partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-1" from ${year}-01-01 to ${year + 1}-12-31
  authority "carrier-root.pem"
}
trust home
`,
  { "carrier-root.pem": root.certificate },
);

describe("a partner that refuses our certificate with an alert", () => {
  let folder: string;
  let home: Phone;
  let server: Running;
  let border: StartedBorder;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "privet-refused-"));
    const { certificate, privateKey } = makeCertificate("carrier-c.example", root);
    const [pem, authority] = [join(folder, "carrier.pem"), join(folder, "root.pem")];
    writeFileSync(pem, certificate + privateKey);
    writeFileSync(authority, root.certificate);
    const port = await lastingPort();
    const shown = ["-cert", pem, "-key", pem, "-CAfile", authority];
    const asked = ["-Verify", "2", "-verify_return_error"];
    server = new Running("openssl", [
      "s_server",
      "-accept",
      `${host}:${port}`,
      "-tls1_3",
      ...shown,
      ...asked,
    ]);
    await server.until(/ACCEPT/);
    home = await Phone.open();
    border = await StartedBorder.start({
      engine,
      listeners: ["inside udp", "outside tls"],
      hops: { "carrier-c": [`tls:${host}:${port}`] },
      // Of an authority that the partner does not know.
      identity: makeCertificate("home1.example", makeAuthority("home root")),
    });
  });
  after(async () => {
    await border.close();
    home.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("has the request that was already written answered 503, and the alert told", async () => {
    home.send(
      writeRequest({
        uri: "sip:bob@carrier-c.example",
        to: "<sip:bob@carrier-c.example>",
        via: `SIP/2.0/UDP ${host}:${home.port};branch=z9hG4bKrefused`,
      }),
      border.port("inside", "udp"),
    );
    assert.match(await home.next(), /^SIP\/2\.0 503 Service Unavailable\r\n/);
    const told = border.messages.map(({ outcome }) => outcome);
    assert.deepEqual(
      told.map(({ kind }) => kind),
      ["forwarded", "answered"],
    );
    const [, last] = told;
    assert.match(
      last?.kind === "answered" ? last.cause : "",
      /^the peer closed before it said anything: .*alert unknown ca/,
    );
    assert.equal(border.handshakes[0]?.decision.verdict, "allow");
  });
});
