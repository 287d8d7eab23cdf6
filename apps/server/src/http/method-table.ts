import type { DeclaredRoute } from './routes.ts';

/** The methods that a path takes, sorted; none for a path that no route has. */
export function allowedMethods(table: readonly DeclaredRoute[], path: string): string[] {
  const methods = table.filter((route) => coversPath(route.url, path)).map((route) => route.method);
  return methods.length === 0 ? [] : [...new Set([...methods, 'OPTIONS'])].sort();
}

function coversPath(pattern: string, path: string): boolean {
  const expected = pattern.split('/');
  const given = path.split('/');
  return (
    expected.length === given.length &&
    expected.every((step, index) => (step.startsWith(':') ? given[index] !== '' : step === given[index]))
  );
}
