/** Whom the words of a policy mean: `partner`, `own`, `carrier-c`, … */
import type { Network, Who } from "../../grammar/model.ts";

/** Trust aside: `trusted` and `untrusted` mean nobody here. */
export function isNamed(who: Who, network: Network): boolean {
  switch (who.kind) {
    case "anyone":
      return true;
    case "partner":
      return network.kind === "partner";
    case "own":
      return network.own;
    case "foreign":
      return !network.own;
    case "network":
      return network.name === who.name;
    case "trusted":
    case "untrusted":
      return false;
  }
}

/** `trusted` and `untrusted` ask for the whole message's trust, not for that of one field. */
export function isWho(who: Who, end: { readonly network: Network; readonly trusted: boolean }): boolean {
  if (who.kind === "trusted") return end.trusted;
  if (who.kind === "untrusted") return !end.trusted;
  return isNamed(who, end.network);
}
