/** `privet run` as its own process between two phones, with files that a test changes while it runs. */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Phone, textMessage } from "../border/phone.ts";
import { Running } from "../running.ts";

/** The policy's networks are to be `home`, behind the listener `inside`, and `open-d`, behind `outside`. */
export class ReloadableBorder {
  readonly folder: string = mkdtempSync(join(tmpdir(), "privet-reload-"));
  readonly home: Phone;
  readonly open: Phone;
  /** How often `call` was. */
  calls = 0;
  private readonly settings: object;
  private started: Running | undefined;
  private heard = 0;
  private inside = 0;
  private operation = 0;

  private constructor(home: Phone, open: Phone, settings: object) {
    this.home = home;
    this.open = open;
    this.settings = settings;
  }

  /** The files by name, and what border.json is to say beside listeners, networks and `p.privet`. */
  static async start(files: Readonly<Record<string, string>>, settings: object): Promise<ReloadableBorder> {
    const there = new ReloadableBorder(await Phone.open(), await Phone.open(), settings);
    for (const [name, text] of Object.entries(files)) there.write(name, text);
    there.configure();
    there.started = Running.privet("run", join(there.folder, "border.json"));
    // As a line for people, or in JSON.
    const listening = /listening inside udp 127\.0\.0\.1:(\d+)\n|"name":"inside",[^{}]*"port":(\d+)/;
    const [, port, portInJson] = await there.until(listening);
    there.inside = Number(port ?? portInJson);
    there.operation = Number((await there.until(/operation http 127\.0\.0\.1:(\d+)\n/))[1]);
    return there;
  }

  get running(): Running {
    return this.started!;
  }

  /** At once, as an editor does it: nobody reads half of a file. */
  write(name: string, text: string): void {
    const file = join(this.folder, name);
    writeFileSync(`${file}.new`, text);
    renameSync(`${file}.new`, file);
  }

  /** border.json as it was, with these changes. */
  configure(changes: object = {}): void {
    this.write(
      "border.json",
      JSON.stringify({
        policy: "p.privet",
        secret: "00".repeat(16),
        operation: { port: 0 },
        listeners: [
          { name: "inside", transport: "udp", address: "127.0.0.1", port: 0 },
          { name: "outside", transport: "udp", address: "127.0.0.1", port: 0 },
        ],
        networks: {
          home: { hops: [`udp:127.0.0.1:${this.home.port}`] },
          "open-d": { hops: [`udp:127.0.0.1:${this.open.port}`], listener: "outside" },
        },
        ...this.settings,
        ...changes,
      }),
    );
  }

  /** Tells it to read its files again. */
  hangUp(): void {
    this.running.child.kill("SIGHUP");
  }

  /** Waits for what has not been waited for yet. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    const match = await this.running.until(pattern, this.heard);
    this.heard += match.index + match[0].length;
    return match;
  }

  /** An OPTIONS with Subject and P-Asserted-Identity from home, as open-d gets it. */
  call(): Promise<string> {
    const { home, inside } = this;
    const call = ++this.calls;
    home.send(
      textMessage(
        "OPTIONS sip:bob@open-d.example SIP/2.0",
        `Via: SIP/2.0/UDP 127.0.0.1:${home.port};branch=z9hG4bK${call}`,
        "Max-Forwards: 70",
        "From: <sip:alice@home1.example>;tag=1",
        "To: <sip:bob@open-d.example>",
        `Call-ID: ${call}`,
        "CSeq: 1 OPTIONS",
        "P-Asserted-Identity: <sip:alice@home1.example>",
        "Subject: hello",
        "Content-Length: 0",
      ),
      inside,
    );
    return this.open.next();
  }

  /** What an operator's machine is told under that path. */
  async page(path: string): Promise<string> {
    return (await fetch(`http://127.0.0.1:${this.operation}/${path}`)).text();
  }

  async end(): Promise<void> {
    await this.running.stop("SIGKILL");
    this.home.close();
    this.open.close();
    rmSync(this.folder, { recursive: true });
  }
}
