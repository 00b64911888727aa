/** Runs both ends of a ladder as SIPp processes, one in each of two networks. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Phone, textMessage } from "../border/phone.ts";
import { Running } from "../running.ts";
import type { End, Ladder } from "./ladder.ts";

export type PlainTransport = "udp" | "tcp";

/** A user agent of one network. */
export interface Agent {
  readonly domain: string;
  readonly port: number;
}

export interface Calls {
  readonly caller: Agent;
  readonly callee: Agent;
  readonly transport: PlainTransport;
  /** Default: the same. */
  readonly calleeTransport?: PlainTransport;
  /** The port of the border that the caller sends to. */
  readonly border: number;
  /** Who is called; default: bob of the callee's domain. */
  readonly target?: string;
  /** "endless": until `finish`. */
  readonly count?: number | "endless";
  /** Calls begun each second; default: 20. */
  readonly rate?: number;
}

/** Seconds until SIPp gives up a message, and all. */
const patience = { message: 15, all: 60 };

const defaultCount = 4;
/** `%u`: the number of the call. */
const callIds = "%u@privet";

export class SippCalls {
  readonly caller: Running;
  private readonly callee: Running | undefined;
  private readonly folder: string;
  private readonly ports: Readonly<Record<End, number>>;
  private readonly count: number;

  private constructor(folder: string, calls: Calls, caller: Running, callee: Running | undefined) {
    this.ports = { caller: calls.caller.port, callee: calls.callee.port };
    this.count = Number(calls.count ?? defaultCount);
    this.folder = folder;
    this.caller = caller;
    this.callee = callee;
  }

  static async start(ladder: Ladder, calls: Calls): Promise<SippCalls> {
    const folder = mkdtempSync(join(tmpdir(), "privet-sipp-"));
    const { callee, border, rate = 20 } = calls;
    const start = (end: End, ...rest: readonly string[]): Running => {
      writeFileSync(join(folder, `${end}.xml`), ladder.xml(end));
      return new Running("sipp", [...argumentsOf(folder, end, calls), ...rest]);
    };
    const called = ladder.isOneSided ? undefined : start("callee");
    if (called !== undefined) await isListening(called, transportOf("callee", calls), callee.port);
    return new SippCalls(folder, calls, start("caller", "-r", String(rate), `127.0.0.1:${border}`), called);
  }

  /** No new calls: those that have begun go on to their end. */
  finish(): void {
    this.caller.child.kill("SIGUSR1");
  }

  /** Both ends say that every call went as drawn. */
  async succeed(): Promise<void> {
    const { caller, callee, folder } = this;
    const code = await caller.ended();
    if (code !== 0) await callee?.stop("SIGKILL");
    else callee?.child.kill("SIGUSR1");
    const account = `${this.account("caller", caller)}\n${this.account("callee", callee)}`;
    assert.equal(code, 0, account);
    if (callee !== undefined) assert.equal(await callee.ended(), 0, this.account("callee", callee));
    rmSync(folder, { recursive: true });
  }

  /** UDP: an end that waits goes on. SIPp takes whatever has the Call-ID, wherever it comes from. */
  async release(end: End): Promise<void> {
    const phone = await Phone.open();
    for (let call = 1; call <= this.count; call++) {
      const text = textMessage(
        "INFO sip:go@on SIP/2.0",
        `Via: SIP/2.0/UDP 127.0.0.1:${phone.port};branch=z9hG4bKgo${call}`,
        "From: <sip:go@on>;tag=go",
        "To: <sip:go@on>",
        `Call-ID: ${callIds.replace("%u", String(call))}`,
        "CSeq: 1 INFO",
        "Content-Length: 0",
      );
      phone.send(text, this.ports[end]);
    }
    await phone.silence();
    phone.close();
  }

  private account(end: End, running: Running | undefined): string {
    const errors = join(this.folder, `${end}.log`);
    return `${end}: ${running?.said ?? "none"}\n${existsSync(errors) ? readFileSync(errors, "utf8") : ""}`;
  }
}

/** All calls of a ladder, from the first to the last. */
export async function callAll(ladder: Ladder, calls: Calls): Promise<void> {
  const running = await SippCalls.start(ladder, calls);
  await running.succeed();
}

function transportOf(end: End, { transport, calleeTransport = transport }: Calls): PlainTransport {
  return end === "caller" ? transport : calleeTransport;
}

function argumentsOf(folder: string, end: End, calls: Calls): readonly string[] {
  const { callee, count = defaultCount, target } = calls;
  const { domain, port } = calls[end];
  return [
    ["-sf", join(folder, `${end}.xml`)],
    ["-i", "127.0.0.1"],
    ["-p", String(port)],
    // One socket for all calls.
    ["-t", transportOf(end, calls) === "udp" ? "u1" : "t1"],
    ["-key", "domain", domain],
    ["-key", "target", target ?? `sip:bob@${callee.domain};transport=${transportOf("callee", calls)}`],
    count === "endless" ? [] : ["-m", String(count)],
    ["-nostdin"],
    ["-cid_str", callIds],
    ["-timeout", `${patience.all}s`, "-timeout_error"],
    ["-recv_timeout", String(1000 * patience.message)],
    ["-trace_err", "-error_file", join(folder, `${end}.log`)],
  ].flat();
}

/** Until it takes calls: Linux shows in /proc what is bound (UDP) or listening (TCP). */
export async function isListening(sipp: Running, transport: PlainTransport, port: number): Promise<void> {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const socket = new RegExp(`: 0100007F:${hex} \\S+ ${transport === "udp" ? "07" : "0A"} `);
  while (!socket.test(readFileSync(`/proc/net/${transport}`, "latin1"))) {
    assert.ok(sipp.running, sipp.said);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
