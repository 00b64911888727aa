/** Who is met by `privet handshake --connect`, as the options say it. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP, isIPv6 } from "node:net";
import { createSecureContext } from "node:tls";
import type { TlsIdentity } from "../adapters/index.ts";
import { domainName } from "../wire/index.ts";
import { reasonOf } from "./arguments.ts";
import { UsageError } from "./io.ts";

export interface LivePeer {
  /** A name, or an address without brackets. */
  readonly host: string;
  readonly port: number;
  /** Sought, and asked for as SNI. */
  readonly domain: string;
  /** What we show; undefined: nothing. */
  readonly identity: TlsIdentity | undefined;
  /** Milliseconds. */
  readonly timeout: number;
}

const shape = "HOST:PORT, such as sip.carrier-c.example:5061 or [2001:db8::1]:5061";

export function readPeer(text: string): Pick<LivePeer, "host" | "port"> {
  const match = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text);
  if (match === null) {
    const bare = isIPv6(text) || /^[^[]*:.*:/.test(text) ? "; an IPv6 address stands in brackets" : "";
    throw new UsageError(`--connect wants ${shape}, not \`${text}\`${bare}`);
  }
  const [, bracketed, plain, digits] = match;
  const port = Number(digits);
  if (port < 1 || port > 65_535) throw new UsageError(`--connect: ${digits} is no port`);
  if (bracketed !== undefined) {
    if (!isIPv6(bracketed)) throw new UsageError(`--connect: \`${bracketed}\` is no IPv6 address`);
    return { host: bracketed, port };
  }
  const host = isIP(plain!) === 0 ? domainName(plain!) : plain;
  if (host === undefined || /^[\d.]+$/.test(host) !== (isIP(host) !== 0))
    throw new UsageError(`--connect: \`${plain}\` is no name and no address; it wants ${shape}`);
  return { host, port };
}

/** The domain that is sought where nobody says: the host. */
export function domainOf({ host }: Pick<LivePeer, "host">): string {
  if (isIP(host) === 0) return host;
  throw new UsageError("--connect has an address: --domain says which domain is sought there");
}

export function readTimeout(text = "10"): number {
  const seconds = Number(text);
  if (!/^\d{1,3}(\.\d{1,3})?$/.test(text) || seconds === 0 || seconds > 600)
    throw new UsageError(`--timeout wants seconds, more than 0 and at most 600, not \`${text}\``);
  return seconds * 1000;
}

export function readIdentity(
  certificatePath: string | undefined,
  keyPath: string | undefined,
): TlsIdentity | undefined {
  if (certificatePath === undefined && keyPath === undefined) return undefined;
  if (certificatePath === undefined || keyPath === undefined)
    throw new UsageError("--certificate-of-ours and --key go together");
  const certificate = readText(certificatePath);
  const privateKey = readText(keyPath);
  const leaf = readOrRefuse(() => new X509Certificate(certificate), certificatePath, "certificate");
  const key = readOrRefuse(() => createPrivateKey(privateKey), keyPath, "private key without a passphrase");
  if (!leaf.checkPrivateKey(key))
    throw new UsageError(
      `the key in \`${keyPath}\` is not that of the certificate in \`${certificatePath}\``,
    );
  try {
    createSecureContext({ cert: certificate, key: privateKey });
  } catch (error) {
    const cause = error instanceof Error ? error.message : String(error);
    throw new UsageError(`the certificate in \`${certificatePath}\` can't be shown: ${cause}`);
  }
  return { domains: [], certificate, privateKey };
}

function readOrRefuse<T>(read: () => T, path: string, what: string): T {
  try {
    return read();
  } catch {
    throw new UsageError(`\`${path}\` holds no ${what} in PEM form`);
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "latin1");
  } catch (error) {
    throw new UsageError(`can't read \`${path}\`: ${reasonOf(error)}`);
  }
}
