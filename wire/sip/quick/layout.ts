/**
 * Where things stand in the memory that the quick reading and the wire share, in bytes.
 * Both the module and its host are compiled with this file.
 */

/** Classes of bytes, one behind the other (`byte-classes.ts`). */
export const classesAt = 1_024;
export const classSize = 32;

/** What a reading found: numbers of four bytes, first those of the message, then its rows by column. */
export const resultAt = 2_048;
/** Numbers of the message, by index. */
export const atMethodEnd = 0;
export const atUriStart = 1;
export const atUriEnd = 2;
export const atUriInitials = 3;
export const atStatus = 4;
export const atRowCount = 5;
export const atHeadEnd = 6;
export const atVias = 7;
export const atPresent = 8;
/** Bytes of the longest row behind its colon. */
export const atLongest = 9;
/** The index of the first column, and how many rows fit into one. */
export const atRows = 16;
export const rowsAtMost = 64;
/** Columns, in their order. */
export const columnField = 0;
export const columnInitials = 1;
export const columnStart = 2;
export const columnNameEnd = 3;
export const columnValueStart = 4;
export const columnValueEnd = 5;
export const columnRowEnd = 6;
export const columns = 7;

/** Starts and ends of what is cut from a message, and where that is written. */
export const gapsAt = 4_096;
export const gapsAtMost = 64;
export const cutAt = 335_936;
/** The longest message that is cut there. */
export const cutAtMost = 4_096;

/** Names of header fields (`field-names.ts`): one region for each table that is loaded. */
export const namesAt = 8_192;
export const namesSize = 65_536;
export const nameRegions = 4;
/** From the start of a region: mask and multiplier of the hash, 1 where all names are here, then slots, then entries. */
export const slotsAt = 16;
/** A slot holds the place of an entry, 0 being none. An entry, in fours: */
export const entryField = 0;
export const entryKind = 4;
export const entryLength = 8;
/** The entry whose row came behind one of this field last time; 0 if none is known. */
export const entryFollowing = 12;
/** Then for each sixteen letters: the case bits of letters, the bits that count, and what they are. */
export const entryLetters = 16;
export const lettersSize = 48;

/** The head under the scan (`head.ts`), behind the regions of names; and all of it in pages of 64 kB. */
export const headAt = 270_336;
export const pages = 6;

/** The longest method, Request-URI, unknown field name and Call-ID that are read quickly. */
export const methodAtMost = 32;
export const uriAtMost = 1_024;
export const unknownNameAtMost = 64;
export const callIdAtMost = 256;
