/** Mixes the bits of a 32-bit integer (the finaliser of MurmurHash3, Appleby, public domain). */
function mix32(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

/** 32-bit FNV-1a hash of a text, mixed; stable across runs and machines. */
export function hashText(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return mix32(h);
}

const WORD_SALTS = [0x9e3779b9, 0x243f6a88, 0xb7e15162, 0x6a09e667] as const;

/** Below this expected value counts are drawn exactly by inversion, above it by a skew-corrected normal. */
const EXACT_MEAN_LIMIT = 30;

/**
 * A seeded stream of random numbers: xoshiro128** (Blackman and Vigna, 2018), its state derived by hashing a list of
 * keys. Streams with different keys are independent, so a value depends on its keys alone and never on the order in
 * which streams are used.
 */
export class RandomStream {
  private a: number;
  private b: number;
  private c: number;
  private d: number;
  private spareNormal = Number.NaN;

  /** @param keys integers that name the stream, e.g. seed, hash of the cell, hash of the PEG, day number */
  constructor(...keys: readonly number[]) {
    const word = (salt: number): number => keys.reduce((h, key) => mix32(mix32(h) + key), salt);
    this.a = word(WORD_SALTS[0]);
    this.b = word(WORD_SALTS[1]);
    this.c = word(WORD_SALTS[2]);
    this.d = word(WORD_SALTS[3]) | 1; // the state must not be all zero
  }

  /** Uniform in [0, 1) with 32 bits. */
  uniform(): number {
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9);
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return (result >>> 0) / 0x1_0000_0000;
  }

  /** Standard normal (Marsaglia's polar method). */
  normal(): number {
    if (!Number.isNaN(this.spareNormal)) {
      const spare = this.spareNormal;
      this.spareNormal = Number.NaN;
      return spare;
    }
    for (;;) {
      const u = 2 * this.uniform() - 1;
      const v = 2 * this.uniform() - 1;
      const s = u * u + v * v;
      if (s >= 1 || s === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(s)) / s);
      this.spareNormal = v * factor;
      return u * factor;
    }
  }

  /** Poisson count with the given mean; 0 for a mean of 0 or less. */
  poisson(mean: number): number {
    if (mean <= 0) return 0;
    if (mean >= EXACT_MEAN_LIMIT) {
      const z = this.normal();
      return Math.max(0, Math.round(mean + Math.sqrt(mean) * z + (z * z - 1) / 6));
    }
    let rest = this.uniform();
    let probability = Math.exp(-mean);
    let k = 0;
    while (rest > probability && probability > 0) {
      rest -= probability;
      k += 1;
      probability *= mean / k;
    }
    return k;
  }

  /** Number of successes in `n` trials of probability `p`: an integer in 0…n. */
  binomial(n: number, p: number): number {
    if (n <= 0 || p <= 0) return 0;
    if (p >= 1) return n;
    if (p > 0.5) return n - this.binomial(n, 1 - p);
    const mean = n * p;
    if (mean >= EXACT_MEAN_LIMIT) {
      const z = this.normal();
      const skew = ((1 - 2 * p) * (z * z - 1)) / 6;
      return Math.min(n, Math.max(0, Math.round(mean + Math.sqrt(mean * (1 - p)) * z + skew)));
    }
    let rest = this.uniform();
    let probability = Math.exp(n * Math.log1p(-p));
    const odds = p / (1 - p);
    let k = 0;
    while (rest > probability && k < n) {
      rest -= probability;
      probability *= ((n - k) / (k + 1)) * odds;
      k += 1;
    }
    return k;
  }
}
