import { COLON, CR, HTAB, LF, SP, text, token } from "./characters.ts";

/**
 * Finds the rows of a refused message that are whole and clean, from `from` on, so that an
 * answer can be made from them (RFC 3261 8.2.6). Rows with a fold, a control character or
 * a damaged line end are left out. `enter` is called with the index of the name, its end,
 * the index behind the colon and that of the CR.
 */
export function collectRows(
  b: Uint8Array,
  from: number,
  atMost: number,
  enter: (start: number, nameEnd: number, behindColon: number, cr: number) => void,
): void {
  let at = from;
  let left = atMost;
  while (left > 0 && at < b.length) {
    const lf = b.indexOf(LF, at);
    if (lf < 0) return;
    const cr = lf - 1;
    if (cr === at && b[cr]! === CR) return;
    const next = b[lf + 1];
    if (cr > at && b[cr]! === CR && next !== SP && next !== HTAB && isText(b, at, cr)) {
      let i = at;
      while (token[b[i]!]! === 1) i++;
      const nameEnd = i;
      while (b[i]! === SP || b[i]! === HTAB) i++;
      if (nameEnd > at && b[i]! === COLON) {
        enter(at, nameEnd, i + 1, cr);
        left--;
      }
    }
    at = lf + 1;
  }
}

function isText(b: Uint8Array, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (text[b[i]!]! === 0 && b[i]! !== HTAB) return false;
  return true;
}
