/** What carrier-c publishes of itself in the tour: by NAPTR and SRV it asks for TLS (TS 33.203 6.5, RFC 3263 4.1). */
import { Responder } from "../../adapters/index.ts";
import { publishedZones, Zone, Zones } from "../../wire/index.ts";

export interface CarrierZone {
  /** Of the server that answers for it. */
  readonly server: { readonly address: string; readonly port: number };
  close(): Promise<void>;
}

/** `edge`: where carrier-c takes calls over TLS. */
export async function serveCarrierZone(
  domain: string,
  edge: { readonly address: string; readonly port: number },
): Promise<CarrierZone> {
  const host = `edge.${domain}`;
  const [zone] = publishedZones([
    {
      domain,
      ttl: 300,
      hosts: [{ name: host, addresses: [edge.address] }],
      services: [{ transport: "tls", host, port: edge.port, priority: 10, weight: 0 }],
    },
  ]);
  const zones = new Zones(zone === undefined ? [] : [new Zone(zone, { serial: 1, nameServers: [] })]);
  const settings = { listen: [{ address: edge.address, port: 0 }], answers: 1_000, total: 1_000 };
  const responder = new Responder(settings, zones);
  const [server] = await responder.listen();
  if (server === undefined) throw new Error("nobody answers for carrier-c's zone");
  return { server, close: () => responder.close() };
}
