/**
 * One message as compiled conditions read it: the scan's spans, the answers already given
 * for this message, and trees of single fields where only the law's readers will do.
 * One object serves all messages, one after the other.
 */
import {
  AddressReader,
  type FieldTable,
  ParameterCursor,
  type Scan,
  UriReader,
  ValueCursor,
} from "../../wire/index.ts";
import { type BodyTree, readBodyTree } from "../message/body-tree.ts";
import {
  type FieldNode,
  type FieldRows,
  readField,
  readRequestUri,
  requestUriField,
} from "../message/tree.ts";
import type { FieldShape } from "./binding/policy-reads.ts";
import { equalsExactly } from "./conditions/byte-text.ts";
import { PlainType } from "./plain-type.ts";

/** Where the answer of a test is kept, and how it is found. */
export interface MemoisedTest {
  readonly slot: number;
  /** It costs no more than to look the answer up. */
  readonly isCheap: boolean;
  readonly ask: (facts: MessageFacts) => boolean;
}

export class MessageFacts {
  readonly table: FieldTable;
  readonly fieldRows: FieldRows;
  readonly scan: Scan;
  // Shared by all byte tests; none of them outlives the test that resets it.
  readonly values: ValueCursor = new ValueCursor();
  readonly address: AddressReader = new AddressReader();
  readonly uri: UriReader = new UriReader();
  readonly parameters: ParameterCursor = new ParameterCursor();

  /** Rows that the in gate has taken away: 1. The out gate reads as if they were not there. */
  hiddenRows: Uint8Array = new Uint8Array(64);
  private readonly hiddenFields: Uint8Array;
  hidesAny = false;

  /** The message's number, even; an answer is kept as that, plus one where it is yes. */
  message = 0;
  private answers = new Int32Array(256);
  private readonly nodes = new Map<string, FieldNode | undefined>();
  private tree: BodyTree | undefined;
  private readonly type = new PlainType();

  constructor(table: FieldTable, fieldRows: FieldRows, scan: Scan) {
    this.table = table;
    this.fieldRows = fieldRows;
    this.scan = scan;
    this.hiddenFields = new Uint8Array(table.size + 1);
  }

  /** Turns to the message that the scan has just read. */
  begin(): void {
    this.message += 2;
    if (this.message > 0x3fffffff) {
      this.message = 2;
      this.answers.fill(0);
    }
    if (this.nodes.size > 0) this.nodes.clear();
    this.tree = undefined;
    if (this.hidesAny) {
      this.hidesAny = false;
      this.hiddenFields.fill(0);
      this.hiddenRows.fill(0);
    }
  }

  /** Takes whole fields out of sight: `rows` flags every row of each. What was answered before is forgotten. */
  hide(rows: Uint8Array): void {
    const { scan } = this;
    if (this.hiddenRows.length < scan.rowCount) this.hiddenRows = new Uint8Array(scan.rowCount * 2);
    for (let row = 0; row < scan.rowCount; row++) {
      if (rows[row] !== 1) continue;
      this.hiddenRows[row] = 1;
      this.hiddenFields[scan.rowField[row]!] = 1;
    }
    this.message += 2;
    if (this.nodes.size > 0) this.nodes.clear();
    this.hidesAny = true;
  }

  /** The first row of a field; -1 where the message lacks it. */
  firstRow(field: number): number {
    return this.hidesAny && this.hiddenFields[field] === 1 ? -1 : this.scan.firstRow(field);
  }

  isHidden(row: number): boolean {
    return this.hidesAny && this.hiddenRows[row] === 1;
  }

  /** The answer of a test, asked at most once a message. */
  holds(test: MemoisedTest): boolean {
    const { slot } = test;
    if (slot >= this.answers.length) this.grow(slot);
    const known = this.answers[slot]!;
    if (known === this.message) return false;
    if (known === this.message + 1) return true;
    const answer = test.ask(this);
    this.answers[slot] = answer ? this.message + 1 : this.message;
    return answer;
  }

  /** Number of values of a field; not counted beyond `enough`. */
  countValues(field: number, shape: FieldShape, enough: number): number {
    const { scan, values } = this;
    let count = 0;
    for (let row = this.firstRow(field); row >= 0; row = scan.nextRow(row)) {
      values.reset(scan.bytes, scan.valueStart[row]!, scan.valueEnd[row]!, shape);
      while (values.next()) if (++count >= enough) return count;
    }
    return count;
  }

  /** The request's method, or that of CSeq in a response (RFC 3261 20.16). */
  methodIs(method: Uint8Array): boolean {
    const { scan } = this;
    const { bytes } = scan;
    if (scan.isRequest) return equalsExactly(bytes, scan.methodStart, scan.methodEnd, method);
    const row = scan.firstRow(this.table.core.cseq);
    if (row < 0) return false;
    const start = scan.valueEnd[row]! - method.length;
    if (start <= scan.valueStart[row]! || bytes[start - 1]! > 0x20) return false;
    return equalsExactly(bytes, start, scan.valueEnd[row]!, method);
  }

  /** The tree of one field; undefined where the message lacks it. */
  field(name: string): FieldNode | undefined {
    if (this.nodes.has(name)) return this.nodes.get(name);
    const node = this.readNode(name);
    this.nodes.set(name, node);
    return node;
  }

  /** The body's type as far as its bytes alone tell. */
  plainType(): PlainType {
    const { type } = this;
    if (type.message !== this.message) {
      type.message = this.message;
      type.read(this);
    }
    return type;
  }

  body(): BodyTree {
    this.tree ??= readBodyTree(this.scan);
    return this.tree;
  }

  private readNode(name: string): FieldNode | undefined {
    if (name === requestUriField) return readRequestUri(this.scan);
    if (this.firstRow(this.table.id(name)) < 0) return undefined;
    return readField(this.scan, this.table, this.fieldRows, name);
  }

  private grow(slot: number): void {
    const more = new Int32Array(Math.max(slot + 1, this.answers.length * 2));
    more.set(this.answers);
    this.answers = more;
  }
}
