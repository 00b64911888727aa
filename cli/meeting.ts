/** One TLS handshake with a live peer, as the border would open it, and not a byte more. */
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { setTimeout as pass } from "node:timers/promises";
import { TlsAdapter } from "../adapters/index.ts";
import type { HandshakeEvent, TlsProfile } from "../engine/index.ts";
import type { LivePeer } from "./live-peer.ts";

export interface Meeting {
  /** The last one that was tried; undefined where the name has none. */
  readonly address: string | undefined;
  /** What the peer has shown; undefined: no handshake came about. */
  readonly event: HandshakeEvent | undefined;
  /** Why there is no connection; with an event: the peer ended it behind the handshake. */
  readonly failure: string | undefined;
}

/**
 * By TLS 1.3 our side has done when the peer has yet to judge our certificate (RFC 8446 4.4.4):
 * milliseconds in which it may say no.
 */
const objectionTime = 1_000;

type Sought = LivePeer & { readonly partner: string | undefined; readonly profile: TlsProfile };

/** Tries the addresses one after the other, within the time for all. Never rejects. */
export async function meet(sought: Sought): Promise<Meeting> {
  const deadline = Date.now() + sought.timeout;
  const addresses = await addressesOf(sought);
  if (typeof addresses === "string") return { address: undefined, event: undefined, failure: addresses };
  let meeting: Meeting | undefined;
  for (const [index, address] of addresses.entries()) {
    // An address that does not answer leaves the others their share.
    const share = Math.max((deadline - Date.now()) / (addresses.length - index), 1);
    meeting = await meetAt(address, sought, share);
    if (meeting.event !== undefined) break;
  }
  return meeting ?? { address: undefined, event: undefined, failure: "ENOTFOUND" };
}

/** Of the system's resolver, in its order; else the cause. */
async function addressesOf({ host, timeout }: LivePeer): Promise<readonly string[] | string> {
  if (isIP(host) !== 0) return [host];
  const over = new AbortController();
  try {
    const found = await Promise.race([
      lookup(host, { all: true }),
      pass(timeout, undefined, { signal: over.signal }),
    ]);
    return found?.map(({ address }) => address) ?? "the name was not resolved within the time";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  } finally {
    over.abort();
  }
}

async function meetAt(address: string, sought: Sought, time: number): Promise<Meeting> {
  const { port, domain, partner, identity, profile } = sought;
  const identities = identity === undefined ? [] : [identity];
  const adapter = new TlsAdapter({ identities, profile, connectTimeout: time });
  let event: HandshakeEvent | undefined;
  let ended = false;
  // Every verdict is no: so the connection never is one that bytes could be written to.
  adapter.events$.subscribe((one) => {
    if (one.kind !== "handshake") return;
    event = one.event;
    // What has arrived by then is read first: timers come before sockets.
    const end = (): void => {
      ended = true;
      one.reject();
    };
    setTimeout(() => setImmediate(end), objectionTime);
  });
  try {
    await adapter.open({
      transport: "tls",
      address,
      port,
      domain,
      ...(partner === undefined ? {} : { partner }),
    });
    return { address, event, failure: undefined };
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    return { address, event, failure: ended ? undefined : cause };
  } finally {
    await adapter.close();
  }
}
