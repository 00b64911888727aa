/** The process behind `Acceptor`. It ends with its parent. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:tls";
import { TlsAdapter } from "../../adapters/index.ts";
import { profile } from "../../adapters/profile/tls-profile.ts";
import { compile, type Engine, PackedNetworks, packNetworks } from "../../engine/index.ts";
import { readCertificate, readPem } from "../../wire/index.ts";
import type { AcceptorSetup, Account } from "./acceptor.ts";
import { shipped, withPartners } from "./borders.ts";

const day = 86_400_000;
let accepted = 0;

/** The same profile and the same authorities, and no policy: whoever has a certificate by any of them is let in. */
async function plainNode({ identity, authorities }: AcceptorSetup): Promise<number> {
  const server = createServer({
    ...profile({ ...identity, domains: [] }),
    ca: [...authorities],
    requestCert: true,
    rejectUnauthorized: true,
    noDelay: true,
    keepAlive: true,
  });
  server.on("secureConnection", (socket) => {
    accepted++;
    socket.on("error", () => {});
    socket.resume();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  return address.port;
}

/** As in the border: the adapter, and the engine that judges; without one everybody is let in. */
async function adapter({ identity }: AcceptorSetup, engine: Engine | undefined): Promise<number> {
  const identities = [{ ...identity, domains: ["home1.example"] }];
  const tls = new TlsAdapter({ listener: "outside", host: "127.0.0.1", port: 0, identities });
  tls.events$.subscribe((event) => {
    if (event.kind === "opened") accepted++;
    if (event.kind !== "handshake") return;
    const decision = engine?.decide(event.event);
    if (decision === undefined || (decision.verdict === "allow" && decision.partner !== undefined))
      event.allow();
    else event.reject();
  });
  await tls.listen();
  return tls.address!.port;
}

/** Partners whose authorities are those given, a stretch of the list for each. */
function engineAmong(count: number, { authorities, warmUps }: AcceptorSetup): Engine {
  const now = Date.now();
  const { policy, context } = withPartners(shipped("ims-border"), count, (index) => ({
    authorities: [`${Math.floor((index * authorities.length) / count)}.pem`],
    agreement: { name: "IWA", from: now - day, until: now + day },
  }));
  const ders = authorities.map((pem, index): [string, Uint8Array[]] => [`${index}.pem`, readPem(pem)]);
  // Packed, as `privet run` has them: what is left behind otherwise, garbage collection walks over again and again.
  const networks = new PackedNetworks(packNetworks(policy.networks));
  const engine = compile({ ...policy, networks }, { ...context, authorities: new Map(ders) });
  for (const der of warmUps.flatMap(readPem)) {
    const certificate = readCertificate(der);
    const tls = { version: "TLSv1.3", resumed: false, certificate } as const;
    const connection = { transport: "tls", listener: "outside", tls } as const;
    const { verdict } = engine.decide({ kind: "handshake", role: "server", connection, at: now });
    assert.equal(verdict, "allow");
  }
  return engine;
}

async function listen(setup: AcceptorSetup): Promise<{ readonly port: number }> {
  const { kind } = setup;
  if (kind === "plain") return { port: await plainNode(setup) };
  return { port: await adapter(setup, kind === "admits all" ? undefined : engineAmong(kind, setup)) };
}

function account(): Account {
  const { user, system } = process.cpuUsage();
  return { accepted, spent: user + system };
}

process.on("message", (message: AcceptorSetup | "account") => {
  if (message === "account") process.send?.(account());
  else void listen(message).then((listening) => process.send?.(listening));
});
process.on("disconnect", () => process.exit());
