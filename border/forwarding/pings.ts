/** OPTIONS of our own to the hops that border.json has pinged (RFC 3261 11.1). */
import { randomBytes } from "node:crypto";
import type { Connection } from "../../adapters/index.ts";
import { bytesOf } from "../hash/message-bytes.ts";
import { hostText } from "../routing/ip-address.ts";
import type { Place } from "../routing/topology.ts";
import type { BorderParts } from "./border-parts.ts";
import type { HopHealth, WatchedHop } from "./hop-health.ts";
import { linkTarget } from "./links.ts";
import type { BoundSide } from "./sides.ts";
import { branchLetters } from "./transaction.ts";

/** Milliseconds between two looks at the hops. */
const look = 250;
/** RFC 3261 8.1.1.7. */
const cookie = "z9hG4bK";

export class Pings {
  private readonly parts: BorderParts;
  private readonly health: HopHealth;
  private readonly clock: NodeJS.Timeout;
  private count = 0;

  constructor(parts: BorderParts, health: HopHealth) {
    this.parts = parts;
    this.health = health;
    this.clock = setInterval(() => this.look(Date.now()), look);
    this.clock.unref();
    this.look(Date.now());
  }

  stop(): void {
    clearInterval(this.clock);
  }

  /** Whose ping it may answer: the process's number stands in the branch. undefined: it comes from no hop that is pinged. */
  instanceOf(branch: string, { remoteAddress }: Connection): number | undefined {
    if (branch === "") return undefined;
    for (const { hop } of this.health.all()) {
      if (hop.address === remoteAddress)
        return Number.parseInt(branch.slice(cookie.length, cookie.length + 6), 16);
    }
    return undefined;
  }

  /** True: it answers a ping of ours, and ends here. */
  take(branch: string, { remoteAddress }: Connection, status: number): boolean {
    for (const watched of this.health.all()) {
      if (watched.waitsFor !== branch || branch === "") continue;
      if (watched.hop.address !== remoteAddress) return false;
      if (status >= 200) this.health.answered(watched, status);
      return true;
    }
    return false;
  }

  private look(now: number): void {
    for (const watched of this.health.all()) {
      if (now < watched.dueAt) continue;
      if (watched.waitsFor !== "") this.health.missed(watched, false);
      watched.dueAt = now + watched.every;
      this.ping(watched);
    }
  }

  private ping(watched: WatchedHop): void {
    const { topology, links, served } = this.parts;
    const { hop, network } = watched;
    const place = topology.place(network);
    const side = this.parts.side(place, hop);
    if (side === undefined) return;
    const branch = this.newBranch();
    watched.waitsFor = branch;
    const home = topology.home?.network;
    const bytes = this.options(place, watched, home ? served.sideFor(side, home) : side, branch);
    const wanted = linkTarget(
      place,
      { ...hop, domain: place.network.domains[0] },
      served.identityFor(side, home),
    );
    const send = (connection: Connection | undefined): void => {
      if (watched.waitsFor !== branch) return;
      if (connection === undefined) this.health.missed(watched, true);
      else connection.send(bytes);
    };
    const found = links.find(side, wanted);
    // A peer that reads too slowly is told nothing more: no answer, and it counts as missed.
    if (found === undefined) links.wait(side, wanted, bytes.length, send);
    else if (found !== "full") send(found);
  }

  private newBranch(): string {
    const instance = this.parts.instance.toString(16).padStart(6, "0");
    return `${cookie}${instance}${randomBytes(16).toString("hex")}`.slice(0, branchLetters);
  }

  private options({ network }: Place, { hop }: WatchedHop, side: BoundSide, branch: string): Uint8Array {
    const at = `${hostText(hop.address)}:${hop.port}`;
    const uri = hop.transport === "udp" ? `sip:${at}` : `sip:${at};transport=${hop.transport}`;
    this.count++;
    const lines = [
      `OPTIONS ${uri} SIP/2.0`,
      `${Buffer.from(side.viaPrefix).toString("latin1")}${branch}`,
      "Max-Forwards: 70",
      `From: <sip:${hostText(side.host)}>;tag=${branch.slice(-8)}`,
      `To: <sip:${network.domains[0] ?? at}>`,
      `Call-ID: ${branch.slice(-24)}@${hostText(side.host)}`,
      `CSeq: ${this.count} OPTIONS`,
      "Accept: application/sdp",
      "Content-Length: 0",
    ];
    return bytesOf(`${lines.join("\r\n")}\r\n\r\n`);
  }
}
