/** Everybody around the border of a soak, and where they live on loopback. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";
import { makeCertificate } from "../certificate-authority.ts";
import type { BorderFolder, Sockets } from "./border-folder.ts";
import { diceOf } from "./dice.ts";
import type { Ledger, Transport } from "./ledger.ts";
import type { Place } from "./lines.ts";
import { type BorderPlaces, Neighbour, type NeighbourSettings, type Taker } from "./neighbour.ts";
import type { WrongIdentities } from "./rude-clients.ts";
import { moody } from "./rude-networks.ts";

const borderHost = "127.0.0.5";

type Name =
  | "home"
  | "open"
  | "carrier"
  | "slow"
  | "unreliable"
  | "wrong"
  | "garbler"
  | "dawdler"
  | "staller"
  | "dropper"
  | "flooder"
  | "thief";

export type Cast = Readonly<Record<Name, Neighbour>>;

/** Places that are free as far as one can tell; nobody else listens on this address. */
export async function chooseSockets(): Promise<Sockets> {
  const [insideTcp, outsideTcp, outsideTls, operation] = await freePorts(4);
  return {
    inside: { udp: await freeDatagramPlace(), tcp: insideTcp! },
    outside: { udp: await freeDatagramPlace(), tcp: outsideTcp!, tls: outsideTls! },
    zb: await freeDatagramPlace(),
    operation: operation!,
  };
}

async function freePorts(count: number): Promise<readonly Place[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, borderHost));
  const places: Place[] = [];
  for (const server of servers) {
    if (!server.listening) await once(server, "listening");
    const address = server.address();
    places.push({
      host: borderHost,
      port: address !== null && typeof address === "object" ? address.port : 0,
    });
  }
  for (const server of servers) {
    server.close();
    await once(server, "close");
  }
  return places;
}

async function freeDatagramPlace(): Promise<Place> {
  const socket = createSocket("udp4").bind(0, borderHost);
  await once(socket, "listening");
  const { port } = socket.address();
  socket.close();
  return { host: borderHost, port };
}

/** Their hops are bound; connections of their own come later. */
export async function makeCast(
  folder: BorderFolder,
  { inside, outside }: Sockets,
  takers: ReadonlyMap<string, Taker>,
  ledger: Ledger,
  seed: number,
): Promise<Cast> {
  const { authorities } = folder;
  const make = async (settings: NeighbourSettings): Promise<Neighbour> => {
    const places: BorderPlaces = settings.name === "home" ? { ...outside, ...inside } : outside;
    const neighbour = new Neighbour(settings, places, takers, ledger, diceOf(seed, settings.name));
    await neighbour.listen();
    return neighbour;
  };
  const stranger = (name: string, host: string): Promise<Neighbour> =>
    make({ name, domain: "stranger.example", host, transports: ["udp", "tcp"], connections: 0 });
  const partner = (
    name: "carrier-c" | "carrier-r" | "carrier-w",
    host: string,
    by: keyof typeof authorities,
  ) => ({
    name,
    domain: `${name}.example`,
    host,
    transports: ["tls"] as readonly Transport[],
    connections: 0,
    identity: makeCertificate(`${name}.example`, authorities[by]),
  });
  const both: readonly Transport[] = ["udp", "tcp"];
  return {
    home: await make({
      name: "home",
      domain: "home1.example",
      host: "127.0.0.2",
      transports: both,
      connections: 4,
    }),
    open: await make({
      name: "open-d",
      domain: "open-d.example",
      host: "127.0.0.9",
      transports: both,
      connections: 4,
    }),
    carrier: await make({ ...partner("carrier-c", "127.0.0.7", "carrier-c"), connections: 4 }),
    slow: await make({
      name: "slow-e",
      domain: "slow-e.example",
      host: "127.0.0.10",
      transports: ["tcp"],
      connections: 0,
      onAccepted: moody(diceOf(seed, "slow-e's connections")),
    }),
    unreliable: await make({
      ...partner("carrier-r", "127.0.0.12", "carrier-r"),
      onAccepted: moody(diceOf(seed, "carrier-r's connections")),
    }),
    // The name is right, the authority is not.
    wrong: await make(partner("carrier-w", "127.0.0.11", "nobody")),
    garbler: await stranger("garbler", "127.0.0.61"),
    dawdler: await stranger("dawdler", "127.0.0.62"),
    staller: await stranger("staller", "127.0.0.63"),
    dropper: await stranger("dropper", "127.0.0.64"),
    flooder: await stranger("flooder", "127.0.0.65"),
    thief: await stranger("thief", "127.0.0.66"),
  };
}

/** What a TLS client shows that is no partner: nothing, somebody else's, its own, what is out of date. */
export function wrongIdentities({ authorities }: BorderFolder): WrongIdentities {
  const domain = "carrier-c.example";
  const day = 86_400_000;
  const past = { notBefore: Date.now() - 20 * day, notAfter: Date.now() - day };
  return {
    host: "127.0.0.67",
    identities: [
      undefined,
      makeCertificate(domain, authorities.nobody),
      makeCertificate(domain, undefined),
      makeCertificate("stranger.example", authorities["carrier-c"]),
      makeCertificate(domain, authorities["carrier-c"], past),
    ],
  };
}
