/** Zones made to hurt: what of DNS can be long, wrong, circular or missing. */

const head = (ttl = 300): string => `$TTL ${ttl}
@ SOA ns hostmaster 1 3600 600 86400 60
@ NS ns
ns A 127.0.0.1
`;

/** Aliases `name0` → `name1` → …, the last of which leads to the target. */
const chain = (name: string, length: number, target: string): string =>
  Array.from({ length }, (_, i) => `${name}${i} CNAME ${i + 1 < length ? `${name}${i + 1}` : target}`).join(
    "\n",
  );

/** A label of 60 bytes. */
const long = (i: number): string => `edge-${String(i).padStart(3, "0")}-${"x".repeat(51)}`;
const many = 60;

const list = (line: (i: number) => string): string =>
  Array.from({ length: many }, (_, i) => line(i)).join("\n");

/** `hurt.test`. */
export const hurtZone: string = `${head()}
@ NAPTR 10 0 "s" "SIPS+D2T" "" _sips._tcp
@ NAPTR 20 0 "s" "SIP+D2T" "" _sip._tcp
_sips._tcp SRV 0 0 5061 edge
_sip._tcp SRV 0 0 5060 edge
edge A 192.0.2.61
edge AAAA 2001:db8::61

loop0 CNAME loop1
loop1 CNAME loop0
self CNAME self
${chain("three", 3, "edge")}
${chain("eight", 8, "edge")}
${chain("twelve", 12, "edge")}
abroad CNAME edge.other.test.
nowhere CNAME nobody

; More than 4,000 bytes of each.
${list((i) => `_sip._udp.big SRV ${i} 0 5060 ${long(i)}`)}
${list((i) => `${long(i)} A 192.0.2.${i + 1}`)}
${list((i) => `big NAPTR ${i + 1} 0 "u" "E2U+x-${i}" "!^.*$!sip:${"x".repeat(60)}@open-d.example!" .`)}
big NAPTR 100 0 "s" "SIP+D2U" "" _sip._udp.big

; Delegated to a server that doesn't answer for it.
lame NS ns.lame
ns.lame A 127.0.0.1

_sip._udp.closed SRV 0 0 0 .
_sip._udp.aliased SRV 0 0 5060 alias
alias CNAME edge
_sip._udp.lost SRV 0 0 5060 nobody
text TXT "neither address nor service"
zero 0 A 192.0.2.70
*.wild A 192.0.2.80
*.wild SRV 0 0 5080 edge
`;

/** `other.test`. */
export const otherZone: string = `${head()}
edge A 192.0.2.99
${chain("ten", 10, "edge")}
`;
