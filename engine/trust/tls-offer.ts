/** A TLS session against what the policy offers (TS 33.210 6.2). */
import type { TlsProfile } from "../../grammar/model.ts";
import type { TlsFacts } from "../event.ts";

/**
 * Why the policy would not have agreed on this session; undefined where it may have. A session that
 * stands when the policy comes, or whose handshake is under way then, was offered by another. A
 * suite that is not known is not looked at; the group is known to nobody once the handshake is done.
 */
export function whyNotOffered(
  { versions, suites }: TlsProfile,
  session: Pick<TlsFacts, "version" | "cipher"> | undefined,
): string | undefined {
  if (session === undefined) return undefined;
  const { version, cipher } = session;
  if (!versions.some((one) => `TLSv${one}` === version))
    return `the policy offers no ${version.replace("v", " ")}`;
  return cipher === undefined || suites.includes(cipher) ? undefined : `the policy offers no ${cipher}`;
}

/** The version of a session of which nothing else is said: the newest on offer. */
export function newestVersion({ versions }: TlsProfile): TlsFacts["version"] {
  return versions.includes("1.3") ? "TLSv1.3" : "TLSv1.2";
}

/** Whether both offer the same in the same order, wherever they are written. */
export function sameOffer(one: TlsProfile, other: TlsProfile): boolean {
  const textOf = ({ versions, suites, groups }: TlsProfile): string => [versions, suites, groups].join(" ");
  return textOf(one) === textOf(other);
}
