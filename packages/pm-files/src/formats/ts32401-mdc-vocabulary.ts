import { P } from './measurement-xml-vocabulary.ts';

/** The short tags of TS 32.401. Elements have codes below 32, so that a set of them is a bit mask. */

export const MDC = 1;
const MFH = 2;
/** File format version, sender name, sender type, vendor name, time when collection began. */
export const FFV = 3;
export const SN = 4;
const ST = 5;
export const VN = 6;
export const CBT = 7;
/** Measurement data of one managed element: its id with user name, distinguished name and software version. */
export const MD = 8;
const NEID = 9;
export const NEUN = 10;
export const NEDN = 11;
export const NESW = 12;
/** Measurement information: end of the granularity period, its length in seconds, counters. */
export const MI = 13;
export const MTS = 14;
export const GP = 15;
const RP = 16;
const JOBID = 17;
export const MT = 18;
/** Values of a measured object: its id, the values, suspect flag. */
export const MV = 19;
export const MOID = 20;
export const R = 21;
export const SF = 22;
/** Footer with the time when collection ended. */
export const MFF = 23;
const TS = 24;

export const MDC_VOCABULARY: ReadonlyMap<string, number> = new Map([
  ['mdc', MDC],
  ['mfh', MFH],
  ['ffv', FFV],
  ['sn', SN],
  ['st', ST],
  ['vn', VN],
  ['cbt', CBT],
  ['md', MD],
  ['neid', NEID],
  ['neun', NEUN],
  ['nedn', NEDN],
  ['nesw', NESW],
  ['mi', MI],
  ['mts', MTS],
  ['gp', GP],
  ['rp', RP],
  ['jobid', JOBID],
  ['mt', MT],
  ['mv', MV],
  ['moid', MOID],
  ['r', R],
  ['sf', SF],
  ['mff', MFF],
  ['ts', TS],
  ['p', P],
]);

const CHILDREN: readonly (readonly [number, readonly number[]])[] = [
  [MDC, [MFH, MD, MFF]],
  [MFH, [FFV, SN, ST, VN, CBT]],
  [MD, [NEID, MI]],
  [NEID, [NEUN, NEDN, NESW]],
  [MI, [MTS, GP, RP, JOBID, MT, MV]],
  [MV, [MOID, R, SF]],
  [MFF, [TS]],
];

/** Element → bit mask of the elements that it may stand in. */
export const PARENTS: readonly number[] = (() => {
  const parents = new Array<number>(P + 1).fill(0);
  for (const [parent, children] of CHILDREN) for (const child of children) parents[child] |= 1 << parent;
  return parents;
})();

const TEXT_MASK = [FFV, SN, VN, CBT, NEUN, NEDN, NESW, MTS, GP, MT, MOID, R, SF, TS].reduce(
  (mask, code) => mask | (1 << code),
  0,
);

/** Whether the text of an element is of interest. */
export function hasText(code: number): boolean {
  return code < 32 && (TEXT_MASK & (1 << code)) !== 0;
}
