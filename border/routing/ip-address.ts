/** IP addresses as the border compares them: one spelling for each, and what a range is for. */
import { isIP, isIPv4 } from "node:net";

export interface Prefix {
  readonly bytes: ArrayLike<number>;
  readonly length: number;
}

/**
 * The one spelling by which an address is compared, or undefined where the text is no address.
 * Brackets, letter case and an IPv6 zone are not part of it (RFC 5118 4.5: `received` comes with and
 * without brackets); an IPv4 address inside IPv6 is that IPv4 address.
 */
export function canonicalAddress(text: string): string | undefined {
  if (isIPv4(text)) return text;
  let bare = text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text;
  const zone = bare.indexOf("%");
  if (zone > 0) bare = bare.slice(0, zone);
  if (isIP(bare) !== 6) return undefined;
  const bytes = ipv6Bytes(bare);
  if (isMappedIpv4(bytes)) return bytes.subarray(12).join(".");
  return new URL(`http://[${bare}]/`).hostname.slice(1, -1);
}

/** 4 or 16 bytes of a canonical address. */
export function addressBytes(canonical: string): Uint8Array {
  return isIPv4(canonical) ? Uint8Array.from(canonical.split("."), Number) : ipv6Bytes(canonical);
}

export function isWithin(canonical: string, prefix: Prefix): boolean {
  const bytes = addressBytes(canonical);
  if (bytes.length !== prefix.bytes.length) return false;
  const whole = prefix.length >> 3;
  for (let i = 0; i < whole; i++) if (bytes[i] !== prefix.bytes[i]) return false;
  const rest = prefix.length & 7;
  return rest === 0 || (bytes[whole]! ^ prefix.bytes[whole]!) >> (8 - rest) === 0;
}

/**
 * False for addresses that no foreign host has: loopback, private, link-local, shared, multicast,
 * unspecified, those of protocols and benchmarks (RFC 6890). A message that names one may try to
 * reach what only we can reach.
 */
export function isPublicAddress(canonical: string): boolean {
  return !notPublic.some((prefix) => isWithin(canonical, prefix));
}

const notPublic: readonly Prefix[] = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "224.0.0.0/3",
  "::/8",
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/64",
  "2001::/23",
  "2002::/16",
  "fc00::/7",
  "fe80::/9",
  "ff00::/8",
].map((text) => {
  const slash = text.indexOf("/");
  return { bytes: addressBytes(text.slice(0, slash)), length: Number(text.slice(slash + 1)) };
});

/** As it stands in a URI or Via: IPv6 in brackets (RFC 3261 25.1). */
export function hostText(host: string): string {
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}

function isMappedIpv4(bytes: Uint8Array): boolean {
  return bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
}

/** `text` is a valid IPv6 address without brackets and zone. */
function ipv6Bytes(text: string): Uint8Array {
  const bytes = new Uint8Array(16);
  const gap = text.indexOf("::");
  const front = groupBytes(gap < 0 ? text : text.slice(0, gap));
  const back = gap < 0 ? [] : groupBytes(text.slice(gap + 2));
  bytes.set(front);
  bytes.set(back, 16 - back.length);
  return bytes;
}

/** Groups of hexadecimal digits; the last may be an IPv4 address (RFC 4291 2.2). */
function groupBytes(text: string): readonly number[] {
  if (text === "") return [];
  return text.split(":").flatMap((group) => {
    if (group.includes(".")) return group.split(".").map(Number);
    const value = Number.parseInt(group, 16);
    return [value >> 8, value & 255];
  });
}
