/** The small policy with two partners that are met over TLS alone. */
import type { Atom, Condition, Policy } from "../../grammar/model.ts";
import { network, smallPolicy } from "./small-policy.ts";

const origin = { file: "small.privet", line: 1, column: 1, length: 1 };
/** Of agreements and certificates. */
export const dates: { readonly notBefore: number; readonly notAfter: number } = {
  notBefore: Date.now() - 86_400_000,
  notAfter: Date.now() + 86_400_000,
};

function all(...atoms: readonly Atom[]): Condition {
  return { kind: "and", of: atoms.map((atom) => ({ kind: "atom", atom, origin })) };
}

/** `trust partner when …`, and a handshake rule that refuses whoever names no partner. */
export function partnerPolicy(): Policy {
  const carrier = network("carrier-c", {
    kind: "partner",
    authorities: ["root.pem"],
    agreement: { name: "IWA-1", from: dates.notBefore, until: dates.notAfter },
    tlsRequired: true,
  });
  const policy = smallPolicy([carrier, { ...carrier, name: "carrier-d", domains: ["carrier-d.example"] }]);
  const namesPartner: Atom = { on: "certificate-names", who: [] };
  return {
    ...policy,
    trust: [
      ...policy.trust,
      {
        who: [{ kind: "partner" }],
        incoming: true,
        outgoing: true,
        fields: undefined,
        condition: all({ on: "secured", by: "tls" }, namesPartner, { on: "agreement" }),
        origin,
      },
    ],
    rules: [
      ...policy.rules,
      {
        name: "refuse-strangers",
        gate: "handshake",
        message: "both",
        from: undefined,
        to: undefined,
        condition: { kind: "not", of: all(namesPartner) },
        actions: [
          {
            kind: "reject",
            status: undefined,
            reason: "no interworking partner",
            condition: all(),
            because: "TS 33.203 6.5",
            treatment: undefined,
            origin,
          },
        ],
        fulfilments: [],
        namesMethod: false,
        because: "TS 33.203 6.5",
        origin,
      },
    ],
  };
}
