/** Ports for neighbours that have to be found again at the port that they had, or that say none. */
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below those that systems give to outgoing connections (Linux: from 32768), which would take one in between. */
const [lowest, highest] = [20_000, 32_000];

/** No two who ask here have the same. */
const given = new Set<number>();

/** Free for UDP and TCP on loopback, and likely to stay so. */
export async function lastingPort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (given.has(port)) continue;
    given.add(port);
    if ((await isFreeForTcp(port)) && (await isFreeForUdp(port))) return port;
  }
}

async function isFreeForTcp(port: number): Promise<boolean> {
  const server = createServer();
  const bound = once(server, "listening").then(
    () => true,
    () => false,
  );
  server.listen(port, "127.0.0.1");
  const isFree = await bound;
  if (isFree) await new Promise((resolve) => server.close(resolve));
  return isFree;
}

async function isFreeForUdp(port: number): Promise<boolean> {
  const socket = createSocket("udp4");
  const bound = once(socket, "listening").then(
    () => true,
    () => false,
  );
  socket.bind(port, "127.0.0.1");
  const isFree = await bound;
  await new Promise<void>((resolve) => socket.close(resolve));
  return isFree;
}
