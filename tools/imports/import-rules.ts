import type { Import, Target } from './import-graph.ts';

/** Packages and the packages of ours that each may import. A new one gets its line here. */
const PACKAGE_ARROWS: Readonly<Record<string, readonly string[]>> = {
  names: [],
  contracts: ['names'],
  stats: [],
  'pm-files': [],
  formula: [],
  'kpi-catalogue': ['formula'],
  comparison: ['stats', 'contracts'],
};
/** They run in a browser too. */
const BROWSER_SAFE = ['contracts', 'formula', 'names'];
const TEST_CODE = /\.test\.ts$|\/testing\//;
const FEATURE_HTTP = /\.routes\.ts$|^apps\/server\/src\/features\/ingest\/upload\.ts$/;
const HTTP_LIBRARY = /^(fastify|@fastify\/.*|fastify-type-provider-zod)$/;

interface Rule {
  readonly name: string;
  readonly why: string;
  /** Whether the rule speaks of a file's imports. */
  readonly of: (from: string) => boolean;
  readonly forbids: (to: Target, from: string) => boolean;
}

const server = (folders: string): RegExp => new RegExp(`^apps/server/src/(${folders})`);
const within =
  (pattern: RegExp) =>
  (from: string): boolean =>
    pattern.test(from) && !TEST_CODE.test(from);
const toFile =
  (forbidden: RegExp, allowed?: RegExp) =>
  (to: Target): boolean =>
    to.kind === 'file' && forbidden.test(to.path) && !allowed?.test(to.path);

const RULES: readonly Rule[] = [
  {
    name: 'import-leads-nowhere',
    why: 'the file is not there',
    of: () => true,
    forbids: (to) => to.kind === 'missing',
  },
  {
    name: 'package-arrows',
    why: 'see PACKAGE_ARROWS in tools/imports/import-rules.ts for what a package may import',
    of: (from) => from.startsWith('packages/'),
    forbids: (to, from) => {
      if (to.kind !== 'file' || workspaceOf(to.path) === workspaceOf(from)) return false;
      const allowed = PACKAGE_ARROWS[packageOf(from) ?? ''] ?? [];
      return !allowed.includes(packageOf(to.path) ?? '');
    },
  },
  {
    name: 'package-by-its-entry',
    why: 'others see of a package what its src/index.ts exports, as @pegboard/<name>',
    of: () => true,
    forbids: (to, from) =>
      to.kind === 'file' &&
      packageOf(to.path) !== null &&
      workspaceOf(to.path) !== workspaceOf(from) &&
      !/^packages\/[^/]+\/src\/index\.ts$/.test(to.path),
  },
  {
    name: 'browser-safe',
    why: 'it runs in a browser too and imports nothing of Node',
    of: (from) => BROWSER_SAFE.includes(packageOf(from) ?? '') && !TEST_CODE.test(from),
    forbids: (to) => to.kind === 'node',
  },
  {
    name: 'no-bench-in-apps',
    why: 'benchmarks and tools use the apps, never the other way',
    of: within(/^(apps|packages)\//),
    forbids: toFile(/^(bench|tools)\//),
  },
  {
    name: 'platform-is-below',
    why: 'platform/ knows nothing of the rest of the server',
    of: within(server('platform/')),
    forbids: toFile(/^apps\//, server('platform/')),
  },
  {
    name: 'stores-know-platform',
    why: 'a store is a port and its adapters: no feature, no HTTP, no command line',
    of: within(server('stores/')),
    forbids: toFile(/^apps\//, server('(stores|platform)/')),
  },
  {
    name: 'features-use-ports',
    why: 'features see the port of a store; compose.ts decides what stands behind it, and reads the settings',
    of: within(server('features/')),
    forbids: toFile(server(String.raw`stores/.*postgres|compose\.ts|config\.ts`)),
  },
  {
    name: 'features-without-http',
    why: 'only <feature>.routes.ts (and the reader of uploads) knows HTTP: the command line uses the services too',
    of: (from) => within(server('features/'))(from) && !FEATURE_HTTP.test(from),
    forbids: (to) => toFile(server('http/'))(to) || (to.kind === 'npm' && HTTP_LIBRARY.test(to.name)),
  },
  {
    name: 'http-knows-identity',
    why: 'of the features the HTTP layer knows who asks; routes are handed to it',
    of: within(server('http/')),
    forbids: toFile(server('(features|stores|compose)'), server('features/identity/')),
  },
  {
    name: 'wiring-in-one-place',
    why: 'things are put together by compose.ts, for the command line',
    of: (from) => within(/^apps\//)(from) && !server('cli/').test(from),
    forbids: toFile(server(String.raw`compose\.ts`)),
  },
  {
    name: 'command-line-on-top',
    why: 'nothing imports the command line',
    of: (from) => within(/./)(from) && !/^apps\/server\/(src\/cli|bin)\//.test(from),
    forbids: toFile(server('cli/')),
  },
  {
    name: 'tests-stay-tests',
    why: 'what runs in production imports no test code',
    of: within(/^(apps|packages)\//),
    forbids: toFile(TEST_CODE),
  },
];

/** What a workspace's `package.json` lists. */
export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** One sentence for each forbidden import and cycle. `manifests` by folder of the workspace: `packages/stats`. */
export function findViolations(imports: readonly Import[], manifests: Readonly<Record<string, Manifest>>): string[] {
  const broken = imports.flatMap(({ from, to }) =>
    RULES.filter((rule) => rule.of(from) && rule.forbids(to, from)).map(
      (rule) => `${from} imports ${nameOf(to)}: ${rule.name} (${rule.why})`,
    ),
  );
  return [...broken, ...packagesWithoutRule(imports), ...undeclared(imports, manifests), ...findCycles(imports)];
}

function packagesWithoutRule(imports: readonly Import[]): string[] {
  const names = new Set(imports.map(({ from }) => packageOf(from)).filter((name) => name !== null));
  return [...names]
    .filter((name) => !Object.hasOwn(PACKAGE_ARROWS, name))
    .map((name) => `packages/${name}: package-without-a-rule (say in PACKAGE_ARROWS what it may import)`);
}

/** Production code whose libraries its workspace does not list, so that it would not run without development tools. */
function undeclared(imports: readonly Import[], manifests: Readonly<Record<string, Manifest>>): string[] {
  return imports.flatMap(({ from, to, typeOnly }) => {
    if (typeOnly || TEST_CODE.test(from) || !/^(apps|packages)\//.test(from)) return [];
    const workspace = workspaceOf(from);
    const name = libraryOf(to, workspace);
    if (name === null) return [];
    const { dependencies = {}, optionalDependencies = {} } = manifests[workspace] ?? {};
    if (Object.hasOwn(dependencies, name) || Object.hasOwn(optionalDependencies, name)) return [];
    return [
      `${from} imports ${name}: undeclared-dependency (list it in the dependencies of ${workspace}/package.json)`,
    ];
  });
}

function libraryOf(to: Target, workspace: string): string | null {
  if (to.kind === 'npm') return to.name;
  if (to.kind !== 'file' || workspaceOf(to.path) === workspace) return null;
  const name = packageOf(to.path);
  return name === null ? null : `@pegboard/${name}`;
}

/** A cycle each group of files that import one another, types included, as the way around. */
function findCycles(imports: readonly Import[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports) if (to.kind === 'file') next.set(from, [...(next.get(from) ?? []), to.path]);
  const done = new Set<string>();
  const path: string[] = [];
  const cycles: string[] = [];
  const visit = (file: string): void => {
    const at = path.indexOf(file);
    if (at >= 0) {
      cycles.push(`cycle (${[...path.slice(at), file].join(' → ')})`);
      return;
    }
    if (done.has(file)) return;
    path.push(file);
    for (const other of next.get(file) ?? []) visit(other);
    path.pop();
    done.add(file);
  };
  for (const file of next.keys()) visit(file);
  return cycles;
}

/** `packages/stats` of a file within it. */
function workspaceOf(path: string): string {
  const [first, second] = path.split('/');
  return first === 'packages' || first === 'apps' ? `${first}/${second}` : first;
}

function packageOf(path: string): string | null {
  return /^packages\/([^/]+)\//.exec(path)?.[1] ?? null;
}

function nameOf(to: Target): string {
  if (to.kind === 'file') return to.path;
  return to.kind === 'missing' ? to.specifier : to.name;
}
