/** Calls of SIPp between home and a partner's Kamailio over TLS, in both roles. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { makeCertificate } from "../certificate-authority.ts";
import { lastingPort } from "../lasting-port.ts";
import { CarrierEdge } from "./carrier-edge.ts";
import type { RunningKamailio } from "./kamailio.ts";
import { callee, caller } from "./sipp-calls.ts";

/** Logs the name that the border asks for (RFC 6066 3). */
const logServerName = {
  "route[FROM_BORDER] {":
    'route[FROM_BORDER] {\n  xlog("L_WARN", "asked for the domain $tls_peer_server_name\\n");',
};

describe("SIPp calls through the border and a partner's Kamailio", () => {
  let edge: CarrierEdge;
  let kamailio: RunningKamailio;
  let home = 0;

  before(async () => {
    home = await lastingPort();
    edge = await CarrierEdge.start({ home: [`udp:127.0.0.1:${home}`] }, await lastingPort());
    await edge.witnessed(async () => {
      const certificate = makeCertificate("carrier-c.example", edge.border.carrierRoot);
      kamailio = await edge.startKamailio(certificate, { lines: logServerName });
    });
  });
  after(async () => {
    assert.equal(await edge.stop(), 0);
  });

  async function call(
    from: "home" | "foreign",
    scenarios: readonly [string, string],
    calls = 2,
  ): Promise<void> {
    const { border, ports } = edge;
    const users = { home, foreign: ports.foreign };
    const common = { calls, folder: border.folder };
    const [placing, taking] = scenarios;
    const taker = await callee({
      ...common,
      scenario: taking,
      port: users[from === "home" ? "foreign" : "home"],
    });
    const place = { ...common, scenario: placing, port: users[from] };
    const placer =
      from === "home"
        ? caller(place, border.port("inside", "udp"), "sip:bob@carrier-c.example", "home1.example")
        : caller(place, ports.inside, "sip:bob@home1.example", "carrier-c.example");
    assert.equal(await placer.ended(), 0, placer.said);
    assert.equal(await taker.ended(), 0, taker.said);
  }

  const calls = [
    ["foreign", "carrier-c calls, changes the call and ends it", ["caller-changes-call", "callee-trusts"]],
    ["foreign", "carrier-c calls; home changes the call and ends it", ["caller-is-left", "callee-hangs-up"]],
    ["home", "home calls, changes the call and ends it", ["caller-changes-call", "callee-trusts"]],
    ["home", "home calls; carrier-c changes the call and ends it", ["caller-is-left", "callee-hangs-up"]],
  ] as const;
  for (const [from, what, scenarios] of calls) {
    it(`${what}, and the identity arrives`, () => edge.witnessed(() => call(from, scenarios)));
  }

  it("asks Kamailio for the domain that was called (RFC 5922 7.3)", () =>
    edge.witnessed(async () => {
      await kamailio.until(/asked for the domain carrier-c\.example/);
    }));

  it("carries twenty calls over one connection each way (RFC 5923 8.1)", () =>
    edge.witnessed(async () => {
      await call("foreign", ["caller-changes-call", "callee-trusts"], 20);
      await call("home", ["caller-changes-call", "callee-trusts"], 20);
      // Since the first call of this file.
      assert.equal(edge.handshakes("allow", "server"), 1);
      assert.equal(edge.handshakes("allow", "client"), 1);
      assert.equal(edge.handshakes("reject", "server"), 0);
      assert.equal(edge.handshakes("reject", "client"), 0);
    }));
});
