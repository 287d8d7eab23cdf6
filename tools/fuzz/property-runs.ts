import fc from 'fast-check';
import { watchForHangs } from './watch-for-hangs.ts';

/** Set-up of test files for `npm run fuzz`: with how many and which inputs properties are tried that do not say so. */
const { FUZZ_RUNS, FUZZ_SEED } = process.env;
const [numRuns, seed] = [Number(FUZZ_RUNS), Number(FUZZ_SEED)];

const beforeEach = watchForHangs(`FUZZ_RUNS=${numRuns} FUZZ_SEED=${seed} npm run fuzz`);
fc.configureGlobal({ numRuns, seed, beforeEach });
