/** Trust, as far as it is asked for without an engine. */
export { defaultTlsProfile } from "../../grammar/index.ts";
export type { TlsProfile } from "../../grammar/model.ts";
export { newestVersion, sameOffer } from "./tls-offer.ts";
export { isNamed } from "./who.ts";
