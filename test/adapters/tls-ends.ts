/** Ends of TLS connections for the adapter's tests, with their certificates; closed behind each test. */
import assert from "node:assert/strict";
import { once } from "node:events";
import type { Socket } from "node:net";
import { afterEach } from "node:test";
import { type ConnectionOptions, connect, type Server, type TLSSocket } from "node:tls";
import { type Adapter, TlsAdapter, type TlsIdentity, type TlsOptions } from "../../adapters/index.ts";
import type { IssuedCertificate, IssuingAuthority } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { Recorder } from "./recorder.ts";

export const root: IssuingAuthority = makeAuthority("Test root");
export const intermediate: IssuingAuthority = makeAuthority("Test intermediate");
export const home: IssuingAuthority = makeCertificate("home1.example", root);
export const second: IssuingAuthority = makeCertificate("home2.example", root, { key: "P-384" });
export const carrier: IssuingAuthority = makeCertificate("carrier-c.example", root);
export const chained: IssuingAuthority = makeCertificate("carrier-c.example", intermediate);

export const identity = (issued: IssuedCertificate, ...domains: string[]): TlsIdentity => ({
  domains,
  certificate: issued.certificate,
  privateKey: issued.privateKey,
});

export const homeIdentity: TlsIdentity = identity(home, "home1.example");

export function listener(options: Partial<TlsOptions> = {}): TlsAdapter {
  return new TlsAdapter({ listener: "outside", host: "127.0.0.1", identities: [homeIdentity], ...options });
}

export async function dial(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
  await once(socket, "secureConnect");
  return socket;
}

/** Closed behind each test. */
export const open: (Adapter | Server)[] = [];
export const sockets: Socket[] = [];

/** Of a suite: what its tests have opened goes with each. */
export function closeBehindEach(): void {
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    for (const one of open.splice(0)) await one.close();
  });
}

export async function listening(
  options: Partial<TlsOptions> = {},
): Promise<{ server: TlsAdapter; port: number; at: Recorder }> {
  const server = listener(options);
  open.push(server);
  const at = new Recorder(server);
  await server.listen();
  return { server, port: server.address!.port, at };
}

export async function dialled(port: number, options: ConnectionOptions = {}): Promise<TLSSocket> {
  const socket = await dial(port, options);
  socket.on("error", () => {});
  sockets.push(socket);
  return socket;
}

/** Two connections, the second with the ticket of the first. */
export async function twice(
  first: { port: number; options: ConnectionOptions },
  then: { port: number; options: ConnectionOptions },
): Promise<void> {
  const socket = connect({
    host: "127.0.0.1",
    port: first.port,
    rejectUnauthorized: false,
    ...first.options,
  });
  sockets.push(socket);
  const ticket = once(socket, "session");
  await once(socket, "secureConnect");
  socket.resume();
  const [session] = await ticket;
  assert.ok(Buffer.isBuffer(session));
  socket.end();
  await dialled(then.port, { ...then.options, session });
}

export function opener(options: Partial<TlsOptions> = {}): { client: TlsAdapter; at: Recorder } {
  const client = new TlsAdapter({ identities: [identity(carrier, "carrier-c.example")], ...options });
  open.push(client);
  return { client, at: new Recorder(client) };
}

export const asCarrier: ConnectionOptions = { cert: carrier.certificate, key: carrier.privateKey };
