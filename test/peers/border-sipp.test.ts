/** Calls of SIPp through `privet run`, over UDP and TCP, in both directions. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { packageRoot } from "../package-root.ts";
import { freePort, Running, RunningBorder } from "./running-border.ts";

const calls = 5;
const scenarios = join(packageRoot, "test/peers/scenarios");

/** `transport`: SIPp's word, one socket for all calls. */
function sipp(
  border: RunningBorder,
  scenario: string,
  transport: "udp" | "tcp",
  port: number,
  ...rest: readonly string[]
): Running {
  const common = [
    "-i",
    "127.0.0.1",
    "-p",
    String(port),
    "-t",
    transport === "udp" ? "u1" : "t1",
    "-m",
    String(calls),
    "-nostdin",
  ];
  const limits = [
    "-timeout",
    "20s",
    "-timeout_error",
    "-recv_timeout",
    "8000",
    "-trace_err",
    "-error_file",
    join(border.folder, `${scenario}-${port}.log`),
  ];
  return new Running("sipp", ["-sf", join(scenarios, `${scenario}.xml`), ...common, ...limits, ...rest]);
}

describe("SIPp calls through the border", () => {
  const border = new RunningBorder();
  const ports = { home: 0, open: 0 };

  before(async () => {
    ports.home = await freePort();
    ports.open = await freePort();
    await border.start({
      home: [`udp:127.0.0.1:${ports.home}`, `tcp:127.0.0.1:${ports.home}`],
      "open-d": [`udp:127.0.0.1:${ports.open}`, `tcp:127.0.0.1:${ports.open}`],
    });
  });
  after(async () => {
    assert.equal(await border.stop(), 0);
  });

  for (const transport of ["udp", "tcp"] as const) {
    const suffix = transport === "tcp" ? ";transport=tcp" : "";

    it(`from home to open-d over ${transport}, the identity withheld`, async () => {
      const callee = sipp(border, "uas", transport, ports.open);
      const caller = sipp(
        border,
        "uac",
        transport,
        ports.home,
        "-key",
        "target",
        `sip:bob@open-d.example${suffix}`,
        "-key",
        "caller",
        "home1.example",
        "-r",
        "20",
        `127.0.0.1:${border.port("inside", transport)}`,
      );
      assert.equal(await caller.ended(), 0, caller.said);
      assert.equal(await callee.ended(), 0, callee.said);
      assert.match(
        border.said,
        new RegExp(
          `rewrite INVITE {6}home \\(${transport}\\) → open-d \\(${transport}\\): .*remove P-Asserted-Identity`,
        ),
      );
    });

    it(`from open-d to home over ${transport}, the forged identity taken off`, async () => {
      const callee = sipp(border, "uas", transport, ports.home);
      const caller = sipp(
        border,
        "uac",
        transport,
        ports.open,
        "-key",
        "target",
        `sip:bob@home1.example${suffix}`,
        "-key",
        "caller",
        "open-d.example",
        "-r",
        "20",
        `127.0.0.1:${border.port("outside", transport)}`,
      );
      assert.equal(await caller.ended(), 0, caller.said);
      assert.equal(await callee.ended(), 0, callee.said);
      assert.match(
        border.said,
        new RegExp(
          `rewrite INVITE {6}\\S+ \\(${transport}\\) → home \\(${transport}\\): .*remove P-Asserted-Identity`,
        ),
      );
    });
  }
});
