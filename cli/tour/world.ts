/** All that the tour needs and that a newcomer does not have: certificates, networks, a border, its neighbours. */
import { randomBytes } from "node:crypto";
import { dirname, join, relative } from "node:path";
import { type Adapter, TcpAdapter, TlsAdapter, UdpAdapter } from "../../adapters/index.ts";
import {
  Border,
  type BorderConfiguration,
  type DnsSettings,
  defaultQueue,
  type ListenerSettings,
  loadPolicy,
  packagePath,
} from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import { renderDiagnostics } from "../../grammar/index.ts";
import { type IssuingAuthority, issueCertificate } from "../../wire/index.ts";
import { Agent } from "./agent.ts";
import { serveCarrierZone } from "./carrier-zone.ts";

const loopback = "127.0.0.1";
const day = 24 * 60 * 60 * 1000;

/** Where the tour's border listens if the ports are free. */
const ports = { inside: 6060, outside: 6062, secure: 6063 } as const;

export interface World {
  readonly border: Border;
  readonly home: Agent;
  readonly carrier: Agent;
  readonly open: Agent;
  /** Shows the name of carrier-c in a certificate that carrier-c's authority did not sign. */
  readonly impostor: Agent;
  readonly policy: string;
  /** Answers by DNS for carrier-c. */
  readonly nameServer: string;
  port(listener: "inside" | "outside", transport: "udp" | "tcp" | "tls"): number;
  close(): Promise<void>;
}

/** Throws where the shipped policy or the machine does not let the tour begin. */
export async function buildWorld(now: number): Promise<World> {
  const policyPath = shortPath(packagePath("policies/ims-border.privet"));
  const certificates = issueAll(now);
  const engine = loadEngine(policyPath, certificates.carrierRoot, now);
  const home = await startAgent("home", [new UdpAdapter({ host: loopback, port: 0 })]);
  const carrier = await startAgent("carrier-c", [
    new TlsAdapter({ host: loopback, identities: [identity("carrier-c.example", certificates.carrier)] }),
  ]);
  const open = await startAgent("open-d", [
    new UdpAdapter({ host: loopback, port: 0 }),
    new TcpAdapter({ host: loopback }),
  ]);
  const impostor = await startAgent("impostor", [
    new TlsAdapter({ identities: [identity("carrier-c.example", certificates.impostor)] }),
  ]);
  const edge = { address: loopback, port: carrier.port("tls") };
  const zone = await serveCarrierZone("carrier-c.example", edge);
  const border = await startBorder(engine, certificates.border, { home, open, servers: [zone.server] });
  return {
    border,
    home,
    carrier,
    open,
    impostor,
    policy: policyPath,
    nameServer: `${zone.server.address}:${zone.server.port}`,
    port: (listener, transport) => {
      const side = border.sides.find((one) => one.name === listener && one.transport === transport);
      if (side === undefined) throw new RangeError(`the border has no ${transport} listener ${listener}`);
      return side.port;
    },
    close: async () => {
      await Promise.all([home, carrier, open, impostor].map((agent) => agent.close()));
      await border.close();
      await zone.close();
    },
  };
}

interface Certificates {
  readonly carrierRoot: IssuingAuthority;
  readonly carrier: IssuingAuthority;
  readonly impostor: IssuingAuthority;
  readonly border: IssuingAuthority;
}

function issueAll(now: number): Certificates {
  const dates = { notBefore: now - day, notAfter: now + 30 * day };
  const root = (commonName: string) => issueCertificate({ commonName, authority: true, ...dates });
  const leaf = (domain: string, by: IssuingAuthority) =>
    issueCertificate({ commonName: domain, uris: [`sip:${domain}`], ...dates }, by);
  const carrierRoot = root("carrier-c root");
  return {
    carrierRoot,
    carrier: leaf("carrier-c.example", carrierRoot),
    impostor: leaf("carrier-c.example", root("somebody's root")),
    border: leaf("home1.example", root("home1 root")),
  };
}

function identity(domain: string, { certificate, privateKey }: IssuingAuthority) {
  return { domains: [domain], certificate, privateKey };
}

/** The shipped policy, with the networks of this machine in the place of networks.privet. */
function loadEngine(path: string, carrierRoot: IssuingAuthority, now: number) {
  const networks = join(dirname(path), "networks.privet");
  const root = join(dirname(path), rootFile);
  const replace = (file: string): string | undefined => {
    if (file === networks) return networksText(new Date(now).getUTCFullYear());
    return file === root ? carrierRoot.certificate : undefined;
  };
  const { policy, diagnostics, sources, context, missingAuthorities } = loadPolicy(path, { now, replace });
  if (policy === undefined)
    throw new Error(`the shipped policy is broken:\n${renderDiagnostics(diagnostics, sources)}`);
  if (missingAuthorities.length > 0) throw new Error(`no authority of ${missingAuthorities.join(", ")}`);
  return compile(policy, context);
}

const rootFile = "certs/carrier-c-root.pem";

function networksText(year: number): string {
  return `language 1
network home {
  own
  domain "home1.example"
  listener "inside"
}
network ims-b {
  domain "ims-b.example"
  listener "zb"
}
partner carrier-c {
  domain "carrier-c.example"
  address ${loopback}/32
  agreement "IWA-2026-014" from ${year}-01-01 to ${year + 1}-12-31
  authority "${rootFile}"
  extended-key-usage rfc5924
  tls required
}
network open-d {
  domain "open-d.example"
  listener "outside"
}
`;
}

async function startAgent(name: string, adapters: readonly Adapter[]): Promise<Agent> {
  for (const adapter of adapters) await adapter.listen();
  return new Agent(name, adapters);
}

interface Neighbours {
  readonly home: Agent;
  readonly open: Agent;
  /** Who says where all others are. */
  readonly servers: DnsSettings["servers"];
}

async function startBorder(
  engine: ReturnType<typeof loadEngine>,
  certificate: IssuingAuthority,
  { home, open, servers }: Neighbours,
): Promise<Border> {
  const plain = { address: loopback, host: loopback };
  const secure = { ...plain, certificate: certificate.certificate, key: certificate.privateKey };
  const listeners = (fixed: boolean): readonly ListenerSettings[] => [
    { ...plain, name: "inside", transport: "udp", port: fixed ? ports.inside : 0 },
    { ...plain, name: "outside", transport: "udp", port: fixed ? ports.outside : 0 },
    { ...plain, name: "outside", transport: "tcp", port: fixed ? ports.outside : 0 },
    { ...secure, name: "outside", transport: "tls", port: fixed ? ports.secure : 0 },
  ];
  const hop = (agent: Agent, transport: "udp" | "tcp" | "tls") => ({
    transport,
    address: loopback,
    port: agent.port(transport),
  });
  const network = (...hops: ReturnType<typeof hop>[]) => ({ hops, listener: undefined, numeric: false });
  const configuration = (fixed: boolean): BorderConfiguration => ({
    secret: randomBytes(16),
    listeners: listeners(fixed),
    networks: new Map([
      ["home", network(hop(home, "udp"))],
      ["open-d", network(hop(open, "udp"), hop(open, "tcp"))],
    ]),
    queue: defaultQueue,
    dns: { servers, milliseconds: 4_000, cache: 1_000, withdrawn: "refuse" },
  });
  try {
    const border = new Border(engine, configuration(true));
    await border.listen();
    return border;
  } catch {
    // Somebody has a port: any free ones will do.
    const border = new Border(engine, configuration(false));
    await border.listen();
    return border;
  }
}

/** From where we stand, unless that is longer to read. */
function shortPath(path: string): string {
  const from = relative(process.cwd(), path);
  return from.startsWith("..") ? path : from;
}
