/** P4xxx: lawful, but hardly meant. */
import type { CatalogueRow } from "../diagnostics.ts";

export const warningRows: Readonly<Record<string, CatalogueRow>> = {};
