/** Local names of TS 32.435 and TS 28.532 files. Elements have codes below 32, so that a set of them is a bit mask. */

const ROOT = 1;
export const FILE_HEADER = 2;
export const FILE_SENDER = 3;
const MEAS_COLLEC = 4;
export const MEAS_DATA = 5;
export const MANAGED_ELEMENT = 6;
export const MEAS_INFO = 7;
export const JOB = 8;
export const GRAN_PERIOD = 9;
export const REP_PERIOD = 10;
export const MEAS_TYPE = 11;
export const MEAS_TYPES = 12;
export const MEAS_VALUE = 13;
export const R = 14;
export const MEAS_RESULTS = 15;
export const SUSPECT = 16;
export const FILE_FOOTER = 17;

export const P = 32;
export const LOCAL_DN = 33;
export const USER_LABEL = 34;
export const SW_VERSION = 35;
export const VENDOR_NAME = 36;
export const FILE_FORMAT_VERSION = 37;
export const DN_PREFIX = 38;
export const SENDER_NAME = 39;
export const BEGIN_TIME = 40;
export const END_TIME = 41;
export const DURATION = 42;
export const MEAS_OBJ_LDN = 43;

/** Local name → code. Both formats share it; the few names that differ are aliases. */
export const MEASUREMENT_VOCABULARY: ReadonlyMap<string, number> = new Map([
  ['measCollecFile', ROOT],
  ['measDataFile', ROOT],
  ['fileHeader', FILE_HEADER],
  ['fileSender', FILE_SENDER],
  ['measCollec', MEAS_COLLEC],
  ['measData', MEAS_DATA],
  ['managedElement', MANAGED_ELEMENT],
  ['measEntity', MANAGED_ELEMENT],
  ['measInfo', MEAS_INFO],
  ['job', JOB],
  ['granPeriod', GRAN_PERIOD],
  ['repPeriod', REP_PERIOD],
  ['measType', MEAS_TYPE],
  ['measTypes', MEAS_TYPES],
  ['measValue', MEAS_VALUE],
  ['r', R],
  ['measResults', MEAS_RESULTS],
  ['suspect', SUSPECT],
  ['fileFooter', FILE_FOOTER],
  ['p', P],
  ['localDn', LOCAL_DN],
  ['userLabel', USER_LABEL],
  ['swVersion', SW_VERSION],
  ['vendorName', VENDOR_NAME],
  ['fileFormatVersion', FILE_FORMAT_VERSION],
  ['dnPrefix', DN_PREFIX],
  ['senderName', SENDER_NAME],
  ['beginTime', BEGIN_TIME],
  ['endTime', END_TIME],
  ['duration', DURATION],
  ['measObjLdn', MEAS_OBJ_LDN],
  ['measObjInstId', MEAS_OBJ_LDN],
]);

/** Element → bit mask of the elements that it may stand in. */
export const PARENTS: readonly number[] = (() => {
  const parents = new Array<number>(32).fill(0);
  const allow = (child: number, ...of: readonly number[]) => {
    for (const parent of of) parents[child] |= 1 << parent;
  };
  allow(FILE_HEADER, ROOT);
  allow(FILE_FOOTER, ROOT);
  allow(FILE_SENDER, FILE_HEADER);
  allow(MEAS_COLLEC, FILE_HEADER, FILE_FOOTER);
  allow(MEAS_DATA, ROOT, FILE_HEADER, FILE_FOOTER);
  allow(MANAGED_ELEMENT, MEAS_DATA);
  allow(MEAS_INFO, MEAS_DATA);
  for (const child of [JOB, GRAN_PERIOD, REP_PERIOD, MEAS_TYPE, MEAS_TYPES, MEAS_VALUE]) allow(child, MEAS_INFO);
  for (const child of [R, MEAS_RESULTS, SUSPECT]) allow(child, MEAS_VALUE);
  return parents;
})();
