/** A border on UDP between home and open-d, each a phone. */
import { Border, type BorderConfiguration, defaultQueue, type Passage } from "../../border/index.ts";
import { compile } from "../../engine/index.ts";
import type { Policy } from "../../grammar/model.ts";
import { Phone, textMessage } from "./phone.ts";
import { smallPolicy } from "./small-policy.ts";

const host = "127.0.0.1";

export interface Asked {
  readonly method?: string;
  readonly uri?: string;
  /** Default: home. */
  readonly by?: Phone;
  readonly branch: string;
  readonly callId?: string;
  readonly more?: readonly string[];
}

export class TwoPhones {
  readonly home: Phone;
  readonly open: Phone;
  readonly passages: Passage[] = [];
  private running: Border | undefined;

  private constructor(home: Phone, open: Phone) {
    this.home = home;
    this.open = open;
  }

  static async start(
    policy: Policy = smallPolicy(),
    more: Partial<BorderConfiguration> = {},
  ): Promise<TwoPhones> {
    const phones = new TwoPhones(await Phone.open(), await Phone.open());
    await phones.startBorder(policy, more);
    return phones;
  }

  /** Again, on other ports, with the same secret. */
  async restart(policy: Policy = smallPolicy(), more: Partial<BorderConfiguration> = {}): Promise<void> {
    await this.running?.close();
    await this.startBorder(policy, more);
  }

  get border(): Border {
    if (this.running === undefined) throw new Error("the border does not run");
    return this.running;
  }

  get inside(): number {
    return this.border.sides[0]!.port;
  }

  get outside(): number {
    return this.border.sides[1]!.port;
  }

  request({
    method = "INVITE",
    uri = "sip:bob@open-d.example",
    by = this.home,
    branch,
    ...rest
  }: Asked): string {
    const { callId = `${branch}@test`, more = [] } = rest;
    return textMessage(
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${host}:${by.port};branch=z9hG4bK${branch}`,
      "Max-Forwards: 70",
      "From: <sip:alice@home1.example>;tag=f1",
      "To: <sip:bob@open-d.example>",
      `Call-ID: ${callId}`,
      `CSeq: 1 ${method}`,
      ...more,
      "Content-Length: 0",
    );
  }

  async close(): Promise<void> {
    await this.running?.close();
    this.home.close();
    this.open.close();
  }

  private async startBorder(policy: Policy, more: Partial<BorderConfiguration>): Promise<void> {
    const listener = (name: string) => ({ name, transport: "udp", address: host, host, port: 0 }) as const;
    const hop = ({ port }: Phone, name: string) => ({
      hops: [{ transport: "udp", address: host, port } as const],
      listener: name,
      numeric: false,
    });
    const border = new Border(compile(policy), {
      secret: Buffer.from("000102030405060708090a0b0c0d0e0f", "hex"),
      listeners: [listener("inside"), listener("outside")],
      networks: new Map([
        ["home", hop(this.home, "inside")],
        ["open-d", hop(this.open, "outside")],
      ]),
      queue: defaultQueue,
      ...more,
    });
    await border.listen();
    border.passages$.subscribe((passage) => this.passages.push(passage));
    this.running = border;
  }
}
