import { existsSync, globSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { parseSync } from 'oxc-parser';

/** What an import leads to. */
export type Target =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'node'; readonly name: string }
  | { readonly kind: 'npm'; readonly name: string }
  | { readonly kind: 'missing'; readonly specifier: string };

export interface Import {
  /** The importing file, from the root of the repository, with forward slashes. */
  readonly from: string;
  readonly to: Target;
  /** Gone once the types are stripped. */
  readonly typeOnly: boolean;
}

const SOURCES = '{apps,packages,bench,tools}/**/*.{ts,mjs}';
const NODE_MODULES = new Set(builtinModules);
const OURS = /^@pegboard\/([^/]+)$/;

/** Every import and re-export of the repository's source files. */
export function readImports(root: string): Import[] {
  const files = globSync(SOURCES, { cwd: root, exclude: (name) => name === 'node_modules' });
  return files.flatMap((file) => {
    const from = file.replaceAll('\\', '/');
    const exists = (path: string) => existsSync(posix.join(root, path));
    return importsOf(from, readFileSync(posix.join(root, from), 'utf8'), exists);
  });
}

/** The imports of one file's text. */
export function importsOf(from: string, text: string, exists: (path: string) => boolean): Import[] {
  const { module, errors } = parseSync(from, text);
  if (errors.length > 0) throw new Error(`${from}: ${errors[0].message}`);
  const found: { specifier: string; typeOnly: boolean }[] = [];
  for (const { moduleRequest, entries } of module.staticImports) {
    const typeOnly = entries.length > 0 && entries.every((entry) => entry.isType);
    found.push({ specifier: moduleRequest.value, typeOnly });
  }
  for (const { entries } of module.staticExports) {
    for (const { moduleRequest, isType } of entries) {
      if (moduleRequest) found.push({ specifier: moduleRequest.value, typeOnly: isType });
    }
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const literal = /^'([^']+)'$/.exec(text.slice(moduleRequest.start, moduleRequest.end))?.[1];
    if (literal !== undefined) found.push({ specifier: literal, typeOnly: false });
  }
  return found.map(({ specifier, typeOnly }) => ({ from, to: resolve(from, specifier, exists), typeOnly }));
}

function resolve(from: string, specifier: string, exists: (path: string) => boolean): Target {
  const ours = OURS.exec(specifier)?.[1];
  if (specifier.startsWith('.') || ours !== undefined) {
    const path = ours === undefined ? posix.join(posix.dirname(from), specifier) : `packages/${ours}/src/index.ts`;
    return exists(path) ? { kind: 'file', path } : { kind: 'missing', specifier };
  }
  if (specifier.startsWith('node:') || NODE_MODULES.has(specifier)) return { kind: 'node', name: specifier };
  const [first, second] = specifier.split('/');
  return { kind: 'npm', name: first.startsWith('@') ? `${first}/${second}` : first };
}
