import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { BorderFolder } from "./border-folder.ts";
import { memoryIo } from "./memory-io.ts";

const folder = new BorderFolder();
after(() => folder.remove());

const untidy = 'language 1\r\n\tpolicy   "x" // why\r\nnetwork home { own\n domain "home1.example" }\n';
const tidy = 'language 1\npolicy "x" // why\n\nnetwork home {\n  own\n  domain "home1.example"\n}\n';

describe("privet fmt", () => {
  it("writes the canonical layout, and nothing the second time", async () => {
    const path = folder.write("u.privet", untidy);
    const first = await folder.type("fmt %u.privet");
    assert.deepEqual([first.code, first.out, first.err], [0, "u.privet: written\n", ""]);
    assert.equal(readFileSync(path, "utf8"), tidy);
    const second = await folder.type("fmt %u.privet");
    assert.deepEqual([second.code, second.out, second.err], [0, "", ""]);
  });

  it("with --check only tells", async () => {
    const path = folder.write("c.privet", untidy);
    const { code, out, err } = await folder.type("fmt --check %c.privet");
    assert.deepEqual(
      [code, out, err],
      [1, "c.privet: not in its canonical layout; privet fmt c.privet writes it\n", ""],
    );
    assert.equal(readFileSync(path, "utf8"), untidy);
    folder.write("d.privet", tidy);
    assert.deepEqual((await folder.type("fmt --check %d.privet")).code, 0);
  });

  it("passes standard input to standard output", async () => {
    const { code, out } = await folder.type("fmt -", memoryIo(untidy));
    assert.deepEqual([code, out], [0, tidy]);
    assert.equal((await folder.type("fmt -", memoryIo(tidy))).out, tidy);
  });

  it("leaves a file with a syntax error as it is, and formats the others", async () => {
    const wrong = "language 1\nrule  x\n";
    const path = folder.write("w.privet", wrong);
    folder.write("o.privet", untidy);
    const { code, out, err } = await folder.type("fmt %w.privet %o.privet");
    assert.deepEqual([code, out], [1, "o.privet: written\n"]);
    assert.match(err, /^error\[P1002\]: .*\n +--> w\.privet:2:/);
    assert.equal(readFileSync(path, "utf8"), wrong);
  });

  it("leaves a file alone whose bytes are no UTF-8: writing it would lose them", async () => {
    const latin = Buffer.from('language 1\n policy "Pr\xfcfung"\n', "latin1");
    const path = folder.write("l.privet", latin);
    const { code, out, err } = await folder.type("fmt %l.privet");
    assert.deepEqual([code, out], [2, ""]);
    assert.match(err, /^privet fmt: `l\.privet` is not UTF-8 text/);
    assert.deepEqual(readFileSync(path), latin);
  });
});
