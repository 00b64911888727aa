/**
 * openssl s_client at a border that admits whoever names no partner, as untrusted: sessions that are
 * resumed, and early data (RFC 8446 2.2, 2.3, 4.2.10; RFC 9325 3.4).
 */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { Phone, valuesOf } from "../border/phone.ts";
import { StartedBorder, writtenPolicy } from "../border/started-border.ts";
import { writeRequest } from "../border/written-messages.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { Running } from "../running.ts";

const host = "127.0.0.1";
const root = makeAuthority("carrier root");
const carrier = makeCertificate("carrier-c.example", root);
const year = new Date().getUTCFullYear();
const engine = writtenPolicy(
  `language 1
policy "a peer without a partner's name comes in untrusted"
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
trust partner when secured by tls and certificate names partner and agreement in force
rule forged-identity
  on message from untrusted
  remove P-Asserted-Identity
  because "RFC 3325 5"
`,
  { "carrier-root.pem": root.certificate },
);

const identity = "<sip:carol@carrier-c.example>";
let count = 0;
function invite(): string {
  count++;
  return writeRequest({
    uri: "sip:bob@home1.example",
    via: `SIP/2.0/TLS edge.carrier-c.example;branch=z9hG4bKr${count}`,
    from: "<sip:carol@carrier-c.example>;tag=r31",
    to: "<sip:bob@home1.example>",
    callId: `r31-${count}`,
    rows: [`P-Asserted-Identity: ${identity}`],
  });
}

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "privet-resumption-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

for (const version of ["-tls1_3", "-tls1_2"]) {
  describe(`openssl s_client ${version} that resumes its session at a border`, () => {
    let home: Phone;
    let border: StartedBorder;
    const running: Running[] = [];

    beforeEach(async () => {
      home = await Phone.open();
      border = await StartedBorder.start({
        engine,
        listeners: ["inside udp", "outside tls"],
        hops: { home: [`udp:${host}:${home.port}`] },
        identity: makeCertificate("home1.example", makeAuthority("home root")),
      });
    });
    afterEach(async () => {
      for (const one of running.splice(0)) await one.stop();
      await border.close();
      home.close();
    });

    function client(...args: readonly string[]): Running {
      const to = ["-connect", `${host}:${border.port("outside", "tls")}`, "-servername", "home1.example"];
      const one = new Running("openssl", ["s_client", ...to, version, ...args]);
      running.push(one);
      return one;
    }

    /** Sends an INVITE; gives the identities that home sees of it, and what the border says. */
    async function call(...args: readonly string[]) {
      const one = client("-quiet", "-no_ign_eof", ...args);
      one.write(invite());
      const seen = valuesOf(await home.next(), "P-Asserted-Identity");
      const { event, decision } = border.handshakes.at(-1)!;
      const [resumed, partner] = [event.connection.tls?.resumed, decision.partner];
      if (args.includes("-sess_out")) await written(args.at(-1)!);
      one.child.stdin?.end();
      await one.ended();
      return { resumed, partner, seen };
    }

    async function written(ticket: string): Promise<void> {
      const isWhole = (): boolean =>
        existsSync(ticket) && readFileSync(ticket, "utf8").trimEnd().endsWith("PARAMETERS-----");
      await border.until(isWhole, "a ticket");
    }

    it("is untrusted with a session that had no certificate, resumed or not", async () => {
      const ticket = join(folder, `nameless${version}`);
      const nobody = { partner: undefined, seen: [] };
      assert.deepEqual(await call("-sess_out", ticket), { ...nobody, resumed: false });
      assert.deepEqual(await call("-sess_in", ticket), { ...nobody, resumed: true });
    });

    it("is the partner of its session's certificate, and of none that it only brings along", async () => {
      const ticket = join(folder, `carrier${version}`);
      const pem = join(folder, "carrier.pem");
      writeFileSync(pem, carrier.certificate + carrier.privateKey);
      const named = { partner: "carrier-c", seen: [identity] };
      assert.deepEqual(await call("-cert", pem, "-sess_out", ticket), { ...named, resumed: false });
      assert.deepEqual(await call("-sess_in", ticket), { ...named, resumed: true });

      // A ticket without a certificate, and a certificate on the command line: the ticket counts.
      const nameless = join(folder, `nameless-first${version}`);
      await call("-sess_out", nameless);
      const both = await call("-cert", pem, "-sess_in", nameless);
      assert.deepEqual(both, { partner: undefined, seen: [], resumed: true });
    });

    if (version === "-tls1_3") {
      it("has no early data taken: a request never comes before the decision on the handshake", async () => {
        const ticket = join(folder, "early");
        await call("-sess_out", ticket);
        border.passages.length = 0;
        const early = join(folder, "early.sip");
        writeFileSync(early, invite());
        const one = client("-sess_in", ticket, "-early_data", early);
        await one.until(/Early data was not sent/);
        const session = new Running("openssl", ["sess_id", "-in", ticket, "-noout", "-text"]);
        running.push(session);
        await session.until(/Max Early Data: 0\b/);
        assert.deepEqual(await home.silence(), []);
        assert.deepEqual(
          border.passages.map(({ kind }) => kind),
          ["handshake"],
        );
      });
    }
  });
}
