import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type {
  CertificateFacts,
  EngineContext,
  HandshakeDecision,
  HandshakeEvent,
} from "../../engine/index.ts";
import { compile, interpret } from "../../engine/index.ts";
import type { Action, Condition, Network, Policy } from "../../grammar/model.ts";
import { type IssuingAuthority, readCertificate } from "../../wire/index.ts";
import { makeAuthority, makeCertificate, now } from "../certificate-authority.ts";
import { makeRevocationList } from "../revocation-list.ts";
import { always, atom, network, not, origin, policy as policyOf, rule, trust } from "./policy-builder.ts";

const day = 86_400_000;
const agreement = { name: "IWA", from: now - day, until: now + 10 * day };

const roots = {
  carrier: makeAuthority("Carrier C root"),
  other: makeAuthority("Open D root"),
  hoster: makeAuthority("Hoster root"),
};

const context: EngineContext = {
  authorities: new Map([
    ["carrier.pem", [roots.carrier.der]],
    ["other.pem", [roots.other.der]],
    ["hoster.pem", [roots.hoster.der]],
  ]),
};

const partner = (name: string, authority: string, facts: Partial<Network> = {}): Network =>
  network(name, { kind: "partner", agreement, authorities: [authority], ...facts });

const carrier = partner("carrier-c", "carrier.pem");
const other = partner("open-d", "other.pem");

const rejectWith = (reason: string, condition: Condition = always): Action => ({
  kind: "reject",
  status: undefined,
  reason,
  condition,
  because: "test",
  treatment: undefined,
  origin,
});

const handshakeRule = (
  name: string,
  condition: Condition,
  actions: readonly Action[],
): Policy["rules"][number] => rule(name, actions, { gate: "handshake", to: undefined, condition });

const noPartner = not(atom({ on: "certificate-names", who: [] }));
const strangersOut = handshakeRule("refuse-strangers", noPartner, [rejectWith("no interworking partner")]);

const policyWith = (networks: readonly Network[], rules: Policy["rules"] = [strangersOut]): Policy =>
  policyOf(rules, {}, networks);

const usual = policyWith([carrier, other]);

function handshake(
  certificate: CertificateFacts | undefined,
  facts: Partial<HandshakeEvent> = {},
): HandshakeEvent {
  return {
    kind: "handshake",
    role: "server",
    connection: { transport: "tls", tls: { version: "TLSv1.3", resumed: false, certificate } },
    at: now,
    ...facts,
  };
}

const factsOf = (leaf: IssuingAuthority, ...rest: readonly IssuingAuthority[]): CertificateFacts =>
  readCertificate(
    leaf.der,
    rest.map(({ der }) => der),
  );

const decide = (
  certificate: CertificateFacts | undefined,
  facts: Partial<HandshakeEvent> = {},
  policy = usual,
): HandshakeDecision => interpret(policy, context).decide(handshake(certificate, facts));

function allowed(decision: HandshakeDecision, bound: string | undefined): void {
  assert.equal(decision.verdict, "allow", decision.reason);
  assert.equal(decision.partner, bound);
  assert.equal(decision.reason, undefined);
}

function refused(decision: HandshakeDecision, cause: RegExp): void {
  assert.equal(decision.verdict, "reject");
  assert.equal(decision.partner, undefined);
  assert.match(decision.cause ?? "", cause);
}

const good = makeCertificate("carrier-c.example", roots.carrier);

describe("a handshake as server", () => {
  it("binds the partner that the certificate names (scenario S01)", () => {
    const decision = decide(factsOf(good));
    allowed(decision, "carrier-c");
    assert.deepEqual(decision.identities, ["carrier-c.example"]);
    assert.deepEqual(decision.rules, []);
    assert.equal(decision.cause, undefined);
  });

  it("refuses a name that is no partner's, and says which it found (S02)", () => {
    const decision = decide(factsOf(makeCertificate("stranger.example", roots.carrier)));
    refused(decision, /names stranger\.example: no partner/);
    assert.equal(decision.reason, "no interworking partner");
    assert.deepEqual(decision.identities, ["stranger.example"]);
    assert.deepEqual(
      decision.rules.map(({ name }) => name),
      ["refuse-strangers"],
    );
  });

  it("admits a stranger, bound to nobody, where no rule refuses", () => {
    const decision = decide(
      factsOf(makeCertificate("stranger.example", roots.carrier)),
      {},
      policyWith([carrier], []),
    );
    allowed(decision, undefined);
    assert.match(decision.cause ?? "", /no partner/);
  });

  it("refuses wildcards and suffixes (S06)", () => {
    for (const name of ["*.carrier-c.example", "edge.carrier-c.example", ".carrier-c.example"]) {
      refused(decide(factsOf(makeCertificate("x", roots.carrier, { uris: [], dns: [name] }))), /./);
    }
  });

  it("has no partner without a certificate, resumed or not", () => {
    refused(decide(undefined), /no certificate/);
    const connection = { transport: "tls", tls: { version: "TLSv1.3", resumed: true } } as const;
    refused(decide(undefined, { connection }), /no certificate/);
    allowed(decide(undefined, { connection }, policyWith([carrier], [])), undefined);
  });

  it("takes the chain only to the authorities of the partner that the name selects", () => {
    const forged = makeCertificate("carrier-c.example", roots.other);
    refused(decide(factsOf(forged)), /names carrier-c is refused: its issuer CN=Open D root is missing/);
    refused(decide(factsOf(forged, roots.other)), /self-signed|missing/);
    refused(decide(factsOf(makeCertificate("carrier-c.example", undefined))), /self-signed/);
    allowed(decide(factsOf(makeCertificate("open-d.example", roots.other))), "open-d");
  });

  it("names the issuer that is missing, and finds it where it was sent", () => {
    const middle = makeCertificate("Middle", roots.carrier, { authority: true, uris: [] });
    const leaf = makeCertificate("carrier-c.example", middle);
    refused(decide(factsOf(leaf)), /its issuer CN=Middle is missing/);
    allowed(decide(factsOf(leaf, roots.other, middle)), "carrier-c");
  });

  it("refuses a partner whose authorities are not known", () => {
    const policy = policyWith([partner("carrier-c", "absent.pem")]);
    refused(decide(factsOf(good), {}, policy), /no authority is known/);
  });

  it("refuses what can't be read", () => {
    refused(decide(readCertificate(new Uint8Array([48, 0]))), /can't be read/);
    refused(
      decide(factsOf(makeCertificate("x", roots.carrier, { uris: ["sips:carrier-c.example"] }))),
      /no SIP identity/,
    );
  });

  it("follows the rows of RFC 5924 5 (S08)", () => {
    const lenient = policyWith([partner("carrier-c", "carrier.pem", { extendedKeyUsage: "lenient" })]);
    const rows: [Parameters<typeof makeCertificate>[2], boolean, boolean][] = [
      [{ usages: [] }, true, true],
      [{ usages: ["sipDomain"] }, true, true],
      [{ usages: ["sipDomain", "serverAuth"] }, true, true],
      [{ usages: ["any"] }, false, true],
      [{ usages: ["serverAuth", "clientAuth"] }, false, true],
    ];
    for (const [request, strictly, leniently] of rows) {
      const certificate = factsOf(makeCertificate("carrier-c.example", roots.carrier, request));
      assert.equal(decide(certificate).partner, strictly ? "carrier-c" : undefined);
      assert.equal(decide(certificate, {}, lenient).partner, leniently ? "carrier-c" : undefined);
    }
    const codeSigning = { ...factsOf(good), usages: ["1.3.6.1.5.5.7.3.3"] };
    refused(decide(codeSigning, {}, lenient), /usage/);
  });

  it("looks at the clock each time, also for the same certificate", () => {
    const certificate = factsOf(
      makeCertificate("carrier-c.example", roots.carrier, { notBefore: now, notAfter: now + day }),
    );
    const engine = interpret(usual, context);
    const at = (clock: number): string | undefined =>
      engine.decide(handshake(certificate, { at: clock })).partner;
    assert.equal(at(now - 2_000), undefined);
    assert.equal(at(now + 2_000), "carrier-c");
    assert.equal(at(now + day + 2_000), undefined);
    assert.equal(at(now + 2_000), "carrier-c");
    assert.equal(at(now - 2_000), undefined);
  });

  it("forgets nothing of one policy in another", () => {
    const certificate = factsOf(good);
    allowed(decide(certificate), "carrier-c");
    refused(decide(certificate, {}, policyWith([other])), /no partner/);
    allowed(decide(certificate), "carrier-c");
  });

  it("compares domains without regard to case", () => {
    const shouting = makeCertificate("x", roots.carrier, { uris: ["SIP:CARRIER-C.EXAMPLE"] });
    allowed(decide(factsOf(shouting)), "carrier-c");
  });

  it("lets the policy ask whether the agreement is in force", () => {
    const rules = [
      handshakeRule("in-force", not(atom({ on: "agreement" })), [rejectWith("no agreement in force")]),
    ];
    const policy = policyWith([carrier], rules);
    allowed(decide(factsOf(good), {}, policy), "carrier-c");
    const late = decide(factsOf(good), { at: agreement.until }, policy);
    assert.equal(late.verdict, "reject");
    assert.equal(late.reason, "no agreement in force");
    assert.equal(late.partner, undefined);
  });

  it("gives the reason of the first rule by name, and all rules that applied", () => {
    const rules = [
      handshakeRule("b", always, [rejectWith("second")]),
      handshakeRule("c", not(always), [rejectWith("never")]),
      handshakeRule("a", always, [rejectWith("first", not(always)), rejectWith("first")]),
    ];
    const decision = decide(factsOf(good), {}, policyWith([carrier], rules));
    assert.equal(decision.reason, "first");
    assert.deepEqual(
      decision.rules.map(({ name }) => name),
      ["a", "b"],
    );
  });

  it("believes a certificate that a test states, within what it states", () => {
    const stated: CertificateFacts = {
      uris: ["sip:carrier-c.example"],
      dns: [],
      hasSubjectAltName: true,
      issuer: "x",
      usages: undefined,
      notBefore: now - day,
      notAfter: now + day,
      signedBy: "carrier-c",
    };
    allowed(decide(stated), "carrier-c");
    refused(decide({ ...stated, signedBy: "open-d" }), /not signed by an authority of carrier-c/);
    refused(decide({ ...stated, signedBy: undefined }), /not signed/);
    refused(decide(stated, { at: now + day + 1_000 }), /expired/);
    refused(decide(stated, { at: now - day - 1 }), /not valid yet/);
  });
});

describe("a certificate that names several partners", () => {
  const a = partner("a", "hoster.pem", { sharesHost: true });
  const b = partner("b", "hoster.pem", { sharesHost: true, agreement: undefined });
  const both = factsOf(makeCertificate("host", roots.hoster, { uris: ["sip:a.example", "sip:b.example"] }));

  it("is refused whatever the rules say, unless all of them share a host", () => {
    for (const alone of [a, b]) {
      const networks = [a, b].map((one) => (one === alone ? { ...one, sharesHost: false } : one));
      const decision = decide(both, {}, policyWith(networks, []));
      refused(decision, /several partners that do not share a host: a, b/);
      assert.match(decision.reason ?? "", /do not share a host/);
    }
  });

  it("counts as the one without an agreement in force, then as the first by name", () => {
    allowed(decide(both, {}, policyWith([a, b])), "b");
    allowed(decide(both, {}, policyWith([a, { ...b, agreement }])), "a");
    allowed(decide(both, { at: agreement.until }, policyWith([b, a], [])), "a");
  });

  it("counts as the one that no trust statement speaks of, before all else", () => {
    const statement = trust("b", { who: [{ kind: "network", name: "b" }] });
    const trusting = { ...policyWith([a, b]), trust: [statement] };
    allowed(decide(both, {}, trusting), "a");
    const partners = trust("partner", { who: [{ kind: "partner" }] });
    allowed(decide(both, {}, { ...trusting, trust: [partners, statement] }), "b");
    const incoming = trust("a", { who: [{ kind: "network", name: "a" }], outgoing: false });
    allowed(decide(both, {}, { ...trusting, trust: [statement, incoming] }), "a");
  });

  it("follows the clock over the end of an agreement", () => {
    const brief = { ...agreement, until: now + day };
    const engine = interpret(policyWith([a, { ...b, agreement: brief }]), context);
    assert.equal(engine.decide(handshake(both)).partner, "a");
    assert.equal(engine.decide(handshake(both, { at: now + day })).partner, "b");
  });

  it("is refused where it does not pass for every one of them", () => {
    const policy = policyWith([a, { ...b, authorities: ["carrier.pem"] }], []);
    refused(decide(both, {}, policy), /names b is refused/);
    assert.equal(decide(both, {}, policy).verdict, "reject");
  });

  it("counts only partners among its names", () => {
    const certificate = factsOf(
      makeCertificate("host", roots.hoster, { uris: ["sip:a.example", "sip:c.example"] }),
    );
    allowed(decide(certificate, {}, policyWith([a, network("c")])), "a");
  });
});

describe("a handshake as client", () => {
  const sought = { role: "client", domain: "carrier-c.example", partner: "carrier-c" } as const;

  it("binds the partner sought", () => allowed(decide(factsOf(good), sought), "carrier-c"));

  it("refuses another partner's certificate, though that is a partner (S09)", () => {
    const decision = decide(
      factsOf(makeCertificate("open-d.example", roots.other)),
      sought,
      policyWith([carrier, other], []),
    );
    refused(decision, /names open-d\.example, not carrier-c\.example/);
    assert.equal(decision.verdict, "reject");
    assert.deepEqual(decision.identities, ["open-d.example"]);
  });

  it("is refused without regard to the rules where nothing authenticates the server", () => {
    const admitAll = policyWith([carrier, other], []);
    refused(decide(undefined, sought, admitAll), /no certificate/);
    refused(decide(factsOf(makeCertificate("carrier-c.example", roots.other)), sought, admitAll), /missing/);
    refused(decide(factsOf(makeCertificate("x", undefined, { uris: [] })), sought, admitAll), /names x, not/);
    const late = { ...sought, at: now + 40 * day };
    refused(decide(factsOf(good), late, admitAll), /expired/);
  });

  it("wants the domain sought, not just another domain of the partner", () => {
    const two = policyWith(
      [partner("carrier-c", "carrier.pem", { domains: ["carrier-c.example", "c.example"] })],
      [],
    );
    refused(decide(factsOf(good), { ...sought, domain: "c.example" }, two), /not c\.example/);
    allowed(decide(factsOf(good), { ...sought, domain: "CARRIER-C.example." }, two), "carrier-c");
  });

  it("wants the partner of the route, not just the domain", () => {
    const decision = decide(
      factsOf(good),
      { ...sought, partner: "open-d" },
      policyWith([carrier, other], []),
    );
    refused(decision, /names carrier-c\.example, not open-d/);
  });

  it("compares with the partner alone where the target is a bare address", () => {
    allowed(decide(factsOf(good), { role: "client", partner: "carrier-c" }), "carrier-c");
    refused(decide(factsOf(good), { role: "client", partner: "open-d" }), /not open-d/);
  });

  it("finds the partner by the domain where the route chose none", () => {
    allowed(decide(factsOf(good), { role: "client", domain: "carrier-c.example" }), "carrier-c");
    refused(decide(factsOf(good), { role: "client" }), /no network of the policy/);
    const stranger = factsOf(makeCertificate("stranger.example", roots.carrier));
    refused(decide(stranger, { role: "client", domain: "stranger.example" }), /no network of the policy/);
  });

  it("reaches a network that is no partner by its own authorities, bound to nobody", () => {
    const home = network("home", { own: true, domains: ["home1.example"], authorities: ["other.pem"] });
    const hop = factsOf(makeCertificate("home1.example", roots.other));
    allowed(decide(hop, { role: "client", domain: "home1.example" }, policyWith([home], [])), undefined);
    const forged = factsOf(makeCertificate("home1.example", roots.carrier));
    refused(decide(forged, { role: "client", domain: "home1.example" }, policyWith([home], [])), /missing/);
  });

  it("shows its rules what it binds, not all that the certificate says", () => {
    const policy = policyWith([carrier, other]);
    const decision = decide(factsOf(makeCertificate("open-d.example", roots.other)), sought, policy);
    assert.deepEqual(
      decision.rules.map(({ name }) => name),
      ["refuse-strangers"],
    );
  });
});

describe("a partner with CRLs", () => {
  const careful = policyWith([partner("carrier-c", "carrier.pem", { revocations: ["c.crl"] }), other]);
  const ends = Math.floor((now + day) / 1_000) * 1_000;
  const listing = (...revoked: readonly IssuingAuthority[]): EngineContext => ({
    ...context,
    revocations: new Map([["c.crl", [makeRevocationList(roots.carrier, { revoked, nextUpdate: ends })]]]),
  });
  const engines = [
    ["the interpreter", interpret],
    ["the compiled engine", compile],
  ] as const;

  for (const [name, make] of engines) {
    it(`is not named by a certificate that its authority has revoked (${name})`, () => {
      const engine = make(careful, listing(good));
      const decision = engine.decide(handshake(factsOf(good)));
      refused(
        decision,
        /^the certificate that names carrier-c is refused: it is revoked .*: c\.crl lists it$/,
      );
      assert.equal(decision.reason, "no interworking partner");
      const another = makeCertificate("carrier-c.example", roots.carrier);
      allowed(engine.decide(handshake(factsOf(another))), "carrier-c");
      allowed(make(careful, listing()).decide(handshake(factsOf(good))), "carrier-c");
    });

    it(`is not named once the CRL has ended, also by a certificate that was seen before (${name})`, () => {
      const engine = make(careful, listing());
      const certificate = factsOf(good);
      allowed(engine.decide(handshake(certificate)), "carrier-c");
      const connection = {
        transport: "tls",
        tls: { version: "TLSv1.3", resumed: false, certificate },
      } as const;
      assert.equal(engine.networkOf(connection, ends + 999), "carrier-c");
      assert.equal(engine.networkOf(connection, ends + 1_000), "stranger");
      refused(engine.decide(handshake(certificate, { at: ends + 1_000 })), /the CRL in c\.crl ended on/);
    });
  }

  it("is not named while the CRL is missing, and needs none where it names none", () => {
    refused(decide(factsOf(good), {}, careful), /c\.crl holds no CRL that can be read/);
    allowed(interpret(usual, listing(good)).decide(handshake(factsOf(good))), "carrier-c");
  });

  it("has its CRL judged for itself alone", () => {
    const decision = interpret(careful, listing(good)).decide(
      handshake(factsOf(makeCertificate("open-d.example", roots.other))),
    );
    allowed(decision, "open-d");
  });

  it("is not reached over a connection that we open and it answers with a revoked certificate", () => {
    const sought = { role: "client", domain: "carrier-c.example", partner: "carrier-c" } as const;
    allowed(interpret(careful, listing()).decide(handshake(factsOf(good), sought)), "carrier-c");
    refused(interpret(careful, listing(good)).decide(handshake(factsOf(good), sought)), /it is revoked/);
  });
});

describe("a hundred thousand partners", () => {
  it("are told apart by their certificates", () => {
    const many = Array.from({ length: 100_000 }, (_, at) => partner(`p${at}`, "carrier.pem"));
    const engine = interpret(policyWith(many), context);
    const certificates = Array.from({ length: 20 }, (_, at) =>
      makeCertificate(`p${at * 4_000}.example`, roots.carrier),
    );
    engine.decide(handshake(factsOf(certificates[0]!)));
    for (const [at, certificate] of certificates.entries()) {
      assert.equal(engine.decide(handshake(factsOf(certificate))).partner, `p${at * 4_000}`);
    }
  });
});

describe("a handshake and what the policy offers", () => {
  const versions = ["1.3"] as const;
  const suites = ["TLS_AES_128_GCM_SHA256"];
  const narrow: Policy = { ...usual, tls: { ...usual.tls, versions, suites } };
  const session = (version: "TLSv1.2" | "TLSv1.3", cipher?: string): Partial<HandshakeEvent> => ({
    connection: { transport: "tls", tls: { version, cipher, resumed: false, certificate: factsOf(good) } },
  });

  for (const role of ["server", "client"] as const) {
    it(`is refused for a version that is not offered, whatever the rules say (${role})`, () => {
      const facts = { ...session("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"), role };
      const decision = decide(undefined, facts, { ...narrow, rules: [] });
      assert.equal(decision.verdict, "reject");
      assert.equal(decision.reason, "the policy offers no TLS 1.2");
      assert.equal(decision.partner, undefined);
    });
  }

  it("is refused for a suite that is not offered", () => {
    const decision = decide(undefined, session("TLSv1.3", "TLS_AES_256_GCM_SHA384"), narrow);
    assert.equal(decision.verdict, "reject");
    assert.equal(decision.reason, "the policy offers no TLS_AES_256_GCM_SHA384");
  });

  it("is judged by its certificate for what is offered, and where no suite is known", () => {
    allowed(decide(undefined, session("TLSv1.3", "TLS_AES_128_GCM_SHA256"), narrow), "carrier-c");
    allowed(decide(undefined, session("TLSv1.3"), narrow), "carrier-c");
    allowed(decide(undefined, session("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")), "carrier-c");
  });

  it("is the same for the compiled engine", () => {
    const event = handshake(undefined, session("TLSv1.2"));
    assert.deepEqual(compile(narrow, context).decide(event), interpret(narrow, context).decide(event));
  });
});
