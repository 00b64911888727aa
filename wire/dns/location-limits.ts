/** What one location may cost: 1 NAPTR, the SRV of some services, two families of some servers. */
export const locationLimits = {
  /** NAPTR records whose SRV is asked for. */
  services: 4,
  /** Servers of SRV records, in their order. */
  servers: 8,
  /** Of one server and family. */
  addresses: 8,
  /** In all. */
  targets: 32,
} as const;
