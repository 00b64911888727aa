/**
 * What the connections of every transport share: their numbers and their addresses.
 */
import { isIPv4, isIPv6 } from "node:net";

let lastId = 0;

/** Never the same twice in a process. */
export const takeConnectionId = (): number => ++lastId;

/** An address as facts hold it: no zone, and IPv4 in its own form where a socket maps it (RFC 4291 2.5.5.2). */
export function plainAddress(address: string): string {
  const zone = address.indexOf("%");
  const bare = zone < 0 ? address : address.slice(0, zone);
  if (!bare.startsWith("::ffff:")) return bare;
  const mapped = bare.slice(7);
  return isIPv4(mapped) ? mapped : bare;
}

/** 4, 6, or 0 where it is no IP address. */
export const addressFamily = (address: string): 4 | 6 | 0 => (isIPv4(address) ? 4 : isIPv6(address) ? 6 : 0);

/** The cause of a failed connection in few words: the alert, else the system's code, else the message. */
export function causeOf(error: Error): string {
  // OpenSSL's words, such as `tlsv13 alert certificate required`.
  if ("reason" in error && typeof error.reason === "string") return error.reason;
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
