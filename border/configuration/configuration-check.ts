/** What is wrong between a border.json and the policy that it names. */
import { nearName } from "../../grammar/index.ts";
import type { Policy } from "../../grammar/model.ts";
import { sidesFor } from "../routing/topology.ts";
import type { FileMistake } from "./border-json.ts";
import type { BorderConfiguration, BorderTransport } from "./configuration.ts";
import { checkProfile } from "./profile-check.ts";

export interface ConfigurationFindings {
  /** The border does not start. */
  readonly mistakes: readonly FileMistake[];
  readonly warnings: readonly FileMistake[];
}

/** `path` is that of border.json, for the places. */
export function checkConfiguration(
  path: string,
  configuration: BorderConfiguration,
  policy: Policy,
): ConfigurationFindings {
  const mistakes: FileMistake[] = [];
  const warnings: FileMistake[] = [];
  const place = (pointer: string): string => `${path} ${pointer}`;

  for (const [name, { hops }] of configuration.networks) {
    const network = policy.networks.get(name);
    if (network === undefined) {
      const near = nearName(name, policy.networks.keys());
      mistakes.push({
        place: place(`/networks/${name}`),
        cause: `the policy has no network \`${name}\``,
        remedy:
          near === undefined
            ? `name one of ${[...policy.networks.keys()].join(", ")}`
            : `did you mean \`${near}\`?`,
      });
      continue;
    }
    for (const [index, hop] of hops.entries()) {
      const { transport, address } = hop;
      const at = place(`/networks/${name}/hops/${index}`);
      if (transport === "tls" && network.domains.length === 0) {
        mistakes.push({
          place: at,
          cause: `the policy gives ${name} no domain, so no certificate can be checked (RFC 5922 7.3)`,
          remedy: `add a \`domain\` line to ${name}, or write another hop`,
        });
      } else if (network.tlsRequired && transport !== "tls") {
        mistakes.push({
          place: at,
          cause: `the policy has ${name} met over TLS only`,
          remedy: "write a tls: hop",
        });
      } else if (sidesFor(configuration.listeners, hop).length === 0) {
        const family = transport !== "udp" ? "" : address.includes(":") ? " over IPv6" : " over IPv4";
        mistakes.push({
          place: at,
          cause: `no listener speaks ${transport}${family}`,
          remedy: `add a ${transport} listener, whose name stands in Via`,
        });
      }
    }
  }
  mistakes.push(...lossyTargets(path, configuration));
  const ofProfile = checkProfile(path, configuration.listeners, policy.tls);
  mistakes.push(...ofProfile.mistakes);
  warnings.push(...ofProfile.warnings);
  for (const network of policy.networks.values()) {
    const hops = configuration.networks.get(network.name)?.hops ?? [];
    if (network.own && hops.length === 0) {
      mistakes.push({
        place: place("/networks"),
        cause: `our own network ${network.name} has no hop`,
        remedy: `add "${network.name}": { "hops": ["udp:192.0.2.1:5060"] } with the address of a server of yours`,
      });
    }
    for (const listener of network.listeners) {
      if (configuration.listeners.some(({ name }) => name === listener)) continue;
      warnings.push({
        place: place("/listeners"),
        cause: `the policy knows ${network.name} by the listener \`${listener}\`, which is not here`,
        remedy: `nobody will count as ${network.name}; add a listener of that name, or leave it so`,
      });
    }
  }
  for (const { origin, condition, from, to } of policy.transits) {
    const byTrust = [...from, ...to].some(({ kind }) => kind === "trusted" || kind === "untrusted");
    const isConditional = condition.kind !== "and" || condition.of.length > 0;
    if (!byTrust && !isConditional) continue;
    warnings.push({
      place: `${origin.file}:${origin.line}`,
      cause: byTrust
        ? "this border routes by network, before trust is known: `trusted` and `untrusted` let nothing through in a `transit`"
        : "this border does not carry out the condition of a `transit` yet: the statement lets nothing through",
      remedy: "name networks, without a condition, and restrict with rules",
    });
  }
  return { mistakes, warnings };
}

/** Nobody sends again over a stream what is then lost over UDP (RFC 3261 17.1.1.2, 17.1.2.2). */
function lossyTargets(path: string, { listeners, networks, lossy, dns }: BorderConfiguration): FileMistake[] {
  const isStream = ({ transport }: { readonly transport: BorderTransport }): boolean => transport !== "udp";
  if (lossy === "accept" || !listeners.some(isStream)) return [];
  const located: FileMistake[] =
    dns === undefined || listeners.every(isStream)
      ? []
      : [
          {
            place: `${path} /dns`,
            cause:
              "requests that come over a stream would leave over UDP where DNS says so, and nobody sends again what is lost there",
            remedy: 'have no udp listener, or take the loss with "lossy": "accept"',
          },
        ];
  const ofHops = [...networks].flatMap(([name, { hops }]) => {
    const index = hops.findIndex(
      ({ address }) => !hops.some((hop) => hop.address === address && isStream(hop)),
    );
    if (index < 0) return [];
    return {
      place: `${path} /networks/${name}/hops/${index}`,
      cause: `requests that come over a stream would leave over UDP for ${name}, and nobody sends again what is lost there`,
      remedy: 'add a tcp: or tls: hop with the same address, or take the loss with "lossy": "accept"',
    };
  });
  return [...located, ...ofHops];
}
