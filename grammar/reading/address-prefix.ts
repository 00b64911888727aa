/** IPv4 and IPv6 addresses and prefixes, as text and as bytes (RFC 4291 2.2, RFC 4632 3.1). */
import type { AddressPrefix } from "../model.ts";

/** Reads `192.0.2.0/24`, `192.0.2.1`, `2001:db8::/32`. Bits behind the prefix must be zero. */
export function readAddressPrefix(text: string): AddressPrefix | undefined {
  const slash = text.indexOf("/");
  const address = slash < 0 ? text : text.slice(0, slash);
  const bytes = address.includes(":") ? readIpv6(address) : readIpv4(address);
  if (bytes === undefined) return undefined;
  const width = bytes.length * 8;
  const length = slash < 0 ? width : readLength(text, slash + 1);
  if (length < 0 || length > width) return undefined;
  for (let bit = length; bit < width; bit++) if (bitOf(bytes, bit) === 1) return undefined;
  return { address, bytes, length };
}

/** One to three digits; -1: it is something else. */
function readLength(text: string, start: number): number {
  if (text.length === start || text.length > start + 3) return -1;
  let length = 0;
  for (let at = start; at < text.length; at++) {
    const digit = text.charCodeAt(at) - zero;
    if (digit < 0 || digit > 9) return -1;
    length = length * 10 + digit;
  }
  return length;
}

/** True where every address of `inner` is one of `outer`. */
export function containsPrefix(outer: AddressPrefix, inner: AddressPrefix): boolean {
  if (outer.bytes.length !== inner.bytes.length || inner.length < outer.length) return false;
  for (let bit = 0; bit < outer.length; bit++) {
    if (bitOf(outer.bytes, bit) !== bitOf(inner.bytes, bit)) return false;
  }
  return true;
}

function bitOf(bytes: readonly number[], bit: number): number {
  return (bytes[bit >> 3]! >> (7 - (bit & 7))) & 1;
}

const dot = 0x2e;
const zero = 0x30;

function readIpv4(text: string): number[] | undefined {
  const bytes = [0, 0, 0, 0];
  let part = 0;
  let digits = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === dot) {
      if (digits === 0 || ++part > 3) return undefined;
      digits = 0;
      continue;
    }
    // A leading zero is read as octal by some: no address has two readings here.
    if (code < zero || code > zero + 9 || (digits > 0 && bytes[part] === 0)) return undefined;
    bytes[part] = bytes[part]! * 10 + code - zero;
    if (++digits > 3 || bytes[part]! > 255) return undefined;
  }
  return part === 3 && digits > 0 ? bytes : undefined;
}

function readIpv6(text: string): number[] | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const head = readGroups(halves[0]!, halves.length === 1);
  const tail = halves.length === 2 ? readGroups(halves[1]!, true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 16 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 2) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

/** `mayEndInIpv4`: only the last group of an address may be written as IPv4 (RFC 4291 2.2, 3). */
function readGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === "") return [];
  const groups = text.split(":");
  const bytes: number[] = [];
  for (const [index, group] of groups.entries()) {
    if (mayEndInIpv4 && index === groups.length - 1 && group.includes(".")) {
      const ipv4 = readIpv4(group);
      if (ipv4 === undefined) return undefined;
      bytes.push(...ipv4);
    } else {
      if (!/^[0-9a-f]{1,4}$/i.test(group)) return undefined;
      const value = Number.parseInt(group, 16);
      bytes.push(value >> 8, value & 255);
    }
  }
  return bytes;
}
