/** One honest call or message through the border, both ends of it, by a plan that was drawn before. */
import { Answerer, viasFault } from "./answerer.ts";
import type { ClientTransaction } from "./client-transaction.ts";
import type { Dice } from "./dice.ts";
import type { Ledger, Transport } from "./ledger.ts";
import type { Line } from "./lines.ts";
import type { Neighbour, Taker } from "./neighbour.ts";
import { Party } from "./party.ts";
import type { Message } from "./sip-text.ts";

export interface Plan {
  readonly kind: "answered" | "cancelled" | "refused" | "message";
  readonly caller: Neighbour;
  readonly callee: Neighbour;
  readonly callerTransport: Transport;
  readonly calleeTransport: Transport;
  readonly changes: boolean;
  readonly calleeHangsUp: boolean;
  /** Datagrams are lost on purpose: UDP on both sides, so that either end repeats. */
  readonly lossy: boolean;
  /** Requests are sent twice at once. */
  readonly doubled: boolean;
  readonly privacy: "" | "id" | "none";
  readonly offersAlias: boolean;
}

/** What an end sees that must not be: a broken promise is the call's own error. */
export type FaultKind = "leak" | "intact";

/** What all calls share. */
export interface CallWorld {
  readonly ledger: Ledger;
  readonly takers: Map<string, Taker>;
  readonly fault: (kind: FaultKind, text: string) => void;
}

/** Chance that a datagram is not sent, and that one which has come is not read. */
const unsent = 0.1;
const unread = 0.05;
/** Milliseconds in which a peer may still repeat itself after the call. */
const linger = 5_000;
/** For what the other end must hear of: longer than any timer of RFC 3261. */
const patience = 40_000;

let branches = 0;

export class Call implements Taker {
  readonly id: string;
  readonly plan: Plan;
  readonly dice: Dice;
  /** Record-Route as the callee got it. */
  recorded: readonly string[] = [];
  private readonly world: CallWorld;
  private readonly caller: Party;
  private readonly callee: Party;
  private readonly answerers: ReadonlyMap<Neighbour, Answerer>;
  private readonly registered: { readonly at: Neighbour; readonly key: string }[] = [];
  private readonly body: string;
  private acknowledgements = 0;
  private hungUp = false;
  private isOver = false;

  constructor(id: string, plan: Plan, dice: Dice, world: CallWorld) {
    this.id = id;
    this.plan = plan;
    this.dice = dice;
    this.world = world;
    this.caller = new Party(this, plan.caller, plan.callerTransport, "alice");
    this.callee = new Party(this, plan.callee, plan.calleeTransport, "bob");
    this.answerers = new Map(
      [this.caller, this.callee].map((party) => [party.at, new Answerer(this, party)]),
    );
    this.body = `the body of ${id} ${"x".repeat(dice.below(900))}\r\n`;
  }

  /** Rejects with what was promised and did not come about. */
  async run(): Promise<void> {
    const { takers } = this.world;
    takers.set(this.id, this);
    try {
      if (this.plan.kind === "message") await this.expect(this.caller, "MESSAGE", 200);
      else if (this.plan.kind === "answered") await this.talk();
      else await this.fail();
    } finally {
      setTimeout(() => this.forget(), linger);
    }
  }

  /** The flow of a call that is answered: INVITE, perhaps another one, BYE from either end. */
  private async talk(): Promise<void> {
    const { plan, dice, caller, callee } = this;
    await this.expect(caller, "INVITE", 200);
    await this.until(() => this.acknowledgements >= 1, "the ACK of the 200");
    await pause(dice.between(50, 3_000));
    if (plan.changes) {
      const before = this.acknowledgements;
      await this.expect(caller, "INVITE", 200);
      await this.until(() => this.acknowledgements > before, "the ACK of the re-INVITE's 200");
    }
    await this.expect(plan.calleeHangsUp ? callee : caller, "BYE", 200);
    await this.until(() => this.hungUp, "the BYE");
  }

  private async fail(): Promise<void> {
    const { caller, plan, dice } = this;
    const invite = caller.ask("INVITE", this.body);
    if (plan.kind === "cancelled") {
      await invite.transaction.rung;
      await pause(dice.between(10, 500));
      const { status } = await caller.cancel(invite).transaction.final;
      if (status !== 200) throw new Error(`CANCEL was answered ${status}`);
    }
    const { status } = await invite.transaction.final;
    const wanted = plan.kind === "cancelled" ? 487 : 486;
    if (status !== wanted) throw new Error(`INVITE was answered ${status}, not ${wanted}`);
    await this.until(() => this.acknowledgements >= 1, `the ACK of the ${status}`);
  }

  private async expect(party: Party, method: string, wanted: number): Promise<void> {
    const body = method === "BYE" ? "" : this.body;
    const { status } = await party.ask(method, body).transaction.final;
    if (status !== wanted) throw new Error(`${method} from ${party.at.name} was answered ${status}`);
  }

  private async until(holds: () => boolean, what: string): Promise<void> {
    for (const end = Date.now() + patience; !holds(); ) {
      if (Date.now() > end) throw new Error(`${what} never came`);
      await pause(20);
    }
  }

  take(request: Message, line: Line, at: Neighbour): void {
    this.answerers.get(at)?.take(request, line);
  }

  loses(): boolean {
    return this.plan.lossy && this.dice.chance(unread);
  }

  post(line: Line, bytes: Buffer, isRepeated: boolean): void {
    const { ledger } = this.world;
    if (isRepeated) ledger.repeated.byTimer++;
    if (this.plan.lossy && this.dice.chance(unsent)) ledger.lost.unsent++;
    else line.send(bytes);
  }

  double(line: Line, bytes: Buffer): void {
    this.world.ledger.repeated.atOnce++;
    line.send(bytes);
  }

  /** Nothing happens any more once the call is over. */
  later(milliseconds: number, work: () => void): void {
    setTimeout(() => {
      if (!this.isOver) work();
    }, milliseconds);
  }

  fault(kind: FaultKind, text: string): void {
    this.world.fault(kind, `${this.id}: ${text}`);
  }

  register(at: Neighbour, key: string, transaction: ClientTransaction): void {
    at.transactions.set(key, transaction);
    this.registered.push({ at, key });
  }

  newBranch(): string {
    return `z9hG4bK-soak-${++branches}`;
  }

  peerOf(party: Party): Party {
    return party === this.caller ? this.callee : this.caller;
  }

  targetOf(party: Party): string {
    const { user, at, transport } = this.peerOf(party);
    return `sip:${user}@${at.domain}${transport === "tls" ? "" : `;transport=${transport}`}`;
  }

  /** One text for each call, by which a leak is told. */
  identityOf({ name }: Neighbour): string {
    if (name !== "home") return `${name === "carrier-c" ? "partner" : "forged"}-${this.id}`;
    return `${this.plan.privacy === "none" ? "shown" : "asserted"}-${this.id}`;
  }

  onAcknowledged(party: Party): void {
    if (party === this.callee) this.acknowledgements++;
  }

  onHungUp(): void {
    this.hungUp = true;
  }

  checkRoutes(recorded: readonly string[]): void {
    if (recorded.length !== 2 || recorded.join() !== this.recorded.join())
      this.fault("intact", `Record-Route came back as ${recorded.join()} for ${this.recorded.join()}`);
  }

  /** What the border must have left as it was, and what it must have let through. */
  checkRequest(request: Message, party: Party): void {
    const { method } = request;
    const vias = viasFault(request);
    if (vias !== "") this.fault("intact", `${method}: ${vias}`);
    if (request.value("Max-Forwards") !== "69") this.fault("intact", `${method}: Max-Forwards`);
    if ((method === "INVITE" || method === "MESSAGE") && request.body !== this.body)
      this.fault("intact", `${method}: the body has changed`);
    if (method === "CANCEL") return;
    const sender = this.peerOf(party).at;
    const isShown = request.value("P-Asserted-Identity").includes(this.identityOf(sender));
    const isToBeShown =
      sender.name === "carrier-c" ||
      (sender.name === "home" && (party.at.name === "carrier-c" || this.plan.privacy === "none"));
    if (isShown !== isToBeShown)
      this.fault("leak", `${method} to ${party.at.name}: the identity is ${isShown ? "shown" : "missing"}`);
  }

  private forget(): void {
    this.isOver = true;
    this.world.takers.delete(this.id);
    for (const { at, key } of this.registered) {
      at.transactions.get(key)?.stop();
      at.transactions.delete(key);
    }
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
