/**
 * What is on the wire: openssl as carrier-c in both roles, tshark as the witness that no asserted
 * identity goes to open-d, and an impostor that gets nothing.
 */
import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { TcpAdapter } from "../../adapters/index.ts";
import { Phone, textMessage, valuesOf } from "../border/phone.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { lastingPort } from "../lasting-port.ts";
import { Running } from "../running.ts";
import { until } from "../until.ts";
import { RunningBorder } from "./running-border.ts";

const identity = '"Withheld Caller" <sip:withheld.caller@home1.example>';

describe("the wire", () => {
  const border = new RunningBorder();
  const running: Running[] = [];
  let home: Phone;
  let open: Phone;
  let openTcp: TcpAdapter;
  const overTcp: string[] = [];
  let carrierPort = 0;
  let carrier: Running;

  function run(command: string, ...args: readonly string[]): Running {
    const one = new Running(command, args);
    running.push(one);
    return one;
  }

  before(async () => {
    home = await Phone.open();
    open = await Phone.open();
    openTcp = new TcpAdapter({ host: "127.0.0.1" });
    openTcp.events$.subscribe((event) => {
      if (event.kind === "received") overTcp.push(Buffer.from(event.bytes).toString("latin1"));
    });
    await openTcp.listen();
    carrierPort = await lastingPort();
    const pem = border.pem("carrier", makeCertificate("carrier-c.example", border.carrierRoot));
    carrier = run(
      "openssl",
      "s_server",
      "-accept",
      `127.0.0.1:${carrierPort}`,
      "-cert",
      pem,
      "-key",
      pem,
      "-Verify",
      "1",
    );
    await carrier.until(/^ACCEPT$/m);
    await border.start({
      home: [`udp:127.0.0.1:${home.port}`],
      "open-d": [`udp:127.0.0.1:${open.port}`, `tcp:127.0.0.1:${openTcp.address!.port}`],
      "carrier-c": [`tls:127.0.0.1:${carrierPort}`],
    });
  });
  after(async () => {
    for (const one of running) await one.stop();
    home.close();
    open.close();
    const code = await border.stop();
    await openTcp.close();
    assert.equal(code, 0);
  });

  let count = 0;
  function invite(uri: string, sentBy: string, from: string, asserted: string): string {
    count++;
    return textMessage(
      `INVITE ${uri} SIP/2.0`,
      `Via: SIP/2.0/${sentBy};branch=z9hG4bKw${count}`,
      "Max-Forwards: 70",
      `From: <sip:${from}>;tag=w${count}`,
      `To: <${uri}>`,
      `Call-ID: w${count}@witness`,
      "CSeq: 1 INVITE",
      `Contact: <sip:${from}>`,
      `P-Asserted-Identity: ${asserted}`,
      "Privacy: id",
      "Content-Length: 0",
    );
  }

  function fromHome(uri: string): void {
    home.send(
      invite(uri, `UDP 127.0.0.1:${home.port}`, "anonymous@home1.example", identity),
      border.port("inside", "udp"),
    );
  }

  it("shows no asserted identity towards open-d, over UDP and TCP, while carrier-c has it whole over TLS", async () => {
    const capture = join(border.folder, "witness.pcap");
    const tcpPort = openTcp.address!.port;
    const filter = `udp port ${open.port} or tcp port ${tcpPort} or tcp port ${carrierPort}`;
    const tshark = run("tshark", "-i", "lo", "-f", filter, "-F", "pcap", "-w", capture);
    // The file has its head once packets are caught.
    const said = (): string => tshark.said;
    await until(() => existsSync(capture) && statSync(capture).size > 0, "the capture's begin", said);

    fromHome("sip:bob@open-d.example;transport=udp");
    assert.deepEqual(valuesOf(await open.next(), "P-Asserted-Identity"), []);
    fromHome("sip:bob@open-d.example;transport=tcp");
    await border.until(/INVITE {6}home \(udp\) → open-d \(tcp\)/);
    fromHome("sip:bob@carrier-c.example");
    await carrier.until(
      /P-Asserted-Identity: "Withheld Caller" <sip:withheld\.caller@home1\.example>\r?\nPrivacy: id/,
    );
    await border.until(/allow {3}INVITE {6}home \(udp\) → carrier-c \(tls\)/);

    const captured = (): string => readFileSync(capture).toString("latin1");
    for (const transport of ["udp", "tcp"])
      await until(
        () => captured().includes(`INVITE sip:bob@open-d.example;transport=${transport}`),
        `the call over ${transport} in the capture`,
        said,
      );
    await tshark.stop("SIGINT");
    const bytes = captured();
    assert.doesNotMatch(bytes, /P-Asserted-Identity|withheld/i);

    const fields = run(
      "tshark",
      "-r",
      capture,
      "-d",
      `udp.port==${open.port},sip`,
      "-d",
      `tcp.port==${tcpPort},sip`,
      "-Y",
      "sip.Method==INVITE",
      "-T",
      "fields",
      "-e",
      "sip.r-uri.host",
      "-e",
      "sip.P-Asserted-Identity",
    );
    assert.equal(await fields.ended(), 0, fields.said);
    const rows = fields.said.split("\n").filter((line) => line.startsWith("open-d.example"));
    assert.equal(rows.length, 2, fields.said);
    for (const row of rows) assert.match(row, /^open-d\.example\t$/);
  });

  it("takes an INVITE from openssl with the partner's certificate, identity and all", async () => {
    const pem = border.pem("carrier-client", makeCertificate("carrier-c.example", border.carrierRoot));
    const client = run(
      "openssl",
      "s_client",
      "-connect",
      `127.0.0.1:${border.port("outside", "tls")}`,
      "-servername",
      "home1.example",
      "-cert",
      pem,
      "-key",
      pem,
      "-quiet",
    );
    await border.until(
      /allow {3}TLS from 127\.0\.0\.1 to listener outside: the certificate names partner carrier-c/,
    );
    const carol = '"Carol" <sip:carol@carrier-c.example>';
    client.write(
      invite("sip:bob@home1.example", "TLS edge.carrier-c.example", "carol@carrier-c.example", carol),
    );
    const received = await home.next();
    assert.deepEqual(valuesOf(received, "P-Asserted-Identity"), [carol]);
    const copied = ["Via", "From", "To", "Call-ID", "CSeq"].flatMap((field) =>
      valuesOf(received, field).map((value) => `${field}: ${value}`),
    );
    home.send(
      textMessage("SIP/2.0 486 Busy Here", ...copied, "Content-Length: 0"),
      border.port("inside", "udp"),
    );
    await client.until(
      /SIP\/2\.0 486 Busy Here\r?\nVia: SIP\/2\.0\/TLS edge\.carrier-c\.example;branch=z9hG4bKw\d+;received=127\.0\.0\.1\r?\n/,
    );
  });

  it("refuses a certificate of another authority, one of another name, and none, before a byte of SIP", async () => {
    const impostor = makeCertificate("carrier-c.example", makeAuthority("somebody's root"));
    const stranger = makeCertificate("open-d.example", border.carrierRoot);
    for (const certificate of [
      border.pem("impostor", impostor),
      border.pem("stranger", stranger),
      undefined,
    ]) {
      const shown = certificate === undefined ? [] : ["-cert", certificate, "-key", certificate];
      const refusals = border.said.split("reject  TLS").length;
      const client = run(
        "openssl",
        "s_client",
        "-connect",
        `127.0.0.1:${border.port("outside", "tls")}`,
        ...shown,
        "-quiet",
      );
      client.write(
        invite(
          "sip:bob@home1.example",
          "TLS edge.carrier-c.example",
          "carol@carrier-c.example",
          "<sip:ceo@home1.example>",
        ),
      );
      await client.ended();
      assert.equal(border.said.split("reject  TLS").length, refusals + 1, border.said);
      assert.doesNotMatch(client.said, /SIP\/2\.0 \d/);
    }
    assert.deepEqual(await home.silence(), []);
  });
});
