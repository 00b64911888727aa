/** Words that are nearly right: misspelt, borrowed, in the wrong list or the wrong case. */
import type { Diagnostic } from "../../diagnostic.ts";
import { nearName } from "../../near-name.ts";
import type { Token } from "../lexer.ts";
import { type Place, say, shown } from "./place.ts";
import { advice, synonyms } from "./words.ts";

/** `from is present`: the field is `From`. */
export function lowerCaseField(place: Place): Diagnostic | undefined {
  const { token, before, after, openings } = place;
  if (before !== undefined && (before.text === "from" || before.text === "to")) {
    if (token.text === "is" || token.text === "has")
      return say(place, "P1017", before, { found: before.text }, { suggestion: capital(before.text) });
  }
  if (token.type !== "reserved" || !openings.types.has("word")) return undefined;
  const isField = token.text === "from" || token.text === "to";
  const listed =
    after === undefined || after.first || after.text === "," || after.text === "has" || after.text === "is";
  if (isField && listed)
    return say(place, "P1017", token, { found: token.text }, { suggestion: capital(token.text) });
  if (openings.literals.size > 0 || openings.types.has("text")) return undefined;
  return say(place, "P1017", token, { found: token.text }, { expected: place.expected });
}

function capital(word: string): string {
  return word[0]!.toUpperCase() + word.slice(1);
}

export function wrongJoint(place: Place): Diagnostic | undefined {
  const { token, openings, before, tokens, at } = place;
  if (token.text === "," && openings.literals.has("or"))
    return inWhos(tokens, at)
      ? say(place, "P1011", token, {}, { suggestion: "or" })
      : say(
          place,
          "P1001",
          token,
          { found: "," },
          { expected: place.expected, help: "conditions are joined by `and` and `or`" },
        );
  if ((token.text === "and" || token.text === "or" || token.text === "&") && openings.literals.has(","))
    return say(place, "P1012", token, { found: token.text }, { suggestion: "," });
  // `Privacy is id or header`, `method is one of INVITE or BYE`
  const joint = tokens[at - 2];
  if (
    before === undefined ||
    joint === undefined ||
    !openings.literals.has("is") ||
    !openings.literals.has("has")
  )
    return undefined;
  if (joint.text !== "or" && joint.text !== "and") return undefined;
  return say(place, "P1035", before, { found: shown(before) }, { expected: place.expected });
}

/** The comma stands behind the networks of `from`, `to` or `trust`. */
function inWhos(tokens: readonly Token[], at: number): boolean {
  for (let index = at - 1; index >= 0; index -= 2) {
    const opener = tokens[index - 1]?.text;
    if (opener === "from" || opener === "to" || opener === "trust") return true;
    if (opener !== "or") return false;
  }
  return false;
}

/** `remove header Subject`, `from network home`: things are named alone. */
export function surplusNoun(place: Place): Diagnostic | undefined {
  const { token, before, tokens, at } = place;
  const noun = before?.text ?? "";
  const opener = tokens[at - 2];
  if (before === undefined || opener === undefined || before.first || token.first || token.type !== "word")
    return undefined;
  const ofField = ["field", "fields", "header", "headers"].includes(noun);
  const ofNetwork =
    ["network", "partner", "peer"].includes(noun) && ["from", "to", "or"].includes(opener.text);
  if (!ofField && !ofNetwork) return undefined;
  const help = `take \`${noun}\` out: a ${ofField ? "header field" : "network"} is named alone`;
  return say(place, "P1001", before, { found: noun }, { help });
}

/** Words that mean something elsewhere and have no counterpart here. */
export function foreignWord(place: Place): Diagnostic | undefined {
  const { token, openings, expected } = place;
  const help = openings.literals.has("domain") && token.text === "," ? repeatTheWord : advice.get(token.text);
  return help === undefined
    ? undefined
    : say(place, "P1001", token, { found: token.text }, { help, expected });
}

const repeatTheWord = "one fact a line: repeat the word before it, as in `domain` and again `domain`";

export function nearKeyword(place: Place): Diagnostic | undefined {
  const { token, openings, expected } = place;
  if (token.type !== "word" && token.type !== "topic") return undefined;
  const synonym = synonyms.get(token.text.toLowerCase());
  const suggestion =
    token.text === "body" && place.before?.text === "remove"
      ? "drop body"
      : synonym !== undefined && openings.literals.has(synonym)
        ? synonym
        : nearName(token.text, openings.literals);
  if (suggestion === undefined) return undefined;
  const span = suggestion === "drop body" ? { start: place.before!.start, end: token.end } : token;
  return say(place, "P1001", span, { found: shown(token) }, { suggestion, expected, help: "" });
}
