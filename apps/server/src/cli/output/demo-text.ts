import type { Demo } from '../../features/demo/demo.ts';
import { compareTable } from './compare-document.ts';

export interface DemoPlace {
  readonly address: string;
  readonly token: string;
  readonly dataDir: string;
  /** Width of the terminal; null: no limit. */
  readonly terminalColumns: number | null;
}

/** What the first start shows: the result, where to go on, and a first request to try. */
export function demoText(
  { comparison, periods, filesFolder }: Demo,
  { address, token, dataDir, terminalColumns }: DemoPlace,
): string {
  const body = JSON.stringify({ n_minus_1: periods.nMinus1, n: periods.n, pegs: ['DRB.RelActNbr'], by: 'ne' });
  return [
    '',
    'Generated demo data (no real network): three cells degrade in the second week.',
    '',
    compareTable(comparison, { timeZone: 'UTC', columns: terminalColumns }),
    `Service      ${address}`,
    `Interface    ${address}/docs`,
    `PM files     ${filesFolder} (generated; README.txt there names the degradation)`,
    '',
    'Try it (the token is valid for 12 hours):',
    '',
    `  TOKEN=${token}`,
    `  curl -s -H "Authorization: Bearer $TOKEN" -H 'Content-Type: application/json' -d '${body}' ${address}/api/compare`,
    '',
    `  npx pegboard compare --data-dir ${dataDir} --n-1 ${periods.nMinus1} --n ${periods.n} --format markdown`,
    '',
    'Ctrl-C ends it; the next start finds everything in place.',
    '',
  ].join('\n');
}
