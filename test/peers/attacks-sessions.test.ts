/** What a peer does with a TLS session to get more than its certificate gives (docs/attacks.md). */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { StreamPeer } from "../border/stream-peer.ts";
import { AttackedBorder, carrier, other, partnersAlone } from "./attacked-border.ts";

const host = "127.0.0.1";
let folder: string;
let shown: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "privet-attacks-"));
  shown = join(folder, "carrier.pem");
  writeFileSync(shown, carrier.certificate + carrier.privateKey);
});
after(() => rmSync(folder, { recursive: true, force: true }));

let scene: AttackedBorder;
const children: ChildProcess[] = [];
const sockets: Socket[] = [];
beforeEach(async () => {
  scene = await AttackedBorder.start();
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  for (const socket of sockets.splice(0)) socket.destroy();
  await scene.close();
});

class OpenSsl {
  readonly child: ChildProcess;
  said = "";
  ended = false;

  constructor(...args: readonly string[]) {
    this.child = spawn("openssl", ["s_client", "-connect", `${host}:${scene.port}`, ...args], {
      stdio: "pipe",
      timeout: 30_000,
      killSignal: "SIGKILL",
    });
    children.push(this.child);
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on("data", (chunk: Buffer) => (this.said += chunk.toString("latin1")));
    this.child.stdin?.on("error", () => {});
    this.child.once("close", () => {
      this.ended = true;
    });
  }

  write(text: string): void {
    this.child.stdin?.write(Buffer.from(text, "latin1"));
  }

  says(pattern: RegExp): Promise<void> {
    return scene.border.until(() => pattern.test(this.said), String(pattern));
  }

  ends(): Promise<void> {
    return scene.border.until(() => this.ended, "the end of openssl");
  }
}

/** An honest partner's message comes through. */
async function othersAreHeard(): Promise<void> {
  const earlier = scene.border.messages.length;
  const peer = await scene.connect(other);
  await scene.home.next();
  assert.equal(scene.border.messages[earlier]?.from.network, "partner-e");
  peer.close();
}

for (const version of ["-tls1_3", "-tls1_2"]) {
  describe(`a partner's session, kept by openssl s_client ${version}`, () => {
    /** A visit that was heard, and left a ticket. */
    async function keep(ticket: string): Promise<void> {
      const one = new OpenSsl(version, "-cert", shown, "-quiet", "-no_ign_eof", "-sess_out", ticket);
      one.write(scene.request(`TLS ${host}`));
      await scene.home.next();
      one.child.stdin?.end();
      await one.ends();
    }

    it("is refused where the partner has left the list since", async () => {
      const ticket = join(folder, `gone${version}`);
      await keep(ticket);
      scene.border.adopt({
        engine: partnersAlone("partner-e"),
        hops: { home: [`udp:${host}:${scene.home.port}`] },
      });
      const again = new OpenSsl(version, "-quiet", "-no_ign_eof", "-sess_in", ticket);
      again.write(scene.request(`TLS ${host}`));
      const { event, decision } = await scene.verdict(2);
      assert.equal(event.connection.tls?.resumed, true);
      assert.equal(decision.verdict, "reject");
      assert.match(decision.cause ?? "", /names carrier-c\.example: no partner/);
      await again.ends();
      assert.equal(scene.border.messages.length, 1);
    });

    it("gives no more to who resumes it than its certificate does now", async () => {
      const ticket = join(folder, `stays${version}`);
      await keep(ticket);
      const again = new OpenSsl(version, "-quiet", "-no_ign_eof", "-sess_in", ticket);
      again.write(scene.request(`TLS ${host}`));
      await scene.home.next();
      const { event, decision } = await scene.verdict(2);
      assert.equal(event.connection.tls?.resumed, true);
      assert.equal(decision.partner, "carrier-c");
    });
  });
}

describe("a client that wants less than the profile (RFC 9325 3.1.1, 3.3, 4.2)", () => {
  for (const [what, args, said] of [
    ["TLS 1.0", ["-tls1", "-cipher", "ALL:@SECLEVEL=0"], /alert protocol version|unsupported protocol/],
    ["TLS 1.1", ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], /alert protocol version/],
    ["key exchange by RSA", ["-tls1_2", "-cipher", "kRSA"], /handshake failure/],
    ["finite-field Diffie-Hellman", ["-tls1_2", "-cipher", "kDHE"], /handshake failure/],
    ["suites without authentication", ["-tls1_2", "-cipher", "aNULL:@SECLEVEL=0"], /handshake failure/],
    ["suites without encryption", ["-tls1_2", "-cipher", "eNULL:@SECLEVEL=0"], /handshake failure/],
    ["CBC", ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA384"], /handshake failure/],
    ["a truncated tag", ["-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_8_SHA256"], /handshake failure/],
    [
      "SHA-1 signatures",
      ["-tls1_2", "-sigalgs", "ECDSA+SHA1:RSA+SHA1", "-cipher", "DEFAULT:@SECLEVEL=0"],
      /handshake failure|internal error/,
    ],
    [
      "a curve of 192 bits",
      ["-tls1_2", "-curves", "P-192", "-cipher", "DEFAULT:@SECLEVEL=0"],
      /handshake failure/,
    ],
    ["a curve that is not ours", ["-tls1_3", "-curves", "P-521"], /handshake failure/],
  ] as const) {
    it(`gets no session: ${what}`, async () => {
      const peer = new OpenSsl("-cert", shown, ...args);
      await peer.ends();
      assert.match(peer.said, said);
      assert.deepEqual(scene.border.handshakes, []);
      await othersAreHeard();
    });
  }

  it("gets no compression (RFC 9325 3.3)", async () => {
    const peer = new OpenSsl("-cert", shown, "-tls1_2", "-comp");
    await peer.says(/Compression: \w+/);
    assert.match(peer.said, /Compression: NONE/);
  });

  it("is told where somebody has talked the version down (RFC 8446 4.1.3)", async () => {
    // What an attacker in the middle makes of a hello that offers TLS 1.3, the client repeats with this signal (RFC 7507).
    const peer = new OpenSsl("-cert", shown, "-fallback_scsv", "-no_tls1_3");
    await peer.ends();
    assert.match(peer.said, /alert inappropriate fallback/);
    assert.deepEqual(scene.border.handshakes, []);
  });
});

describe("clients that renegotiate (RFC 9325 3.5)", () => {
  it("get none, and cost the others nothing", async () => {
    const many = 12;
    // OpenSSL's client gives up at the first refusal: so there are several.
    const peers = Array.from({ length: many }, () => new OpenSsl("-cert", shown, "-tls1_2"));
    const decided = (): number => scene.border.handshakes.length;
    await scene.border.until(() => decided() === many, "their handshakes");
    for (const peer of peers) {
      await peer.says(/Extended master secret/);
      peer.write("R\n");
    }
    await othersAreHeard();
    for (const peer of peers) {
      await peer.says(/RENEGOTIATING/);
      await peer.says(/no renegotiation/);
    }
    assert.equal(decided(), many + 1, "one each, and the honest partner's");
  });
});

/** The first bytes that a TLS client sends, as OpenSSL writes them. */
async function hello(): Promise<Buffer> {
  const server = createServer().listen(0, host);
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const child = spawn("openssl", ["s_client", "-connect", `${host}:${address.port}`], { stdio: "ignore" });
  children.push(child);
  const [socket] = await once(server, "connection");
  const [bytes] = await once(socket, "data");
  socket.destroy();
  server.close();
  child.kill("SIGKILL");
  return bytes;
}

describe("a client that stops half-way through the handshake", () => {
  for (const [what, share] of [
    ["before its first byte", 0],
    ["inside its hello", 0.5],
    ["behind its hello", 1],
  ] as const) {
    it(`${what}, a hundred times, holds up nobody`, async () => {
      const bytes = await hello();
      const part = bytes.subarray(0, Math.floor(bytes.length * share));
      for (let i = 0; i < 100; i++) {
        const socket = connect({ host, port: scene.port });
        socket.on("error", () => {});
        sockets.push(socket);
        await once(socket, "connect");
        socket.write(part);
      }
      await othersAreHeard();
      assert.equal(scene.border.handshakes.length, 1);
      assert.equal(scene.border.connections("tls"), 1);
    });
  }
});

describe("a client that sends its request before it knows the verdict", () => {
  it("is not heard where the verdict is no (RFC 8446 4.4.2.4)", async () => {
    const peer = await StreamPeer.tls(scene.port);
    peer.send(scene.request(`TLS ${host}`));
    await scene.refuses(peer, /there is no certificate/);
  });
});
