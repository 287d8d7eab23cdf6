import type { Polarity } from './series.ts';

/** Polarity of a PEG of which nobody has said which direction is better. */
export const DEFAULT_POLARITY: Polarity = 'higher_better';

/** Weight of a PEG of which nobody has said how much it counts (1–10). */
export const DEFAULT_WEIGHT = 5;

/** +1 where a rise is better, −1 where a fall is, 0 where neither. */
export function directionOf(polarity: Polarity): 1 | -1 | 0 {
  if (polarity === 'neutral') return 0;
  return polarity === 'higher_better' ? 1 : -1;
}

/** What a request says of PEGs, by `Family/Name` or by name; it goes before what the series carry. */
export type PegOverrides = Readonly<
  Record<string, { readonly weight?: number | undefined; readonly polarity?: Polarity | undefined }>
>;

/** Polarity and weight that count for a series: of the request, else of the series, else the defaults. */
export function judgedAs(
  series: {
    readonly pegName: string;
    readonly family: string | null;
    readonly polarity: Polarity | null;
    readonly weight: number | null;
  },
  overrides: PegOverrides = {},
): { readonly polarity: Polarity; readonly weight: number } {
  const qualified = `${series.family}/${series.pegName}`;
  const ofFamily = Object.hasOwn(overrides, qualified) ? overrides[qualified] : undefined;
  const ofName = Object.hasOwn(overrides, series.pegName) ? overrides[series.pegName] : undefined;
  return {
    polarity: ofFamily?.polarity ?? ofName?.polarity ?? series.polarity ?? DEFAULT_POLARITY,
    weight: ofFamily?.weight ?? ofName?.weight ?? series.weight ?? DEFAULT_WEIGHT,
  };
}
