/** Whom a command asks by DNS. */
import { getServers } from "node:dns";
import type { NameServer } from "../adapters/index.ts";
import { readNameServer } from "../border/configuration/index.ts";
import { UsageError } from "./io.ts";

export function nameServers(option: string | undefined): readonly NameServer[] {
  if (option !== undefined) {
    const server = readNameServer(option);
    if (server === undefined)
      throw new UsageError(
        `--server wants an address such as 192.0.2.53, 192.0.2.53:5353 or [2001:db8::53]:53, not \`${option}\``,
      );
    return [server];
  }
  const servers = getServers().flatMap((text) => readNameServer(text) ?? []);
  if (servers.length === 0)
    throw new UsageError("this machine knows no name server: name one with --server ADDRESS");
  return servers;
}
