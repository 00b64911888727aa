/** The words of a SIPp scenario: what is sent, what has to come, and what is checked in it. */

export interface Body {
  readonly type: string;
  readonly lines: readonly string[];
}

export const sdp: Body = {
  type: "application/sdp",
  lines: [
    "v=0",
    "o=- 1 1 IN IP[local_ip_type] [local_ip]",
    "s=-",
    "c=IN IP[media_ip_type] [media_ip]",
    "t=0 0",
    "m=audio [media_port] RTP/AVP 0",
  ],
};

/** Whatever is sent asserts an identity: `domain` is the sender's. */
const asserted = ['P-Asserted-Identity: "Withheld" <sip:withheld@[domain]>', "Privacy: id"];

/**
 * Whatever comes has no asserted identity (TS 33.203 5.4: one of the two networks is not
 * trusted), and no Route: those of the border end at it.
 */
const unwanted = check(
  `search_in="msg"`,
  "P-Asserted-Identity|withheld|[[:cntrl:]]Route:",
  "unwanted",
  false,
);

/** A message that is sent once. */
export function send(head: readonly string[], body?: Body): string {
  const lines = [
    ...head,
    ...asserted,
    ...(body === undefined ? [] : [`Content-Type: ${body.type}`]),
    "Content-Length: [len]",
    "",
    ...(body?.lines ?? []),
  ];
  return `  <send>\n    <![CDATA[\n${lines.map((line) => `      ${line}\n`).join("")}\n    ]]>\n  </send>`;
}

/**
 * A message that is sent again over UDP until the next one comes: a request, or an answer that
 * ends an INVITE. Far beyond the 500 ms of RFC 3261 17.1.1.1, since SIPp takes a repeated message
 * for an unexpected one where it is not the last that it got: a busy machine would break calls.
 */
export function sendUntilHeard(head: readonly string[], body?: Body): string {
  return send(head, body).replace("<send>", '<send retrans="4000">');
}

/** `what` are the attributes that say which message has to come. */
export function receive(what: string, checks: readonly string[] = []): string {
  const actions = [unwanted, ...checks].map((action) => `      ${action}\n`).join("");
  return `  <recv ${what}>\n    <action>\n${actions}    </action>\n  </recv>`;
}

/** The value of a header field's first row. */
export function keepField(field: string, variable: string): string {
  return check(`search_in="hdr" header="${field}:"`, ".+", variable);
}

/** From the first Via to the last, with the Record-Route rows that stand between them. */
export function keepVias(variable: string): string {
  return check('search_in="msg"', "Via:.*[[:cntrl:]]Via:[^[:cntrl:]]+", variable);
}

/** The branch of the topmost Via. */
export function keepBranch(variable: string): string {
  return check(`search_in="hdr" header="Via:"`, "branch=([^;]+)", `whole,${variable}`);
}

export function keepToTag(variable: string): string {
  return check(`search_in="hdr" header="To:"`, "tag=([^;]+)", `whole,${variable}`);
}

/** Two variables have, or have not, the same text. SIPp's own `<strcmp>` gives a number that no `<ereg>` can see where it is 0. */
export function compare(one: string, other: string, same: boolean): readonly string[] {
  return [
    `<assignstr assign_to="both" value="[$${one}] [$${other}]" />`,
    check('search_in="var" variable="both"', "^([^ ]+) \\1$", "same,half", same),
  ];
}

/** `where` are attributes; the call fails where the pattern is missing, or where it is there and should not be. */
function check(where: string, pattern: string, variables: string, wanted = true): string {
  const must = wanted ? "check_it" : "check_it_inverse";
  return `<ereg regexp="${pattern}" ${where} ${must}="true" assign_to="${variables}" />`;
}

/** The whole scenario. SIPp wants every variable used, so those that are only assigned are named. */
export function scenario(name: string, steps: readonly string[]): string {
  const text = steps.join("\n");
  const variables = new Set(
    [...text.matchAll(/assign_to="([^"]+)"/g)].flatMap(([, names]) => names!.split(",")),
  );
  return `<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="${name}">
${text}
  <Reference variables="${[...variables].join(",")}" />
</scenario>
`;
}
