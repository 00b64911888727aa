import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Arrival, Peer } from "../../../border/forwarding/border-parts.ts";
import { Unheard } from "../../../border/forwarding/unheard.ts";

const arrival = (at: number, size = 400, attempt = 0): Arrival => ({
  peer: {} as Peer,
  bytes: new Uint8Array(size),
  framing: "datagram",
  at,
  attempt,
  cause: "",
});

describe("what was written to a peer that has said nothing", () => {
  it("goes to the next target, oldest first, with the cause", () => {
    const unheard = new Unheard({ bytes: 1_000, milliseconds: 500 });
    unheard.keep(arrival(1, 400, 0), 1);
    unheard.keep(arrival(2, 400, 2), 2);
    assert.deepEqual(
      unheard
        .take("tlsv13 alert certificate required", 3)
        .map(({ at, attempt, cause }) => [at, attempt, cause]),
      [
        [1, 1, "the peer closed before it said anything: tlsv13 alert certificate required"],
        [2, 3, "the peer closed before it said anything: tlsv13 alert certificate required"],
      ],
    );
    assert.deepEqual(unheard.take("", 3), [], "once");
  });

  it("is no more than a queue's bytes, and none of it older than a queue's time", () => {
    const unheard = new Unheard({ bytes: 1_000, milliseconds: 500 });
    for (const at of [0, 100, 200]) unheard.keep(arrival(at), at);
    assert.deepEqual(
      unheard.take("", 550).map(({ at, cause }) => [at, cause]),
      [[100, "the peer closed before it said anything"]],
    );
  });

  it("keeps no room from later ones by what is too old", () => {
    const unheard = new Unheard({ bytes: 1_000, milliseconds: 500 });
    for (const at of [0, 100, 601, 602, 603]) unheard.keep(arrival(at), at);
    assert.deepEqual(
      unheard.take("", 700).map(({ at }) => at),
      [601, 602],
    );
  });
});
