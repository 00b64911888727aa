/** What of a border.json can't change while the border runs. */
import { isDeepStrictEqual } from "node:util";
import type { BorderFile } from "./border-file.ts";
import type { FileMistake } from "./border-json.ts";
import type { ListenerSettings } from "./configuration.ts";

/** What a border has had since its start. */
export type RunningBorder = Pick<BorderFile, "configuration" | "workers">;

/** `path` is that of border.json, for the places. */
export function checkReload(
  path: string,
  { configuration: running, workers: runningWorkers }: RunningBorder,
  { configuration: next, isSecretGiven, workers }: BorderFile,
): readonly FileMistake[] {
  const mistakes: FileMistake[] = [];
  const remedy = "put it back, or restart the border";
  if (!isDeepStrictEqual(next.listeners.map(socketOf), running.listeners.map(socketOf))) {
    const cause = "sockets stay as they are while the border runs: only certificates and keys change";
    mistakes.push({ place: `${path} /listeners`, cause, remedy });
  }
  if (isSecretGiven && !Buffer.from(next.secret).equals(running.secret)) {
    const cause = "another secret would lose the calls in progress";
    mistakes.push({ place: `${path} /secret`, cause, remedy });
  }
  if (!isDeepStrictEqual(next.queue, running.queue)) {
    mistakes.push({ place: `${path} /queue`, cause: "queues keep their size while the border runs", remedy });
  }
  if (!isDeepStrictEqual(next.sources, running.sources)) {
    mistakes.push({
      place: `${path} /sources`,
      cause: "shares stay as they are while the border runs",
      remedy,
    });
  }
  if (!isDeepStrictEqual(next.connections, running.connections)) {
    const cause = "listeners keep their limits while the border runs";
    mistakes.push({ place: `${path} /connections`, cause, remedy });
  }
  if (!isDeepStrictEqual(next.dns, running.dns)) {
    const cause = "name servers stay as they are while the border runs";
    mistakes.push({ place: `${path} /dns`, cause, remedy });
  }
  if (workers !== runningWorkers) {
    const cause = "as many workers run as were started";
    mistakes.push({ place: `${path} /workers`, cause, remedy });
  }
  return mistakes;
}

/** Of the process that answers operators. */
export function checkOperation(
  path: string,
  { operation: running }: Pick<BorderFile, "operation">,
  { operation: next }: Pick<BorderFile, "operation">,
): readonly FileMistake[] {
  if (isDeepStrictEqual(next, running)) return [];
  const cause = "metrics and health are answered where they were asked for at the start";
  return [{ place: `${path} /operation`, cause, remedy: "put it back, or restart the border" }];
}

/** A CANCEL finds its INVITE by the host in Via too (RFC 3261 17.2.3): it changes as little as the port. */
function socketOf({ name, transport, address, port, host, certificates = [] }: ListenerSettings): unknown {
  const hosts = certificates.flatMap((one) =>
    one.host === undefined ? [] : one.domains.map((domain) => `${domain} ${one.host}`),
  );
  return { name, transport, address, port, host, hosts: hosts.toSorted() };
}
