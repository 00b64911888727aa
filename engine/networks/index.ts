/** The networks of a policy, packed and looked up: for whom the rest of the engine is too much to load. */
export { emptyTable, type HashTable, hashOfNumber, putIn, slotOf } from "./hash-table.ts";
export { indexOf, type NetworkIndex, type Networks } from "./network-index.ts";
export { buffersOfPack, type NetworkPack, PackedNetworks, packNetworks } from "./packed-networks.ts";
