/**
 * P(W ≤ k / 2) of the sum of the ranks of positive differences, for k = 0 … the sum of `doubledRanks`, given the ranks:
 * each is positive or not by the throw of a coin.
 *
 * When: exact signed-rank tests and intervals, with tied ranks as well. Ranks are doubled so that halves are integers.
 * How: ranks are added one by one to the distribution of the sum; nothing is subtracted.
 * Cost: O(ranks · their sum).
 * Source: Wilcoxon, "Individual comparisons by ranking methods", Biometrics Bulletin 1 (1945).
 */
export function signedRankCdf(doubledRanks: Int32Array | readonly number[]): Float64Array {
  let reach = 0;
  for (const rank of doubledRanks) reach += rank;
  const shares = new Float64Array(reach + 1);
  shares[0] = 1;
  reach = 0;
  for (const rank of doubledRanks) {
    reach += rank;
    for (let sum = reach; sum >= 0; sum--) {
      shares[sum] = (shares[sum] + (sum >= rank ? shares[sum - rank] : 0)) / 2;
    }
  }
  for (let sum = 1; sum < shares.length; sum++) shares[sum] += shares[sum - 1];
  return shares;
}
