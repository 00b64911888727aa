/**
 * Name constraints (RFC 5280 4.2.1.10): the names that an authority may certify. DNS, URI,
 * e-mail, directory and IP constraints are judged; a constraint of another kind refuses
 * every certificate that holds a name of that kind.
 */
import { type Certificate, extensionIdentifiers, type GeneralName, readGeneralName } from "./certificate.ts";
import { contextTag, type DerNode, decodeDer, MalformedDer, sequence } from "./der.ts";
import { domainName, sipIdentities } from "./identities.ts";
import { commonNameOf, isWithin, writeName } from "./name.ts";

interface NameConstraints {
  readonly permitted: readonly GeneralName[];
  readonly excluded: readonly GeneralName[];
}

/** More constraints, or more names times constraints, would be an attack on our time. */
const mostConstraints = 1_024;
const mostComparisons = 65_536;

/**
 * Why `authority` may not have issued `certificate`, directly or through others; undefined
 * where it may. Throws `MalformedDer` where its constraints can't be read.
 */
export function constraintBroken(
  authority: Certificate,
  certificate: Certificate,
  of: "leaf" | "authority",
): string | undefined {
  const extension = authority.extensions.get(extensionIdentifiers.nameConstraints);
  if (extension === undefined) return undefined;
  const { permitted, excluded } = readConstraints(decodeDer(extension.value));
  const names = [...namesOf(certificate), ...(of === "leaf" ? identitiesOf(certificate) : [])];
  const constraints = permitted.length + excluded.length;
  if (constraints > mostConstraints || names.length * constraints > mostComparisons) {
    return `the name constraints of ${writeName(authority.subject)} are too many`;
  }
  for (const name of names) {
    const sameKind = permitted.filter((constraint) => isOfKind(constraint, name));
    if (sameKind.length > 0 && !sameKind.some((constraint) => holds(constraint, name, "permitted"))) {
      return `${writeName(authority.subject)} may not certify ${show(name)}`;
    }
    if (excluded.some((constraint) => isOfKind(constraint, name) && holds(constraint, name, "excluded"))) {
      return `${writeName(authority.subject)} may not certify ${show(name)}`;
    }
  }
  return undefined;
}

function readConstraints(node: DerNode): NameConstraints {
  const constraints: { permitted: GeneralName[]; excluded: GeneralName[] } = { permitted: [], excluded: [] };
  const lists = sequence(node, "nameConstraints");
  // RFC 5280 4.2.1.10: it is never empty, nor are its lists.
  if (lists.length === 0) throw new MalformedDer("nameConstraints is empty");
  for (const part of lists) {
    const tag = contextTag(part);
    if ((tag !== 0 && tag !== 1) || !Array.isArray(part.value) || part.value.length === 0) {
      throw new MalformedDer("nameConstraints is malformed");
    }
    for (const subtree of part.value) {
      const [base, ...bounds] = sequence(subtree, "nameConstraints");
      // RFC 5280 4.2.1.10: minimum is 0, so absent in DER, and maximum is absent.
      if (base === undefined || bounds.length > 0) throw new MalformedDer("nameConstraints is malformed");
      (tag === 0 ? constraints.permitted : constraints.excluded).push(
        readGeneralName(base, "nameConstraints"),
      );
    }
  }
  return constraints;
}

/** The names that constraints are laid on (RFC 5280 6.1.3 b, c). */
function namesOf(certificate: Certificate): GeneralName[] {
  const names: GeneralName[] = [...(certificate.alternativeNames ?? [])];
  if (certificate.subject.parts.length > 0) names.push({ kind: "directory", name: certificate.subject });
  return names;
}

/**
 * Beyond RFC 5280: the domain of a sip URI, and a common name that counts as one, are DNS
 * names to us (RFC 5922 7.1), so an authority that is held to DNS names is held in these too.
 */
function identitiesOf({ alternativeNames, subject }: Certificate): GeneralName[] {
  const identities = sipIdentities({
    uris: (alternativeNames ?? []).flatMap((name) => (name.kind === "uri" ? [name.value] : [])),
    dns: [],
    hasSubjectAltName: alternativeNames !== undefined,
    commonName: commonNameOf(subject),
  });
  return identities.map((value) => ({ kind: "dns", value }));
}

const isOfKind = (constraint: GeneralName, name: GeneralName): boolean =>
  constraint.kind === name.kind &&
  (constraint.kind !== "other" || name.kind !== "other" || constraint.tag === name.tag);

type List = "permitted" | "excluded";

/** A name that can't be judged is outside of what is permitted and inside of what is excluded. */
function holds(constraint: GeneralName, name: GeneralName, list: List): boolean {
  const judged = judge(constraint, name, list);
  return judged ?? list === "excluded";
}

function judge(constraint: GeneralName, name: GeneralName, list: List): boolean | undefined {
  if (constraint.kind === "dns" && name.kind === "dns")
    return isDomainWithin(name.value, constraint.value, list);
  if (constraint.kind === "uri" && name.kind === "uri") return isUriWithin(name.value, constraint.value);
  if (constraint.kind === "address" && name.kind === "address") {
    return isAddressWithin(name.value, constraint.value);
  }
  if (constraint.kind === "email" && name.kind === "email")
    return isMailboxWithin(name.value, constraint.value);
  if (constraint.kind === "directory" && name.kind === "directory")
    return isWithin(name.name, constraint.name);
  return undefined;
}

const isPlain = (name: string): boolean => /^[!-~]*$/.test(name);

/**
 * The constraint's labels are the last labels of the name. A wildcard stands for no other
 * name to us, but it does to others, so it may not reach into what is excluded.
 */
function isDomainWithin(name: string, constraint: string, list: List): boolean | undefined {
  const wild = name.startsWith("*.");
  const domain = domainName(wild ? name.slice(2) : name);
  if (domain === undefined || name.endsWith(".")) return undefined;
  if (constraint === "") return true;
  const under = domainName(constraint);
  if (under === undefined) return undefined;
  const reaches = wild && list === "excluded" && under.endsWith(`.${domain}`);
  return reaches || domain === under || domain.endsWith(`.${under}`);
}

/**
 * A constraint with a dot in front stands for the hosts below it, one without for that host. A
 * URI without authority, such as every sip URI, can't be judged: the RFC wants it refused.
 */
function isUriWithin(uri: string, constraint: string): boolean | undefined {
  if (!isPlain(uri) || !isPlain(constraint)) return undefined;
  const authority = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@]+)(?::\d*)?(?:[/?#]|$)/i.exec(uri);
  const host = authority?.[1]?.toLowerCase();
  if (host === undefined || !host.includes(".") || /\.\d+$/.test(host)) return undefined;
  const domain = constraint.toLowerCase();
  return domain.startsWith(".") ? host.endsWith(domain) : host === domain;
}

/** One mailbox, all of a host, or, with a dot in front, all of the hosts below a domain. */
function isMailboxWithin(mailbox: string, constraint: string): boolean | undefined {
  const at = mailbox.lastIndexOf("@");
  if (at < 1 || mailbox.indexOf("@") !== at || !isPlain(mailbox) || !isPlain(constraint)) return undefined;
  const host = mailbox.slice(at + 1).toLowerCase();
  const constraintAt = constraint.lastIndexOf("@");
  const constraintHost = constraint.slice(constraintAt + 1).toLowerCase();
  if (constraintAt >= 0) {
    return host === constraintHost && mailbox.slice(0, at) === constraint.slice(0, constraintAt);
  }
  return constraintHost.startsWith(".") ? host.endsWith(constraintHost) : host === constraintHost;
}

/** The constraint is an address and a mask of the same length (RFC 4632 3.1). */
function isAddressWithin(address: string, constraint: string): boolean | undefined {
  if (constraint.length !== 8 && constraint.length !== 32) return undefined;
  const { length } = address;
  if (length !== 4 && length !== 16) return undefined;
  if (constraint.length !== length * 2) return false;
  for (let at = 0; at < length; at++) {
    const difference = address.charCodeAt(at) ^ constraint.charCodeAt(at);
    if ((difference & constraint.charCodeAt(length + at)) !== 0) return false;
  }
  return true;
}

function show(name: GeneralName): string {
  switch (name.kind) {
    case "directory":
      return writeName(name.name);
    case "address":
      return "an IP address";
    case "other":
      return "a name of an unknown kind";
    default:
      return name.value;
  }
}
