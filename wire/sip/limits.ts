/** Upper bounds of a message head and its body. A message beyond one is refused by the limit's name. */
export interface ScanLimits {
  /** Start line and header rows with the empty line, in bytes. */
  readonly headBytes: number;
  readonly methodBytes: number;
  /** Request-URI, in bytes. */
  readonly uriBytes: number;
  readonly rows: number;
  readonly nameBytes: number;
  /** One row's value with its folds, in bytes. */
  readonly valueBytes: number;
  readonly callIdBytes: number;
  /** Values in one row of a list field. */
  readonly valuesPerRow: number;
  /** Parameters in one row. */
  readonly parametersPerRow: number;
  readonly bodyBytes: number;
}

/**
 * Well above what honest traffic sends, and low enough that no message of 64 kB costs more
 * than some milliseconds, however many values a policy makes anonymous.
 */
export const defaultScanLimits: ScanLimits = {
  headBytes: 65_535,
  methodBytes: 64,
  uriBytes: 8_192,
  rows: 512,
  nameBytes: 255,
  valueBytes: 32_768,
  callIdBytes: 8_192,
  valuesPerRow: 128,
  parametersPerRow: 256,
  bodyBytes: 1_048_576,
};

/** Upper bounds of a body's structure. Beyond one of them the body is unreadable. */
export interface BodyLimits {
  /** Multiparts inside each other; the outermost is 1. */
  readonly depth: number;
  /** All parts of a body, at every depth. */
  readonly parts: number;
  /** Header rows of one part. */
  readonly partRows: number;
  /** Header rows of one part, in bytes. */
  readonly partHeadBytes: number;
}

export const defaultBodyLimits: BodyLimits = {
  depth: 8,
  parts: 64,
  partRows: 64,
  partHeadBytes: 16_384,
};
