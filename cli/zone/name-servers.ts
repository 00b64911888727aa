/** Whom `privet zone --verify` asks. */
import { getServers } from "node:dns";
import { isIP } from "node:net";
import type { NameServer } from "../../adapters/index.ts";
import { UsageError } from "../io.ts";

const dnsPort = 53;

export function nameServers(option: string | undefined): readonly NameServer[] {
  if (option !== undefined) {
    const server = readServer(option);
    if (server === undefined)
      throw new UsageError(
        `--server wants an address such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53, not \`${option}\``,
      );
    return [server];
  }
  const servers = getServers().flatMap((text) => readServer(text) ?? []);
  if (servers.length === 0)
    throw new UsageError("this machine knows no name server: name one with --server ADDRESS");
  return servers;
}

function readServer(text: string): NameServer | undefined {
  if (isIP(text) !== 0) return { address: text, port: dnsPort };
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([\d.]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const address = bracketed ?? plain ?? "";
  const port = digits === undefined ? dnsPort : Number(digits);
  if (isIP(address) !== (bracketed === undefined ? 4 : 6) || port < 1 || port > 65_535) return undefined;
  return { address, port };
}
