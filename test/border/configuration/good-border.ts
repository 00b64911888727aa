interface GoodListener {
  readonly name: string;
  readonly transport: string;
  readonly address: string;
  readonly port: number;
  readonly host?: string;
}

interface GoodNetwork {
  readonly hops: readonly string[];
  readonly listener?: string;
}

/** A border.json that can be read. */
export const good: {
  readonly policy: string;
  readonly secret: string;
  readonly listeners: readonly [GoodListener, GoodListener];
  readonly networks: { readonly home: GoodNetwork; readonly "open-d": GoodNetwork };
} = {
  policy: "ims.privet",
  secret: "000102030405060708090a0b0c0d0e0f",
  listeners: [
    { name: "inside", transport: "udp", address: "127.0.0.1", port: 5060 },
    { name: "outside", transport: "tcp", address: "::1", port: 5062, host: "edge.home1.example" },
  ],
  networks: {
    home: { hops: ["udp:192.0.2.1"] },
    "open-d": { hops: ["tcp:[2001:DB8::1]:5070", "udp:192.0.2.9:5080"], listener: "outside" },
  },
};
