/**
 * The files of a policy: the one given to the command, and all that it imports.
 *
 * Nothing is read but through a `ModuleReader`, so the same code serves a command, a
 * test and a browser.
 */
import { type Diagnostic, diagnose } from "./diagnostic.ts";
import { parse } from "./parse.ts";
import { Source } from "./source.ts";
import type { ImportStatement, SyntaxFile } from "./syntax.ts";

/** Where the text of files comes from. Paths are opaque to the checker. */
export interface ModuleReader {
  /** The file's text; undefined where there is none. Never throws. */
  read(path: string): string | undefined;
  /**
   * The path of what `from` calls `specifier`: `std:NAME` is a module of the standard
   * library, all else is relative to the file `from`. undefined: there can be no such file.
   */
  resolve(from: string, specifier: string): string | undefined;
}

export interface Module {
  readonly path: string;
  readonly source: Source;
  readonly syntax: SyntaxFile;
  readonly imports: readonly { readonly statement: ImportStatement; readonly path: string }[];
}

export interface PartnerFile {
  readonly path: string;
  readonly source: Source;
  /** The file that imports it first. */
  readonly by: string;
}

export interface Modules {
  /** In order of reading; the entry first. Empty where the entry can't be read. */
  readonly modules: readonly Module[];
  readonly partnerFiles: readonly PartnerFile[];
  /** Some import could not be followed: names may be missing for that reason alone. */
  readonly incomplete: boolean;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads the entry and all that it imports, each file once. Cycles are reported, and end there. */
export function loadModules(entry: string, reader: ModuleReader): Modules {
  const loading = new Loading(reader);
  loading.load(entry, undefined);
  return loading;
}

class Loading implements Modules {
  readonly modules: Module[] = [];
  readonly partnerFiles: PartnerFile[] = [];
  readonly diagnostics: Diagnostic[] = [];
  incomplete = false;
  readonly #reader: ModuleReader;
  readonly #loaded = new Set<string>();
  /** The files whose imports are being followed, each with the import that led to it. */
  readonly #path: { readonly file: string; readonly statement: ImportStatement | undefined }[] = [];

  constructor(reader: ModuleReader) {
    this.#reader = reader;
  }

  load(path: string, by: { readonly module: string; readonly statement: ImportStatement } | undefined): void {
    if (this.#path.some(({ file }) => file === path)) {
      if (by !== undefined) this.#reportCycle(path, by.module, by.statement);
      return;
    }
    if (this.#loaded.has(path)) return;
    const text = this.#reader.read(path);
    if (text === undefined) {
      this.incomplete = true;
      if (by === undefined) this.diagnostics.push(diagnose("P2008", path, { start: 0, end: 0 }, { path }));
      else this.#reportMissing(by.module, by.statement, path);
      return;
    }
    this.#loaded.add(path);
    const source = new Source(path, text);
    const { syntax, diagnostics } = parse(source);
    this.diagnostics.push(...diagnostics);
    const imports: Module["imports"][number][] = [];
    this.modules.push({ path, source, syntax, imports });
    this.#path.push({ file: path, statement: by?.statement });
    for (const statement of syntax.statements) {
      if (statement.kind !== "import") continue;
      const target = this.#reader.resolve(path, statement.path.text);
      if (target === undefined) {
        this.incomplete = true;
        this.#reportMissing(path, statement, statement.path.text);
        continue;
      }
      imports.push({ statement, path: target });
      if (statement.what === "partners") this.#loadPartners(target, path, statement);
      else this.load(target, { module: path, statement });
    }
    this.#path.pop();
  }

  #loadPartners(path: string, by: string, statement: ImportStatement): void {
    if (this.partnerFiles.some((one) => one.path === path)) return;
    const text = this.#reader.read(path);
    if (text === undefined) {
      this.incomplete = true;
      this.#reportMissing(by, statement, path);
      return;
    }
    this.partnerFiles.push({ path, source: new Source(path, text), by });
  }

  #reportMissing(file: string, statement: ImportStatement, path: string): void {
    this.diagnostics.push(diagnose("P2007", file, statement.path.span, { path }));
  }

  #reportCycle(path: string, by: string, statement: ImportStatement): void {
    const start = this.#path.findIndex(({ file }) => file === path);
    const cycle = this.#path.slice(start);
    const related = cycle.slice(1).flatMap((step, index) =>
      step.statement === undefined
        ? []
        : [
            {
              file: cycle[index]!.file,
              span: step.statement.path.span,
              message: `imports \`${step.file}\``,
            },
          ],
    );
    this.diagnostics.push(
      diagnose("P2009", by, statement.path.span, { path, length: cycle.length }, { related }),
    );
  }
}

/** A reader over texts in memory, by path. `std:NAME` is the path `std:NAME` itself. */
export function readerOf(files: Readonly<Record<string, string>>): ModuleReader {
  return {
    read: (path) => (Object.hasOwn(files, path) ? files[path] : undefined),
    resolve: (from, specifier) => (specifier.startsWith("std:") ? specifier : resolvePath(from, specifier)),
  };
}

/** `./b.privet` beside `a/b/c.privet` is `a/b/b.privet`; an absolute path stays. */
export function resolvePath(from: string, specifier: string): string {
  if (specifier.startsWith("/")) return specifier;
  const folders = from.split("/").slice(0, -1);
  const absolute = folders[0] === "";
  const parts: string[] = [];
  for (const part of [...folders, ...specifier.split("/")]) {
    if (part === "" || part === ".") continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== ".." || !absolute) parts.push(part);
  }
  return `${absolute ? "/" : ""}${parts.join("/")}`;
}
