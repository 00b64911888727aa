/** SIP through the wire, with the witnesses of `test/wire/witness.ts`. */
import { EditList, Scan } from "../../wire/index.ts";
import { CarefulScans, readAlike } from "../wire/careful-scan.ts";
import { table } from "../wire/messages.ts";
import { checkBody, checkReading, checkSpans, checkValues, framed } from "../wire/witness.ts";
import { sipPieces } from "./pieces.ts";
import { readSeeds } from "./seeds.ts";
import type { FuzzOutcome, FuzzTarget } from "./target.ts";

const scan = new Scan(table);
const again = new Scan(table);
const careful = new CarefulScans(table);
const edits = new EditList();

/** `round` decides which of the slower witnesses are asked: 0 asks all. */
function run(input: Uint8Array, round: number): FuzzOutcome {
  const stream = (round & 1) === 1;
  const framing = stream ? "stream" : "datagram";
  const accepted = scan.read(input, framing);
  // The careful reading alone must say the same, in everything.
  const partner = careful.suited(scan);
  if (partner !== undefined) readAlike(scan, partner, input, framing);
  checkSpans(scan, accepted);
  if (accepted) {
    checkValues(scan);
    checkBody(scan);
    if ((round & 3) === 0) checkReading(scan);
    if ((round & 7) === 0) checkEdited(round);
  }
  if ((round & 7) === 0) {
    const cuts = [round * 31, round * 57, round * 101]
      .map((cut) => cut % (input.length + 1))
      .toSorted((a, b) => a - b);
    if (framed(input, cuts) !== framed(input, [])) throw new Error("the framing depends on the cuts");
  }
  return { accepted, rule: scan.violation?.rule ?? "" };
}

/** Rows that are not mandatory are taken out: what is left passes, and holds the other rows. */
function checkEdited(round: number): void {
  const { core } = table;
  const mandatory = new Set([core.via, core.from, core.to, core.callId, core.cseq, core.contentLength]);
  edits.clear();
  let kept = 0;
  for (let row = 0; row < scan.rowCount; row++) {
    if (mandatory.has(scan.rowField[row]!) || ((round >> 3) + row) % 3 !== 0) kept++;
    else edits.remove(scan.rowStart[row]!, scan.rowEnd[row]!);
  }
  const left = edits.apply(scan.bytes, scan.end);
  if (!again.read(left, "datagram")) throw new Error(`an edited message breaks ${again.violation?.rule}`);
  if (again.rowCount !== kept || again.end !== left.length)
    throw new Error("an edited message holds other rows");
}

export const sipTarget: FuzzTarget = { folder: "/wire/sip/", pieces: sipPieces, readSeeds, run };
