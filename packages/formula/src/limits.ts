/** A formula is written by hand; 10,000 characters hold a sum over hundreds of counters. */
export const MAX_FORMULA_CHARACTERS = 10_000;

/** Nesting by parentheses, functions, signs and exponents. Long sums and products are one level. */
export const MAX_FORMULA_DEPTH = 200;

/** Unknown names of a formula that are compared with all known ones; a pass over 100,000 takes some 30 ms. */
export const MAX_SUGGESTED_FAULTS = 5;

/** What a formula may expand to when the formulas that it refers to are put in their place. */
export const MAX_EXPANDED_NODES = 20_000;

/** More errors than these help nobody. */
export const MAX_ERRORS = 20;

/** Levels that the formulas put in place may have in all, so that walking the result stays within the call stack. */
export const MAX_EXPANDED_LEVELS = 600;
