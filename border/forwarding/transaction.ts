/**
 * The identity of a transaction, and what follows from nothing else (RFC 3261 16.11): the branch
 * of our Via, the hop among equals, the To tag of our own answers.
 *
 * CANCEL, ACK to non-2xx and retransmissions have the identity of their INVITE, also after a
 * restart and through another border that has the same secret.
 */
import { AddressReader, type FieldTable, ParameterCursor, type Scan } from "../../wire/index.ts";
import { hashKind, type KeyedHash } from "../hash/keyed-hash.ts";
import { bytesOf } from "../hash/message-bytes.ts";
import { writeHex } from "../hash/opaque-text.ts";
import { isName, type ViaReader } from "../via/via-reader.ts";

/** RFC 3261 8.1.1.7. */
const magicCookie = "z9hg4bk";
export const branchLetters: number = magicCookie.length + 32;

export class Transaction {
  /** The branch of our Via; overwritten by the next `read`. */
  readonly branch: Uint8Array = new Uint8Array(branchLetters);
  /** Chooses among hops. */
  draw = 0;

  private readonly hash: KeyedHash;
  private readonly table: FieldTable;
  private readonly address = new AddressReader();
  private readonly parameters = new ParameterCursor();

  constructor(hash: KeyedHash, table: FieldTable) {
    this.hash = hash;
    this.table = table;
    this.branch.set(bytesOf("z9hG4bK"));
  }

  /** `via` is the request's topmost Via as it was received. */
  read(scan: Scan, via: ViaReader): void {
    const { hash } = this;
    const { bytes } = scan;
    if (hasIdentifier(bytes, via)) {
      hash.begin(hashKind.branch);
      hash.foldedPart(bytes, via.branchStart, via.branchEnd);
      hash.foldedPart(bytes, via.hostStart, via.hostEnd);
      hash.number(via.port);
    } else {
      this.readWithoutCookie(scan, via);
    }
    const words = hash.finish();
    this.draw = words[3]!;
    writeHex(words, 4, this.branch, magicCookie.length);
  }

  /** The To tag of our own answers: 32 bits (RFC 3261 19.3). */
  toTag(): string {
    this.hash.begin(hashKind.toTag);
    this.hash.part(this.branch, 0, branchLetters);
    const letters = new Uint8Array(8);
    writeHex(this.hash.finish(), 1, letters, 0);
    return Buffer.from(letters).toString("latin1");
  }

  /**
   * RFC 2543 transactions, as RFC 3261 17.2.3 matches them. The To tag stays out: an ACK has
   * that of the answer, where its INVITE had none.
   */
  private readWithoutCookie(scan: Scan, via: ViaReader): void {
    const { hash, table } = this;
    const { bytes } = scan;
    const { callId, cseq, from } = table.core;
    hash.begin(hashKind.branchWithoutCookie);
    hash.part(bytes, via.start, via.end);
    hash.part(bytes, scan.uriStart, scan.uriEnd);
    const callIdRow = scan.firstRow(callId);
    if (callIdRow >= 0) hash.part(bytes, scan.valueStart[callIdRow]!, scan.valueEnd[callIdRow]!);
    const cseqRow = scan.firstRow(cseq);
    if (cseqRow >= 0) {
      const start = scan.valueStart[cseqRow]!;
      let end = start;
      while (bytes[end]! >= 48 && bytes[end]! <= 57) end++;
      hash.part(bytes, start, end);
    }
    if (this.readTag(scan, from)) hash.part(bytes, this.parameters.valueStart, this.parameters.valueEnd);
  }

  /** True where the address field has a tag; `tagStart` and `tagEnd` are its value then. */
  readTag(scan: Scan, field: number): boolean {
    const row = scan.firstRow(field);
    if (row < 0 || !this.address.read(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!)) return false;
    this.parameters.reset(scan.bytes, this.address.parametersStart, this.address.end, ";");
    while (this.parameters.next()) {
      const { nameStart, nameEnd, valueStart } = this.parameters;
      if (valueStart >= 0 && isName(scan.bytes, nameStart, nameEnd, "tag")) return true;
    }
    return false;
  }

  /** The field's first row holds an address. */
  isReadable(scan: Scan, field: number): boolean {
    const row = scan.firstRow(field);
    return row >= 0 && this.address.read(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!);
  }

  get tagStart(): number {
    return this.parameters.valueStart;
  }

  get tagEnd(): number {
    return this.parameters.valueEnd;
  }
}

/** A cookie with something behind it: alone it tells no transaction from another (RFC 4475 3.2.1). */
function hasIdentifier(bytes: Uint8Array, { branchStart, branchEnd }: ViaReader): boolean {
  const cookieEnd = branchStart + magicCookie.length;
  return branchStart >= 0 && branchEnd > cookieEnd && isName(bytes, branchStart, cookieEnd, magicCookie);
}
