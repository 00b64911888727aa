/** IP addresses as bytes, for `address within` and the longest prefix of a network. */
import type { AddressPrefix } from "../../grammar/model.ts";

function readIpv4(text: string): number[] | undefined {
  const parts = text.split(".");
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255))
    return undefined;
  return parts.map(Number);
}

function readGroups(text: string): number[] | undefined {
  if (text === "") return [];
  const bytes: number[] = [];
  const groups = text.split(":");
  for (const [index, group] of groups.entries()) {
    const ipv4 = index === groups.length - 1 && group.includes(".") ? readIpv4(group) : undefined;
    if (ipv4 !== undefined) bytes.push(...ipv4);
    else if (/^[0-9a-fA-F]{1,4}$/.test(group)) {
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    } else return undefined;
  }
  return bytes;
}

function readIpv6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = readGroups(halves[0]!);
  const tail = halves.length === 2 ? readGroups(halves[1]!) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 2 ? missing < 2 : missing !== 0) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

const mappedPrefix = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255];

/**
 * 4 or 16 bytes, or undefined where the text is no IP address. An IPv4 address mapped into
 * IPv6 is the IPv4 address (RFC 4291 2.5.5.2): a dual-stack socket shows it so.
 */
export function readAddress(text: string): readonly number[] | undefined {
  if (!text.includes(":")) return readIpv4(text);
  const bytes = readIpv6(text);
  if (bytes !== undefined && mappedPrefix.every((byte, index) => bytes[index] === byte))
    return bytes.slice(12);
  return bytes;
}

export function isWithin(address: ArrayLike<number>, prefix: AddressPrefix): boolean {
  if (address.length !== prefix.bytes.length) return false;
  for (let bit = 0; bit < prefix.length; bit++) {
    const mask = 128 >> (bit & 7);
    if ((address[bit >> 3]! & mask) !== (prefix.bytes[bit >> 3]! & mask)) return false;
  }
  return true;
}
