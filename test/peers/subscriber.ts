/** The phone of a subscriber of home, who proves the password that Kamailio asks for (RFC 3261 22.2, 22.3). */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { Phone, textMessage, valuesOf } from "../border/phone.ts";

/** Not the border's address, by which Kamailio knows the border. */
const address = "127.0.0.2";
const domain = "home1.example";

const md5 = (...parts: readonly string[]): string => createHash("md5").update(parts.join(":")).digest("hex");

export class Subscriber {
  readonly phone: Phone;
  private readonly name: string;
  private readonly password: string;
  private count = 0;

  private constructor(phone: Phone, name: string, password: string) {
    this.phone = phone;
    this.name = name;
    this.password = password;
  }

  static async open(name: string, password: string): Promise<Subscriber> {
    return new Subscriber(await Phone.open(address), name, password);
  }

  /** At the proxy of that port. */
  async register(proxy: number): Promise<void> {
    const user = `sip:${this.name}@${domain}`;
    await this.withPassword(proxy, "WWW-Authenticate", "Authorization", (...more) =>
      this.request("REGISTER", [`sip:${domain}`, user], more),
    );
    assert.match(await this.next(), /^SIP\/2\.0 200 OK\r\n/);
  }

  /** What comes of it is still to be read. */
  async invite(proxy: number, uri: string, ...fields: readonly string[]): Promise<void> {
    await this.withPassword(proxy, "Proxy-Authenticate", "Proxy-Authorization", (...more) =>
      this.request("INVITE", [uri, uri], [...fields, ...more]),
    );
  }

  /** The next message that is no 100. */
  async next(): Promise<string> {
    return nextButTrying(this.phone);
  }

  /** Sends it, and once more with the password. */
  private async withPassword(
    proxy: number,
    asks: string,
    says: string,
    text: (...more: readonly string[]) => string,
  ): Promise<void> {
    const first = text();
    this.phone.send(first, proxy);
    const challenge = await this.next();
    const nonce = /nonce="([^"]+)"/.exec(valuesOf(challenge, asks)[0] ?? "")?.[1];
    assert.ok(nonce !== undefined, challenge);
    const [method = "", uri = ""] = first.split(" ");
    const response = md5(md5(this.name, domain, this.password), nonce, md5(method, uri));
    const who = `Digest username="${this.name}", realm="${domain}"`;
    this.phone.send(text(`${says}: ${who}, nonce="${nonce}", uri="${uri}", response="${response}"`), proxy);
  }

  private request(
    method: string,
    [uri, to]: readonly [uri: string, to: string],
    fields: readonly string[],
  ): string {
    const { phone, name } = this;
    const count = ++this.count;
    return textMessage(
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${address}:${phone.port};branch=z9hG4bKh${count}`,
      "Max-Forwards: 70",
      `From: <sip:${name}@${domain}>;tag=h${count}`,
      `To: <${to}>`,
      `Call-ID: h${count}@home`,
      `CSeq: ${count} ${method}`,
      `Contact: <sip:${name}@${address}:${phone.port}>`,
      ...fields,
      "Content-Length: 0",
    );
  }
}

/** The next message that is no 100, which every proxy sends or not as it likes. */
export async function nextButTrying(phone: Phone): Promise<string> {
  let message = await phone.next();
  while (message.startsWith("SIP/2.0 100 ")) message = await phone.next();
  return message;
}
