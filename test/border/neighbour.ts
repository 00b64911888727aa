/** What stands beside a border in its tests. */
import assert from "node:assert/strict";
import type { AdapterEvent, Connection, TcpAdapter, TlsAdapter, UdpAdapter } from "../../adapters/index.ts";

/** One end of the border's connections; whatever comes is kept. */
export class Neighbour {
  readonly messages: { readonly text: string; readonly connection: Connection }[] = [];
  readonly connections: Set<Connection> = new Set<Connection>();
  readonly adapter: TcpAdapter | TlsAdapter | UdpAdapter;

  constructor(adapter: TcpAdapter | TlsAdapter | UdpAdapter) {
    this.adapter = adapter;
    adapter.events$.subscribe((event: AdapterEvent) => {
      if (event.kind === "handshake") event.allow();
      else if (event.kind === "opened") this.connections.add(event.connection);
      else if (event.kind === "closed") this.connections.delete(event.connection);
      else if (event.kind === "received")
        this.messages.push({
          text: Buffer.from(event.bytes).toString("latin1"),
          connection: event.connection,
        });
    });
  }

  get port(): number {
    return this.adapter.address!.port;
  }

  async next(): Promise<{ readonly text: string; readonly connection: Connection }> {
    for (const end = Date.now() + 10_000; Date.now() < end; ) {
      const first = this.messages.shift();
      if (first !== undefined) return first;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error("nothing came");
  }
}

export async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 10_000; Date.now() < end; ) {
    if (holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail("never came about");
}
