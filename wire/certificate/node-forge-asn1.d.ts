/** The ASN.1 layer of node-forge, alone: all of it takes three times as long to load, at each start. */
declare module "node-forge/lib/asn1.js" {
  import type forge from "node-forge";

  const asn1: typeof forge.asn1;
  export default asn1;
}
