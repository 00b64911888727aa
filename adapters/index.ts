export type {
  Adapter,
  AdapterEvent,
  Closed,
  Connection,
  HandshakeArrival,
  Opened,
  Received,
  Target,
  Unframeable,
} from "./adapter.ts";
export type { Admission } from "./admission.ts";
export type { NameServer } from "./dns/name-server.ts";
export { Resolver, type ResolverEvent, type ResolverSettings } from "./dns/resolver.ts";
export {
  type DropCause,
  Responder,
  type ResponderAddress,
  type ResponderEvent,
  type ResponderSettings,
} from "./dns/responder.ts";
export { TlsIdentities, type TlsIdentity } from "./profile/index.ts";
export type { StreamTimes } from "./stream.ts";
export type { StreamOptions } from "./stream-socket.ts";
export { TcpAdapter, type TcpOptions } from "./tcp.ts";
export { TlsAdapter, type TlsOptions } from "./tls.ts";
export { UdpAdapter, type UdpOptions } from "./udp.ts";
