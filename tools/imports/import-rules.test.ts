import { describe, expect, it } from 'vitest';
import { importsOf } from './import-graph.ts';
import { findViolations } from './import-rules.ts';

const SERVER = 'apps/server/src';

/** The names of the rules that a file with these imports breaks, where every file exists but `gone.ts`. */
function broken(from: string, text: string, dependencies: Record<string, string> = {}): string[] {
  const imports = importsOf(from, text, (path) => !path.endsWith('gone.ts'));
  const workspace = from.split('/').slice(0, 2).join('/');
  return findViolations(imports, { [workspace]: { dependencies } }).map(
    (violation) => /: ([a-z-]+) \(|^(cycle)/.exec(violation)?.slice(1).find(Boolean) ?? violation,
  );
}

describe('the rules of imports', () => {
  it.each([
    ['import-leads-nowhere', 'packages/stats/src/a.ts', `import { b } from './gone.ts';`],
    ['package-arrows', 'packages/stats/src/a.ts', `import type { z } from '@pegboard/contracts';`],
    ['package-arrows', 'packages/comparison/src/a.test.ts', `import { f } from '@pegboard/pm-files';`],
    ['package-arrows', 'packages/comparison/src/a.ts', `import type { A } from '../../../apps/server/src/config.ts';`],
    ['package-without-a-rule', 'packages/newcomer/src/a.ts', `import './b.ts';`],
    ['package-by-its-entry', `${SERVER}/a.ts`, `import type { M } from '../../../packages/stats/src/moments.ts';`],
    ['browser-safe', 'packages/contracts/src/a.ts', `import { join } from 'node:path';`],
    ['browser-safe', 'packages/contracts/src/a.ts', `const fs = await import('fs');`],
    ['no-bench-in-apps', `${SERVER}/a.ts`, `export { time } from '../../../bench/src/measure.ts';`],
    ['platform-is-below', `${SERVER}/platform/a.ts`, `import type { Config } from '../config.ts';`],
    ['stores-know-platform', `${SERVER}/stores/kpi/a.ts`, `import '../../features/ingest/upload.ts';`],
    ['features-use-ports', `${SERVER}/features/x/a.ts`, `import '../../stores/kpi/kpi-store-postgres.ts';`],
    ['features-use-ports', `${SERVER}/features/x/a.ts`, `import '../../stores/kpi/postgres/scan.ts';`],
    ['features-without-http', `${SERVER}/features/x/x.service.ts`, `import type { R } from '../../http/routes.ts';`],
    ['features-without-http', `${SERVER}/features/x/x.service.ts`, `import type { FastifyRequest } from 'fastify';`],
    ['http-knows-identity', `${SERVER}/http/a.ts`, `import '../features/ingest/ingest.routes.ts';`],
    ['wiring-in-one-place', `${SERVER}/http/b.ts`, `export * from '../compose.ts';`],
    ['command-line-on-top', `${SERVER}/features/x/a.ts`, `import '../../cli/input.ts';`],
    ['tests-stay-tests', `${SERVER}/a.ts`, `import { app } from './testing/test-app.ts';`],
    ['undeclared-dependency', 'packages/stats/src/a.ts', `import { x } from 'luxon';`],
    ['undeclared-dependency', 'packages/comparison/src/a.ts', `import { x } from '@pegboard/stats';`],
    ['cycle', 'packages/stats/src/a.ts', `import type { A } from './a.ts';`],
  ])('%s: %s', (rule, from, text) => {
    expect(broken(from, text)).toContain(rule);
  });

  it.each([
    [`${SERVER}/features/x/x.routes.ts`, `import type { Routes } from '../../http/routes.ts';`, {}],
    [`${SERVER}/http/a.ts`, `import { isRole } from '../features/identity/roles.ts';`, {}],
    [`${SERVER}/features/x/a.ts`, `import type { KpiStore } from '../../stores/kpi/kpi-store.ts';`, {}],
    [`${SERVER}/features/x/a.test.ts`, `import { store } from '../../stores/kpi/kpi-store-postgres.ts';`, {}],
    [`${SERVER}/features/x/a.test.ts`, `import fc from 'fast-check';`, {}],
    ['packages/comparison/src/a.ts', `import { x } from '@pegboard/stats';`, { '@pegboard/stats': '*' }],
    ['packages/contracts/src/a.ts', `import { z } from 'zod/v4'; import './b.ts';`, { zod: '^4.0.0' }],
  ])('let pass what follows the arrows: %s: %s', (from, text, dependencies) => {
    expect(broken(from, text, dependencies)).toEqual([]);
  });

  it('find cycles over several files, types included', () => {
    const exists = () => true;
    const imports = [
      ...importsOf('bench/src/a.ts', `import './b.ts';`, exists),
      ...importsOf('bench/src/b.ts', `export type { C } from './c.ts';`, exists),
      ...importsOf('bench/src/c.ts', `const a = await import('./a.ts');`, exists),
    ];
    expect(findViolations(imports, {})).toEqual([
      'cycle (bench/src/a.ts → bench/src/b.ts → bench/src/c.ts → bench/src/a.ts)',
    ]);
  });

  it('tell of a file that cannot be read, rather than passing it', () => {
    expect(() => importsOf('bench/src/a.ts', 'import { from', () => true)).toThrow('bench/src/a.ts');
  });
});
