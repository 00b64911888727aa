/**
 * The folder from which the border of a soak runs: border.json, and the shipped policy with
 * loopback addresses, with authorities whose keys the soak holds, and with a few networks more.
 */
import { cpSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IssuingAuthority } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { packageRoot } from "../package-root.ts";
import type { Place } from "./lines.ts";

export interface Sockets {
  readonly inside: Readonly<Record<"udp" | "tcp", Place>>;
  readonly outside: Readonly<Record<"udp" | "tcp" | "tls", Place>>;
  /** Where nobody is: the policy names the listener. */
  readonly zb: Place;
  readonly operation: Place;
}

/** Beside those of the shipped policy: one that stalls, and two partners that break things off. */
const moreNetworks = (agreement: string): string => `
network slow-e {
  domain "slow-e.example"
  address 127.0.0.10/32
}
partner carrier-r {
  domain "carrier-r.example"
  agreement "SOAK-R" ${agreement}
  authority "certs/carrier-r-root.pem"
  extended-key-usage rfc5924
}
partner carrier-w {
  domain "carrier-w.example"
  agreement "SOAK-W" ${agreement}
  authority "certs/carrier-w-root.pem"
  extended-key-usage rfc5924
}
`;

export class BorderFolder {
  readonly path: string = mkdtempSync(join(tmpdir(), "privet-soak-"));
  readonly authorities: Readonly<
    Record<"carrier-c" | "carrier-r" | "carrier-w" | "nobody", IssuingAuthority>
  > = {
    "carrier-c": makeAuthority("carrier-c root"),
    "carrier-r": makeAuthority("carrier-r root"),
    "carrier-w": makeAuthority("carrier-w root"),
    nobody: makeAuthority("root of nobody"),
  };
  private readonly own = makeAuthority("home1 root");
  private readonly policy: string;

  constructor() {
    const policies = join(this.path, "policies");
    cpSync(join(packageRoot, "policies"), policies, { recursive: true });
    for (const name of ["carrier-c", "carrier-r", "carrier-w"] as const)
      this.write(`policies/certs/${name}-root.pem`, this.authorities[name].certificate);
    const year = new Date().getUTCFullYear();
    const agreement = `from ${year}-01-01 to ${year + 1}-12-31`;
    const networks = readFileSync(join(policies, "networks.privet"), "utf8")
      .replace(/ from \d{4}-\d\d-\d\d to \d{4}-\d\d-\d\d/, ` ${agreement}`)
      .replace("203.0.113.7/32", "127.0.0.7/32")
      .replace("203.0.113.9/32", "127.0.0.9/32");
    this.write("policies/networks.privet", networks + moreNetworks(agreement));
    this.policy = readFileSync(join(policies, "ims-border.privet"), "utf8");
    this.renewCertificate();
  }

  get border(): string {
    return join(this.path, "border.json");
  }

  writeBorder(sockets: Sockets, hops: Readonly<Record<string, readonly string[]>>): void {
    const tls = { certificate: "border.pem", key: "border.pem" };
    const listener = (name: string, transport: string, { host, port }: Place) => ({
      name,
      transport,
      address: host,
      port,
      ...(transport === "tls" ? tls : {}),
    });
    const json = {
      policy: "policies/ims-border.privet",
      secret: "000102030405060708090a0b0c0d0e0f",
      listeners: [
        listener("inside", "udp", sockets.inside.udp),
        listener("inside", "tcp", sockets.inside.tcp),
        listener("outside", "udp", sockets.outside.udp),
        listener("outside", "tcp", sockets.outside.tcp),
        listener("outside", "tls", sockets.outside.tls),
        listener("zb", "udp", sockets.zb),
      ],
      networks: Object.fromEntries(
        Object.entries(hops).map(([name, list]) => [name, { hops: list, ping: 2 }]),
      ),
      queue: { bytes: 262_144, milliseconds: 4_000 },
      connections: { halfOpen: 200, keepAlive: 5 },
      sources: { messages: 300, connections: 200, newConnections: 50, halfOpen: 50 },
      operation: { address: sockets.operation.host, port: sockets.operation.port },
      log: { level: "quiet" },
    };
    this.write("border.json", JSON.stringify(json, undefined, 2));
  }

  /** Another version of the policy that decides as the first does. */
  changePolicy(turn: number): void {
    const rule = `rule soak\n  on message to untrusted\n  mark soak-${turn}\n  because "the soak's own"\n`;
    this.write("policies/ims-border.privet", `${this.policy}\n// version ${turn}\n${rule}`);
  }

  breakPolicy(turn: number): void {
    this.write("policies/ims-border.privet", `${this.policy}\nrule broken-${turn}\n  on nothing at all\n`);
  }

  /** The border's own, for its TLS listener. */
  renewCertificate(): void {
    const { certificate, privateKey } = makeCertificate("home1.example", this.own);
    this.write("border.pem", certificate + privateKey);
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true });
  }

  /** No reader sees half of it. */
  private write(name: string, text: string): void {
    const path = join(this.path, name);
    writeFileSync(`${path}.new`, text);
    renameSync(`${path}.new`, path);
  }
}
