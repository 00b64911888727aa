/** Who an end is, whether it is trusted, and why, in words. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { CertificateFacts, ConnectionFacts } from "../../../engine/index.ts";
import type { Condition, Network, Policy } from "../../../grammar/model.ts";
import { request, rowsOf } from "../messages.ts";
import {
  all,
  atom,
  entryRule,
  network,
  option,
  policy,
  removeField,
  rule,
  trust,
} from "../policy-builder.ts";
import { type MakeEngine, messageEvent, noon } from "./case.ts";

const inForce = { name: "IWA-2026-014", from: Date.UTC(2026, 0, 1), until: Date.UTC(2028, 0, 1) };
const carrier = network("carrier-c", { kind: "partner", agreement: inForce });
const open = network("open-d", {
  addresses: [{ address: "203.0.113.9/32", bytes: [203, 0, 113, 9], length: 32 }],
});
const imsB = network("ims-b", {
  listeners: ["zb"],
  addresses: [{ address: "203.0.113.0/24", bytes: [203, 0, 113, 0], length: 24 }],
});

const secured = atom({ on: "secured", by: "tls" });
const named = atom({ on: "certificate-names", who: [{ kind: "partner" }] });
const agreed = atom({ on: "agreement" });
const partnersTrusted = trust("", { who: [{ kind: "partner" }], condition: all(secured, named, agreed) });

function border(facts: Partial<Policy> = {}, networks: readonly Network[] = []): Policy {
  const byOption = trust("ims-b", {
    condition: atom({ on: "option", name: "trust-ims-networks", among: ["yes"] }),
  });
  return policy(
    [],
    {
      trust: [trust("home"), partnersTrusted, byOption],
      options: new Map([option("trust-ims-networks", "yes")]),
      ...facts,
    },
    [carrier, open, imsB, ...networks],
  );
}

function certificate(facts: Partial<CertificateFacts> = {}): CertificateFacts {
  return {
    uris: ["sip:carrier-c.example"],
    dns: [],
    hasSubjectAltName: true,
    issuer: "CN=test",
    usages: ["1.3.6.1.5.5.7.3.20"],
    notBefore: noon - 1000,
    notAfter: noon + 1000,
    signedBy: "carrier-c",
    ...facts,
  };
}

function tls(facts: CertificateFacts | undefined, more: Partial<ConnectionFacts> = {}): ConnectionFacts {
  return { transport: "tls", tls: { version: "TLSv1.3", resumed: false, certificate: facts }, ...more };
}

const identity = "P-Asserted-Identity: <sip:a@x>";

export function runEnds(makeEngine: MakeEngine): void {
  describe("the network of a connection", () => {
    const cases: readonly [string, ConnectionFacts, string][] = [
      [
        "by its certificate, before listener and address",
        tls(certificate(), { listener: "zb", remoteAddress: "203.0.113.9" }),
        "carrier-c",
      ],
      [
        "by its listener, before the address",
        { transport: "udp", listener: "zb", remoteAddress: "203.0.113.9" },
        "ims-b",
      ],
      ["by the longest prefix", { transport: "udp", remoteAddress: "203.0.113.9" }, "open-d"],
      ["by a shorter prefix", { transport: "udp", remoteAddress: "203.0.113.10" }, "ims-b"],
      [
        "by an IPv4 address in IPv6 form (RFC 4291 2.5.5.2)",
        { transport: "udp", remoteAddress: "::ffff:203.0.113.9" },
        "open-d",
      ],
      [
        "else it is a stranger's",
        { transport: "udp", remoteAddress: "198.51.100.1", listener: "outside" },
        "stranger",
      ],
      [
        "a certificate that another authority signed names nobody",
        tls(certificate({ signedBy: "open-d" })),
        "stranger",
      ],
      ["an expired certificate names nobody", tls(certificate({ notAfter: noon - 5000 })), "stranger"],
    ];
    for (const [name, connection, expected] of cases) {
      it(name, () => assert.equal(makeEngine(border()).networkOf(connection, noon), expected));
    }
  });

  describe("trust, and its reason", () => {
    const cases: readonly [string, string, ConnectionFacts, boolean, string, Partial<Policy>?][] = [
      [
        "both conditions (TS 33.203 5.4)",
        "carrier-c",
        tls(certificate()),
        true,
        "tls, certificate names carrier-c, agreement IWA-2026-014",
      ],
      ["an agreement without TLS", "carrier-c", { transport: "udp" }, false, "not secured by tls"],
      ["TLS without a certificate", "carrier-c", tls(undefined), false, "there is no certificate"],
      ["our own", "home", { transport: "udp" }, true, "trusted without condition"],
      ["nobody speaks of it", "open-d", tls(certificate()), false, "no statement trusts open-d"],
      ["an option that says yes", "ims-b", { transport: "udp" }, true, "option trust-ims-networks"],
      [
        "an option that says no",
        "ims-b",
        { transport: "udp" },
        false,
        "option trust-ims-networks is no",
        { options: new Map([option("trust-ims-networks", "no")]) },
      ],
      [
        "a network that the policy lacks is a stranger",
        "nowhere",
        { transport: "udp" },
        false,
        "no statement trusts stranger",
      ],
    ];
    for (const [name, from, connection, trusted, because, facts] of cases) {
      it(name, () => {
        const event = messageEvent(request("INVITE"), { from: { network: from, connection } });
        const decision = makeEngine(border(facts)).decide(event);
        const expected = { network: from === "nowhere" ? "stranger" : from, trusted, because };
        assert.deepEqual(decision.from, expected);
      });
    }

    it("ends with the agreement, between two messages of one connection", () => {
      const engine = makeEngine(border());
      const connection = tls(certificate({ notAfter: inForce.until + 1000 }));
      const at = (time: number) =>
        engine.decide(
          messageEvent(request("INVITE"), { from: { network: "carrier-c", connection }, at: time }),
        ).from;
      assert.equal(at(inForce.until - 1).trusted, true);
      assert.deepEqual(at(inForce.until), {
        network: "carrier-c",
        trusted: false,
        because: "agreement IWA-2026-014 not in force",
      });
    });

    it("does not take one partner's certificate for another's", () => {
      const other = network("carrier-e", { kind: "partner", agreement: inForce });
      const decision = makeEngine(border({}, [other])).decide(
        messageEvent(request("INVITE"), { to: { network: "carrier-e", connection: tls(certificate()) } }),
      );
      assert.equal(decision.to.trusted, false);
    });

    it("is asked in the direction of the message", () => {
      const incoming = { trust: [trust("home"), trust("away", { outgoing: false })] };
      const decision = makeEngine(policy([], incoming)).decide(
        messageEvent(request("INVITE"), {
          from: { network: "away", connection: { transport: "udp" } },
          to: { network: "away", connection: { transport: "udp" } },
        }),
      );
      assert.deepEqual([decision.from.trusted, decision.to.trusted], [true, false]);
    });

    it("takes a network's own value of an option", () => {
      const wilful = network("ims-c", { options: new Map([["trust-ims-networks", "no"]]) });
      const statement = trust("ims-c", {
        condition: atom({ on: "option", name: "trust-ims-networks", among: ["yes"] }),
      });
      const facts = { trust: [statement], options: new Map([option("trust-ims-networks", "yes")]) };
      const decision = makeEngine(policy([], facts, [wilful])).decide(
        messageEvent(request("INVITE"), { to: { network: "ims-c", connection: { transport: "udp" } } }),
      );
      assert.equal(decision.to.trusted, false);
    });
  });

  describe("trust for some header fields", () => {
    const forCharging = { trust: [trust("home"), trust("away", { fields: ["P-Charging-Vector"] })] };
    const rows = [identity, "P-Charging-Vector: icid-value=1"];
    const withhold = [removeField("P-Asserted-Identity"), removeField("P-Charging-Vector")];
    const outcome = (rules: Parameters<typeof policy>[0]): readonly string[] =>
      rowsOf(makeEngine(policy(rules, forCharging)).decide(messageEvent(request("INVITE", rows))).bytes);

    it("spares them what is done because the end is untrusted", () => {
      assert.deepEqual(outcome([rule("r", withhold, { to: [{ kind: "untrusted" }] })]), [rows[1]]);
    });

    it("spares them nothing where the rule names the end for another reason", () => {
      assert.deepEqual(
        outcome([rule("r", withhold, { to: [{ kind: "untrusted" }, { kind: "foreign" }] })]),
        [],
      );
    });

    it("leaves the end untrusted", () => {
      const decision = makeEngine(policy([], forCharging)).decide(messageEvent(request("INVITE", rows)));
      assert.equal(decision.to.trusted, false);
    });

    it("holds at the in gate for the sender", () => {
      const rules = [entryRule("r", withhold, { from: [{ kind: "untrusted" }] })];
      const event = messageEvent(request("INVITE", rows), {
        from: { network: "away", connection: { transport: "udp" } },
        to: { network: "home", connection: { transport: "udp" } },
      });
      assert.deepEqual(rowsOf(makeEngine(policy(rules, forCharging)).decide(event).bytes), [rows[1]]);
    });
  });

  describe("conditions on the connection of the gate's end", () => {
    const secure = tls(certificate(), { listener: "outside", remoteAddress: "2001:db8::7" });
    const plain: ConnectionFacts = { transport: "udp", remoteAddress: "192.0.2.9" };
    const within = (address: string, bytes: readonly number[], length: number): Condition =>
      atom({ on: "address", within: [{ address, bytes, length }] });
    const cases: readonly [string, Condition, boolean, boolean][] = [
      ["secured by tls", secured, true, false],
      ["transport", atom({ on: "transport", among: ["tcp", "udp"] }), false, true],
      ["listener", atom({ on: "listener", among: ["outside"] }), true, false],
      [
        "address within IPv6",
        within("2001:db8::", [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 32),
        true,
        false,
      ],
      ["address within IPv4", within("192.0.2.8", [192, 0, 2, 8], 31), false, true],
      ["tls version", atom({ on: "tls-version", from: 13, to: 13 }), true, false],
      ["an older tls version", atom({ on: "tls-version", from: 12, to: 12 }), false, false],
      ["resumed", atom({ on: "resumed" }), false, false],
      ["certificate present", atom({ on: "certificate", is: "present" }), true, false],
      ["certificate names a partner", atom({ on: "certificate-names", who: [] }), true, false],
      [
        "certificate names another",
        atom({ on: "certificate-names", who: [{ kind: "network", name: "open-d" }] }),
        false,
        false,
      ],
      [
        "certificate issuer",
        atom({ on: "certificate-part", part: "issuer", among: ["cn=TEST"] }),
        true,
        false,
      ],
      [
        "certificate usage",
        atom({ on: "certificate-part", part: "usage", among: ["sipDomain"] }),
        true,
        false,
      ],
      [
        "certificate name",
        atom({ on: "certificate-part", part: "name", among: ["carrier-c.example"] }),
        true,
        false,
      ],
      ["agreement", agreed, true, false],
      ["date", atom({ on: "date", from: noon, until: noon + 1 }), true, true],
      ["another date", atom({ on: "date", from: noon + 1, until: Infinity }), false, false],
    ];
    for (const [name, condition, ofPartner, ofOpen] of cases) {
      it(name, () => {
        const rules = [
          entryRule("r", [
            {
              kind: "mark",
              name: "held",
              condition,
              because: "",
              treatment: undefined,
              origin: carrier.origin,
            },
          ]),
        ];
        const engine = makeEngine({ ...border(), rules });
        const held = (from: string, connection: ConnectionFacts): boolean =>
          engine
            .decide(messageEvent(request("INVITE"), { from: { network: from, connection } }))
            .marks.includes("held");
        assert.deepEqual([held("carrier-c", secure), held("open-d", plain)], [ofPartner, ofOpen]);
      });
    }
  });
}
