import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readImports } from './import-graph.ts';
import { findViolations, type Manifest } from './import-rules.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

const manifests: Record<string, Manifest> = {};
for (const file of globSync('{apps,packages}/*/package.json', { cwd: root })) {
  manifests[dirname(file).replaceAll('\\', '/')] = JSON.parse(readFileSync(join(root, file), 'utf8'));
}

const imports = readImports(root);
const violations = findViolations(imports, manifests);
for (const violation of violations) console.error(violation);
const files = new Set(imports.map(({ from }) => from)).size;
console.log(`imports: ${imports.length} of ${files} files checked, ${violations.length} wrong`);
if (violations.length > 0) process.exitCode = 1;
