/** Whether the certificates of TLS listeners can be shown: PEM that is whole, and the key that belongs to it. */
import { TlsIdentities } from "../../adapters/index.ts";
import type { FileMistake } from "./border-json.ts";
import type { BorderConfiguration } from "./configuration.ts";

/** `path` is that of border.json, for the places. */
export function checkCertificates(
  path: string,
  { listeners }: Pick<BorderConfiguration, "listeners">,
): readonly FileMistake[] {
  return listeners.flatMap(({ certificate, key }, index) => {
    if (certificate === undefined || key === undefined) return [];
    try {
      // Whoever shows them says it: nobody else knows all that its library refuses.
      void new TlsIdentities([{ domains: [], certificate, privateKey: key }]);
      return [];
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error);
      return {
        place: `${path} /listeners/${index}`,
        cause: `certificate and key can't be used: ${cause}`,
        remedy: "give a certificate and the key that belongs to it, each as a whole PEM file",
      };
    }
  });
}
