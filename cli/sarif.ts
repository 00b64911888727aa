import { isAbsolute } from "node:path";
import { pathToFileURL } from "node:url";
import { catalogue, type Diagnostic, diagnosticToJson, type Sources } from "../grammar/index.ts";

/** A SARIF 2.1.0 log (OASIS), as far as findings with one place each need it. */
export interface SarifLog {
  readonly version: "2.1.0";
  readonly $schema: string;
  readonly runs: readonly unknown[];
}

export function toSarif(diagnostics: readonly Diagnostic[], sources: Sources): SarifLog {
  const findings = diagnostics.map((one) => diagnosticToJson(one, sources));
  const codes = [...new Set(findings.map(({ code }) => code))].toSorted();
  return {
    version: "2.1.0",
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    runs: [
      {
        tool: {
          driver: {
            name: "privet",
            rules: codes.map((id) => ({
              id,
              shortDescription: { text: catalogue[id]?.message ?? id },
              help: { text: catalogue[id]?.help ?? "" },
            })),
          },
        },
        columnKind: "utf16CodeUnits",
        results: findings.map((one) => ({
          ruleId: one.code,
          ruleIndex: codes.indexOf(one.code),
          level: one.severity === "error" ? "error" : "warning",
          message: {
            text:
              one.suggestion === undefined
                ? one.message
                : `${one.message}; did you mean \`${one.suggestion}\`?`,
          },
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: uriOf(one.file) },
                region: {
                  startLine: one.line,
                  startColumn: one.column,
                  endLine: one.endLine,
                  endColumn: one.endColumn,
                },
              },
            },
          ],
          relatedLocations: one.related.map((place) => ({
            message: { text: place.message },
            physicalLocation: {
              artifactLocation: { uri: uriOf(place.file) },
              region: { startLine: place.line, startColumn: place.column },
            },
          })),
        })),
      },
    ],
  };
}

/** A relative path is one from where the command was called, most often the repository's root. */
function uriOf(file: string): string {
  return isAbsolute(file) ? pathToFileURL(file).href : encodeURI(file);
}
