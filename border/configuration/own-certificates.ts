/** What is wrong with the certificates that our own listeners show: they are sent, and partners check them. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import { TlsIdentities } from "../../adapters/profile/index.ts";
import { readCertificate, readPem, sipIdentities, usageIdentifiers } from "../../wire/certificate/index.ts";
import { canonicalAddress } from "../routing/ip-address.ts";
import type { FileMistake } from "./border-json.ts";
import { type ListenerSettings, type OwnCertificate, ownCertificates } from "./configuration.ts";
import type { ConfigurationFindings } from "./configuration-check.ts";
import { kindOfKey } from "./key-kind.ts";
import { dateOf, endsSoon, flawsOfChain } from "./own-chain.ts";

/**
 * `path` is that of border.json, for the places. `running`: listeners of the border that would
 * take them over. A certificate that they show already may have expired: a new version is not
 * refused for what stays as it is.
 */
export function checkOwnCertificates(
  path: string,
  listeners: readonly ListenerSettings[],
  now: number,
  running: readonly ListenerSettings[] = [],
): ConfigurationFindings {
  const shown = new Set(running.flatMap(ownCertificates).map(keyOf));
  const checks = listeners.map((settings, index) => {
    const check = new ListenerCheck(`${path} /listeners/${index}`, settings, now, shown);
    if (settings.transport === "tls") check.run();
    return check;
  });
  return {
    mistakes: checks.flatMap(({ mistakes }) => mistakes),
    warnings: checks.flatMap(({ warnings }) => warnings),
  };
}

class ListenerCheck {
  readonly mistakes: FileMistake[] = [];
  readonly warnings: FileMistake[] = [];
  private readonly place: string;
  private readonly settings: ListenerSettings;
  private readonly now: number;
  /** `keyOf` those of the border that runs. */
  private readonly shown: ReadonlySet<string>;
  private readonly own: readonly OwnCertificate[];
  /** Identities of each that can be read (RFC 5922 7.1). */
  private readonly identities = new Map<OwnCertificate, readonly string[]>();
  private kind: string | undefined;

  constructor(place: string, settings: ListenerSettings, now: number, shown: ReadonlySet<string>) {
    this.place = place;
    this.settings = settings;
    this.now = now;
    this.shown = shown;
    this.own = ownCertificates(settings);
  }

  run(): void {
    const domains = new Map<string, string>();
    for (const [index, own] of this.own.entries()) {
      const place = this.placeOf(index);
      this.checkOne(place, own);
      if (index === 0 && this.settings.certificate !== undefined) continue;
      for (const domain of own.host === undefined ? own.domains : [...own.domains, own.host]) {
        const earlier = domains.get(domain);
        domains.set(domain, place);
        if (earlier === undefined && own.domains.includes(domain)) this.checkNames(place, own, domain);
        else if (earlier !== undefined && earlier !== place)
          this.mistake(
            `${place}/${own.domains.includes(domain) ? "domains" : "host"}`,
            `${domain} has a certificate already`,
            `leave one of them: ${earlier}`,
          );
      }
    }
    this.checkHosts();
    if (this.mistakes.length === 0) this.checkUse();
  }

  /** Whoever shows them says it: nobody else knows all that its library refuses, such as the rest of a chain. */
  private checkUse(): void {
    try {
      void new TlsIdentities(
        this.own.map(({ domains, certificate, key }) => ({ domains, certificate, privateKey: key })),
      );
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      const remedy = "give certificates and the keys that belong to them, each as a whole PEM file";
      this.mistake(this.place, `certificate and key can't be used: ${cause}`, remedy);
    }
  }

  private placeOf(index: number): string {
    if (this.settings.certificate === undefined) return `${this.place}/certificates/${index}`;
    return index === 0 ? this.place : `${this.place}/certificates/${index - 1}`;
  }

  private checkOne(place: string, own: OwnCertificate): void {
    const at = `${place}/certificate`;
    const chain = readPem(own.certificate);
    const [leaf] = chain;
    if (leaf === undefined) {
      this.mistake(at, "there is no certificate in it", "give a file with -----BEGIN CERTIFICATE-----");
      return;
    }
    const facts = readCertificate(leaf);
    if (facts.unreadable !== undefined) {
      this.mistake(at, `the certificate can't be read: it ${facts.unreadable}`, "have another one made");
      return;
    }
    this.identities.set(own, sipIdentities(facts));
    this.checkDates(at, own, facts);
    this.checkKey(place, own, leaf);
    for (const { cause, remedy } of flawsOfChain(chain, this.now)) this.warn(at, cause, remedy);
    if (facts.usages !== undefined && !facts.usages.includes(usageIdentifiers.sipDomain)) {
      this.warn(
        at,
        "its extended key usage lacks sipDomain: partners that keep RFC 5924 5 refuse it",
        "have one made with id-kp-sipDomain, or without the extension",
      );
    }
  }

  private checkDates(
    place: string,
    own: OwnCertificate,
    { notBefore, notAfter }: { readonly notBefore: number; readonly notAfter: number },
  ): void {
    const { now } = this;
    const remedy = "have a new one made";
    // RFC 5280 4.1.2.5: valid through the second of notAfter.
    if (now >= notAfter + 1_000) {
      const cause = `it has expired on ${dateOf(notAfter)}: no partner takes it`;
      if (this.shown.has(keyOf(own))) this.warn(place, cause, remedy);
      else this.mistake(place, cause, remedy);
    } else if (now < notBefore) {
      this.mistake(place, `it is not valid before ${dateOf(notBefore)}`, "look at the clock, or wait");
    } else if (notAfter - now < endsSoon) {
      this.warn(place, `it ends on ${dateOf(notAfter)}`, remedy);
    }
  }

  private checkKey(place: string, own: OwnCertificate, leaf: Uint8Array): void {
    const at = `${place}/key`;
    const kind = kindOfKey(leaf);
    this.kind ??= kind;
    if (kind !== this.kind) {
      this.mistake(
        at,
        `a key of the kind ${kind}, beside one of the kind ${this.kind}: the peer would choose the certificate by it`,
        "use keys of one kind at a listener",
      );
    }
    if (this.shown.has(keyOf(own))) return;
    try {
      if (new X509Certificate(leaf).checkPrivateKey(createPrivateKey(own.key))) return;
      const remedy = `give the key that ${place}/certificate was made for`;
      this.mistake(at, "the key does not fit the certificate", remedy);
    } catch (error) {
      const cause = `the key can't be read (${error instanceof Error ? error.message : String(error)})`;
      this.mistake(at, cause, "give a PEM file with a private key, without a passphrase");
    }
  }

  private checkNames(place: string, own: OwnCertificate, domain: string): void {
    const names = this.identities.get(own);
    if (names === undefined || names.includes(domain)) return;
    this.warn(
      `${place}/certificate`,
      `it names ${namesText(names)}, not ${domain}: who asks for ${domain} refuses it (RFC 5922 7.1)`,
      `have one made with the alternative name URI:sip:${domain}`,
    );
  }

  /** They stand in Record-Route: who follows that compares them with the certificate (RFC 5922 7.5). */
  private checkHosts(): void {
    this.checkHost();
    for (const [index, own] of this.own.entries()) {
      const names = this.identities.get(own);
      if (own.host === undefined || names === undefined || names.includes(own.host)) continue;
      this.warn(
        `${this.placeOf(index)}/host`,
        `the certificate names ${namesText(names)}, not the host ${own.host} of Via and Record-Route (RFC 5922 7.5)`,
        "have one made that names it, or write a host that it names",
      );
    }
  }

  private checkHost(): void {
    const host = this.settings.host.toLowerCase();
    const own = this.own.find(({ domains }) => domains.includes(host)) ?? this.own[0];
    const names = own === undefined ? undefined : this.identities.get(own);
    if (own === undefined || names === undefined || names.includes(host)) return;
    const isTold = this.settings.certificate === undefined && own.domains.includes(host);
    if (isTold) return;
    const isAddress = canonicalAddress(host) !== undefined;
    this.warn(
      `${this.place}${this.settings.host === this.settings.address ? "" : "/host"}`,
      `the certificate names ${namesText(names)}, not the host ${host} of Via and Record-Route (RFC 5922 7.5)`,
      isAddress
        ? `write "host": "${names[0] ?? "home1.example"}"`
        : "have one made that names it, or write a host that it names",
    );
  }

  private mistake(place: string, cause: string, remedy: string): void {
    this.mistakes.push({ place, cause, remedy });
  }

  private warn(place: string, cause: string, remedy: string): void {
    this.warnings.push({ place, cause, remedy });
  }
}

const namesText = (names: readonly string[]): string =>
  names.length === 0 ? "no SIP domain" : names.join(", ");

const keyOf = ({ certificate, key }: OwnCertificate): string => certificate + key;
