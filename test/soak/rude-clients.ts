/** Clients of the border that keep no promises: they garble, dawdle, read nothing, break off, flood. */
import { connect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { damagedRequest, faultyDatagram, faultyRequest, mostMessages, rudeRequest } from "./broken-text.ts";
import { pause } from "./call.ts";
import { type Dice, diceOf } from "./dice.ts";
import type { StreamLine } from "./lines.ts";
import { type Identity, lateCall, type Neighbour } from "./neighbour.ts";
import type { Promises } from "./promises.ts";
import { ask } from "./question.ts";
import { Turns } from "./turns.ts";

export interface RudeCast {
  readonly garbler: Neighbour;
  readonly dawdler: Neighbour;
  readonly staller: Neighbour;
  readonly dropper: Neighbour;
  readonly flooder: Neighbour;
  /** A partner over TLS, trusted and yet unreliable. */
  readonly carrier: Neighbour;
  /** An honest network, of which a connection may end before its answer. */
  readonly open: Neighbour;
}

/** Milliseconds in which a connection must be gone whose handshake was refused. */
const closesWithin = 15_000;

export interface WrongIdentities {
  readonly host: string;
  readonly identities: readonly (Identity | undefined)[];
}

export class RudeClients {
  /** TLS handshakes that the border had to judge, and to refuse. */
  refusals = 0;
  /** Of these, connections that it left open all the same. */
  leftOpen = 0;
  private readonly cast: RudeCast;
  private readonly wrong: WrongIdentities;
  private readonly promises: Promises;
  private readonly dice: Dice;
  private readonly turns: readonly Turns[];
  private readonly stalls: Turns;
  private count = 0;

  constructor(cast: RudeCast, wrong: WrongIdentities, promises: Promises, seed: number) {
    this.cast = cast;
    this.wrong = wrong;
    this.promises = promises;
    this.dice = diceOf(seed, "rude clients");
    this.stalls = this.every(8_000, 16_000, () => this.readNothing());
    this.turns = [
      this.stalls,
      this.every(50, 250, () => this.garbleDatagram()),
      this.every(100, 400, () => this.comeOnce()),
      this.every(300, 1_200, () => this.garbleStream()),
      this.every(500, 1_500, () => this.dawdle()),
      this.every(1_000, 3_000, () => this.stopHalfWay()),
      this.every(200, 800, () => this.breakOff()),
      this.every(500, 2_000, () => this.endBeforeTheAnswer()),
      this.every(9_000, 15_000, () => this.flood()),
      this.every(500, 1_500, () => this.showWrongCertificate()),
      this.every(800, 2_500, () => this.spoilHandshake()),
    ];
  }

  start(): void {
    for (const turns of this.turns) turns.start();
  }

  async stop(): Promise<void> {
    await Promise.all(this.turns.map((turns) => turns.stop()));
  }

  private every(least: number, most: number, work: () => Promise<void> | void): Turns {
    return new Turns(this.dice, least, most, work);
  }

  private garbleDatagram(): void {
    const { garbler } = this.cast;
    const via = `SIP/2.0/UDP ${garbler.reachedAt("udp")}`;
    const bytes = this.dice.chance(0.3) ? faultyDatagram(this.dice, via) : damagedRequest(this.dice, via);
    garbler.line("udp").send(bytes);
  }

  /** From a port that nothing else ever comes from. */
  private async comeOnce(): Promise<void> {
    const { garbler } = this.cast;
    const line = await garbler.openDatagrams();
    const { host, port } = garbler.border.udp;
    line.send(rudeRequest("OPTIONS", `sip:${host}:${port}`, `SIP/2.0/UDP ${line.host}:${line.port};rport`));
    await pause(1_000);
    line.close();
  }

  private async garbleStream(): Promise<void> {
    const { dice } = this;
    const { garbler } = this.cast;
    const via = `SIP/2.0/TCP ${garbler.reachedAt("tcp")}`;
    const line = await garbler.open("tcp");
    line.write(Buffer.from("\r\n\r\n"));
    for (let left = dice.below(4); left > 0; left--) line.send(faultyRequest(dice, via));
    if (dice.chance(0.6)) {
      const bytes = damagedRequest(dice, via);
      line.mayCount(mostMessages(bytes));
      line.write(bytes);
    }
    line.finish();
  }

  /** An honest request whose bytes come a few at a time. */
  private async dawdle(): Promise<void> {
    const { dice } = this;
    const { dawdler } = this.cast;
    const line = await dawdler.open("tcp");
    const { host, port } = dawdler.border.tcp;
    const isForBorder = dice.chance(0.5);
    const answered = ask({
      at: dawdler,
      line,
      method: isForBorder ? "OPTIONS" : "MESSAGE",
      uri: isForBorder ? `sip:${host}:${port};transport=tcp` : "sip:x@home1.example",
      status: 200,
      callId: `rude-slow-${++this.count}`,
      post: (_line, bytes) => void this.dribble(line, bytes),
    });
    this.promises.follow(
      "a request that comes byte by byte",
      answered.then(() => line.finish()),
    );
    await answered.catch(() => line.drop("orderly"));
  }

  private async dribble(line: StreamLine, bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const next = Math.min(bytes.length, at + this.dice.between(1, 40));
      if (next === bytes.length) line.count(1);
      line.write(bytes.subarray(at, next));
      at = next;
      await pause(this.dice.between(5, 400));
    }
  }

  /** Some of these wait until the border loses patience. */
  private async stopHalfWay(): Promise<void> {
    const { dice } = this;
    const { dropper } = this.cast;
    const line = await dropper.open("tcp");
    const bytes = rudeRequest("INVITE", "sip:x@home1.example", this.dropperVia(), [], "x".repeat(500));
    line.write(bytes.subarray(0, dice.between(1, bytes.length - 1)));
    if (dice.chance(0.3)) await this.stalls.wait(35_000);
    else await this.stalls.wait(dice.below(3_000));
    line.drop(dice.pick(["orderly", "reset"]));
  }

  /** Asks for more than the queue to it holds and reads nothing; then reads on, or is gone. */
  private async readNothing(): Promise<void> {
    const { dice } = this;
    const { staller } = this.cast;
    const { host, port } = staller.border.tcp;
    const line = await staller.open("tcp");
    line.socket.pause();
    const via = `SIP/2.0/TCP ${staller.reachedAt("tcp")}`;
    const below = Array.from(
      { length: 60 },
      (_, index) => `Via: SIP/2.0/TCP 192.0.2.${index};branch=${"x".repeat(400)}`,
    );
    for (let left = dice.between(150, 250); left > 0; left--) {
      line.send(rudeRequest("OPTIONS", `sip:${host}:${port};transport=tcp`, via, below));
      if (left % 25 === 0) await pause(50);
    }
    // The longest of these lasts beyond the 32 seconds that the border waits for a peer.
    await this.stalls.wait(dice.pick([1_000, 4_000, 12_000, 40_000]));
    if (dice.chance(0.5)) {
      line.drop("reset");
      return;
    }
    line.socket.resume();
    line.finish();
  }

  /** Requests, and the connection is gone before or behind their answers. */
  private async breakOff(): Promise<void> {
    const { dice } = this;
    const { carrier, dropper } = this.cast;
    const isCarrier = dice.chance(0.3);
    const line = await (isCarrier ? carrier.open("tls") : dropper.open("tcp"));
    const via = isCarrier ? `SIP/2.0/TLS ${carrier.reachedAt("tls")};alias` : this.dropperVia();
    for (let left = dice.between(1, 8); left > 0; left--) {
      const method = dice.pick(["INVITE", "MESSAGE", "SUBSCRIBE"]);
      line.send(rudeRequest(method, "sip:x@home1.example", via, ["Contact: <sip:rude@stranger.example>"]));
    }
    if (dice.chance(0.5))
      line.write(rudeRequest("INVITE", "sip:x@home1.example", via).subarray(0, dice.between(1, 200)));
    await pause(dice.pick([0, 1, 5, 50, 300]));
    line.drop(dice.pick(["orderly", "reset"]));
  }

  private dropperVia(): string {
    return `SIP/2.0/TCP ${this.cast.dropper.reachedAt("tcp")}`;
  }

  /** RFC 3261 18.2.2: the answer then comes on another connection, to where the Via says. */
  private async endBeforeTheAnswer(): Promise<void> {
    const { open } = this.cast;
    const line = await open.open("tcp");
    const answered = ask({
      at: open,
      line,
      method: "MESSAGE",
      uri: "sip:x@home1.example;transport=udp",
      status: 200,
      callId: `${lateCall}${++this.count}`,
      sentBy: open.reachedAt("tcp"),
      post: (way, bytes) => {
        way.send(bytes);
        line.finish();
      },
    });
    this.promises.follow(
      "an answer after its connection has ended",
      answered.then(() => {}),
    );
    await answered.catch(() => {});
  }

  /** More at once than the share of one source. */
  private flood(): void {
    const { flooder } = this.cast;
    const via = `SIP/2.0/UDP ${flooder.reachedAt("udp")}`;
    const line = flooder.line("udp");
    for (let left = 400; left > 0; left--) line.send(rudeRequest("MESSAGE", "sip:x@home1.example", via));
  }

  /** The handshake is whole, the verdict is no; what is written early is never read. */
  private async showWrongCertificate(): Promise<void> {
    const identity = this.dice.pick(this.wrong.identities);
    const at = { ...this.cast.dropper.border.tls, localAddress: this.wrong.host };
    const socket = tlsConnect({
      ...at,
      rejectUnauthorized: false,
      ...(identity === undefined ? {} : { cert: identity.certificate, key: identity.privateKey }),
    });
    socket.on("error", () => {});
    this.refusals++;
    socket.write(rudeRequest("MESSAGE", "sip:x@home1.example", "SIP/2.0/TLS 127.0.0.67"));
    socket.resume();
    await Promise.race([new Promise((resolve) => socket.once("close", resolve)), pause(closesWithin)]);
    if (!socket.destroyed) this.leftOpen++;
    socket.destroy();
  }

  /** No handshake at all, or one that ends in its midst. */
  private async spoilHandshake(): Promise<void> {
    const { dice } = this;
    const socket = connect({ ...this.cast.dropper.border.tls, localAddress: this.wrong.host });
    socket.on("error", () => {});
    if (dice.chance(0.3))
      socket.write(rudeRequest("MESSAGE", "sip:x@home1.example", "SIP/2.0/TLS 127.0.0.67"));
    // The start of a ClientHello, and nothing behind it.
    else if (dice.chance(0.5)) socket.write(Buffer.from("160301020001", "hex"));
    socket.resume();
    await pause(dice.pick([0, 5, 200, 3_000]));
    socket.destroy();
  }
}
