/**
 * Sockets of the stream adapters before they carry messages: listening and connecting.
 */
import { once } from "node:events";
import { connect, type Server, type Socket } from "node:net";
import type { Target } from "./adapter.ts";
import type { Admission } from "./admission.ts";
import { addressFamily, plainAddress } from "./connection.ts";
import type { StreamTimes } from "./stream.ts";

export interface StreamOptions {
  /** The listener's name in policies. */
  readonly listener?: string;
  /** IPv4 or IPv6 address to bind; an IPv6 one takes IPv6 only. Absent: the adapter only opens. */
  readonly host?: string;
  /** 0, the default, lets the system choose. */
  readonly port?: number;
  /** Incoming connections open at once; more are refused. Default 10,000. */
  readonly connections?: number;
  /** Milliseconds until a connection that we open must stand. Default 5,000. */
  readonly connectTimeout?: number;
  readonly times?: StreamTimes;
  /** Has a say about each connection that comes in; without it, all are let in. */
  readonly admission?: Admission;
}

const defaultConnections = 10_000;
export const defaultConnectTimeout = 5_000;

/** Binds, and tells where. */
export async function startListening(
  server: Server,
  options: StreamOptions & { readonly host: string },
): Promise<{ readonly address: string; readonly port: number }> {
  const family = addressFamily(options.host);
  if (family === 0) throw new RangeError(`host ${options.host} is no IP address`);
  limitConnections(server, options);
  server.listen({ host: options.host, port: options.port ?? 0, ipv6Only: family === 6 });
  await once(server, "listening");
  // Later errors are of single connections (no file descriptor left, for one): the listener stays.
  server.on("error", () => {});
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the listener has no IP address");
  return { address: bound.address, port: bound.port };
}

/**
 * One too many is closed at once. `server.maxConnections` would do the same, but in a worker of
 * node:cluster: there the connection would be offered to one worker after the other, without end.
 */
function limitConnections(server: Server, options: StreamOptions): void {
  const { connections: most = defaultConnections, admission } = options;
  let open = 0;
  const gone = (): void => {
    open--;
  };
  server.prependListener("connection", (socket: Socket) => {
    if (open >= most) {
      socket.destroy();
      admission?.refused("open");
      return;
    }
    open++;
    socket.on("close", gone);
  });
}

/** No new connections. Those that stand are others' business. */
export function stopListening(server: Server): void {
  // The callback comes only when the last connection has gone; the port is free at once.
  server.close(() => {});
}

/** A TCP connection to the target. Rejects with the cause; `opening` holds the socket meanwhile. */
export async function connectTcp(
  target: Target,
  options: StreamOptions,
  opening: Set<Socket>,
): Promise<Socket> {
  if (addressFamily(target.address) === 0) throw new Error(`${target.address} is no IP address`);
  if (!(target.port > 0 && target.port < 65_536)) throw new Error(`${target.port} is no port`);
  const socket = connect({ host: target.address, port: target.port, noDelay: true, keepAlive: true });
  // A socket that fails between two owners must not end the process.
  socket.on("error", () => {});
  opening.add(socket);
  const timer = setTimeout(
    () => socket.destroy(new Error(`no connection to ${target.address} within the time`)),
    options.connectTimeout ?? defaultConnectTimeout,
  );
  try {
    await once(socket, "connect");
  } finally {
    clearTimeout(timer);
    opening.delete(socket);
  }
  return socket;
}

/** The peer's address as facts hold it; undefined where the connection has gone already. */
export const peerAddress = (socket: Socket): string | undefined =>
  socket.remoteAddress === undefined ? undefined : plainAddress(socket.remoteAddress);
