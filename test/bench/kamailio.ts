/** Full handshakes of `privet run` against those of Kamailio's tls module, each as a process of its own. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { makeCertificate } from "../certificate-authority.ts";
import { lastingPort } from "../lasting-port.ts";
import { program, RunningKamailio } from "../peers/kamailio.ts";
import { RunningBorder } from "../peers/running-border.ts";
import { Dialler } from "./dialler.ts";
import type { HandshakeTurns } from "./handshakes.ts";
import { secondsOfTree } from "./process-time.ts";

const atATime = 4;
/** Until then Node compiles, and Kamailio's pools grow. */
const warmUps = 500;

export interface ServerRate {
  readonly name: string;
  /** Handshakes a second of processor time: the middle of all turns, and the fastest turn. */
  readonly median: number;
  readonly best: number;
}

interface Server {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  /** Whom the certificate of the client names. */
  readonly from: string;
}

export const kamailioIsInstalled = (): boolean => existsSync(program);

/** An OPTIONS to the server itself, so that it has let the client in, and says so. */
const optionsRequest = ({ from, port }: Server): string =>
  [
    `OPTIONS sip:127.0.0.1:${port} SIP/2.0`,
    "Via: SIP/2.0/TLS 127.0.0.1:PORT;branch=z9hG4bKbenchPORT",
    "Max-Forwards: 70",
    `From: <sip:edge@${from}>;tag=b1`,
    `To: <sip:127.0.0.1:${port}>`,
    `Call-ID: PORT-${port}@${from}`,
    "CSeq: 1 OPTIONS",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n");

/** Both are started, take turns, and are ended. Certificates come again: one for each server. */
export async function kamailioRates({ turns, handshakes }: HandshakeTurns): Promise<ServerRate[]> {
  const border = new RunningBorder();
  const dialler = new Dialler();
  let kamailio: RunningKamailio | undefined;
  try {
    const carrier = makeCertificate("carrier-c.example", border.carrierRoot);
    const home = makeCertificate("home1.example", border.homeRoot);
    // Nobody is called.
    const nobody = [`udp:127.0.0.1:${await lastingPort()}`];
    await border.start({ home: nobody, "open-d": nobody, "carrier-c": nobody });
    const port = await lastingPort();
    kamailio = await startKamailio(border, carrier, port);
    const ours = { pid: border.pid, port: border.port("outside", "tls") };
    const servers: readonly (Server & { readonly shown: typeof carrier })[] = [
      { name: "Privet", ...ours, from: "carrier-c.example", shown: carrier },
      { name: "Kamailio", pid: kamailio.pid, port, from: "home1.example", shown: home },
    ];
    const shake = (server: (typeof servers)[number], count: number): Promise<void> => {
      const { certificate, privateKey } = server.shown;
      const shows = Array.from({ length: count }, () => ({ certificate, privateKey }));
      return dialler.dial({ port: server.port, shows, atATime, request: optionsRequest(server) });
    };
    for (const server of servers) await shake(server, warmUps);
    const samples = new Map<Server, number[]>(servers.map((one) => [one, []]));
    for (let round = 0; round < turns; round++) {
      for (const server of servers) {
        const start = secondsOfTree(server.pid);
        await shake(server, handshakes);
        samples.get(server)!.push(handshakes / (secondsOfTree(server.pid) - start));
      }
    }
    return servers.map((server) => {
      const sorted = samples.get(server)!.toSorted((a, b) => b - a);
      return { name: server.name, median: sorted[sorted.length >> 1]!, best: sorted[0]! };
    });
  } finally {
    dialler.stop();
    await kamailio?.stop();
    await border.stop();
  }
}

async function startKamailio(
  border: RunningBorder,
  { certificate, privateKey }: ReturnType<typeof makeCertificate>,
  port: number,
): Promise<RunningKamailio> {
  const inside = await lastingPort();
  const kamailio = new RunningKamailio({
    folder: join(border.folder, "kamailio"),
    file: "kamailio-partner.cfg",
    values: {
      OWN_DOMAIN: "carrier-c.example",
      EDGE_ADDRESS: "127.0.0.1",
      EDGE_PORT: String(port),
      INSIDE_ADDRESS: "127.0.0.1",
      INSIDE_PORT: String(inside),
      NEXT_INSIDE: `127.0.0.1:${inside}`,
      PEER_DOMAIN: "home1.example",
    },
    borders: [`127.0.0.1:${border.port("outside", "tls")}`],
    certificates: {
      "edge.pem": certificate,
      "edge.key": privateKey,
      "home1-root.pem": border.homeRoot.certificate,
    },
    streamPort: port,
  });
  await kamailio.start();
  return kamailio;
}
