/** A load in a thread of its own that comes to nothing: said as an error, and nobody waits for ever. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { LoadIo } from "../../cli/border-load.ts";
import { loadAside } from "../../cli/border-load-aside.ts";
import { packageRoot } from "../package-root.ts";

const order = {
  path: join(packageRoot, "no-such-border.json"),
  running: [],
  secret: new Uint8Array(16),
};

describe("a load beside messages", () => {
  let said = "";
  const io: LoadIo = {
    now: Date.now,
    err: (text) => {
      said += text;
    },
  };

  it("says what is wrong with the files, and gives nothing", async () => {
    assert.equal(await loadAside(order, io).loaded, undefined);
    assert.match(said, /^error: .*no-such-border\.json/);
  });

  it("fails where it takes too long", async () => {
    await assert.rejects(loadAside(order, io, 1).loaded, /took more than 0\.001 seconds/);
  });

  it("fails where its thread dies, with what it died of", async () => {
    const path = join(packageRoot, "examples/border.json");
    // Nobody's listeners: the thread stumbles over them.
    const loading = loadAside({ ...order, path, running: [null as never] }, io);
    await assert.rejects(loading.loaded, /^TypeError: .*null/);
  });

  it("fails with the reason for which it is given up", async () => {
    const loading = loadAside(order, io);
    loading.giveUp("the border ends");
    await assert.rejects(loading.loaded, /^Error: the border ends$/);
  });
});
