/** Networks that home sends to and that can't be relied on, and what they send back unasked. */
import { rudeRequest, strayResponse } from "./broken-text.ts";
import { type Dice, diceOf } from "./dice.ts";
import type { StreamLine } from "./lines.ts";
import type { Neighbour } from "./neighbour.ts";
import { Message, responseTo } from "./sip-text.ts";
import { Turns } from "./turns.ts";

/** Reason phrase of a response that somebody else than the callee gives. */
export const stolenReason = "Stolen";

/** What becomes of a connection that the border has opened to a hop which can't be relied on. */
export function moody(dice: Dice): (line: StreamLine) => void {
  return (line) => {
    const turn = (): void => {
      if (!line.stands) return;
      switch (dice.pick(["go on", "stall", "stall", "break off", "end", "end inside a message"] as const)) {
        case "go on":
          break;
        case "stall":
          line.socket.pause();
          // The longest lasts beyond the 32 seconds that the border waits for a peer.
          setTimeout(() => line.socket.resume(), dice.pick([500, 3_000, 10_000, 40_000]));
          break;
        case "break off":
          line.drop("reset");
          return;
        case "end":
          line.finish();
          return;
        case "end inside a message":
          line.write(Buffer.from("SIP/2.0 200 OK\r\nVia: SIP/2.0/TCP 127.0"));
          line.drop("orderly");
          return;
      }
      setTimeout(turn, dice.between(1_000, 12_000));
    };
    setTimeout(turn, dice.between(500, 8_000));
  };
}

export interface UnreliableCast {
  readonly home: Neighbour;
  readonly open: Neighbour;
  /** Somebody else, who has seen open-d's requests. */
  readonly thief: Neighbour;
}

export class UnreliableTraffic {
  private readonly cast: UnreliableCast;
  private readonly dice: Dice;
  private readonly turns: readonly Turns[];
  private overheard: Message | undefined;

  constructor(cast: UnreliableCast, seed: number) {
    this.cast = cast;
    this.dice = diceOf(seed, "unreliable networks");
    this.turns = [
      new Turns(this.dice, 100, 500, () => this.send(this.dice.below(2_000))),
      new Turns(this.dice, 12_000, 20_000, () => this.burst()),
      new Turns(this.dice, 100, 400, () => this.answerUnasked()),
      new Turns(this.dice, 300, 1_000, () => this.steal()),
    ];
  }

  start(): void {
    for (const turns of this.turns) turns.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.turns.map((turns) => turns.stop()));
  }

  /** open-d has got this. */
  overhear(message: Message): void {
    if (message.isRequest && message.method !== "ACK") this.overheard = message;
  }

  private send(bodyBytes: number): void {
    const { home } = this.cast;
    const domain = this.dice.pick(["slow-e.example", "carrier-r.example"]);
    const via = `SIP/2.0/TCP ${home.reachedAt("tcp")}`;
    home
      .line("tcp")
      .send(
        rudeRequest("MESSAGE", `sip:x@${domain}`, via, ["Content-Type: text/plain"], "x".repeat(bodyBytes)),
      );
  }

  /** More than a hop that does not read can be given. */
  private burst(): void {
    for (let left = 200; left > 0; left--) this.send(20_000);
  }

  private answerUnasked(): void {
    const { open, thief } = this.cast;
    const { dice } = this;
    const [at, transport] = dice.pick<[Neighbour, "udp" | "tcp"]>([
      [open, "udp"],
      [open, "tcp"],
      [thief, "udp"],
    ]);
    at.line(transport).send(strayResponse(dice, at.border[transport], transport));
  }

  /** A response with a flow that is ours, from an address that was never asked. */
  private steal(): void {
    const { thief } = this.cast;
    if (this.overheard !== undefined)
      thief.line("udp").send(responseTo(this.overheard, `299 ${stolenReason}`, "thief"));
  }
}
