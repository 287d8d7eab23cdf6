import fc from 'fast-check';
import { watchForHangs } from './watch-for-hangs.ts';

/** Set-up of the test files of packages: how many inputs each property is tried with that does not say so itself. */
const FEW_RUNS = 300;

const { FUZZ_RUNS, FUZZ_SEED } = process.env;

if (FUZZ_RUNS === undefined) fc.configureGlobal({ numRuns: FEW_RUNS });
else {
  const seed = Number(FUZZ_SEED);
  const beat = watchForHangs(`FUZZ_RUNS=${FUZZ_RUNS} FUZZ_SEED=${seed} npm run fuzz`);
  fc.configureGlobal({ numRuns: Number(FUZZ_RUNS), seed, beforeEach: beat });
}
