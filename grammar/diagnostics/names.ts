/** P2xxx: names and imports. */
import type { CatalogueRow } from "../diagnostics.ts";

export const namesRows: Readonly<Record<string, CatalogueRow>> = {};
