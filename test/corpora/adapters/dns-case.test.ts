/** Case 29 of `../shared/cases` over sockets: a server that writes owners in random letter case. */
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import type { RecordType } from "../../../wire/index.ts";
import { Asking } from "../../adapters/dns/asking.ts";
import { located } from "../../adapters/dns/located.ts";
import { written } from "../../wire/dns/locating.ts";
import { Zone } from "../../wire/dns/zone.ts";
import { readShared } from "../wire/shared-folder.ts";

describe("29-dns-mixed-case-and-foreign-services.zone, over sockets", () => {
  const asking = new Asking();
  afterEach(() => asking.close());

  it("leads to TLS, whatever the letter case", async () => {
    const text = Buffer.from(readShared("cases", "29-dns-mixed-case-and-foreign-services.zone"));
    const zone = new Zone(text.toString("latin1"), "carrier-c.example");
    const { server, resolver } = await asking.pair((asked) =>
      asked.send(
        zone.answer({
          id: asked.id,
          question: { type: asked.type as RecordType, name: asked.name },
          bytes: asked.bytes,
        }),
      ),
    );
    const location = await located(resolver, "carrier-c.example");
    assert.deepEqual(written(location), ["tls 198.51.100.61 5061", "tls 2001:db8:c::61 5061"]);
    assert.deepEqual(server.questions, [
      "udp NAPTR carrier-c.example",
      "udp SRV _sips._tcp.carrier-c.example",
      "udp A edge.carrier-c.example",
      "udp AAAA edge.carrier-c.example",
    ]);
  });
});
