/** Processes of their own that accept TLS connections, so that nobody's garbage and nobody's heap is on another's clock. */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Shown } from "./dialler.ts";

/** PEM. */
export interface AcceptorSetup {
  /** Plain Node; our adapter whose judge admits everybody; our adapter with the policy, among so many partners. */
  readonly kind: "plain" | "admits all" | number;
  readonly identity: Shown;
  readonly authorities: readonly string[];
  /** Judged until the compiler is done: in service a border has seen many. */
  readonly warmUps: readonly string[];
}

/** What the process answers to its setup. */
interface Listening {
  readonly port: number;
}

/** What it answers to any other message. */
export interface Account {
  /** Handshakes, since the start. */
  readonly accepted: number;
  /** Microseconds of processor time, of all its threads. */
  readonly spent: number;
}

export class Acceptor {
  readonly name: string;
  readonly port: number;
  private readonly child: ChildProcess;

  private constructor(name: string, port: number, child: ChildProcess) {
    this.name = name;
    this.port = port;
    this.child = child;
  }

  static async start(name: string, setup: AcceptorSetup): Promise<Acceptor> {
    const child = fork(fileURLToPath(new URL("acceptor-main.js", import.meta.url)));
    child.send(setup);
    const [listening]: Listening[] = await once(child, "message");
    assert.ok(listening !== undefined);
    return new Acceptor(name, listening.port, child);
  }

  async account(): Promise<Account> {
    const answer = once(this.child, "message");
    this.child.send("account");
    const [account]: Account[] = await answer;
    assert.ok(account !== undefined);
    return account;
  }

  stop(): void {
    this.child.disconnect();
  }
}
