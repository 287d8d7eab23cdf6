import { ALGORITHM_JUDGE_1, ALGORITHM_V2_1_0 } from '@pegboard/comparison';
import { PegboardError } from '../../platform/errors.ts';

export type Algorithm = typeof ALGORITHM_JUDGE_1 | typeof ALGORITHM_V2_1_0;

const ALGORITHMS: ReadonlyMap<string, Algorithm> = new Map<string, Algorithm>([
  [ALGORITHM_V2_1_0, ALGORITHM_V2_1_0],
  [ALGORITHM_JUDGE_1, ALGORITHM_JUDGE_1],
  ['judge', ALGORITHM_JUDGE_1],
]);

/**
 * The algorithm of a request, by its version or alias; without one, the default.
 * @throws PegboardError ALGORITHM_VERSION_ERROR
 */
export function algorithmOf(version: string | undefined): Algorithm {
  if (version === undefined) return ALGORITHM_V2_1_0;
  const algorithm = ALGORITHMS.get(version);
  if (algorithm !== undefined) return algorithm;
  throw new PegboardError('ALGORITHM_VERSION_ERROR', `unknown algorithm version '${version}'`, {
    hint: `Use ${ALGORITHM_V2_1_0} or ${ALGORITHM_JUDGE_1}.`,
    details: [{ path: 'algorithm_version', message: `known: ${[...ALGORITHMS.keys()].join(', ')}` }],
  });
}
