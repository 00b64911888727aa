/** What honest peers do: calls, messages, and requests that the border answers itself. */
import { Call, type CallWorld, type Plan } from "./call.ts";
import type { Delays } from "./delays.ts";
import { type Dice, diceOf } from "./dice.ts";
import type { Transport } from "./ledger.ts";
import type { Neighbour } from "./neighbour.ts";
import type { Promises } from "./promises.ts";
import { ask, type Question } from "./question.ts";

/** A second. */
const rates = { calls: 16, messages: 24, questions: 10, probes: 8 };
const tick = 50;

export interface Neighbours {
  readonly home: Neighbour;
  readonly open: Neighbour;
  readonly carrier: Neighbour;
}

export class HonestTraffic {
  private readonly of: Neighbours;
  private readonly world: CallWorld;
  private readonly promises: Promises;
  private readonly delays: Delays;
  private readonly dice: Dice;
  private readonly seed: number;
  private readonly owed = { calls: 0, messages: 0, questions: 0, probes: 0 };
  private timer: NodeJS.Timeout | undefined;
  private count = 0;

  constructor(of: Neighbours, world: CallWorld, promises: Promises, delays: Delays, seed: number) {
    this.of = of;
    this.world = world;
    this.promises = promises;
    this.delays = delays;
    this.seed = seed;
    this.dice = diceOf(seed, "honest");
  }

  start(): void {
    this.timer = setInterval(() => {
      this.due("calls", () => this.call());
      this.due("messages", () => this.message());
      this.due("questions", () => this.question());
      this.due("probes", () => this.probe());
    }, tick);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private due(what: keyof typeof rates, work: () => void): void {
    this.owed[what] += (rates[what] * tick) / 1000;
    for (; this.owed[what] >= 1; this.owed[what]--) work();
  }

  private call(): void {
    const { dice } = this;
    const kind = dice.pick(["answered", "answered", "answered", "answered", "cancelled", "refused"] as const);
    this.place(kind);
  }

  private message(): void {
    this.place("message");
  }

  private place(kind: Plan["kind"]): void {
    const { dice } = this;
    const { home, open, carrier } = this.of;
    const foreign = dice.chance(0.6) ? open : carrier;
    const isFromHome = dice.chance(0.5);
    const homeTransport: Transport = dice.pick(["udp", "tcp"]);
    const foreignTransport: Transport = foreign === carrier ? "tls" : dice.pick(["udp", "tcp"]);
    const isLossy = homeTransport === "udp" && foreignTransport === "udp" && dice.chance(0.3);
    const plan: Plan = {
      kind,
      caller: isFromHome ? home : foreign,
      callee: isFromHome ? foreign : home,
      callerTransport: isFromHome ? homeTransport : foreignTransport,
      calleeTransport: isFromHome ? foreignTransport : homeTransport,
      changes: dice.chance(0.3),
      calleeHangsUp: dice.chance(0.5),
      lossy: isLossy,
      doubled: dice.chance(0.1),
      privacy: dice.pick(["", "", "id", "none"] as const),
      offersAlias: dice.chance(0.5),
    };
    const id = `soak-${this.seed}-${++this.count}`;
    const call = new Call(id, plan, diceOf(this.seed, id), this.world);
    const name =
      kind === "message"
        ? "MESSAGE"
        : `call, ${kind}${kind === "answered" && plan.changes ? ", changed" : ""}`;
    this.promises.follow(isLossy ? `${name}; datagrams lost` : name, call.run());
  }

  /** What the border answers itself. */
  private question(): void {
    const { home, open, carrier } = this.of;
    const transport: Transport = this.dice.pick(["udp", "tcp"]);
    const foreign = this.dice.chance(0.3) ? carrier : open;
    const abroad: Transport = foreign === carrier ? "tls" : transport;
    const [name, question] = this.dice.pick<
      [string, Omit<Question, "line" | "callId"> & { over: Transport }]
    >([
      [
        "Max-Forwards 0 is a 483",
        {
          at: foreign,
          over: abroad,
          method: "MESSAGE",
          uri: "sip:x@home1.example",
          status: 483,
          maxForwards: 0,
        },
      ],
      [
        "no open relay: a 403",
        { at: foreign, over: abroad, method: "INVITE", uri: "sip:x@elsewhere.example", status: 403 },
      ],
      [
        "a domain that nobody has: a 404",
        { at: home, over: transport, method: "INVITE", uri: "sip:x@nowhere.example", status: 404 },
      ],
      [
        "a tel URI without a Route: a 416",
        { at: home, over: transport, method: "MESSAGE", uri: "tel:+15550100", status: 416 },
      ],
      [
        "the policy refuses: a 500",
        {
          at: home,
          over: transport,
          method: "INVITE",
          uri: "sip:x@open-d.example",
          status: 500,
          rows: ["Privacy: header;critical"],
        },
      ],
      [
        "a partner with a wrong certificate: a 503",
        { at: home, over: transport, method: "MESSAGE", uri: "sip:x@carrier-w.example", status: 503 },
      ],
    ]);
    const { over, ...rest } = question;
    const asked = ask({ ...rest, line: rest.at.line(over), callId: `question-${++this.count}` });
    this.promises.follow(
      name,
      asked.then(() => {}),
    );
  }

  /** The clock of the border's event loop. */
  private probe(): void {
    const [at, transport] = this.dice.pick<[Neighbour, Transport]>([
      [this.of.home, "udp"],
      [this.of.home, "tcp"],
      [this.of.open, "udp"],
      [this.of.carrier, "tls"],
    ]);
    const { host, port } = at.border[transport];
    const asked = ask({
      at,
      line: at.line(transport),
      method: "OPTIONS",
      uri: `sip:${host}:${port};transport=${transport}`,
      status: 200,
      callId: `probe-${++this.count}`,
    });
    this.promises.follow(
      "OPTIONS to the border",
      asked.then((milliseconds) => this.delays.note(milliseconds, transport)),
    );
  }
}
