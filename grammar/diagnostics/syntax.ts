/** P1xxx: syntax. */
import type { CatalogueRow } from "../diagnostics.ts";

export const syntaxRows: Readonly<Record<string, CatalogueRow>> = {};
