/** The calls and requests that the peers make. */
import { Ladder } from "./ladder.ts";
import { compare, keepToTag } from "./sipp-steps.ts";

function answered(name: string): Ladder {
  return new Ladder(name).request("INVITE").answer(100).answer(180).answer(200).acknowledge();
}

/** Both ends send requests in the dialog, by the route that the border's Record-Route rows make. */
export const wholeCalls: readonly Ladder[] = [
  answered("a call that the caller ends")
    .within("caller", "INVITE")
    .within("callee", "UPDATE")
    .within("callee", "INVITE")
    .within("caller", "BYE"),
  answered("a call that the callee ends")
    .within("caller", "UPDATE")
    .within("caller", "INVITE")
    .within("callee", "UPDATE")
    .within("callee", "BYE"),
];

/** RFC 3261 12.1, 13.2.2.4: each To tag is a dialog of its own, and all of them come back. */
export const forked: Ladder = new Ladder("two early dialogs of one INVITE, of which the second answers")
  .request("INVITE")
  .answer(180, { fork: "a", checks: [keepToTag("first")] })
  .answer(183, { fork: "b", checks: [keepToTag("second"), ...compare("first", "second", false)] })
  .answer(200, { fork: "b", checks: [keepToTag("chosen"), ...compare("second", "chosen", true)] })
  .acknowledge()
  .within("caller", "BYE");

export const unanswered: readonly Ladder[] = [
  new Ladder("a call that is cancelled while it rings")
    .request("INVITE")
    .answer(100)
    .answer(180)
    .cancel()
    .answer(487)
    .acknowledgeRefusal(),
  new Ladder("a call that is sent elsewhere")
    .request("INVITE")
    .answer(302, { contact: "<sip:carol@open-d.example>" })
    .acknowledgeRefusal(),
  new Ladder("a call to somebody busy").request("INVITE").answer(180).answer(486).acknowledgeRefusal(),
];

export const alone: readonly Ladder[] = [
  new Ladder("REGISTER").request("REGISTER", ["Expires: 600"]).answer(200),
  new Ladder("OPTIONS").request("OPTIONS", ["Accept: application/sdp"]).answer(200),
  new Ladder("MESSAGE").request("MESSAGE", [], { type: "text/plain", lines: ["good morning"] }).answer(200),
];

export const subscription: Ladder = new Ladder("SUBSCRIBE, and NOTIFY in its dialog")
  .request("SUBSCRIBE", ["Event: presence", "Expires: 600"])
  .subscribed(["Event: presence", "Subscription-State: active;expires=600"]);

/** What a network asks the border to carry to a third one. */
export const relayed: readonly Ladder[] = ["INVITE", "REGISTER", "MESSAGE"].map((method) =>
  new Ladder(`${method} for somebody else's domain`).refusal(method, 403),
);
