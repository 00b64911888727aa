/** `dns` of border.json. */
import { getServers } from "node:dns";
import { canonicalAddress } from "../routing/ip-address.ts";
import type { BorderJson } from "./border-json.ts";
import type { DnsSettings } from "./configuration.ts";

const defaults = { milliseconds: 4_000, cache: 10_000, withdrawn: "tell" } as const;

/** `mistake` hears of what can't be used: the path of the value, cause and remedy. */
export function readDns(
  { servers, ...settings }: NonNullable<BorderJson["dns"]>,
  mistake: (place: string, cause: string, remedy: string) => void,
): DnsSettings {
  const isSystem = servers === "system";
  const texts = isSystem ? getServers() : servers;
  if (isSystem && texts.length === 0)
    mistake("/dns/servers", "this system names no name servers", 'write them: ["192.0.2.53"]');
  const read = texts.flatMap((text, index) => {
    const server = readNameServer(text);
    if (server !== undefined) return [server];
    const place = isSystem ? "/dns/servers" : `/dns/servers/${index}`;
    mistake(
      place,
      `\`${text}\` is no name server`,
      "write an IP address, such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:5353",
    );
    return [];
  });
  return { ...defaults, ...settings, servers: read };
}

/** An address with or without a port, as /etc/resolv.conf and the system have it; an IPv6 one with a port is in brackets. */
export function readNameServer(text: string): DnsSettings["servers"][number] | undefined {
  const whole = canonicalAddress(text);
  if (whole !== undefined) return { address: whole, port: 53 };
  const [, host = "", digits = ""] = /^(\[[^\]]+\]|[^:]+):(\d{1,5})$/.exec(text) ?? [];
  const address = canonicalAddress(host);
  const port = Number(digits);
  return address === undefined || port < 1 || port > 65_535 ? undefined : { address, port };
}
