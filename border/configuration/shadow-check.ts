/** What an operator should know of a shadow policy: what would be wrong with border.json, were it in force. */
import type { Policy } from "../../grammar/model.ts";
import type { FileMistake } from "./border-json.ts";
import type { BorderConfiguration } from "./configuration.ts";
import { checkConfiguration } from "./configuration-check.ts";

/** All of it are warnings: nothing is sent by the shadow policy. `path` is that of border.json, for the places. */
export function checkShadow(
  path: string,
  configuration: BorderConfiguration,
  inForce: Policy,
  shadow: Policy,
): readonly FileMistake[] {
  const textOf = ({ place, cause }: FileMistake): string => `${place} ${cause}`;
  // What is so already has been told.
  const known = new Set(checkConfiguration(path, configuration, inForce).warnings.map(textOf));
  const { mistakes, warnings } = checkConfiguration(path, configuration, shadow);
  const found = [...mistakes, ...warnings]
    .filter((one) => !known.has(textOf(one)))
    .map(({ place, cause, remedy }) => ({
      place,
      cause: `were the shadow policy in force: ${cause}`,
      remedy,
    }));
  const unknown = [...shadow.networks.keys()].filter(
    (name) => !inForce.networks.has(name) && !configuration.networks.has(name),
  );
  if (unknown.length === 0) return found;
  const more = unknown.length > 5 ? ` and ${unknown.length - 5} more` : "";
  return [
    ...found,
    {
      place: `${path} /shadow`,
      cause: `only the shadow policy has ${unknown.slice(0, 5).join(", ")}${more}: nothing is sent there`,
      remedy:
        "the trial shows what comes from them by listener, address or certificate; to see what goes there, add them to the policy in force",
    },
  ];
}
