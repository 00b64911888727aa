/** `privet run` with a partner's CRL: a new file of it is taken while the border runs, and ends what it lists. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { connect } from "node:tls";
import { fileURLToPath } from "node:url";
import { makeAuthority, makeCertificate, now } from "../certificate-authority.ts";
import { makeRevocationList, writeList } from "../revocation-list.ts";

const program = fileURLToPath(new URL("../../cli/main.js", import.meta.url));
const patience = 20_000;

const policy = `language 1
policy "revoking"
network home {
  own
  domain "home1.example"
  listener "inside"
}
partner carrier-c {
  domain "carrier-c.example"
  agreement "A-1" from 2020-01-01 to 2099-12-31
  authority "root.pem"
  revocation "carrier-c.crl"
}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
rule refuse-strangers
  on handshake
  unless certificate names partner
  reject "no interworking partner"
  because "TS 33.203 6.5"
`;

const root = makeAuthority("Carrier C root");
const first = makeCertificate("carrier-c.example", root);
const second = makeCertificate("carrier-c.example", root);
const own = makeCertificate("home1.example", makeAuthority("Home root"));

describe("a running border whose partner has a CRL", () => {
  const folder = mkdtempSync(join(tmpdir(), "privet-revocation-"));
  let child: ChildProcess;
  let said = "";
  let outside = 0;
  let operation = 0;

  const write = (name: string, content: string | Uint8Array): void => {
    writeFileSync(join(folder, `${name}.new`), content);
    renameSync(join(folder, `${name}.new`), join(folder, name));
  };
  /** Waits for a line that has not been waited for yet. */
  const until = async (pattern: RegExp): Promise<RegExpExecArray> => {
    for (const end = Date.now() + patience; Date.now() < end; ) {
      const match = pattern.exec(said);
      if (match !== null) {
        said = said.slice(match.index + match[0].length);
        return match;
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    throw new Error(`never said ${pattern}: ${said}`);
  };
  /** The border's line on a handshake in which this certificate is shown. */
  const lineOn = async ({ certificate, privateKey }: typeof first): Promise<string> => {
    const socket = connect({
      host: "127.0.0.1",
      port: outside,
      cert: certificate,
      key: privateKey,
      rejectUnauthorized: false,
    });
    socket.on("error", () => {});
    const closed = new Promise((resolve) => {
      socket.on("close", () => resolve("closed")).resume();
    });
    const [line] = await until(/^\S+ (?:allow|reject) +TLS from .*\n/m);
    // A refused peer loses its connection; one that is let in keeps it until it goes.
    if (/reject/.test(line)) assert.equal(await closed, "closed");
    else socket.destroy();
    return line;
  };
  const metrics = async (): Promise<string> => (await fetch(`http://127.0.0.1:${operation}/metrics`)).text();

  before(async () => {
    write("p.privet", policy);
    write("root.pem", root.certificate);
    write("own.pem", own.certificate);
    write("own-key.pem", own.privateKey);
    write("carrier-c.crl", writeList(makeRevocationList(root)));
    const plain = { address: "127.0.0.1", port: 0 };
    const border = {
      policy: "p.privet",
      secret: "00".repeat(16),
      operation: { port: 0 },
      listeners: [
        { ...plain, name: "inside", transport: "tcp" },
        { ...plain, name: "outside", transport: "tls", certificate: "own.pem", key: "own-key.pem" },
      ],
      networks: {
        home: { hops: ["tcp:127.0.0.1:5060"] },
        "carrier-c": { hops: ["tls:127.0.0.1:5061"], listener: "outside" },
      },
    };
    write("border.json", JSON.stringify(border));
    child = spawn(process.execPath, [program, "run", join(folder, "border.json")], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout!, child.stderr!]) {
      stream.setEncoding("utf8").on("data", (chunk: string) => {
        said += chunk;
      });
    }
    outside = Number((await until(/listening outside tls 127\.0\.0\.1:(\d+)\n/))[1]);
    operation = Number((await until(/operation http 127\.0\.0\.1:(\d+)\n/))[1]);
  });
  after(async () => {
    if (child.exitCode === null) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    rmSync(folder, { recursive: true });
  });

  it("lets in whom the CRL does not list", async () => {
    assert.match(await lineOn(first), /allow.*carrier-c/);
    assert.match(await lineOn(second), /allow.*carrier-c/);
  });

  it("reads a new CRL by itself, and from then on refuses whom it lists", async () => {
    const nextUpdate = Math.floor(now / 1_000) * 1_000 + 5 * 86_400_000;
    write("carrier-c.crl", makeRevocationList(root, { revoked: [first], nextUpdate }));
    await until(/^reloaded /m);
    assert.match(await lineOn(first), /reject.*it is revoked \(RFC 5280 6\.3\): .*carrier-c\.crl lists it/);
    assert.match(await lineOn(second), /allow.*carrier-c/);
    assert.match(
      await metrics(),
      new RegExp(
        `^privet_revocation_list_end_timestamp_seconds\\{file="[^"]*/carrier-c\\.crl"\\} ${nextUpdate / 1000}$`,
        "m",
      ),
    );
  });

  it("warns of a CRL that has gone, and refuses whom nothing is known of", async () => {
    rmSync(join(folder, "carrier-c.crl"));
    const { input, index } = await until(/^reloaded /m);
    assert.match(input.slice(0, index), /warning\[P4021\]: no CRL of `carrier-c` can be read in/);
    assert.match(await lineOn(second), /reject.*carrier-c\.crl holds no CRL that can be read/);
    // Longer than a look at the files and the wait behind it: that it is still not there is no news.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const samples = await metrics();
    assert.match(samples, /^privet_revocation_list_end_timestamp_seconds\{file="[^"]*"\} 0$/m);
    assert.match(samples, /^privet_reloads_total\{result="taken"\} 2$/m);
  });

  it("takes one that is there again", async () => {
    write("carrier-c.crl", writeList(makeRevocationList(root, { revoked: [first] })));
    await until(/^reloaded /m);
    assert.match(await lineOn(second), /allow.*carrier-c/);
    assert.match(await lineOn(first), /reject.*it is revoked/);
  });
});
