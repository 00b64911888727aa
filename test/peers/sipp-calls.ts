/** Calls of SIPp over UDP, by the scenarios of this folder. */
import { join } from "node:path";
import { packageRoot } from "../package-root.ts";
import { Running } from "../running.ts";
import { isListening } from "./sipp.ts";

export interface SippCalls {
  /** A file of `scenarios`, without its ending. */
  readonly scenario: string;
  readonly port: number;
  readonly calls: number;
  /** Where it writes what went wrong. */
  readonly folder: string;
}

/** Waits for calls, once this resolves. */
export async function callee(calls: SippCalls): Promise<Running> {
  const running = sipp(calls, []);
  await isListening(running, "udp", calls.port);
  return running;
}

/** Places calls, at most twenty a second, over the proxy at that port of loopback. */
export function caller(calls: SippCalls, proxy: number, target: string, domain: string): Running {
  const keys = ["-key", "target", target, "-key", "caller", domain];
  return sipp(calls, [...keys, "-r", "20", `127.0.0.1:${proxy}`]);
}

function sipp({ scenario, port, calls, folder }: SippCalls, rest: readonly string[]): Running {
  const file = join(packageRoot, "test/peers/scenarios", `${scenario}.xml`);
  const here = [
    "-sf",
    file,
    "-i",
    "127.0.0.1",
    "-p",
    String(port),
    "-t",
    "u1",
    "-m",
    String(calls),
    "-nostdin",
  ];
  const limits = ["-timeout", "20s", "-timeout_error", "-recv_timeout", "10000"];
  const errors = ["-trace_err", "-error_file", join(folder, `${scenario}-${port}.log`)];
  return new Running("sipp", [...here, ...limits, ...errors, ...rest]);
}
