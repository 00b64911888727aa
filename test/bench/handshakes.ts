/** What the policy adds to a full handshake with mutual TLS, against Node's own verification. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:tls";
import { TlsAdapter } from "../../adapters/index.ts";
import { profile } from "../../adapters/tls-profile.ts";
import { compile } from "../../engine/index.ts";
import { type IssuingAuthority, readCertificate } from "../../wire/index.ts";
import { makeAuthority, makeCertificate, now } from "../certificate-authority.ts";
import { partnerDomain, shipped, withPartners } from "./borders.ts";
import type { Timing } from "./clock.ts";
import { Dialler, type Shown } from "./dialler.ts";

/** Partners that shake hands, from all over the list, each with an authority of its own. */
const active = 10;
const atATime = 4;
const warmUps = 4_000;
const day = 86_400_000;

export interface HandshakeTurns {
  readonly turns: number;
  /** Handshakes a turn. */
  readonly handshakes: number;
}

/** A listener whose accepted handshakes are counted. */
interface Acceptor {
  readonly name: string;
  readonly port: number;
  /** Judges what would be shown to it until the compiler is done: in service a border has seen many. */
  readonly warmUp: (certificates: readonly Uint8Array[]) => void;
  /** Of which partner the certificate in that place is. */
  readonly partnerAt: (index: number) => number;
  readonly accepted: () => number;
  readonly close: () => Promise<unknown>;
}

const ours = makeCertificate("home1.example", makeAuthority("home1 root"));
const identity = { domains: ["home1.example"], certificate: ours.certificate, privateKey: ours.privateKey };

/**
 * Side by side, for certificates that come again and for such as were never seen before: plain
 * Node first, then the border among so many partners each.
 */
export async function handshakeTimings(
  counts: readonly number[],
  options: HandshakeTurns,
): Promise<{ readonly again: Timing[]; readonly first: Timing[] }> {
  const authorities = Array.from({ length: active }, (_, index) => makeAuthority(`partner ${index} root`));
  const acceptors = [await plainNode(authorities)];
  for (const count of counts) acceptors.push(await border(authorities, count));
  const dialler = new Dialler();
  const issue = (acceptor: Acceptor, index: number): IssuingAuthority =>
    makeCertificate(partnerDomain(acceptor.partnerAt(index % active)), authorities[index % active]);
  const batch = (acceptor: Acceptor, size: number): Shown[] =>
    Array.from({ length: size }, (_, index) => {
      const { certificate, privateKey } = issue(acceptor, index);
      return { certificate, privateKey };
    });
  try {
    for (const acceptor of acceptors) {
      const ders = Array.from({ length: active }, (_, index) => issue(acceptor, index).der);
      acceptor.warmUp(Array.from({ length: warmUps }, (_, index) => ders[index % active]!));
    }
    const few = new Map(acceptors.map((one) => [one, batch(one, active)]));
    const again = await takeTurns(acceptors, dialler, options, (acceptor) =>
      Array.from({ length: options.handshakes }, (_, index) => few.get(acceptor)![index % active]!),
    );
    const first = await takeTurns(acceptors, dialler, options, (acceptor) =>
      batch(acceptor, options.handshakes),
    );
    return { again, first };
  } finally {
    dialler.stop();
    await Promise.all(acceptors.map(({ close }) => close()));
  }
}

/** In each round everybody has a turn; the first rounds warm the code up. */
async function takeTurns(
  acceptors: readonly Acceptor[],
  dialler: Dialler,
  { turns, handshakes }: HandshakeTurns,
  shownTo: (acceptor: Acceptor) => readonly Shown[],
): Promise<Timing[]> {
  const warming = Math.ceil(turns / 4);
  const samples = new Map<Acceptor, number[]>(acceptors.map((one) => [one, []]));
  for (let round = -warming; round < turns; round++) {
    // Who comes first changes: the one before leaves its garbage.
    const first = (round + warming) % acceptors.length;
    for (const acceptor of [...acceptors.slice(first), ...acceptors.slice(0, first)]) {
      const shows = shownTo(acceptor);
      const before = acceptor.accepted();
      const start = process.cpuUsage();
      await dialler.dial({ port: acceptor.port, shows, atATime });
      const { user, system } = process.cpuUsage(start);
      assert.equal(acceptor.accepted() - before, handshakes, `${acceptor.name} lets all in`);
      if (round >= 0) samples.get(acceptor)!.push(((user + system) * 1000) / handshakes);
    }
  }
  return acceptors.map((acceptor) => {
    const sorted = samples.get(acceptor)!.toSorted((a, b) => a - b);
    return { name: acceptor.name, median: sorted[sorted.length >> 1]!, best: sorted[0]! };
  });
}

/** The same profile and the same authorities, and no policy: whoever has a certificate by any of them is let in. */
async function plainNode(authorities: readonly IssuingAuthority[]): Promise<Acceptor> {
  let accepted = 0;
  const server = createServer({
    ...profile(identity),
    ca: authorities.map(({ certificate }) => certificate),
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
  return {
    name: "plain Node: any of 10 authorities, no policy",
    port: address.port,
    warmUp: () => {},
    partnerAt: (index) => index,
    accepted: () => accepted,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** As in the border: the adapter, and the engine that judges. */
async function border(authorities: readonly IssuingAuthority[], count: number): Promise<Acceptor> {
  const agreement = { name: "IWA", from: now - day, until: now + day };
  const { policy, context } = withPartners(shipped("ims-border"), count, (index) => ({
    authorities: [`partner-${Math.floor((index * active) / count)}.pem`],
    agreement,
  }));
  const ders = authorities.map(({ der }, index): [string, Uint8Array[]] => [`partner-${index}.pem`, [der]]);
  const engine = compile(policy, { ...context, authorities: new Map(ders) });
  const adapter = new TlsAdapter({ listener: "outside", host: "127.0.0.1", port: 0, identities: [identity] });
  let accepted = 0;
  adapter.events$.subscribe((event) => {
    if (event.kind === "opened") accepted++;
    if (event.kind !== "handshake") return;
    const { verdict, partner } = engine.decide(event.event);
    if (verdict === "allow" && partner !== undefined) event.allow();
    else event.reject();
  });
  await adapter.listen();
  return {
    name: `Privet: the partner's own authority, ${count.toLocaleString("en")} partners`,
    port: adapter.address!.port,
    warmUp: (certificates) => {
      for (const der of certificates) {
        const tls = {
          version: "TLSv1.3",
          resumed: false,
          certificate: readCertificate(der.slice()),
        } as const;
        const connection = { transport: "tls", listener: "outside", tls } as const;
        assert.equal(
          engine.decide({ kind: "handshake", role: "server", connection, at: now }).verdict,
          "allow",
        );
      }
    },
    partnerAt: (index) => Math.floor((index * count) / active),
    accepted: () => accepted,
    close: () => adapter.close(),
  };
}
