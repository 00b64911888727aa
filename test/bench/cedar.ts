/**
 * Cedar (wasm), asked the border's central question with facts that somebody else has
 * read from the message: may the asserted identity be shown to this network? Its policies
 * are parsed beforehand. One call decides for one field.
 */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import type * as Cedar from "@cedar-policy/cedar-wasm/nodejs";
import type { Contestant } from "./clock.ts";

const cedar: typeof Cedar = createRequire(import.meta.url)("@cedar-policy/cedar-wasm/nodejs");

const policies = `
permit (principal, action == Action::"show", resource);

// TS 33.203 5.4; RFC 3325 7
forbid (principal, action == Action::"show", resource)
when { context.category == "asserted-identity" && !context.trusted && context.privacy != ["none"] };

// TS 24.229 4.4
forbid (principal, action == Action::"show", resource)
when { context.category == "trust-domain" && !context.trusted };
`;

/** A new object for every question, as each message brings its own facts. */
function question(network: string, trusted: boolean): Cedar.StatefulAuthorizationCall {
  return {
    principal: { type: "Network", id: "home" },
    action: { type: "Action", id: "show" },
    resource: { type: "Network", id: network },
    context: { category: "asserted-identity", trusted, privacy: ["id"] },
    preparsedPolicySetId: "border",
    validateRequest: false,
    entities: [],
  };
}

function decide(network: string, trusted: boolean): Cedar.Decision {
  const answer = cedar.statefulIsAuthorized(question(network, trusted));
  assert.equal(answer.type, "success");
  return (answer as { response: Cedar.Response }).response.decision;
}

export function cedarContestant(): Contestant {
  const parsed = cedar.preparsePolicySet("border", { staticPolicies: policies });
  assert.equal(parsed.type, "success", JSON.stringify(parsed));
  assert.equal(decide("open-d", false), "deny");
  assert.equal(decide("carrier-c", true), "allow");
  return {
    name: "Cedar wasm: one decision, facts given, policies parsed beforehand",
    run: () => cedar.statefulIsAuthorized(question("open-d", false)),
  };
}
