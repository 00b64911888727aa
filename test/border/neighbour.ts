/** What stands beside a border in its tests. */
import type { AdapterEvent, Connection, TcpAdapter, TlsAdapter, UdpAdapter } from "../../adapters/index.ts";
import { found } from "../until.ts";

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
    return found(() => this.messages.shift(), "a message");
  }
}
