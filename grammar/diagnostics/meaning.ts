/** P3xxx: what a policy means. */
import type { CatalogueRow } from "../diagnostics.ts";

export const meaningRows: Readonly<Record<string, CatalogueRow>> = {};
