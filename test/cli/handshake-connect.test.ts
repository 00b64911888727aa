/** `privet handshake --connect` against servers of Node's on loopback. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createPlainServer, type Server, type Socket } from "node:net";
import { after, afterEach, describe, it } from "node:test";
import { createServer, type TlsOptions } from "node:tls";
import { makeAuthority, makeCertificate, now } from "../certificate-authority.ts";
import { type Answer, BorderFolder, borderPolicy } from "./border-folder.ts";
import { memoryIo } from "./memory-io.ts";

const folder = new BorderFolder();
after(() => folder.remove());

const root = makeAuthority("Carrier C root");
const sub = makeCertificate("Carrier C issuing", root, { authority: true, uris: [] });
const carrier = makeCertificate("carrier-c.example", sub, { dns: ["edge.carrier-c.example"] });
const homeRoot = makeAuthority("Home root");
const home = makeCertificate("home1.example", homeRoot);
folder.write("carrier-root.pem", root.certificate);
folder.write("home.pem", home.certificate);
folder.write("home.key", home.privateKey);

const servers: Server[] = [];
const sockets = new Set<Socket>();
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve))));
});

async function listening(server: Server, host = "127.0.0.1"): Promise<number> {
  servers.push(server);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.listen(0, host);
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

interface Peer {
  readonly port: number;
  /** Bytes that came through TLS. */
  readonly heard: () => number;
  /** What it was asked for, and shown. */
  readonly sni: () => readonly (string | false | null)[];
  readonly shown: () => readonly string[];
  /** Connections that have ended. */
  readonly ended: Promise<unknown>;
}

const shownByCarrier = { cert: carrier.certificate + sub.certificate, key: carrier.privateKey };

async function serve(options: TlsOptions = {}, host?: string): Promise<Peer> {
  let heard = 0;
  const sni: (string | false | null)[] = [];
  const shown: string[] = [];
  let end: (value: unknown) => void;
  const ended = new Promise((resolve) => {
    end = resolve;
  });
  const server = createServer({ ...shownByCarrier, ...options }, (socket) => {
    sni.push(socket.servername ?? null);
    shown.push(socket.getPeerX509Certificate()?.subject ?? "");
    socket.on("error", () => {});
    socket.on("data", (bytes: Buffer) => (heard += bytes.length));
    socket.on("close", end);
  });
  server.on("tlsClientError", () => {});
  const port = await listening(server, host);
  return { port, heard: () => heard, sni: () => sni, shown: () => shown, ended };
}

const ask = (line: string): Promise<Answer> =>
  folder.type(`handshake %border.privet --authority %carrier-root.pem ${line}`, memoryIo("", now));

const day = (at: number): string => new Date(at).toISOString().slice(0, 10);

describe("privet handshake --connect", () => {
  it("says what the peer shows and what the policy decides, and sends nothing", async () => {
    const peer = await serve();
    const { code, out, err } = await ask(`--connect 127.0.0.1:${peer.port} --domain carrier-c.example`);
    assert.deepEqual([code, err], [0, ""]);
    const dates = `${day(now - 86_400_000)} to ${day(now + 30 * 86_400_000)}, `;
    assert.equal(
      out.replaceAll(/, (?:30|29) days left/g, ", … left"),
      `peer  127.0.0.1:${peer.port}
  asked for    carrier-c.example
  session      TLSv1.3, TLS_AES_256_GCM_SHA384

  certificate 1
    subject  CN=carrier-c.example
    names    URI:sip:carrier-c.example, DNS:edge.carrier-c.example
    issuer   CN=Carrier C issuing
    dates    ${dates}… left
    usages   sipDomain, serverAuth, clientAuth

  certificate 2
    subject  CN=Carrier C issuing
    names    none
    issuer   CN=Carrier C root
    dates    ${dates}… left
    usages   any: no extended key usage

allow
  identities  carrier-c.example
  partner     carrier-c
`,
    );
    await peer.ended;
    assert.deepEqual([peer.heard(), peer.sni(), peer.shown()], [0, ["carrier-c.example"], [""]]);
  });

  it("--json is the object of the decision, with peer, session and chain", async () => {
    const peer = await serve({ maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES256-GCM-SHA384" });
    const { code, out } = await ask(`--connect 127.0.0.1:${peer.port} --domain Carrier-C.example. --json`);
    const { chain, ...rest } = JSON.parse(out) as { chain: readonly Record<string, unknown>[] };
    assert.equal(code, 0);
    assert.deepEqual(rest, {
      verdict: "allow",
      partner: "carrier-c",
      identities: ["carrier-c.example"],
      rules: [],
      peer: { host: "127.0.0.1", port: peer.port, address: "127.0.0.1", domain: "carrier-c.example" },
      session: { version: "TLSv1.2", cipher: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384" },
    });
    assert.deepEqual(
      chain.map(({ subject, issuer, authority }) => [subject, issuer, authority]),
      [
        ["CN=carrier-c.example", "CN=Carrier C issuing", false],
        ["CN=Carrier C issuing", "CN=Carrier C root", true],
      ],
    );
  });

  it("offers what the policy names, and judges a certificate by it", async () => {
    const suites = "TLS_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";
    folder.write("aes128.privet", `${borderPolicy}\ntls { suites ${suites} }\n`);
    folder.write("older.privet", `${borderPolicy}\ntls { versions 1.2 }\n`);
    const askBy = (policy: string, line: string): Promise<Answer> =>
      folder.type(`handshake %${policy} --authority %carrier-root.pem ${line}`, memoryIo("", now));
    const one = await serve();
    const connect = `--domain carrier-c.example --connect 127.0.0.1:${one.port}`;
    assert.match(
      (await askBy("aes128.privet", connect)).out,
      /session {6}TLSv1\.3, TLS_AES_128_GCM_SHA256\n/,
    );
    assert.match((await askBy("older.privet", connect)).out, /session {6}TLSv1\.2, TLS_ECDHE_ECDSA_/);
    const other = await serve({ ciphers: "TLS_AES_256_GCM_SHA384" });
    const { code } = await askBy(
      "aes128.privet",
      `--domain carrier-c.example --connect 127.0.0.1:${other.port}`,
    );
    assert.equal(code, 1);
  });

  it("exits with 3 where the policy rejects, and says why: the host's name is sought by default", async () => {
    const peer = await serve();
    const { code, out } = await ask(`--connect localhost:${peer.port}`);
    assert.equal(code, 3);
    assert.match(
      out,
      new RegExp(`^peer {2}localhost:${peer.port} \\(127\\.0\\.0\\.1\\)\\n {2}asked for {4}localhost\\n`),
    );
    assert.match(
      out,
      /^reject: the certificate names carrier-c\.example, not localhost \(RFC 5922 7\.3\)\n {2}identities {2}carrier-c\.example\n {2}partner {5}none\n/m,
    );
    await peer.ended;
    assert.equal(peer.heard(), 0);
  });

  it("judges by the authority of the partner, and by --at", async () => {
    const peer = await serve();
    const connect = `--connect 127.0.0.1:${peer.port} --domain carrier-c.example`;
    const other = await folder.type(`handshake %border.privet ${connect}`, memoryIo("", now));
    assert.equal(other.code, 3);
    assert.match(other.out, /^reject: the certificate that names carrier-c is refused: /m);
    const later = await ask(`${connect} --at ${day(now + 40 * 86_400_000)}`);
    assert.equal(later.code, 3);
    assert.match(later.out, /has expired/);
  });

  it("shows a certificate of ours to a peer that asks", async () => {
    const peer = await serve({ requestCert: true, rejectUnauthorized: true, ca: homeRoot.certificate });
    const connect = `--connect 127.0.0.1:${peer.port} --domain carrier-c.example`;
    const { code } = await ask(`${connect} --certificate-of-ours %home.pem --key %home.key`);
    assert.equal(code, 0);
    assert.deepEqual(peer.shown(), ["CN=home1.example"]);
  });

  it("reaches an IPv6 address in brackets", async (t) => {
    let peer: Peer;
    try {
      peer = await serve({}, "::1");
    } catch {
      servers.splice(0);
      t.skip("this machine has no ::1");
      return;
    }
    const { code, out } = await ask(`--connect [::1]:${peer.port} --domain carrier-c.example`);
    assert.equal(code, 0);
    assert.match(out, new RegExp(`^peer {2}\\[::1\\]:${peer.port}\\n`));
  });
});

describe("privet handshake --connect, where no connection comes about", () => {
  const refused = async (port: number, cause: RegExp, remedy: RegExp, more = ""): Promise<Answer> => {
    const answer = await ask(`--connect 127.0.0.1:${port} --domain carrier-c.example ${more}`.trim());
    assert.deepEqual([answer.code, answer.err], [1, ""]);
    const [first = "", second = ""] = answer.out.split("\n");
    assert.match(first, cause);
    assert.match(first, new RegExp(`^no connection: 127\\.0\\.0\\.1:${port}: `));
    assert.match(second, remedy);
    assert.match(second, /^ {2}help: /);
    return answer;
  };

  it("by TLS 1.3, because the peer wants a certificate: shows what it has shown all the same", async () => {
    const peer = await serve({ requestCert: true, rejectUnauthorized: true, ca: homeRoot.certificate });
    const { out } = await refused(
      peer.port,
      /it wants a certificate of ours \(tlsv13 alert certificate required\)$/,
      /--certificate-of-ours and --key/,
    );
    assert.match(out, /^ {4}subject {2}CN=carrier-c\.example$/m);
    assert.match(out, /^allow$/m);
  });

  it("because the peer does not believe the certificate of ours, and hangs up", async () => {
    const peer = await serve({ requestCert: true, rejectUnauthorized: true, ca: root.certificate });
    const ours = "--certificate-of-ours %home.pem --key %home.key";
    await refused(peer.port, /without saying why/, /may not believe the certificate of ours/, ours);
  });

  it("by TLS 1.2, because the peer wants a certificate", async () => {
    const peer = await serve({
      requestCert: true,
      rejectUnauthorized: true,
      ca: homeRoot.certificate,
      maxVersion: "TLSv1.2",
    });
    const { out } = await refused(peer.port, /alert handshake failure\)$/, /--certificate-of-ours and --key/);
    assert.doesNotMatch(out, /allow|subject/);
  });

  it("because the peer speaks an old version alone", async () => {
    const peer = await serve({
      minVersion: "TLSv1",
      maxVersion: "TLSv1.1",
      ciphers: "DEFAULT@SECLEVEL=0",
    });
    await refused(peer.port, /neither TLS 1\.2 nor TLS 1\.3 \(.*protocol version\)$/, /TLS 1\.2 or later/);
  });

  it("because nobody listens", async () => {
    const server = createPlainServer();
    const port = await listening(server);
    await new Promise((resolve) => servers.pop()!.close(resolve));
    await refused(port, /nobody listens there \(ECONNREFUSED\)$/, /check host and port/);
  });

  it("because what listens is no TLS", async () => {
    const port = await listening(
      createPlainServer((socket) => socket.end("SIP/2.0 400 Bad Request\r\n\r\n")),
    );
    await refused(port, /does not speak TLS/, /5061/);
  });

  it("because the peer hangs up", async () => {
    const port = await listening(createPlainServer((socket) => socket.destroy()));
    await refused(port, /without saying why/, /--certificate-of-ours/);
  });

  it("because the peer is silent, within the time", async () => {
    const port = await listening(createPlainServer());
    await refused(port, /does not answer, or does not shake hands/, /--timeout/, "--timeout 0.3");
  });

  it("because the name has no address; --json has cause and remedy", async () => {
    const { code, out } = await ask("--connect carrier-c.invalid:5061 --json --timeout 5");
    assert.equal(code, 1);
    const { peer, failure, ...rest } = JSON.parse(out) as Record<string, Record<string, string>>;
    assert.deepEqual(peer, { host: "carrier-c.invalid", port: 5061, domain: "carrier-c.invalid" });
    assert.equal(failure!["place"], "carrier-c.invalid:5061");
    assert.match(failure!["cause"]!, /^the name has no address \(/);
    assert.match(failure!["remedy"]!, /--domain/);
    assert.deepEqual(rest, {});
  });
});

describe("privet handshake --connect, called wrongly", () => {
  folder.write("other.key", homeRoot.privateKey);
  for (const [line, complaint] of [
    ["--connect carrier", /^--connect wants HOST:PORT, such as .*, not `carrier`$/],
    ["--connect 2001:db8::1:5061", /an IPv6 address stands in brackets$/],
    ["--connect [192.0.2.1]:5061", /`192\.0\.2\.1` is no IPv6 address$/],
    ["--connect 192.0.2.300:5061", /`192\.0\.2\.300` is no name and no address/],
    ["--connect carrier-c.example:0", /^--connect: 0 is no port$/],
    ["--connect 127.0.0.1:5061", /^--connect has an address: --domain says which domain/],
    ["--connect carrier-c.example:5061 --role server", /our role is client$/],
    ["--connect carrier-c.example:5061 --certificate %carrier.pem", /take --certificate out$/],
    ["--connect carrier-c.example:5061 --timeout 0", /^--timeout wants seconds/],
    ["--connect carrier-c.example:5061 --key %home.key", /^--certificate-of-ours and --key go together$/],
    [
      "--connect carrier-c.example:5061 --certificate-of-ours %home.pem --key %other.key",
      /^the key in `other\.key` is not that of the certificate in `home\.pem`$/,
    ],
    [
      "--connect carrier-c.example:5061 --certificate-of-ours %border.privet --key %home.key",
      /^`border\.privet` holds no certificate in PEM form$/,
    ],
    [
      "--connect carrier-c.example:5061 --certificate-of-ours %gone.pem --key %home.key",
      /^can't read `gone\.pem`: there is no such file$/,
    ],
    ["--certificate %carrier.pem --timeout 3", /^--timeout goes with --connect$/],
    ["", /^--certificate names the peer's certificate, or --connect the peer that is to show one$/],
  ] as const) {
    it(`handshake POLICY ${line}`, async () => {
      const { code, out, err } = await folder.type(`handshake %border.privet ${line}`.trim());
      assert.deepEqual([code, out], [2, ""]);
      assert.match(err.split("\n")[0]!.replace(/^privet handshake: /, ""), complaint);
    });
  }
});
