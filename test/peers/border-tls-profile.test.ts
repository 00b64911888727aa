/** The policy's TLS profile with OpenSSL's own command as the peer, in both roles, before and after a reload. */
import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { tlsSuiteRows } from "../../grammar/index.ts";
import { Phone } from "../border/phone.ts";
import { StartedBorder, writtenPolicy } from "../border/started-border.ts";
import { writeRequest } from "../border/written-messages.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { checkWith } from "../grammar/policy-notation.ts";
import { lastingPort } from "../lasting-port.ts";
import { found } from "../until.ts";

const host = "127.0.0.1";
const day = 86_400_000;
const root = makeAuthority("carrier root");
const own = makeCertificate("home1.example", makeAuthority("home root"));
const carrier = makeCertificate("carrier-c.example", root);
const time = (at: number): string => new Date(at).toISOString();

const offering = (tls: string) =>
  writtenPolicy(
    `language 1
policy "profiles"
network home { own domain "home1.example" listener "inside" }
partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-1" from ${time(Date.now() - day)} to ${time(Date.now() + day)}
  authority "carrier.pem"
}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
${tls}
`,
    { "carrier.pem": root.certificate },
  );

let folder: string;
let shown: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "privet-profile-"));
  shown = join(folder, "carrier.pem");
  writeFileSync(shown, carrier.certificate + carrier.privateKey);
});
after(() => rmSync(folder, { recursive: true, force: true }));

let home: Phone;
let border: StartedBorder;
const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await border.close();
  home.close();
});

interface Peer {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<void>;
}

function openssl(...args: readonly string[]): Peer {
  const child = spawn("openssl", args, { stdio: "pipe", timeout: 60_000, killSignal: "SIGKILL" });
  children.push(child);
  let output = "";
  child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
  child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString("latin1")));
  child.stdin.on("error", () => {});
  return { child, output: () => output, ended: once(child, "close").then(() => {}) };
}

const says = (peer: Peer, what: RegExp): Promise<RegExpExecArray> =>
  found(() => what.exec(peer.output()) ?? undefined, String(what), peer.output);

async function start(tls: string, hop = 9): Promise<void> {
  home = await Phone.open();
  border = await StartedBorder.start({
    engine: offering(tls),
    listeners: ["inside udp", "outside tls"],
    hops: { home: [`udp:${host}:${home.port}`], "carrier-c": [`tls:${host}:${hop}`] },
    identity: own,
  });
}

const connecting = (...args: readonly string[]): Peer =>
  openssl("s_client", "-connect", `${host}:${border.port("outside", "tls")}`, "-cert", shown, ...args);

/** `TLSv1.3 TLS_AES_256_GCM_SHA384 X25519`, in OpenSSL's words, or its alert. */
async function agreed(...args: readonly string[]): Promise<string> {
  const peer = connecting(...args);
  const [text] = await says(peer, /New, TLSv1\.[23], Cipher is \S+|alert [a-z ]+/);
  const [, version, cipher] = /New, (\S+), Cipher is (\S+)/.exec(text) ?? [];
  peer.child.stdin!.end("Q\n");
  await peer.ended;
  const group = /Server Temp Key: (?:ECDH, )?([^,\s]+)/
    .exec(peer.output())?.[1]
    ?.replace("secp384r1", "P-384");
  return version === undefined ? text : `${version} ${cipher} ${group}`;
}

const everyGroup = ["-groups", "X448:P-521:P-384:P-256:X25519"];
const aes128First = `tls {
  suites
    TLS_AES_128_GCM_SHA256,
    TLS_AES_256_GCM_SHA384,
    TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
    TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
  groups secp384r1, secp256r1
}`;

describe("openssl s_client at a border", () => {
  it("agrees on what the policy prefers, before a reload and after it", async () => {
    await start("");
    assert.equal(await agreed("-tls1_3"), "TLSv1.3 TLS_AES_256_GCM_SHA384 X25519");
    assert.equal(
      await agreed("-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256"),
      "TLSv1.3 TLS_AES_128_GCM_SHA256 X25519",
    );
    assert.equal(await agreed("-tls1_2", ...everyGroup), "TLSv1.2 ECDHE-ECDSA-AES256-GCM-SHA384 X25519");
    border.adopt({ engine: offering(aes128First) });
    assert.equal(await agreed("-tls1_3", ...everyGroup), "TLSv1.3 TLS_AES_128_GCM_SHA256 P-384");
    assert.equal(
      await agreed(
        "-tls1_2",
        ...everyGroup,
        "-cipher",
        "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-CHACHA20-POLY1305",
      ),
      "TLSv1.2 ECDHE-ECDSA-CHACHA20-POLY1305 P-384",
    );
  });

  it("gets nothing that the policy does not offer, before a reload and after it", async () => {
    await start("tls { versions 1.3 }");
    assert.match(await agreed("-tls1_2"), /alert protocol version/);
    border.adopt({ engine: offering(aes128First) });
    assert.match(await agreed("-tls1_2"), /^TLSv1\.2 ECDHE-ECDSA-CHACHA20-POLY1305 /);
    for (const args of [
      ["-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"],
      ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384"],
      ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA"],
      ["-tls1_3", "-groups", "X25519"],
      ["-tls1_2", "-groups", "X25519"],
    ])
      assert.match(await agreed(...args), /alert handshake failure/, args.join(" "));
  });

  it("whose connection stands is closed where the policy no longer offers its version", async () => {
    await start("");
    const [gone, stays] = [connecting("-tls1_2"), connecting("-tls1_3")];
    await says(gone, /New, TLSv1\.2/);
    await says(stays, /New, TLSv1\.3/);
    border.adopt({ engine: offering("tls { versions 1.3 }") });
    await gone.ended;
    const via = `SIP/2.0/TLS ${host};branch=z9hG4bKs1`;
    stays.child.stdin!.write(
      writeRequest({ method: "OPTIONS", uri: "sip:bob@home1.example", via, callId: "s1" }),
    );
    assert.match(await home.next(), /Call-ID: s1\r\n/);
  });

  for (const version of ["-tls1_2", "-tls1_3"]) {
    it(`that brings a ticket from before a reload agrees on what is offered now (${version})`, async () => {
      await start("");
      const ticket = join(folder, `${version}.session`);
      const first = connecting(version, "-sess_out", ticket, "-ign_eof");
      const via = `SIP/2.0/TLS ${host};branch=z9hG4bKt1`;
      await says(first, /Cipher is (?:ECDHE-ECDSA-AES256-GCM-SHA384|TLS_AES_256_GCM_SHA384)/);
      first.child.stdin!.write(
        writeRequest({ method: "OPTIONS", uri: "sip:bob@home1.example", via, callId: "t1" }),
      );
      assert.match(await home.next(), /Call-ID: t1\r\n/);
      first.child.kill("SIGTERM");
      await first.ended;
      const again = connecting(version, "-sess_in", ticket);
      await says(again, /Reused, TLSv1/);
      border.adopt({
        engine: offering("tls { suites TLS_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 }"),
      });
      await again.ended;
      const then = connecting(version, "-sess_in", ticket);
      await says(
        then,
        /New, TLSv1\.[23], Cipher is (?:ECDHE-ECDSA-AES128-GCM-SHA256|TLS_AES_128_GCM_SHA256)/,
      );
    });
  }
});

describe("openssl s_server as a border's next hop", () => {
  let calls = 0;

  function call(): string {
    const callId = `c${++calls}`;
    const via = `SIP/2.0/UDP ${host}:${home.port};branch=z9hG4bK${callId}`;
    home.send(
      writeRequest({ uri: "sip:carol@carrier-c.example", via, callId }),
      border.port("inside", "udp"),
    );
    return callId;
  }

  async function serving(port: number, ...args: readonly string[]): Promise<Peer> {
    const peer = openssl("s_server", "-accept", `${host}:${port}`, "-cert", shown, "-serverpref", ...args);
    await says(peer, /ACCEPT/);
    return peer;
  }

  it("is offered what the policy names, before a reload and after it", async () => {
    const port = await lastingPort();
    await start("", port);
    const peer = await serving(port, "-trace");
    const first = call();
    await says(peer, new RegExp(`Call-ID: ${first}\r\n`));
    const offer = peer.output();
    for (const suite of [
      "TLS_AES_256_GCM_SHA384",
      "TLS_CHACHA20_POLY1305_SHA256",
      "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    ])
      assert.match(offer, new RegExp(`\\} ${suite}\\b`));
    assert.doesNotMatch(offer, /\} TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256/);
    assert.match(offer, /ecdh_x25519.*\s+secp256r1.*\s+secp384r1/);
    assert.match(offer, /TLS 1\.3.*\s+TLS 1\.2/);

    border.adopt({
      engine: offering("tls { versions 1.3 suites TLS_AES_128_GCM_SHA256 groups secp384r1, secp256r1 }"),
    });
    // What was agreed on before is no longer offered: the next request opens a connection.
    await says(peer, /CONNECTION CLOSED|DONE|shutdown|ERROR/i);
    const from = peer.output().length;
    const second = call();
    await says(peer, new RegExp(`Call-ID: ${second}\r\n`));
    const later = peer.output().slice(from);
    const hello = later.slice(later.indexOf("ClientHello"), later.indexOf("ServerHello"));
    assert.deepEqual(
      [...hello.matchAll(/\} (TLS_[A-Z0-9_]+)/g)]
        .map(([, name]) => name)
        .filter((name) => name !== "TLS_EMPTY_RENEGOTIATION_INFO_SCSV"),
      ["TLS_AES_128_GCM_SHA256"],
    );
    assert.match(hello, /secp384r1.*\s+secp256r1/);
    assert.doesNotMatch(hello, /x25519|TLS 1\.2 \(771\)/);
  });

  it("is not agreed with where it has only what the policy leaves out; a reload that offers it opens the way", async () => {
    const port = await lastingPort();
    await start("tls { versions 1.3 }", port);
    await serving(port, "-tls1_2");
    call();
    assert.match(await home.next(), /^SIP\/2\.0 503 /);
    border.adopt({ engine: offering("") });
    call();
    await border.until(() => border.handshakes.length === 1, "a handshake");
    assert.equal(border.handshakes[0]?.event.connection.tls?.version, "TLSv1.2");
    assert.equal(border.handshakes[0].decision.verdict, "allow");
  });
});

describe("the suites that openssl knows", () => {
  it("may be written, or are refused with the reason: none is unknown", async () => {
    await start("");
    const listed = execFileSync("openssl", ["ciphers", "-stdname", "ALL:COMPLEMENTOFALL@SECLEVEL=0"], {
      encoding: "latin1",
    });
    const names = [...listed.matchAll(/^(TLS_\S+)/gm)].map(([, name]) => name!);
    assert.ok(names.length > 100, listed);
    const offered = new Set(tlsSuiteRows.map(({ name }) => name));
    for (const name of names) {
      if (offered.has(name)) continue;
      const { diagnostics } = checkWith(`tls { suites ${name} }`);
      assert.deepEqual([name, ...diagnostics.map(({ code }) => code)], [name, "P3047"]);
    }
  });
});
