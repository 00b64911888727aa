/** The border with carrier-c behind a Kamailio, which shows the certificate that the test gives it. */
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { IssuingAuthority } from "../../wire/index.ts";
import { lastingPort } from "../lasting-port.ts";
import { RunningKamailio, withLogs } from "./kamailio.ts";
import { type Hops, RunningBorder } from "./running-border.ts";

/** Ports on loopback: of the carrier's user, and the two sides of its Kamailio. */
interface CarrierPorts {
  readonly foreign: number;
  readonly inside: number;
  readonly edge: number;
}

interface EdgeChanges {
  /** The domain that it wants to see in the border's certificate. */
  readonly peer?: string;
  /** As in `KamailioSettings`. */
  readonly lines?: Readonly<Record<string, string>>;
}

export class CarrierEdge {
  readonly border: RunningBorder = new RunningBorder();
  readonly ports: CarrierPorts;
  private readonly started: RunningKamailio[] = [];

  private constructor(ports: CarrierPorts) {
    this.ports = ports;
  }

  /** With a border that runs, and no Kamailio yet. `foreign`: the port of the carrier's user. */
  static async start(hops: Partial<Hops>, foreign: number): Promise<CarrierEdge> {
    const one = new CarrierEdge({ foreign, inside: await lastingPort(), edge: await lastingPort() });
    const carrier = [`tls:127.0.0.1:${one.ports.edge}`];
    await one.border.start({ home: [], "open-d": [], ...hops, "carrier-c": carrier });
    return one;
  }

  /** Has the border ping home and the carrier each second from now on. */
  pingHops(): void {
    const file = join(this.border.folder, "border.json");
    const json = JSON.parse(readFileSync(file, "utf8"));
    for (const network of ["home", "carrier-c"]) json.networks[network].ping = 1;
    writeFileSync(`${file}.new`, JSON.stringify(json));
    renameSync(`${file}.new`, file);
  }

  /** One at a time: they share the ports. */
  async startKamailio(certificate: IssuingAuthority, changes: EdgeChanges = {}): Promise<RunningKamailio> {
    const { border, ports, started } = this;
    const { peer = "home1.example", lines = {} } = changes;
    const kamailio = new RunningKamailio({
      folder: join(border.folder, `kamailio-${started.length}`),
      file: "kamailio-partner.cfg",
      values: {
        OWN_DOMAIN: "carrier-c.example",
        EDGE_ADDRESS: "127.0.0.1",
        EDGE_PORT: String(ports.edge),
        INSIDE_ADDRESS: "127.0.0.1",
        INSIDE_PORT: String(ports.inside),
        NEXT_INSIDE: `127.0.0.1:${ports.foreign}`,
        PEER_DOMAIN: peer,
      },
      lines,
      borders: [`127.0.0.1:${border.port("outside", "tls")}`],
      certificates: {
        "edge.pem": certificate.certificate,
        "edge.key": certificate.privateKey,
        "home1-root.pem": border.homeRoot.certificate,
      },
      streamPort: ports.edge,
    });
    started.push(kamailio);
    await kamailio.start();
    return kamailio;
  }

  /** Lines of the border for handshakes, by the role of the border. */
  handshakes(verdict: "allow" | "reject", role: "client" | "server"): number {
    const pattern = new RegExp(`${verdict} +TLS ${role === "client" ? "to" : "from"} `, "g");
    return [...this.border.said.matchAll(pattern)].length;
  }

  /** The test with the logs of all where it fails. */
  async witnessed(test: () => Promise<void>, ...others: readonly RunningKamailio[]): Promise<void> {
    await withLogs([this.border, ...this.started, ...others], test);
  }

  /** The border's exit code. */
  async stop(): Promise<number | null> {
    for (const kamailio of this.started) await kamailio.stop();
    return this.border.stop();
  }
}
