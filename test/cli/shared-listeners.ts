/** What the tests of several processes share: a policy, requests, and looks at a running border. */
import { textMessage } from "../border/phone.ts";

export const host = "127.0.0.1";

export const policy = (rule = "remove P-Asserted-Identity"): string => `language 1
policy "shared"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network open-d {
  domain "open-d.example"
  listener "outside"
}
network carrier {
  domain "carrier.example"
}
trust home
rule only-rule
  on message to untrusted
  ${rule}
  because "house rule"
`;

export const listener = (
  name: string,
  transport: string,
): {
  readonly name: string;
  readonly transport: string;
  readonly address: string;
  readonly port: number;
} => ({
  name,
  transport,
  address: host,
  port: 0,
});

let requests = 0;
export function request(uri: string, via: string, callId: string, ...more: readonly string[]): string {
  requests++;
  return textMessage(
    `OPTIONS ${uri} SIP/2.0`,
    `Via: SIP/2.0/${via};branch=z9hG4bKw${requests}`,
    "Max-Forwards: 70",
    "From: <sip:alice@home1.example>;tag=1",
    `To: <${uri}>`,
    `Call-ID: ${callId}`,
    "CSeq: 1 OPTIONS",
    ...more,
    "Content-Length: 0",
  );
}

/** Ports by name and transport, as the border says them. */
export function portsIn(text: string): ReadonlyMap<string, number> {
  const lines = text.matchAll(/^listening (\w+ \w+) 127\.0\.0\.1:(\d+)$/gm);
  return new Map([...lines].map(([, name, port]) => [name!, Number(port)]));
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

export async function page(
  port: number,
  name: string,
): Promise<{ readonly status: number; readonly text: string }> {
  const response = await fetch(`http://${host}:${port}/${name}`);
  return { status: response.status, text: await response.text() };
}

/** The sum of a metric's samples whose labels hold all that is said. */
export function sumOf(metrics: string, name: string, ...labels: readonly string[]): number {
  return metrics
    .split("\n")
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .filter((line) => labels.every((label) => line.includes(label)))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(" ") + 1)), 0);
}
