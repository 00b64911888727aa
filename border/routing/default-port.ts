/** The port that goes without saying. */

/** RFC 3261 19.1.2, RFC 7118 5.5. */
export function defaultPort(transport: string): number {
  if (transport === "tls") return 5061;
  if (transport === "ws") return 80;
  return transport === "wss" ? 443 : 5060;
}
