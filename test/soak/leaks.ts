/** Each message that a peer has got is looked through for what must not be there. */
import type { FaultKind } from "./call.ts";
import type { Cast } from "./cast.ts";
import { stolenReason } from "./rude-networks.ts";
import type { Message } from "./sip-text.ts";

/** `overhear` is told what open-d gets. */
export function watchForLeaks(
  { home, carrier, unreliable, ...untrusted }: Cast,
  fault: (kind: FaultKind, text: string) => void,
  overhear: (message: Message) => void,
): void {
  for (const peer of Object.values(untrusted)) {
    peer.onSeen = (message) => {
      if (message.bytes.includes("asserted-")) fault("leak", `${peer.name} got ${message.startLine}`);
      if (peer === untrusted.open) overhear(message);
    };
  }
  for (const peer of [home, carrier, unreliable]) {
    peer.onSeen = (message) => {
      if (message.bytes.includes("forged-")) fault("leak", `${peer.name} got ${message.startLine}, forged`);
      if (message.startLine.includes(stolenReason)) fault("leak", `${peer.name} got a stolen response`);
    };
  }
}
