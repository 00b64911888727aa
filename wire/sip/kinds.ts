/** How the value of a field's row is read: one number by field id, shared with the quick reading. */
export const asText = 0;
export const asValues = 1;
export const asWords = 2;
export const asAddresses = 3;
export const asAddress = 4;
export const asContact = 5;
/** From and To. */
export const asParty = 6;
export const asVia = 7;
export const asCallId = 8;
/** All of the above. */
export const manner = 15;
/** Added where the field may stand once. */
export const asSingle = 0x10;
/** Added for each field that a message must have (RFC 3261 8.1.1): Via, From, To, then these. */
export const firstMandatory = 0x20;
export const isCallId = 0x100;
export const isSequence = 0x200;
export const mandatory = 0x3e0;
/** Added for fields whose value is looked at before a message is accepted. */
export const isMaxForwards = 0x400;
export const isContentType = 0x800;
export const isContentLength = 0x1000;
