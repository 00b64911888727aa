/** Policy text to a policy, for tests of what stands behind the grammar. */
import { check, readerOf, renderDiagnostics } from "../../grammar/index.ts";
import type { Policy } from "../../grammar/model.ts";

/** Throws where the text has errors: they are the test's own. */
function checked(text: string): Policy {
  const result = check("test.privet", readerOf({ "test.privet": text }));
  if (result.policy === undefined) throw new Error(renderDiagnostics(result.diagnostics, result.sources));
  return result.policy;
}

/** Networks `home`, `away` and the partner `carrier-c`, and these statements. */
export function withNetworks(statements: string): Policy {
  return checked(`language 1
policy "test"
network home { own domain "home1.example" listener "inside" }
network away { domain "away.example" address 192.0.2.0/24 }
partner carrier-c {
  domain "carrier-c.example"
  agreement "IWA-2026-014" from 2026-01-01 to 2027-12-31
  authority "certs/carrier-c-root.pem"
}
trust home
trust partner when secured by tls and certificate names partner and agreement in force
${statements}
`);
}
