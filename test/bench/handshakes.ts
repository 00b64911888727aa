/** What the adapter and the policy add to a full handshake with mutual TLS, against Node's own verification. */
import assert from "node:assert/strict";
import type { IssuingAuthority } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { Acceptor } from "./acceptor.ts";
import { partnerDomain } from "./borders.ts";
import type { Timing } from "./clock.ts";
import { Dialler, type Shown } from "./dialler.ts";

/** Partners that shake hands, from all over the list, each with an authority of its own. */
const active = 10;
const atATime = 4;
const warmUps = 4_000;

export interface HandshakeTurns {
  readonly turns: number;
  /** Handshakes a turn. */
  readonly handshakes: number;
}

/** `times`: against the first contestant in the same round, the quarters and the middle of all rounds. */
export interface HandshakeTiming extends Timing {
  readonly times: { readonly low: number; readonly median: number; readonly high: number };
}

interface Contestant {
  readonly acceptor: Acceptor;
  /** Who is expected there: the number of the partner, by that of the authority. */
  readonly partnerAt: (index: number) => number;
}

/**
 * Side by side, for certificates that come again and for such as were never seen before: plain
 * Node first, then our adapter that admits everybody, then the border among so many partners each.
 */
export async function handshakeTimings(
  counts: readonly number[],
  options: HandshakeTurns,
): Promise<{ readonly again: HandshakeTiming[]; readonly first: HandshakeTiming[] }> {
  const authorities = Array.from({ length: active }, (_, index) => makeAuthority(`partner ${index} root`));
  const contestants: Contestant[] = [];
  const dialler = new Dialler();
  try {
    for (const kind of ["plain", "admits all", ...counts] as const)
      contestants.push(await start(kind, authorities));
    const batch = (contestant: Contestant, size: number): Shown[] =>
      Array.from({ length: size }, (_, index) => issue(contestant, authorities, index));
    const few = new Map(contestants.map((one) => [one, batch(one, active)]));
    const again = await takeTurns(contestants, dialler, options, Math.ceil(options.turns / 4), (one) =>
      Array.from({ length: options.handshakes }, (_, index) => few.get(one)![index % active]!),
    );
    // A border lives for months: what compiles its code is not on the clock.
    const first = await takeTurns(contestants, dialler, options, options.turns * 2, (one) =>
      batch(one, options.handshakes),
    );
    return { again, first };
  } finally {
    dialler.stop();
    for (const { acceptor } of contestants) acceptor.stop();
  }
}

const issue = (
  { partnerAt }: Pick<Contestant, "partnerAt">,
  authorities: readonly IssuingAuthority[],
  index: number,
): Shown => {
  const domain = partnerDomain(partnerAt(index % active));
  const { certificate, privateKey } = makeCertificate(domain, authorities[index % active]);
  return { certificate, privateKey };
};

const names = {
  plain: "plain Node: any of 10 authorities, no policy",
  "admits all": "Privet's adapter: everybody is admitted, no path, no policy",
};

async function start(
  kind: "plain" | "admits all" | number,
  authorities: readonly IssuingAuthority[],
): Promise<Contestant> {
  const { certificate, privateKey } = makeCertificate("home1.example", makeAuthority("home1 root"));
  const count = typeof kind === "number" ? kind : active;
  const partnerAt = (index: number): number => Math.floor((index * count) / active);
  const shown = Array.from({ length: active }, (_, index) => issue({ partnerAt }, authorities, index));
  const acceptor = await Acceptor.start(
    typeof kind === "number"
      ? `Privet: the partner's own authority, ${kind.toLocaleString("en")} partners`
      : names[kind],
    {
      kind,
      identity: { certificate, privateKey },
      authorities: authorities.map((one) => one.certificate),
      warmUps: Array.from({ length: warmUps }, (_, index) => shown[index % active]!.certificate),
    },
  );
  return { acceptor, partnerAt };
}

/** In each round everybody has a turn; the `warming` rounds before warm the code up. */
async function takeTurns(
  contestants: readonly Contestant[],
  dialler: Dialler,
  { turns, handshakes }: HandshakeTurns,
  warming: number,
  shownTo: (contestant: Contestant) => readonly Shown[],
): Promise<HandshakeTiming[]> {
  const samples = new Map<Contestant, number[]>(contestants.map((one) => [one, []]));
  for (let round = -warming; round < turns; round++) {
    const first = (round + warming) % contestants.length;
    for (const one of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const { acceptor } = one;
      const shows = shownTo(one);
      const before = await acceptor.account();
      await dialler.dial({ port: acceptor.port, shows, atATime });
      const after = await acceptor.account();
      assert.equal(after.accepted - before.accepted, handshakes, `${acceptor.name} lets all in`);
      if (round >= 0) samples.get(one)!.push(((after.spent - before.spent) * 1000) / handshakes);
    }
  }
  const plain = samples.get(contestants[0]!)!;
  return contestants.map((one) => {
    const own = samples.get(one)!;
    const [least = 0] = own.toSorted((a, b) => a - b);
    const ratios = own.map((spent, round) => spent / plain[round]!);
    return {
      name: one.acceptor.name,
      median: quantile(own, 0.5),
      best: least,
      times: { low: quantile(ratios, 0.25), median: quantile(ratios, 0.5), high: quantile(ratios, 0.75) },
    };
  });
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]!;
}
