/**
 * The facts of a certificate are kept while its peer comes again, and the engine keeps with them
 * what it found. Whatever happens between two handshakes, the answer is that to facts read afresh.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import {
  type CertificateFacts,
  compile,
  type Engine,
  type EngineContext,
  type HandshakeDecision,
} from "../../engine/index.ts";
import { readCertificate } from "../../wire/index.ts";
import { makeAuthority, makeCertificate, now } from "../certificate-authority.ts";
import { makeRevocationList } from "../revocation-list.ts";
import { withNetworks } from "./checked.ts";

const day = 86_400_000;
const time = (at: number): string => new Date(Math.floor(at / 1_000) * 1_000).toISOString();

const root = makeAuthority("carrier root", { notAfter: now + 20 * day });
const middle = makeAuthority("carrier root", { notAfter: now + 20 * day });
const other = makeAuthority("other root");
const chain = makeCertificate("carrier-f.example", root, {
  uris: ["sip:carrier-f.example", "sip:carrier-g.example"],
  notAfter: now + 10 * day,
});
const leaf = makeCertificate("carrier-f.example", root, { notBefore: now - day, notAfter: now + 10 * day });

const policyWith = (end: number, lines: string) =>
  withNetworks(`
network transit { domain "transit.example" listener "outside" }
partner carrier-f {
  domain "carrier-f.example"
  agreement "IWA-F" from ${time(now - 2 * day)} to ${time(end)}
  authority "root.pem"
  shares-host
  ${lines}
}
partner carrier-g {
  domain "carrier-g.example"
  agreement "IWA-G" from ${time(now - 2 * day)} to ${time(now + 4 * day)}
  authority "root.pem"
  shares-host
}
rule refuse-strangers
  on handshake
  unless certificate names partner and agreement in force
  reject "no interworking partner"
  because "TS 33.203 6.5"
`);

const policies = [
  policyWith(now + 6 * day, ""),
  policyWith(now + 2 * day, 'revocation "root.crl"'),
  policyWith(now + 6 * day, "extended-key-usage lenient"),
  withNetworks(""),
];

const empty = makeRevocationList(root, { nextUpdate: now + 3 * day });
const contexts: readonly EngineContext[] = [
  { authorities: new Map([["root.pem", [root.der]]]), revocations: new Map([["root.crl", [empty]]]) },
  {
    authorities: new Map([["root.pem", [root.der, middle.der]]]),
    revocations: new Map([["root.crl", [makeRevocationList(root, { revoked: [leaf] })]]]),
  },
  { authorities: new Map([["root.pem", [other.der]]]), revocations: new Map() },
  { authorities: new Map() },
];

const engines: readonly Engine[] = policies.flatMap((policy) =>
  contexts.map((context) => compile(policy, context)),
);

/** Just before and at each date that counts, and between them. */
const dates = [-3, -2, -1, 0, 2, 3, 4, 6, 10, 20, 31].flatMap((days) => {
  const second = Math.floor((now + days * day) / 1_000) * 1_000;
  return [second - 1, second, second + 999, second + 1_000, second + day / 2];
});

const visit = fc.record({
  engine: fc.nat(engines.length - 1),
  at: fc.constantFrom(...dates),
  role: fc.constantFrom("server", "client"),
  domain: fc.constantFrom(
    undefined,
    "carrier-f.example",
    "carrier-g.example",
    "transit.example",
    "x.example",
  ),
  partner: fc.constantFrom(undefined, "carrier-f", "carrier-g", "carrier-c"),
  listener: fc.constantFrom("outside", "inside", undefined),
  resumed: fc.boolean(),
});
type Visit = typeof visit extends fc.Arbitrary<infer T> ? T : never;

function answerTo(
  certificate: CertificateFacts,
  { engine, at, role, domain, partner, listener, resumed }: Visit,
) {
  const tls = { version: "TLSv1.3", resumed, certificate } as const;
  const connection = { transport: "tls", listener, remoteAddress: "192.0.2.7", tls } as const;
  const sought = role === "client" ? { domain, partner } : {};
  const decision: HandshakeDecision = engines[engine]!.decide({
    kind: "handshake",
    role,
    connection,
    at,
    ...sought,
  });
  return { decision, network: engines[engine]!.networkOf(connection, at) };
}

describe("a certificate that comes again", () => {
  for (const [what, { der }] of [
    ["of one partner", leaf],
    ["of two partners that share a host", chain],
  ] as const) {
    it(`${what} is answered as if it were new, whatever policy, lists, clock, role, domain or listener`, () => {
      const kept = readCertificate(der);
      const verdicts = new Set<string>();
      fc.assert(
        fc.property(fc.array(visit, { minLength: 2, maxLength: 12 }), (visits) => {
          for (const one of visits) {
            const answer = answerTo(kept, one);
            assert.deepEqual(answer, answerTo(readCertificate(der.slice()), one));
            verdicts.add(answer.decision.verdict);
          }
        }),
        { numRuns: 60 },
      );
      assert.deepEqual([...verdicts].toSorted(), ["allow", "reject"]);
    });
  }
});
