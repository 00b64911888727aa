/** `tls`: what may be offered, what must not be, and what goes together (TS 33.210 6.2, RFC 9325 4). */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { messageOf } from "../../grammar/index.ts";
import type { TlsProfile } from "../../grammar/model.ts";
import { checkWith, findings } from "./policy-notation.ts";

const gcm = "TLS_AES_128_GCM_SHA256";
const rsaGcm = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256";

function profileOf(statements: string): Omit<TlsProfile, "origin"> {
  const { policy, diagnostics } = checkWith(statements);
  assert.deepEqual(diagnostics.map(messageOf), []);
  const { versions, suites, groups } = policy!.tls;
  return { versions, suites, groups };
}

/** The message for the one name that is wrong. */
function refusal(statement: string): string {
  const { diagnostics } = checkWith(statement);
  assert.equal(diagnostics.length, 1, diagnostics.map(messageOf).join("; "));
  return messageOf(diagnostics[0]!);
}

function suggestion(statement: string): string | undefined {
  return checkWith(statement).diagnostics[0]?.suggestion;
}

const everything = {
  versions: ["1.3", "1.2"],
  suites: [
    "TLS_AES_256_GCM_SHA384",
    "TLS_AES_128_GCM_SHA256",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
  ],
  groups: ["x25519", "secp256r1", "secp384r1"],
};

describe("what a policy offers", () => {
  it("is the default where it says nothing", () => {
    assert.deepEqual(profileOf(""), everything);
    assert.equal(checkWith("").policy?.tls.origin, undefined);
  });

  it("has the default's part for a line that is left out, of suites those of the versions", () => {
    assert.deepEqual(profileOf("tls { versions 1.3 }"), {
      versions: ["1.3"],
      suites: ["TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256", "TLS_CHACHA20_POLY1305_SHA256"],
      groups: ["x25519", "secp256r1", "secp384r1"],
    });
    assert.deepEqual(profileOf("tls { groups secp384r1, secp256r1 }"), {
      ...everything,
      groups: ["secp384r1", "secp256r1"],
    });
  });

  it("keeps the order of suites and groups, and has the newest version first", () => {
    assert.deepEqual(
      profileOf(`tls { versions 1.2, 1.3 suites ${rsaGcm}, ${gcm} groups secp256r1, x448, secp521r1 }`),
      { versions: ["1.3", "1.2"], suites: [rsaGcm, gcm], groups: ["secp256r1", "x448", "secp521r1"] },
    );
  });

  it("has ChaCha20-Poly1305 for TLS 1.2 where that is asked for (RFC 7905)", () => {
    const suites = [
      gcm,
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
      "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
    ];
    assert.deepEqual(profileOf(`tls { suites ${suites.join(", ")} }`).suites, suites);
  });

  it("may come from a file that is imported", () => {
    const { policy, diagnostics } = checkWith('import "./tls.privet"\n', {
      "tls.privet": "language 1\ntls { versions 1.3 }\n",
    });
    assert.deepEqual(diagnostics.map(messageOf), []);
    assert.deepEqual(policy?.tls.versions, ["1.3"]);
    assert.deepEqual(policy?.tls.origin, { file: "tls.privet", line: 2, column: 1, length: 3 });
  });

  it("stands once, with all that is imported", () => {
    assert.deepEqual(findings("tls { versions 1.3 }\ntls { groups x25519, secp256r1 }\n"), ['P3048 "tls"']);
    const { diagnostics } = checkWith('import "./tls.privet"\ntls { versions 1.3 }\n', {
      "tls.privet": "language 1\ntls { versions 1.3 }\n",
    });
    assert.deepEqual(
      diagnostics.map(({ code, file, related }) => [code, file, related[0]?.file]),
      [["P3048", "tls.privet", "main.privet"]],
    );
  });
});

describe("what a policy can't offer", () => {
  const weak: readonly (readonly [suite: string, because: RegExp])[] = [
    ["TLS_RSA_WITH_AES_128_GCM_SHA256", /no forward secrecy \(RFC 9325 4\.1\)/],
    ["TLS_RSA_WITH_AES_256_CBC_SHA256", /no forward secrecy \(RFC 9325 4\.1\)/],
    ["TLS_ECDH_ECDSA_WITH_AES_128_GCM_SHA256", /no forward secrecy \(RFC 9325 4\.1\)/],
    ["TLS_DH_RSA_WITH_AES_128_GCM_SHA256", /no forward secrecy \(RFC 9325 4\.1\)/],
    ["TLS_PSK_WITH_AES_128_GCM_SHA256", /no forward secrecy \(RFC 9325 4\.1\)/],
    ["TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", /finite field \(RFC 9325 4\.1\)/],
    ["TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", /no AEAD \(RFC 9325 4\.2\)/],
    ["TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", /no AEAD \(RFC 9325 4\.2\)/],
    ["TLS_RSA_WITH_NULL_SHA256", /does not encrypt \(RFC 9325 4\.1\)/],
    ["TLS_NULL_WITH_NULL_NULL", /does not encrypt \(RFC 9325 4\.1\)/],
    ["TLS_SHA256_SHA256", /does not encrypt \(RFC 9325 4\.1\)/],
    ["TLS_ECDHE_RSA_WITH_RC4_128_SHA", /RC4 is broken \(RFC 7465\)/],
    ["TLS_ECDHE_RSA_WITH_3DES_EDE_CBC_SHA", /less than 128 bits .*\(RFC 9325 4\.1\)/],
    ["TLS_RSA_EXPORT_WITH_RC2_CBC_40_MD5", /less than 128 bits .*\(RFC 9325 4\.1\)/],
    ["TLS_DH_anon_WITH_AES_128_GCM_SHA256", /neither side proves who it is \(RFC 5246 A\.5\)/],
    ["TLS_ECDHE_PSK_WITH_CHACHA20_POLY1305_SHA256", /shows no certificate/],
    ["TLS_AES_128_CCM_8_SHA256", /shortened to 8 bytes \(RFC 6655\)/],
    ["TLS_ECDHE_ECDSA_WITH_AES_128_CCM", /RFC 9325 4\.2 does not recommend it/],
    ["TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384", /RFC 9325 4\.2 does not recommend it/],
  ];
  for (const [suite, because] of weak) {
    it(`is ${suite}, which exists, and it is told why`, () => {
      assert.deepEqual(findings(`tls { suites ${gcm}, ${rsaGcm}, ${suite} }`), [`P3047 "${suite}"`]);
      assert.match(refusal(`tls { suites ${gcm}, ${rsaGcm}, ${suite} }`), because);
    });
  }

  for (const [group, because] of [
    ["ffdhe2048", /finite field/],
    ["secp224r1", /RFC 8422 5\.1\.1/],
    ["sect163k1", /RFC 8422 5\.1\.1/],
    ["brainpoolP256r1", /library/],
    ["X25519MLKEM768", /library/],
  ] as const) {
    it(`is the group ${group}`, () => {
      assert.deepEqual(findings(`tls { groups secp256r1, ${group} }`), [`P3047 "${group}"`]);
      assert.match(refusal(`tls { groups secp256r1, ${group} }`), because);
    });
  }

  for (const version of ["1.0", "1.1"]) {
    it(`is TLS ${version} (RFC 8996)`, () => {
      assert.deepEqual(findings(`tls { versions 1.3, ${version} }`), [`P3047 "${version}"`]);
      assert.match(refusal(`tls { versions 1.3, ${version} }`), /RFC 8996/);
    });
  }

  it("is what nothing has as its name", () => {
    for (const suite of ["TLS_AES_129_GCM_SHA256", "TLS_RSA_WITH_SALSA20_SHA1", "SSL_AES_128_GCM", "foo"])
      assert.deepEqual(findings(`tls { suites ${gcm}, ${rsaGcm}, ${suite} }`), [`P2005 "${suite}"`]);
    for (const version of ["1.4", "2.0", "0.9"])
      assert.deepEqual(findings(`tls { versions 1.3, ${version} }`), [`P2005 "${version}"`]);
    assert.deepEqual(findings("tls { groups secp256r1, secp256r2 }"), ['P2005 "secp256r2"']);
  });

  it("may be near to a name that was meant, or another's word for it", () => {
    assert.equal(suggestion("tls { suites TLS_AES_128_GCM_SHA265 }"), "TLS_AES_128_GCM_SHA256");
    assert.equal(suggestion("tls { suites tls_aes_128_gcm_sha256 }"), "TLS_AES_128_GCM_SHA256");
    assert.equal(suggestion("tls { suites ECDHE-RSA-AES128-GCM-SHA256 }"), rsaGcm);
    assert.equal(
      suggestion("tls { suites ECDHE-ECDSA-CHACHA20-POLY1305 }"),
      "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
    );
    assert.equal(suggestion("tls { groups X25519 }"), "x25519");
    assert.equal(suggestion("tls { groups P-256 }"), "secp256r1");
    assert.equal(suggestion("tls { groups prime256v1 }"), "secp256r1");
  });
});

describe("what goes together", () => {
  it("is a version and a suite of it", () => {
    assert.deepEqual(findings(`tls { versions 1.3, 1.2 suites ${gcm} }`), ['P3049 "1.2"']);
    assert.deepEqual(findings(`tls { versions 1.3, 1.2 suites ${rsaGcm} }`), ['P3049 "1.3"']);
    assert.deepEqual(findings(`tls { suites ${gcm} }`), [`P3049 "suites ${gcm}"`]);
  });

  it("is a suite and its version", () => {
    assert.deepEqual(findings(`tls { versions 1.3 suites ${gcm}, ${rsaGcm} }`), [`P4028 "${rsaGcm}"`]);
  });

  it("is what every peer must have", () => {
    assert.deepEqual(findings("tls { groups x25519 }"), ['P4029 "groups x25519"']);
    assert.deepEqual(findings("tls { versions 1.3 suites TLS_AES_256_GCM_SHA384 }"), [
      'P4029 "suites TLS_AES_256_GCM_SHA384"',
    ]);
    assert.deepEqual(findings("tls { versions 1.2 }"), ['P4029 "versions 1.2"']);
    assert.deepEqual(findings(`tls { versions 1.2 suites ${rsaGcm} groups x25519 }`), [
      'P4029 "versions 1.2"',
      'P4029 "groups x25519"',
    ]);
  });
});

describe("`tls` opens a statement", () => {
  it("where a brace follows, and nowhere else", () => {
    assert.deepEqual(
      findings(`partner d {
  domain "d.example"
  tls required
}
partner e {
domain "e.example"
tls required
}
publish "home1.example" {
tls "edge1.home1.example" port 5061 priority 1 weight 1
}
rule a-rule
  on message to untrusted
  when secured by
    tls
  when
    tls version is 1.3
  mark m
  because "x"
test "t"
  given message from home to open-d over
    tls """
    OPTIONS sip:bob@open-d.example SIP/2.0
    """
  expect rule a-rule
tls { versions 1.3 }
`).filter((one) => !one.startsWith("P4")),
      [],
    );
  });
});
