/**
 * The words of `tls`: versions, suites and groups by their IANA names, one row each with a
 * line of documentation and its source. What is not in these tables can't be written, and
 * what exists and is kept out is told why. How a library calls them is the adapters' matter.
 */
import type { TlsProfile } from "./model.ts";

export type TlsVersion = "1.2" | "1.3";

/** Newest first, whatever the order in a policy: TLS takes the newest that both sides offer. */
export const tlsVersions: readonly TlsVersion[] = ["1.3", "1.2"];

export interface TlsSuiteRow {
  readonly name: string;
  readonly version: TlsVersion;
  /** With whose certificate it goes; undefined: any, as TLS 1.3 settles signatures apart (RFC 8446 4.2.3). */
  readonly key?: "ECDSA" | "RSA";
  readonly doc: string;
  readonly source: string;
}

// biome-ignore format: a table reads best with one row a line
export const tlsSuiteRows: readonly TlsSuiteRow[] = [
  { name: "TLS_AES_256_GCM_SHA384", version: "1.3", doc: "AES-GCM, 256 bits", source: "RFC 8446 9.1, B.4" },
  { name: "TLS_AES_128_GCM_SHA256", version: "1.3", doc: "AES-GCM, 128 bits; every TLS 1.3 peer has it", source: "RFC 8446 9.1, B.4" },
  { name: "TLS_CHACHA20_POLY1305_SHA256", version: "1.3", doc: "ChaCha20-Poly1305, 256 bits", source: "RFC 8446 9.1, B.4" },
  { name: "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", version: "1.2", key: "ECDSA", doc: "AES-GCM, 256 bits", source: "RFC 5289 3.2, RFC 9325 4.2" },
  { name: "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", version: "1.2", key: "RSA", doc: "AES-GCM, 256 bits", source: "RFC 5289 3.2, RFC 9325 4.2" },
  { name: "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", version: "1.2", key: "ECDSA", doc: "AES-GCM, 128 bits", source: "RFC 5289 3.2, RFC 9325 4.2" },
  { name: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", version: "1.2", key: "RSA", doc: "AES-GCM, 128 bits", source: "RFC 5289 3.2, RFC 9325 4.2" },
  { name: "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", version: "1.2", key: "ECDSA", doc: "ChaCha20-Poly1305, 256 bits; not in the default", source: "RFC 7905 2" },
  { name: "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", version: "1.2", key: "RSA", doc: "ChaCha20-Poly1305, 256 bits; not in the default", source: "RFC 7905 2" },
];

export interface TlsGroupRow {
  readonly name: string;
  /** What others call it. */
  readonly aliases: readonly string[];
  readonly doc: string;
  readonly source: string;
}

// biome-ignore format: a table reads best with one row a line
export const tlsGroupRows: readonly TlsGroupRow[] = [
  { name: "x25519", aliases: ["curve25519"], doc: "Curve25519", source: "RFC 8446 9.1, RFC 7748" },
  { name: "secp256r1", aliases: ["P-256", "prime256v1"], doc: "NIST P-256; every TLS 1.3 peer has it", source: "RFC 8446 9.1" },
  { name: "secp384r1", aliases: ["P-384"], doc: "NIST P-384", source: "TS 33.210 6.2.2" },
  { name: "secp521r1", aliases: ["P-521"], doc: "NIST P-521; not in the default", source: "RFC 8446 4.2.7" },
  { name: "x448", aliases: ["curve448", "ed448"], doc: "Curve448; not in the default", source: "RFC 8446 4.2.7, RFC 7748" },
];

/** What a policy offers that says nothing (TS 33.210 6.2; RFC 9325 4.2). */
export const defaultTlsProfile: TlsProfile = Object.freeze({
  versions: tlsVersions,
  suites: Object.freeze([
    "TLS_AES_256_GCM_SHA384",
    "TLS_AES_128_GCM_SHA256",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  ]),
  groups: Object.freeze(["x25519", "secp256r1", "secp384r1"]),
  origin: undefined,
});

type Reasons = readonly (readonly [pattern: RegExp, reason: string])[];

const noForwardSecrecy = "it has no forward secrecy (RFC 9325 4.1)";

/** Names of the IANA registry that no row above has; the first pattern tells the reason. */
const suitesKeptOut: Reasons = [
  [/_anon_/, "neither side proves who it is (RFC 5246 A.5)"],
  [/_NULL|^TLS_SHA(256|384)_/, "it does not encrypt (RFC 9325 4.1)"],
  [/RC4/, "RC4 is broken (RFC 7465)"],
  [/EXPORT|DES|RC2/, "it has less than 128 bits of security (RFC 9325 4.1)"],
  [/^TLS_(RSA|DH|ECDH|KRB5)_/, noForwardSecrecy],
  [/^TLS_PSK_WITH_/, noForwardSecrecy],
  [/PSK|SRP|ECCPWD/, "it shows no certificate, and a partner is known by one (RFC 5922 7)"],
  [/^TLS_DHE_|^TLS_PSK_DHE_/, "it agrees on keys in a finite field (RFC 9325 4.1)"],
  [/CBC|IDEA|SEED/, "it is no AEAD (RFC 9325 4.2)"],
  [/CCM_8/, "its authentication tag is shortened to 8 bytes (RFC 6655)"],
  [/./, "RFC 9325 4.2 does not recommend it"],
];

/** How the registry builds names for TLS 1.2 and before, and the other names for TLS 1.3. */
const registeredSuite = new RegExp(
  `^TLS_(?:${[
    "(?:NULL|RSA|DH_DSS|DH_RSA|DHE_DSS|DHE_RSA|DH_anon|ECDH_ECDSA|ECDHE_ECDSA|ECDH_RSA|ECDHE_RSA|ECDH_anon",
    "|KRB5|PSK|PSK_DHE|DHE_PSK|RSA_PSK|ECDHE_PSK|SRP_SHA|SRP_SHA_RSA|SRP_SHA_DSS|ECCPWD)(?:_EXPORT)?_WITH_",
    "(?:NULL|RC4_(?:40|128)|RC2_CBC_40|IDEA_CBC|SEED_CBC|DES40_CBC|DES_CBC|DES_CBC_40|3DES_EDE_CBC",
    "|(?:AES|CAMELLIA|ARIA)_(?:128|256)_(?:CBC|GCM|CCM|CCM_8)|CHACHA20_POLY1305)(?:_(?:NULL|MD5|SHA|SHA256|SHA384))?",
    "|AES_128_CCM_SHA256|AES_128_CCM_8_SHA256|SHA256_SHA256|SHA384_SHA384)$",
  ].join("")}`,
);

const groupsKeptOut: Reasons = [
  [/^ffdhe(2048|3072|4096|6144|8192)$/, "it agrees on keys in a finite field (RFC 9325 4.1)"],
  [
    /^(sect(163k1|163r1|163r2|193r1|193r2|233k1|233r1|239k1|283k1|283r1|409k1|409r1|571k1|571r1)|secp(160k1|160r1|160r2|192k1|192r1|224k1|224r1|256k1))$/,
    "no TLS peer should offer it any more (RFC 8422 5.1.1)",
  ],
  [
    /^brainpoolP(256|384|512)r1(tls13)?$|^(X25519|SecP256r1|SecP384r1)MLKEM(768|1024)$|^MLKEM(512|768|1024)$/,
    "the TLS library of this border does not have it in both roles and versions",
  ],
];

const versionsKeptOut: Reasons = [[/^1\.[01]$/, "it must not be used any more (RFC 8996)"]];

export type TlsKind = "version" | "suite" | "group";

/** Why a name that exists is not in the tables above; undefined where nothing has that name. */
export function whyKeptOut(kind: TlsKind, name: string): string | undefined {
  if (kind === "suite" && !registeredSuite.test(name)) return undefined;
  const reasons = { version: versionsKeptOut, suite: suitesKeptOut, group: groupsKeptOut }[kind];
  return reasons.find(([pattern]) => pattern.test(name))?.[1];
}

/** The name by which the tables have what others call so: `P-256`, `ECDHE-RSA-AES128-GCM-SHA256`. */
export function registeredName(kind: TlsKind, name: string): string | undefined {
  if (kind === "version") return undefined;
  if (kind === "group") {
    const lower = name.toLowerCase();
    return tlsGroupRows.find(({ aliases }) => aliases.some((alias) => alias.toLowerCase() === lower))?.name;
  }
  const letters = lettersOf(name);
  return tlsSuiteRows.find((row) => [letters, `${letters}SHA256`].includes(lettersOf(row.name)))?.name;
}

/** Without what OpenSSL and IANA write differently. */
const lettersOf = (name: string): string =>
  name
    .toUpperCase()
    .replace(/^TLS_|_WITH_/g, "")
    .replaceAll(/[^A-Z0-9]/g, "");
