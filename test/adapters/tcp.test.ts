import { once } from "node:events";
import { connect } from "node:net";
import { TcpAdapter } from "../../adapters/index.ts";
import { describeAdapter } from "./behaviour.ts";
import { describeStream } from "./stream-behaviour.ts";

describeAdapter({
  transport: "tcp",
  listener: (host, port = 0) => new TcpAdapter({ listener: "outside", host, port }),
  opener: () => new TcpAdapter({}),
});

describeStream({
  transport: "tcp",
  listener: (times = {}, connections = 100) =>
    new TcpAdapter({ listener: "outside", host: "127.0.0.1", times, connections }),
  dial: async (port) => {
    const socket = connect({ host: "127.0.0.1", port });
    await once(socket, "connect");
    return { socket, below: socket };
  },
});
