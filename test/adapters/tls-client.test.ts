import assert from "node:assert/strict";
import { once } from "node:events";
import { connect as connectPlain } from "node:net";
import { describe, it } from "node:test";
import { createServer } from "node:tls";
import { sipIdentities } from "../../wire/index.ts";
import { message } from "./recorder.ts";
import {
  carrier,
  closeBehindEach,
  home,
  identity,
  listening,
  open,
  opener,
  root,
  second,
} from "./tls-ends.ts";

describe("a tls handshake as client", () => {
  closeBehindEach();

  it("says the domain and partner sought, sends the domain as SNI, and shows our certificate", async () => {
    const { port, at } = await listening();
    const { client, at: atClient } = opener();
    const target = {
      transport: "tls",
      address: "127.0.0.1",
      port,
      domain: "home1.example",
      partner: "h",
    } as const;
    const connection = await client.open(target);
    const { event } = await atClient.nth("handshake");
    assert.equal(event.role, "client");
    assert.equal(event.domain, "home1.example");
    assert.equal(event.partner, "h");
    assert.deepEqual(sipIdentities(event.connection.tls!.certificate!), ["home1.example"]);
    assert.equal(connection.facts, event.connection);
    const { event: far } = await at.nth("handshake");
    assert.equal(far.connection.tls?.sni, "home1.example");
    assert.deepEqual(sipIdentities(far.connection.tls.certificate!), ["carrier-c.example"]);
  });

  it("shows the certificate of the domain in whose name it speaks, else the first", async () => {
    const { port, at } = await listening();
    const { client } = opener({
      identities: [identity(carrier, "carrier-c.example"), identity(second, "home2.example")],
    });
    let count = 0;
    const shownFor = async (name: string | undefined): Promise<string | undefined> => {
      const target = { transport: "tls", address: "127.0.0.1", port, domain: "home1.example" } as const;
      await client.open(name === undefined ? target : { ...target, identity: name });
      const { event } = await at.nth("handshake", ++count);
      return event.connection.tls?.certificate?.commonName;
    };
    assert.equal(await shownFor("home2.example"), "home2.example");
    assert.equal(await shownFor("other.example"), "carrier-c.example");
    assert.equal(await shownFor(undefined), "carrier-c.example");
  });

  it("sends no address as SNI", async () => {
    const { port, at } = await listening();
    await opener().client.open({ transport: "tls", address: "127.0.0.1", port, domain: "127.0.0.1" });
    assert.equal((await at.nth("handshake")).event.connection.tls?.sni, undefined);
  });

  it("fails to open where the verdict is a refusal, with no byte read or written", async () => {
    const { port, at } = await listening();
    const { client, at: atClient } = opener();
    atClient.judge = (handshake) => handshake.reject();
    await assert.rejects(client.open({ transport: "tls", address: "127.0.0.1", port }), /refused/);
    await at.nth("closed");
    assert.deepEqual(at.texts, []);
    assert.equal(atClient.all("opened").length, 0);
  });

  it("fails to open where the server speaks no TLS that we do", async () => {
    const old = createServer({
      cert: home.certificate,
      key: home.privateKey,
      maxVersion: "TLSv1.1",
      minVersion: "TLSv1",
    });
    open.push(old);
    old.on("tlsClientError", () => {});
    old.listen(0, "127.0.0.1");
    await once(old, "listening");
    const address = old.address();
    assert.ok(address !== null && typeof address === "object");
    const { client } = opener();
    await assert.rejects(
      client.open({ transport: "tls", address: "127.0.0.1", port: address.port }),
      /alert protocol version|wrong version|unsupported protocol/,
    );
  });

  it("fails to open where the server does not answer in time", async () => {
    const { port } = await listening({ verdictTimeout: 5_000 });
    const silent = connectPlain({ host: "127.0.0.1", port });
    silent.destroy();
    const mute = (await import("node:net")).createServer();
    mute.listen(0, "127.0.0.1");
    await once(mute, "listening");
    const address = mute.address();
    assert.ok(address !== null && typeof address === "object");
    const { client } = opener({ connectTimeout: 100 });
    await assert.rejects(
      client.open({ transport: "tls", address: "127.0.0.1", port: address.port }),
      /within the time/,
    );
    mute.close();
  });

  it("names the alert where the server wants a certificate and we have none", async () => {
    const strict = createServer({
      cert: home.certificate,
      key: home.privateKey,
      ca: root.certificate,
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: "TLSv1.3",
    });
    open.push(strict);
    strict.on("tlsClientError", () => {});
    strict.listen(0, "127.0.0.1");
    await once(strict, "listening");
    const address = strict.address();
    assert.ok(address !== null && typeof address === "object");
    const { client, at } = opener({ identities: [] });
    const connection = await client.open({ transport: "tls", address: "127.0.0.1", port: address.port });
    connection.send(message(1));
    const { cause } = await at.nth("closed");
    assert.match(cause, /certificate required/);
  });
});
