import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { AnswerRate, networkOf } from "../../../adapters/dns/answer-rate.ts";

describe("the network of a source", () => {
  it("is 24 bits of IPv4, 56 of IPv6", () => {
    assert.equal(networkOf("192.0.2.1"), networkOf("192.0.2.254"));
    assert.notEqual(networkOf("192.0.2.1"), networkOf("192.0.3.1"));
    assert.equal(networkOf("2001:db8:1:aa01::1"), networkOf("2001:db8:1:aaff:1:2:3:4"));
    assert.notEqual(networkOf("2001:db8:1:aa01::1"), networkOf("2001:db8:1:ab01::1"));
    assert.notEqual(networkOf("2001:db8:1::1"), networkOf("2001:db8:2::1"));
  });

  it("is the same however zeros are left out", () => {
    assert.equal(networkOf("2001:db8::1"), networkOf("2001:db8:0:0:1::"));
    assert.equal(networkOf("::1"), networkOf("0:0:0:0:5:6:7:8"));
    assert.equal(networkOf("::ffff:192.0.2.1"), networkOf("0:0:0:0:0:1:2:3"));
    assert.equal(networkOf("fe80::1%eth0"), networkOf("fe80::2"));
    assert.equal(networkOf("2001:db8:1:ff::"), networkOf("2001:db8:1:12::"));
  });
});

describe("answers over UDP", () => {
  it("beyond a network's share are dropped, but every second one is cut short", () => {
    const rate = new AnswerRate({ answers: 3, total: 100 });
    const verdicts = Array.from({ length: 7 }, (_, index) => rate.take(`192.0.2.${index}`, 0));
    assert.deepEqual(verdicts, ["answer", "answer", "answer", "share", "cut", "share", "cut"]);
    assert.equal(rate.take("198.51.100.1", 0), "answer");
  });

  it("are given again with time, as many as the share says", () => {
    const rate = new AnswerRate({ answers: 2, total: 100 });
    for (const expected of ["answer", "answer", "share"]) assert.equal(rate.take("192.0.2.1", 0), expected);
    assert.equal(rate.take("192.0.2.1", 499), "cut");
    assert.equal(rate.take("192.0.2.1", 500), "answer");
    // Ten seconds later there are two, not twenty.
    for (const expected of ["answer", "answer", "share"])
      assert.equal(rate.take("192.0.2.1", 10_500), expected);
  });

  it("have a bound over all networks, which no forger gets around", () => {
    const rate = new AnswerRate({ answers: 10, total: 5 });
    const verdicts = Array.from({ length: 8 }, (_, index) => rate.take(`10.0.${index}.1`, 0));
    assert.deepEqual(verdicts.filter((one) => one === "answer").length, 5);
    assert.deepEqual(verdicts.slice(5), ["total", "total", "total"]);
  });

  it("forget networks beyond 65,536, those that came first", () => {
    const rate = new AnswerRate({ answers: 1, total: 1_000_000 });
    const addressOf = (index: number): string => `10.${index >> 8}.${index & 255}.1`;
    for (let index = 0; index < 65_536; index++) assert.equal(rate.take(addressOf(index), 0), "answer");
    assert.equal(rate.take(addressOf(0), 0), "share");
    assert.equal(rate.take("192.0.2.1", 0), "answer");
    assert.equal(rate.take(addressOf(0), 0), "answer");
    assert.equal(rate.take(addressOf(2), 0), "share");
  });
});
