/** A folder with a small policy, as somebody at a terminal would have it. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runCommandLine } from "../../cli/command-line.ts";
import { issueCertificate } from "../../wire/index.ts";
import { type MemoryIo, memoryIo } from "./memory-io.ts";

/** In force: the agreements, and the certificates, at the clock of `memoryIo`. */
const validity = { notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2029, 0, 1) };

const root = issueCertificate({ commonName: "root of carrier-c", authority: true, ...validity });
const otherRoot = issueCertificate({ commonName: "root of somebody", authority: true, ...validity });
const carrier = { commonName: "carrier-c", uris: ["sip:carrier-c.example"], ...validity };
const bank = { commonName: "bank", uris: ["sip:bank.example"], ...validity };

/** By line: 20 withhold-identity, 24 hide-subject, 29 no-messages, 34 refuse-strangers, 39 and 51 the tests. */
export const borderPolicy = `language 1
policy "small border"
network home {
  own
  domain "home1.example"
}
network open-d {
  domain "open-d.example"
}
partner carrier-c {
  domain "carrier-c.example"
  agreement "A-1" from 2026-01-01 to 2027-12-31
  authority "root.pem"
}
option subject = remove among remove, keep

trust home
trust partner when secured by tls and certificate names partner and agreement in force

rule withhold-identity
  on message to untrusted
  remove P-Asserted-Identity
  because "TS 33.203 5.4"
rule hide-subject
  on message to untrusted
  when option subject is remove
  remove Subject
  because "RFC 3323 5.3"
rule no-messages
  on request to untrusted
  when method is MESSAGE
  reject 403 "No Messages"
  because "house rule"
rule refuse-strangers
  on handshake
  unless certificate names partner
  reject "no partner"
  because "TS 33.203 6.5"
test "identity stays"
  given message from home to open-d """
    OPTIONS sip:bob@open-d.example SIP/2.0
    Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1
    From: <sip:alice@home1.example>;tag=1
    To: <sip:bob@open-d.example>
    Call-ID: 1
    CSeq: 1 OPTIONS
    P-Asserted-Identity: <sip:alice@home1.example>
    """
  expect rewrite
  expect no P-Asserted-Identity
test "a <stranger> & no certificate 🔒"
  given handshake as server without certificate
  expect reject "no partner"
`;

const files: Readonly<Record<string, string>> = {
  "border.privet": borderPolicy,
  "root.pem": root.certificate,
  "carrier.pem": issueCertificate(carrier, root).certificate,
  "forged.pem": issueCertificate(carrier, otherRoot).certificate,
  "bank.pem": issueCertificate(bank, otherRoot).certificate,
  "other-root.pem": otherRoot.certificate,
};

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly bytes: Buffer;
  readonly err: string;
}

/** `%` at the start of a word stands for the folder. */
export class BorderFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), "privet-cli-"));

  constructor() {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, content: string | Uint8Array): string {
    writeFileSync(join(this.path, name), content);
    return join(this.path, name);
  }

  async type(line: string, io: MemoryIo = memoryIo()): Promise<Answer> {
    const words = line.split(/ +/).map((word) => word.replace(/^%/, `${this.path}/`));
    const code = await runCommandLine(words, io, {});
    const name = (text: string): string => text.replaceAll(`${this.path}/`, "");
    const bytes = io.said();
    return { code, bytes, out: name(bytes.toString()), err: name(io.complained()) };
  }

  remove(): void {
    rmSync(this.path, { recursive: true });
  }
}
