import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ERROR_CODES } from '@pegboard/contracts';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DOCUMENTS = globSync('{*,docs/**/*,{apps,packages}/*/*,bench/*}.md', { cwd: ROOT });

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function readSources(pattern: string): string {
  const files = globSync(pattern, { cwd: ROOT }).filter((file) => !/\.test\.ts$|\/testing\//.test(file));
  return files.map(read).join('\n');
}

/** The cells of each table row whose first cell holds names in backquotes: one entry a name. */
function tableRows(markdown: string): { readonly name: string; readonly cells: readonly string[] }[] {
  return markdown.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    const names = line.startsWith('| `') ? [...cells[1].matchAll(/`([^`]+)`/g)].map((match) => match[1]) : [];
    return names.map((name) => ({ name, cells: cells.slice(2, -1) }));
  });
}

function section(markdown: string, heading: string): string {
  const start = markdown.indexOf(`\n## ${heading}\n`);
  expect(start, heading).toBeGreaterThan(0);
  const end = markdown.indexOf('\n## ', start + 4);
  return markdown.slice(start, end < 0 ? undefined : end);
}

describe('docs/errors.md', () => {
  it('has every code of the registry, and no other, with its status, whether to try again, and its title', () => {
    const documented = tableRows(read('docs/errors.md')).map(({ name, cells }) => [name, ...cells.slice(0, 3)]);
    const registry = Object.entries(ERROR_CODES).map(([code, { status, retryable, title }]) => [
      code,
      String(status),
      retryable ? 'yes' : 'no',
      title,
    ]);
    expect(documented).toEqual(registry);
  });
});

describe('docs/operations.md', () => {
  it('has every setting of config.ts, and no other', () => {
    const schema = /environmentSchema = z\.object\(\{(.*?)\n\}\);/s.exec(read('apps/server/src/config.ts'))?.[1] ?? '';
    const settings = [...schema.matchAll(/^ {2}([A-Z_]+):/gm)].map((match) => match[1]);
    const documented = tableRows(section(read('docs/operations.md'), 'Settings')).map(({ name }) => name);
    expect(settings.length).toBeGreaterThan(10);
    expect([...documented].sort()).toEqual([...settings].sort());
  });

  it('has every metric', () => {
    const source = read('apps/server/src/platform/metrics.ts');
    const metrics = [...source.matchAll(/name: '([a-z_]+)'/g)].map((match) => match[1]);
    const documented = tableRows(section(read('docs/operations.md'), 'Metrics')).map(({ name }) => name);
    expect([...documented].sort()).toEqual([...metrics].sort());
  });
});

describe('docs/formats.md', () => {
  const source = readSources('{packages/pm-files,apps/server}/src/**/*.ts');
  const formats = read('docs/formats.md');
  const codesIn = (heading: string) => tableRows(section(formats, heading)).map(({ name }) => name);

  it.each([
    ['Warnings', /(?:warn|tolerated)\(\s*'([a-z_]+)'/g],
    ['Refusals', /(?:refuse|SamplesRefusedError)\(\s*'([a-z_]+)'/g],
  ])('has the codes of all %s', (heading, pattern) => {
    const codes = new Set([...source.matchAll(pattern)].map((match) => match[1]));
    expect(codes.size).toBeGreaterThan(5);
    expect([...codes].filter((code) => !codesIn(heading).includes(code))).toEqual([]);
  });

  it.each(['Warnings', 'Refusals'])('has no code among %s that does not exist', (heading) => {
    const known = (code: string) =>
      source.includes(`'${code}'`) || source.includes(`_${code.replace(/^[a-z]+_/, '')}\``);
    expect(codesIn(heading).filter((code) => !known(code))).toEqual([]);
  });

  it('has every format', () => {
    const names = [...source.matchAll(/(?:name: |CATALOGUE_FORMAT = )'((?:3gpp|csv|nokia|ves|pegboard)-[^']+)'/g)].map(
      (match) => match[1],
    );
    expect(names.length).toBeGreaterThan(2);
    for (const name of names) expect(formats).toContain(`\`${name}\``);
  });
});

describe('docs/security.md', () => {
  it('has every permission', () => {
    const list = /PERMISSIONS = \[(.*?)\]/s.exec(read('apps/server/src/features/identity/roles.ts'))?.[1] ?? '';
    const permissions = [...list.matchAll(/'([^']+)'/g)].map((match) => match[1]);
    const documented = tableRows(read('docs/security.md')).map(({ name }) => name);
    expect([...documented].sort()).toEqual([...permissions].sort());
  });
});

describe('links', () => {
  it.each(DOCUMENTS)('of %s lead somewhere', (document) => {
    const text = read(document).replaceAll(/```.*?```/gs, '');
    const broken = [...text.matchAll(/\]\(([^)\s]+)\)/g)]
      .map((match) => match[1])
      .filter((link) => !/^https?:/.test(link) && !leadsSomewhere(document, link));
    expect(broken).toEqual([]);
  });
});

function leadsSomewhere(document: string, link: string): boolean {
  const [path, anchor] = link.split('#');
  const target = path === '' ? join(ROOT, document) : resolve(ROOT, dirname(document), path);
  if (!existsSync(target)) return false;
  return anchor === undefined || anchorsOf(readFileSync(target, 'utf8')).includes(anchor);
}

/** As code hosts make them from headings. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map((match) =>
    match[1]
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}
