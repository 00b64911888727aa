/** `privet run` as its own process: a partner that a reload takes off the list loses its connections. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { StreamPeer } from "../border/stream-peer.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { Running } from "../running.ts";
import { until } from "../until.ts";

const root = makeAuthority("carrier root");
const year = new Date().getUTCFullYear();

const policy = (...partners: readonly string[]): string => `language 1
policy "partners"
network home {
  own
  domain "home1.example"
  listener "inside"
}
${partners
  .map(
    (name) => `partner ${name} {
  domain "${name}.example"
  agreement "A" from ${year}-01-01 to ${year + 1}-12-31
  authority "root.pem"
}`,
  )
  .join("\n")}
trust home
rule refuse-strangers
  on handshake
  unless certificate names partner
  reject "no interworking partner"
  because "TS 33.203 6.5"
`;

describe("a running border whose partner list changes", () => {
  const folder = mkdtempSync(join(tmpdir(), "privet-partners-"));
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const peers: StreamPeer[] = [];
  let running: Running;
  let port = 0;

  before(async () => {
    const own = makeCertificate("home1.example", root);
    write("own.pem", own.certificate + own.privateKey);
    write("root.pem", root.certificate);
    write("p.privet", policy("carrier-c", "partner-e"));
    const plain = { address: "127.0.0.1", port: 0 };
    const served = { domains: ["home1.example"], certificate: "own.pem", key: "own.pem" };
    write(
      "border.json",
      JSON.stringify({
        policy: "p.privet",
        secret: "00".repeat(16),
        listeners: [
          { ...plain, name: "inside", transport: "tcp" },
          { ...plain, name: "outside", transport: "tls", host: "home1.example", certificates: [served] },
        ],
        networks: { home: { hops: ["tcp:127.0.0.1:9"] } },
      }),
    );
    running = Running.privet("run", join(folder, "border.json"));
    port = Number((await running.until(/listening outside tls 127\.0\.0\.1:(\d+)\n/))[1]);
  });
  after(async () => {
    for (const peer of peers) peer.close();
    await running.stop("SIGKILL");
    rmSync(folder, { recursive: true });
  });

  async function partner(name: string): Promise<StreamPeer> {
    const leaf = makeCertificate(`${name}.example`, root);
    const peer = await StreamPeer.tls(port, { cert: leaf.certificate, key: leaf.privateKey });
    peers.push(peer);
    return peer;
  }

  async function isServed(peer: StreamPeer): Promise<void> {
    peer.send("\r\n\r\n");
    await until(() => peer.received === "\r\n");
    peer.received = "";
  }

  it("closes the connections of the one that is gone, says why, and keeps the others'", async () => {
    const [gone, stays] = [await partner("carrier-c"), await partner("partner-e")];
    await isServed(gone);
    await isServed(stays);
    write("p.privet", policy("partner-e"));
    running.child.kill("SIGHUP");
    await gone.ended();
    await running.until(
      /reject .*no interworking partner.*the policy is new: the certificate names carrier-c\.example: no partner/,
    );
    await isServed(stays);
    const again = await partner("carrier-c");
    await again.ended();
  });
});
