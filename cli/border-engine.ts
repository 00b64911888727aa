/** The engines of a border that was loaded. */
import type { Trial } from "../border/index.ts";
import { compile, type Engine } from "../engine/index.ts";
import type { LoadedBorder } from "./border-load.ts";

/** A new one each time. */
export function engineOf({ inForce }: LoadedBorder): Engine {
  return compile(inForce.policy, inForce.context);
}

/**
 * `secret`: that of all who compare the same calls. `inForce`: an engine of it that nobody else
 * asks, where there is one already.
 */
export function trialOf(
  loaded: LoadedBorder,
  secret: Uint8Array = loaded.file.configuration.secret,
  inForce?: Engine,
): Trial | undefined {
  const { shadow, file } = loaded;
  if (shadow === undefined) return undefined;
  return {
    inForce: inForce ?? engineOf(loaded),
    shadow: compile(shadow.policy, shadow.context),
    share: file.shadow?.share ?? 1,
    secret,
  };
}
