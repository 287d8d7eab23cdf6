export { isGlob, matchesGlob } from './glob.ts';
export { suggest } from './suggest.ts';
