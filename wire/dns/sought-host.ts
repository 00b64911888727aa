/** The host of a URI or a sent-by: an address, or a name to ask for. */
import { foldName, isDomainName } from "./name.ts";

export type SoughtHost =
  | { readonly kind: "address"; readonly text: string }
  | { readonly kind: "name"; readonly text: string }
  | { readonly kind: "neither"; readonly text: string };

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
/** Of a name, not of an address that is none: RFC 3261 25.1, toplabel. */
const topLabel = /(?:^|\.)[a-z][a-z\d-]*$/i;

/** A name leaves room for the labels of its SRV records. */
export function readHost(host: string): SoughtHost {
  if (ipv4.test(host)) return { kind: "address", text: host };
  if (host.includes(":")) return readIpv6(host);
  const text = foldName(host.endsWith(".") ? host.slice(0, -1) : host);
  return { kind: isDomainName(`_sips._tcp.${text}`) && topLabel.test(text) ? "name" : "neither", text };
}

function readIpv6(host: string): SoughtHost {
  const bare = host.startsWith("[") && host.endsWith("]") ? host.slice(1, -1) : host;
  const url = /^[\da-f:.]+$/i.test(bare) ? `http://[${bare}]/` : "";
  if (!URL.canParse(url)) return { kind: "neither", text: host };
  return { kind: "address", text: new URL(url).hostname.slice(1, -1) };
}
