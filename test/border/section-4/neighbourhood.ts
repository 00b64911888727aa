/**
 * A border between home and the networks around it over UDP. Each of them has one phone, at an address
 * of its own: an address says whose a target or a response is.
 */
import { Phone } from "../phone.ts";
import { StartedBorder, type Wishes, writtenPolicy } from "../started-border.ts";
import { type WrittenRequest, writeRequest } from "../written-messages.ts";

/** The border's. */
export const host = "127.0.0.1";

type Party = "home" | "open" | "ims";

export const hostOf: Readonly<Record<Party, string>> = {
  home: "127.0.0.11",
  open: "127.0.0.12",
  ims: "127.0.0.13",
};

/** Home is ours and trusted; open-d and ims-b are neither. `more` are further statements. */
export function networks(...more: readonly string[]): string {
  return `language 1
policy "home among others"
network home {
  own
  domain "home1.example"
  listener "inside"
}
network open-d {
  domain "open-d.example"
  listener "outside"
}
network ims-b {
  domain "ims-b.example"
  listener "zb"
}
trust home
rule forged-identity
  on message from untrusted
  remove P-Asserted-Identity
  because "RFC 3325 5"
rule withhold-identity
  on message to untrusted
  remove P-Asserted-Identity
  because "RFC 3325 7"
${more.join("\n")}
`;
}

const listenerOf: Readonly<Record<Party, string>> = { home: "inside", open: "outside", ims: "zb" };

export class Neighbourhood {
  readonly home: Phone;
  readonly open: Phone;
  readonly ims: Phone;
  readonly border: StartedBorder;

  private constructor(home: Phone, open: Phone, ims: Phone, border: StartedBorder) {
    this.home = home;
    this.open = open;
    this.ims = ims;
    this.border = border;
  }

  static async settle(policy: string = networks(), wishes: Partial<Wishes> = {}): Promise<Neighbourhood> {
    const engine = writtenPolicy(policy);
    const home = await Phone.open(hostOf.home);
    const open = await Phone.open(hostOf.open);
    const ims = await Phone.open(hostOf.ims);
    const border = await StartedBorder.start({
      engine,
      listeners: ["inside udp", "outside udp", "zb udp"],
      hops: {
        home: [`udp:${hostOf.home}:${home.port}`],
        "open-d": [`udp:${hostOf.open}:${open.port}`],
        "ims-b": [`udp:${hostOf.ims}:${ims.port}`],
      },
      ...wishes,
    });
    return new Neighbourhood(home, open, ims, border);
  }

  /** The port of the border's listener towards that phone. */
  port(party: Party): number {
    return this.border.port(listenerOf[party], "udp");
  }

  send(party: Party, text: string): void {
    this[party].send(text, this.port(party));
  }

  /** A request with a Via of that phone. */
  request(party: Party, branch: string, changes: Partial<WrittenRequest> = {}): string {
    return writeRequest({
      via: `SIP/2.0/UDP ${hostOf[party]}:${this[party].port};branch=z9hG4bK${branch}`,
      callId: `${branch}@test`,
      ...changes,
    });
  }

  /** What has come to any of the phones within the time. */
  async silence(milliseconds = 150): Promise<readonly string[]> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
    const all = await Promise.all([this.home, this.open, this.ims].map((phone) => phone.silence(0)));
    return all.flat();
  }

  /** What became of the message that came last. */
  get lastOutcome(): string {
    const { outcome } = this.border.messages.at(-1)!;
    if (outcome.kind === "answered") return `answered ${outcome.status}: ${outcome.cause}`;
    return outcome.kind === "dropped" ? `dropped: ${outcome.cause}` : outcome.kind;
  }

  async close(): Promise<void> {
    await this.border.close();
    for (const phone of [this.home, this.open, this.ims]) phone.close();
  }
}
