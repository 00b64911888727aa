/** P3xxx: what a policy means. */
import type { CatalogueRow } from "../diagnostics.ts";

function error(message: string, help: string): CatalogueRow {
  return { severity: "error", message, help };
}

export const meaningRows: Readonly<Record<string, CatalogueRow>> = {
  P3001: error(
    "this condition can't hold",
    "take it out, or say `or` where you said `and`: no message meets all of it",
  ),
  P3002: error(
    "`{rule}` and `{other}` set {node} to different values",
    "let only one of the two apply, with `when` or `unless`",
  ),
  P3003: error("`{field}`{word} can't be removed: a message without it is none", "leave it in the message"),
  P3004: error("`{field}` is {shape}: it has no `{part}`", "test or edit a part that the field has"),
  P3005: error("`{test}` is a test of a host, and `{part}` is none", "ask `host of FIELD is {test} …`"),
  P3006: error(
    "the option `{option}` is not yes or no, but one of {values}",
    "say which: `option {option} is VALUE`",
  ),
  P3007: error("`{field}` is {shape}: it has no {what}", "name a field that has them"),
  P3008: error("`{form}` says nothing {where}", "move the condition to where it has an answer"),
  P3009: error(
    "at the in gate nobody knows yet who the message goes to",
    "say `to` behind `on`: the rule then stands at the out gate",
  ),
  P3010: error("`{form}` has no place {where}", "move it"),
  P3011: error(
    "this range of dates is empty",
    "the first date comes before the last; the last day is included",
  ),
  P3012: error("the agreement `{agreement}` ends before it begins", "exchange the dates"),
  P3013: error("this removes what every message needs: {fields}", "add the fields behind `except`"),
  P3014: error(
    "`{field}` has no anonymous form",
    "nothing can stand in its place: decide whether it stays or goes",
  ),
  P3015: error("`{field}` can't be concealed", "only fields that come back to us can be sealed as a token"),
  P3016: error(
    "`{parameter}` of `{field}` can't be removed: it tells which call a message belongs to",
    "leave it in the message",
  ),
  P3017: error(
    "{what} can't depend on who is `{word}`",
    "name networks, or say `partner`, `own`, `foreign` or `anyone`",
  ),
  P3018: error(
    "`{domain}` is no domain name",
    "write the whole name, such as `carrier-c.example`: no wildcard, no port, no address (RFC 5922 7.2)",
  ),
  P3019: error(
    "`{address}` is no address",
    "write `192.0.2.1`, `192.0.2.0/24` or `2001:db8::/32`, with no bits set behind the prefix",
  ),
  P3020: error(
    "a partner is never our own network, and `{partner}` says `own`",
    "declare it with `network`, or take `own` out",
  ),
  P3021: error("this can't be done to `{field}`: it {what}", "name another header field"),
  P3022: error(
    "a second `{field}` makes the message invalid",
    "write `set {field} to …`, which replaces the first",
  ),
  P3024: error(
    "`{part}` can't be set",
    "set the display name, user, host or a parameter, or the whole field",
  ),
  P3025: error("`{text}` can't stand as {form}", "write it in the form that the part has"),
  P3026: error(
    "`on {event}` does not say at which gate",
    "add `from …` for the in gate or `to …` for the out gate; `anyone` is everybody",
  ),
  P3027: error(
    "a handshake has no `from` and no `to`",
    "write `on handshake`, and ask `certificate names …` or `role is …`",
  ),
  P3028: error(
    "a message is rejected with a status from 400 to 699",
    'write it, as in `reject 403 "Forbidden"`',
  ),
  P3029: error("a handshake has no status", 'write the cause alone, as in `reject "no agreement"`'),
  P3030: error(
    "this treatment does not fulfil `{value}`, so nothing can keep it",
    "add `fulfils {value}`, or take the line out",
  ),
  P3031: error("only Privacy can be honoured, and this is `{field}`", "write `honour Privacy`"),
  P3032: error(
    "an assertion speaks of messages, and a handshake is none",
    "write a test: `given handshake …`, `expect reject`",
  ),
  P3033: error(
    "who opens a connection seeks a domain",
    'add it, as in `given handshake as client for "carrier-c.example"`',
  ),
  P3034: error("only who opens a connection seeks a domain", "take `for …` out, or write `as client`"),
  P3035: error("a handshake is allowed or rejected, never rewritten", "expect `allow` or `reject`"),
  P3036: error(
    "a handshake has no message in which this could be found",
    "expect `allow`, `reject` or something of the certificate",
  ),
  P3037: error("`{address}` is a prefix, and a host has an address", "write the address without `/…`"),
  P3038: error(
    "no service has port 0",
    "write a port from 1 to 65535; SIP over TLS has 5061 (RFC 3261 19.1.2)",
  ),
  P3039: error(
    "this exception always holds, so nothing is left for what stands here to apply to",
    "take it out, or narrow it",
  ),
  P3040: error(
    "nobody can stand at these ends",
    "a network is trusted only where a `trust` statement covers it; see who is declared, and who is trusted in which direction",
  ),
  P3041: error("this policy has no title", 'add a line such as `policy "IMS border"` below `language 1`'),
  P3043: error("a policy has one title", "take one of the two out"),
  P3044: error(
    "`{name}` can't be published: {why}",
    "name the host of a SIP server, or the domain that stands in SIP URIs",
  ),
  P3045: error(
    "`{host}` lies outside of `{domain}`, whose zone can't hold its address",
    "take the line out: whoever has that domain publishes the address; a service may name the host all the same",
  ),
  P3046: error(
    "`{domain}` is a domain of `{network}`, which is not ours",
    "publish a domain of an `own` network: others publish theirs",
  ),
  P3047: error(
    "`{name}` can't be offered: {reason}",
    "take it out; what may be written stands in docs/language.md",
  ),
  P3048: error(
    "a policy has one `tls`, with all the files that it imports",
    "take one of the two out: it holds for every connection",
  ),
  P3049: error(
    "no suite of this list goes with TLS {version}",
    "add one, such as `{suite}`, or take {version} out of `versions`",
  ),
};
