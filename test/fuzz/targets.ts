/** The targets by their names. */
import { dnsTarget } from "./dns-target.ts";
import { sipTarget } from "./sip-target.ts";
import type { FuzzTarget } from "./target.ts";
import { zoneTarget } from "./zone-target.ts";

export const targets: ReadonlyMap<string, FuzzTarget> = new Map([
  ["sip", sipTarget],
  ["dns", dnsTarget],
  ["zone", zoneTarget],
]);
