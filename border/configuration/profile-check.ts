/** Whether own certificates go with the suites that the policy offers (RFC 5289 3.2, RFC 8422 2). */
import { tlsSuiteRows } from "../../grammar/index.ts";
import type { TlsProfile } from "../../grammar/model.ts";
import { type ListenerSettings, ownCertificates } from "./configuration.ts";
import type { ConfigurationFindings } from "./configuration-check.ts";
import { kindOfKey } from "./key-kind.ts";

const suitesFor: Readonly<Record<string, "ECDSA" | "RSA">> = {
  ec: "ECDSA",
  ed25519: "ECDSA",
  ed448: "ECDSA",
  rsa: "RSA",
  "rsa-pss": "RSA",
};

/** TLS 1.3 takes any key. By TLS 1.2 a listener with the wrong one refuses every peer; the log can't say why. */
export function checkProfile(
  path: string,
  listeners: readonly ListenerSettings[],
  { versions, suites }: TlsProfile,
): ConfigurationFindings {
  if (!versions.includes("1.2")) return { mistakes: [], warnings: [] };
  const offered = tlsSuiteRows.filter(({ name, version }) => version === "1.2" && suites.includes(name));
  const findings = listeners.flatMap((settings, index) => {
    const [own] = settings.transport === "tls" ? ownCertificates(settings) : [];
    const key = own === undefined ? undefined : suitesFor[kindOfKey(own.certificate) ?? ""];
    if (key === undefined || offered.some((row) => row.key === key)) return [];
    return {
      place: `${path} /listeners/${index}`,
      cause: `its key is for ${key}, and none of the policy's suites of TLS 1.2 is: nobody can connect by TLS 1.2`,
      remedy: `add TLS_ECDHE_${key}_WITH_AES_128_GCM_SHA256 to the policy's \`suites\`, or take 1.2 out of \`versions\``,
    };
  });
  const isWorking = versions.includes("1.3");
  return { mistakes: isWorking ? [] : findings, warnings: isWorking ? findings : [] };
}
