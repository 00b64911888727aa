/** A process of its own that opens TLS connections, so that the client's half of a handshake is not on our clock. */
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

/** A certificate with its key, PEM. */
export interface Shown {
  readonly certificate: string;
  readonly privateKey: string;
}

/** So many connections, some at a time; each one is ended by the client and by the server before the next begins. */
export interface Dialling {
  readonly port: number;
  /** One connection for each, without resumption. */
  readonly shows: readonly Shown[];
  readonly atATime: number;
  /** Sent once the channel stands; a final response must come. None: the connection is ended at once. */
  readonly request?: string | undefined;
}

/** What the process answers. */
export interface Dialled {
  /** Connections that did not come about as they should: why. */
  readonly failures: readonly string[];
}

export class Dialler {
  private readonly child: ChildProcess = fork(fileURLToPath(new URL("dialler-main.js", import.meta.url)));

  async dial(dialling: Dialling): Promise<void> {
    const answer = once(this.child, "message");
    this.child.send(dialling);
    const [dialled]: Dialled[] = await answer;
    assert.deepEqual(dialled!.failures, []);
  }

  stop(): void {
    this.child.disconnect();
  }
}
