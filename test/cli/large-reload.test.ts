/** `privet run` as its own process, with a partner list of 100,000: messages are answered while it loads. */
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { Phone } from "../border/phone.ts";
import { BorderProcess } from "./border-process.ts";
import { host, listener, page, portsIn, request } from "./shared-listeners.ts";

const count = 100_000;
const day = 86_400_000;
/** Milliseconds; a machine that does other work at the same time takes long. */
const patience = 120_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** `p0.example` to `p99999.example`; the last one has the address 127.0.0.0/8, and `soon` end within a week. */
function partners(soon: number): string {
  const [begin, later, near] = [-30, 400, 7].map((days) => dayOf(Date.now() + days * day));
  const rows = ["name,domains,addresses,agreement,from,to"];
  for (let i = 0; i < count; i++) {
    const address = i === count - 1 ? "127.0.0.0/8" : `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
    rows.push(`p${i},p${i}.example,${address},IWA-${i},${begin},${i < soon ? near : later}`);
  }
  return `${rows.join("\n")}\n`;
}

const policy = (list: string): string => `language 1
policy "large"
import partners "./${list}"
network home {
  own
  domain "home1.example"
  listener "inside"
}
trust home
trust partner when agreement in force
`;

import { until } from "../until.ts";

const few = `name,domains,agreement,from,to\np1,p1.example,A-1,2026-01-01,2026-01-02\n`;

describe("a border whose partner list grows to 100,000", () => {
  const border = new BorderProcess();
  let phone: Phone;
  let inside = 0;
  let outside = 0;
  let operation = 0;

  before(async () => {
    phone = await Phone.open();
    border.write("few.csv", few);
    border.write("many.csv", partners(1_200));
    border.write("p.privet", policy("few.csv"));
    border.write(
      "border.json",
      JSON.stringify({
        policy: "p.privet",
        lossy: "accept",
        operation: { port: 0 },
        listeners: [listener("inside", "udp"), listener("outside", "udp")],
        networks: { home: { hops: [`udp:${host}:${phone.port}`] } },
      }),
    );
    border.start();
    operation = Number((await border.until(/operation http 127\.0\.0\.1:(\d+)\n/))[1]);
    inside = portsIn(border.output).get("inside udp")!;
    outside = portsIn(border.output).get("outside udp")!;
  });
  after(async () => {
    await border.remove();
    phone.close();
  });

  const ask = async (): Promise<void> => {
    phone.send(request(`sip:${host}:${inside}`, `UDP ${host}:${phone.port}`, "large"), inside);
    assert.match(await phone.next(), /^SIP\/2\.0 200 /);
  };

  const metric = async (line: string): Promise<boolean> =>
    (await page(operation, "metrics")).text.split("\n").includes(line);

  it("answers while it loads, and then has the new list in force", async () => {
    border.write("p.privet", policy("many.csv"));
    border.signal("SIGHUP");
    let answered = 0;
    for (
      const end = Date.now() + patience;
      !/^reloaded .*border\.json: policy large\n/m.test(border.output);
    ) {
      assert.ok(Date.now() < end, border.everything);
      await ask();
      answered++;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    // Of a border that reads its list between two messages one or two would have come.
    assert.ok(answered >= 10, `${answered} answers came while the list was loaded`);
    phone.send(request("sip:a@home1.example", `UDP ${host}:${phone.port}`, "member"), outside);
    await border.until(/ p99999 .*OPTIONS|OPTIONS .*p99999/);
    for (const line of [
      'privet_agreements{state="pending"} 0',
      `privet_agreements{state="in-force"} ${count}`,
      'privet_agreements{state="ended"} 0',
      'privet_agreements{state="none"} 0',
    ])
      assert.ok(await metric(line), line);
    const { text } = await page(operation, "metrics");
    assert.equal(text.match(/^privet_agreement_end_timestamp_seconds\{/gm)?.length, 1_000);
  });

  it("keeps it where the next one has a mistake", async () => {
    border.write("many.csv", partners(0).replace(`p${count - 1}.example`, "p5.example"));
    border.signal("SIGHUP");
    const { input, index } = await border.until(
      /error: not reloaded: what was in force stays in force\n/,
      patience,
    );
    assert.match(input.slice(0, index), /P2016[^]*many\.csv/);
    assert.ok(await metric(`privet_agreements{state="in-force"} ${count}`));
  });

  it("takes over what was asked for last, where it is asked while it loads", async () => {
    border.write("many.csv", partners(0));
    border.signal("SIGHUP");
    border.write("p.privet", policy("few.csv"));
    border.signal("SIGHUP");
    await border.until(/^reloaded .*\n/m, patience);
    await until(() => metric('privet_agreements{state="ended"} 1'));
    assert.ok(await metric('privet_agreements{state="in-force"} 0'));
  });

  it("ends in order while it loads, and says that the new version does not count", async () => {
    border.write("p.privet", policy("many.csv"));
    border.signal("SIGHUP");
    // Answered behind the signal.
    await page(operation, "livez");
    border.signal("SIGTERM");
    assert.equal(await border.ended(), 0);
    assert.match(
      border.everything,
      /error: not reloaded \(the border ends\): what was in force stays in force\n/,
    );
  });
});
