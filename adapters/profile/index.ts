/** Our certificates and what is offered with them: checked where nothing is carried yet. */
export { TlsIdentities, type TlsIdentity } from "./tls-profile.ts";
