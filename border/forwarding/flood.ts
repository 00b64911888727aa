/** Causes of what is refused because there is too much of it. They quote nothing of a message. */
export const beyondShare = "the source sends more than its share";
export const beyondNetwork = "the network sends more than its share";
export const beyondAnswers = "the source has had its share of answers";
/** A datagram goes nowhere then: its sender can't be made to wait, and sends again. */
export const beyondTotal = "too much waits in the whole border";
