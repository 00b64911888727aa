/** Networks, partners, trust, transit and what is published. */
import type { Phrase } from "../reading/sentence.ts";
import type {
  NetworkItem,
  NetworkStatement,
  PublishItem,
  PublishStatement,
  Span,
  TransitStatement,
  TrustStatement,
} from "../syntax.ts";
import { readGuard } from "./conditions.ts";
import {
  type Findings,
  readAddress,
  readCount,
  readMoment,
  readName,
  readNames,
  readText,
  readWhos,
} from "./leaves.ts";
import { choiceOf, manyAt, maybeAt, membersOf, phraseAt, spanOf, tokenAt, tokenOf } from "./phrase.ts";

export function readNetwork(network: Phrase, span: Span, findings: Findings): NetworkStatement {
  return {
    kind: network.rule === "partner" ? "partner" : "network",
    name: readName(phraseAt(network, 1)),
    items: manyAt(network, 3).map((item) => readItem(choiceOf(item), findings)),
    span,
  };
}

function readItem(item: Phrase, findings: Findings): NetworkItem {
  const span = spanOf(item);
  switch (item.rule) {
    case "own":
      return { kind: "own", span };
    case "shares_host":
      return { kind: "shares-host", span };
    case "tls_required":
      return { kind: "tls-required", span };
    case "domain":
    case "listener":
    case "authority":
    case "revocation":
      return { kind: item.rule, text: readText(phraseAt(item, 1), findings), span };
    case "within":
      return { kind: "address", address: readAddress(phraseAt(item, 1), findings), span };
    case "own_option":
      return { kind: "option", name: readName(phraseAt(item, 1)), value: readName(phraseAt(item, 3)), span };
    case "agreement":
      return {
        kind: "agreement",
        name: readText(phraseAt(item, 1), findings),
        from: readMoment(phraseAt(item, 3), findings),
        to: readMoment(phraseAt(item, 5), findings),
        span,
      };
    case "extended_key_usage":
      return { kind: "extended-key-usage", usage: readName(phraseAt(item, 1)), span };
    default:
      throw new Error(`no reader for ${item.rule}`);
  }
}

export function readTrust(trust: Phrase, span: Span, findings: Findings): TrustStatement {
  const direction = maybeAt(trust, 2);
  const fields = maybeAt(trust, 3);
  const word = direction && tokenOf(direction).text;
  return {
    kind: "trust",
    who: readWhos(phraseAt(trust, 1)),
    direction: word === "incoming" || word === "outgoing" ? word : "both",
    fields: fields && readNames(phraseAt(fields, 1)),
    guards: manyAt(trust, 4).map((guard) => readGuard(guard, findings)),
    span,
  };
}

export function readTransit(transit: Phrase, span: Span, findings: Findings): TransitStatement {
  return {
    kind: "transit",
    from: readWhos(phraseAt(transit, 2)),
    to: readWhos(phraseAt(transit, 4)),
    guards: manyAt(transit, 5).map((guard) => readGuard(guard, findings)),
    span,
  };
}

export function readPublish(publish: Phrase, span: Span, findings: Findings): PublishStatement {
  return {
    kind: "publish",
    domain: readText(phraseAt(publish, 1), findings),
    items: manyAt(publish, 3).map((item) => readPublished(choiceOf(item), findings)),
    span,
  };
}

/** Port, priority and weight have 16 bits (RFC 2782), a TTL has 31 (RFC 2181 8). */
const sixteenBits = 65_535;
const thirtyOneBits = 2_147_483_647;

function readPublished(item: Phrase, findings: Findings): PublishItem {
  const span = spanOf(item);
  switch (item.rule) {
    case "ttl":
      return { kind: "ttl", seconds: readCount(phraseAt(item, 1), findings, thirtyOneBits), span };
    case "host":
      return {
        kind: "host",
        name: readText(phraseAt(item, 1), findings),
        addresses: membersOf(phraseAt(item, 3)).map((address) => readAddress(address, findings)),
        span,
      };
    default: {
      const transport = tokenAt(item, 0).text;
      return {
        kind: "service",
        transport: transport === "tls" || transport === "tcp" ? transport : "udp",
        host: readText(phraseAt(item, 1), findings),
        port: readCount(phraseAt(item, 3), findings, sixteenBits),
        priority: readCount(phraseAt(item, 5), findings, sixteenBits),
        weight: readCount(phraseAt(item, 7), findings, sixteenBits),
        span,
      };
    }
  }
}
