import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { describe, it } from "node:test";
import { setTimeout as pass } from "node:timers/promises";
import { type ConnectionOptions, connect } from "node:tls";
import { TlsAdapter } from "../../adapters/index.ts";
import { sipIdentities } from "../../wire/index.ts";
import { makeAuthority, makeCertificate } from "../certificate-authority.ts";
import { describeAdapter } from "./behaviour.ts";
import { message, Recorder, textOf } from "./recorder.ts";
import { describeStream } from "./stream-behaviour.ts";
import {
  asCarrier,
  carrier,
  chained,
  closeBehindEach,
  dial,
  dialled,
  homeIdentity,
  identity,
  intermediate,
  listener,
  listening,
  open,
  root,
  second,
  sockets,
  twice,
} from "./tls-ends.ts";

describeAdapter({
  transport: "tls",
  listener: (host, port = 0) => listener({ host, port }),
  opener: () => new TlsAdapter({ identities: [identity(carrier, "carrier-c.example")] }),
});

describeStream({
  transport: "tls",
  listener: (times = {}, connections = 100) => listener({ times, connections }),
  dial: async (port) => {
    const below = connectPlain({ host: "127.0.0.1", port });
    await once(below, "connect");
    const socket = connect({ socket: below, rejectUnauthorized: false });
    await once(socket, "secureConnect");
    return { socket, below };
  },
});

describe("a tls handshake", () => {
  closeBehindEach();

  it("hands out no byte before it is allowed, and all of them afterwards (RFC 8446 4.6)", async () => {
    const { port, at } = await listening();
    at.judge = () => {};
    const socket = await dialled(port, asCarrier);
    socket.write(message(1));
    const handshake = await at.nth("handshake");
    await pass(50);
    assert.deepEqual(at.events, [handshake]);
    handshake.allow();
    await at.nth("received");
    assert.deepEqual(at.texts, [textOf(message(1))]);
  });

  /** The facts of the same certificate, at each of so many handshakes. */
  async function factsOf(times: number, judge?: Recorder["judge"]): Promise<unknown[]> {
    const { port, at } = await listening();
    if (judge !== undefined) at.judge = judge;
    const facts: unknown[] = [];
    for (let time = 1; time <= times; time++) {
      await dialled(port, asCarrier);
      const { event } = await at.nth("handshake", time);
      assert.equal(event.connection.tls?.resumed, false);
      facts.push(event.connection.tls.certificate);
    }
    return facts;
  }

  it("keeps the reading of a certificate that was accepted twice, and has it judged each time all the same", async () => {
    const [unknown, known, again, later] = await factsOf(4);
    assert.deepEqual(known, unknown);
    assert.notEqual(known, unknown);
    assert.equal(again, known);
    assert.equal(later, known);
  });

  it("keeps no reading of a certificate that was refused", async () => {
    const [unknown, known, again] = await factsOf(3, (handshake) => handshake.reject());
    assert.notEqual(known, unknown);
    assert.notEqual(again, known);
  });

  it("reads the chain that comes, not the one that came with the same leaf before", async () => {
    const { port, at } = await listening();
    const leaf = { cert: chained.certificate, key: chained.privateKey };
    await dialled(port, { ...leaf, cert: chained.certificate + intermediate.certificate });
    await at.nth("handshake", 1);
    await dialled(port, leaf);
    const { event } = await at.nth("handshake", 2);
    assert.deepEqual(event.connection.tls?.certificate?.chain, [new Uint8Array(chained.der)]);
  });

  it("throws away what was written early when it is refused, and answers nothing", async () => {
    const { port, at } = await listening();
    at.judge = () => {};
    const socket = await dialled(port);
    const heard: Buffer[] = [];
    socket.on("data", (chunk: Buffer) => heard.push(chunk));
    socket.write(message(1));
    const handshake = await at.nth("handshake");
    await pass(20);
    handshake.reject();
    await once(socket, "close");
    assert.deepEqual(at.events, [handshake]);
    assert.deepEqual(heard, []);
  });

  it("is judged once: a second verdict changes nothing", async () => {
    const { port, at } = await listening();
    at.judge = (handshake) => {
      handshake.reject();
      handshake.allow();
    };
    const socket = await dialled(port);
    await once(socket, "close");
    assert.equal(at.all("opened").length, 0);
  });

  it("is refused where nobody judges it in time", async () => {
    const { port, at } = await listening({ verdictTimeout: 50 });
    at.judge = () => {};
    const socket = await dialled(port);
    await once(socket, "close");
    at.all("handshake")[0]!.allow();
    assert.equal(at.all("opened").length, 0);
  });

  it("is refused where nobody listens to events", async () => {
    const server = listener();
    open.push(server);
    await server.listen();
    const socket = await dialled(server.address!.port);
    await once(socket, "close");
  });

  it("says version, cipher, SNI and certificate", async () => {
    const { port, at } = await listening();
    await dialled(port, { ...asCarrier, servername: "home1.example", maxVersion: "TLSv1.2" });
    const { event } = await at.nth("handshake");
    assert.equal(event.role, "server");
    assert.equal(event.connection.listener, "outside");
    assert.equal(event.connection.remoteAddress, "127.0.0.1");
    const { tls } = event.connection;
    assert.equal(tls?.version, "TLSv1.2");
    assert.equal(tls.cipher, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
    assert.equal(tls.sni, "home1.example");
    assert.equal(tls.resumed, false);
    assert.deepEqual(sipIdentities(tls.certificate!), ["carrier-c.example"]);
    assert.deepEqual(tls.certificate?.chain, [carrier.der]);
  });

  it("takes a client that shows no certificate, and says so", async () => {
    const { port, at } = await listening();
    await dialled(port);
    const { event } = await at.nth("handshake");
    assert.equal(event.connection.tls?.version, "TLSv1.3");
    assert.equal(event.connection.tls.certificate, undefined);
  });

  it("takes the rest of the chain in any order (RFC 8446 4.4.2)", async () => {
    const { port, at } = await listening();
    const upper = makeAuthority("Upper");
    const lower = makeCertificate("lower", upper, { authority: true, uris: [] });
    const leaf = makeCertificate("carrier-c.example", lower);
    const cert = [leaf, upper, lower].map(({ certificate }) => certificate).join("");
    await dialled(port, { cert, key: leaf.privateKey });
    const { event } = await at.nth("handshake");
    const chain = event.connection.tls?.certificate?.chain ?? [];
    assert.deepEqual(chain[0], leaf.der);
    assert.ok(chain.some((der) => Buffer.compare(der, lower.der) === 0));
  });

  it("keeps the reading of each chain of a certificate by itself", async () => {
    const { port, at } = await listening();
    const leafAlone = { cert: chained.certificate, key: chained.privateKey };
    const whole = { ...leafAlone, cert: chained.certificate + intermediate.certificate };
    const certificates = [];
    for (const [index, options] of [leafAlone, whole, whole, leafAlone, leafAlone].entries()) {
      await dialled(port, options);
      certificates.push((await at.nth("handshake", index + 1)).event.connection.tls?.certificate);
      await at.nth("opened", index + 1);
    }
    assert.deepEqual(
      certificates.map((one) => one?.chain?.length),
      [1, 2, 2, 1, 1],
    );
    assert.equal(certificates[2], certificates[1]);
    assert.notEqual(certificates[3], certificates[0]);
  });

  it("sends no names of authorities: any certificate may be shown", async () => {
    const { port, at } = await listening();
    const stranger = makeCertificate("open-d.example", undefined);
    await dialled(port, { cert: stranger.certificate, key: stranger.privateKey });
    const { event } = await at.nth("handshake");
    assert.deepEqual(sipIdentities(event.connection.tls!.certificate!), ["open-d.example"]);
  });

  it("shows the certificate of the domain that SNI names, else the first (RFC 5922 7.8)", async () => {
    const both = [homeIdentity, identity(second, "home2.example")];
    const { server, port } = await listening({ identities: both });
    const shown = (...servernames: readonly (string | undefined)[]): Promise<unknown[]> =>
      Promise.all(
        servernames.map(async (servername) => {
          const socket = await dialled(port, servername === undefined ? {} : { servername });
          return socket.getPeerX509Certificate()?.subject;
        }),
      );
    const [one, two] = ["CN=home1.example", "CN=home2.example"];
    assert.deepEqual(await shown("HOME2.example", "home1.example", "other.example", undefined), [
      two,
      one,
      one,
      one,
    ]);
    server.useIdentities([homeIdentity]);
    assert.deepEqual(await shown("home2.example", "home1.example", undefined), [one, one, one]);
    server.useIdentities(both);
    assert.deepEqual(await shown("home2.example", "home1.example", undefined), [two, one, one]);
  });

  for (const [what, options] of Object.entries({
    "TLS 1.1": { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "ALL:@SECLEVEL=0" },
    "static RSA": { maxVersion: "TLSv1.2", ciphers: "AES128-GCM-SHA256" },
    "CBC suites": { maxVersion: "TLSv1.2", ciphers: "ECDHE-ECDSA-AES128-SHA256" },
    "SHA-1 signatures": { maxVersion: "TLSv1.2", sigalgs: "ECDSA+SHA1", ciphers: "DEFAULT:@SECLEVEL=0" },
  } satisfies Record<string, ConnectionOptions>)) {
    it(`fails with ${what} (RFC 9325)`, async () => {
      const { port, at } = await listening();
      await assert.rejects(dial(port, options));
      assert.deepEqual(at.events, []);
    });
  }

  it("takes no renegotiation, which could bring another certificate (RFC 9325 3.5)", async () => {
    const { port, at } = await listening();
    const socket = await dialled(port, { ...asCarrier, maxVersion: "TLSv1.2" });
    await at.nth("opened");
    const outcome = new Promise((resolve) => {
      socket.once("close", () => resolve("closed"));
      socket.renegotiate({ rejectUnauthorized: false }, (error) =>
        resolve(error === null ? "renegotiated" : "refused"),
      );
      setTimeout(() => resolve("ignored"), 300);
    });
    assert.notEqual(await outcome, "renegotiated");
    assert.equal(at.all("handshake").length, 1);
  });

  it("ends a connection that never shakes hands", async () => {
    const { port } = await listening({ handshakeTimeout: 50 });
    const socket = connectPlain({ host: "127.0.0.1", port });
    socket.on("error", () => {});
    sockets.push(socket);
    await once(socket, "close");
  });

  it("survives bytes that are no TLS", async () => {
    const { port, at } = await listening();
    const socket = connectPlain({ host: "127.0.0.1", port });
    socket.on("error", () => {});
    socket.end(message(1));
    socket.resume();
    await once(socket, "close");
    await dialled(port);
    await at.nth("opened");
  });

  describe("that resumes a session", () => {
    for (const version of ["TLSv1.2", "TLSv1.3"] as const) {
      const only: ConnectionOptions = { minVersion: version, maxVersion: version };

      it(`has the certificate of the first one and its chain, to be judged again (${version})`, async () => {
        const { port, at } = await listening();
        const cert = chained.certificate + intermediate.certificate;
        const options = { ...only, cert, key: chained.privateKey };
        await twice({ port, options }, { port, options: only });
        const { event } = await at.nth("handshake", 2);
        assert.equal(event.connection.tls?.resumed, true);
        assert.deepEqual(event.connection.tls.certificate?.chain, [chained.der, intermediate.der]);
      });

      it(`has no certificate where the first one had none (${version})`, async () => {
        const { port, at } = await listening();
        await twice({ port, options: only }, { port, options: only });
        const { event } = await at.nth("handshake", 2);
        assert.equal(event.connection.tls?.resumed, true);
        assert.equal(event.connection.tls.certificate, undefined);
      });

      it(`is a full handshake at another listener (${version})`, async () => {
        const one = await listening();
        const other = await listening();
        await twice(
          { port: one.port, options: { ...only, ...asCarrier } },
          { port: other.port, options: only },
        );
        const { event } = await other.at.nth("handshake");
        assert.equal(event.connection.tls?.resumed, false);
        assert.equal(event.connection.tls.certificate, undefined);
      });
    }
  });

  it("uses renewed certificates for new connections, in and out, and leaves the others alone", async () => {
    const { server, port, at } = await listening();
    const old = await dialled(port);
    const renewed = makeCertificate("home1.example", root, { commonName: "renewed" });
    server.useIdentities([identity(renewed, "home1.example")]);
    for (const servername of ["home1.example", "other.example"]) {
      const socket = await dialled(port, { servername });
      assert.equal(socket.getPeerX509Certificate()?.subject, "CN=renewed");
    }
    old.write(message(1));
    await at.nth("received");
    const peer = await listening();
    await server.open({ transport: "tls", address: "127.0.0.1", port: peer.port, domain: "home1.example" });
    const { event } = await peer.at.nth("handshake");
    assert.equal(event.connection.tls?.certificate?.commonName, "renewed");
  });

  it("refuses a certificate and a key that do not fit", () => {
    assert.throws(() => listener({ identities: [{ ...homeIdentity, privateKey: carrier.privateKey }] }));
    assert.throws(() => listener({ identities: [] }), RangeError);
  });

  it("refuses certificates with keys of two kinds, of which the wrong one could be shown", () => {
    const rsa = identity(makeCertificate("home2.example", root, { key: "rsa-2048" }), "home2.example");
    assert.throws(() => listener({ identities: [homeIdentity, rsa] }), RangeError);
  });
});
