import { describe, expect, it } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import type { Rat } from './catalogue-types.ts';
import { subCounterOf } from './sub-counter.ts';

const counters = (rat: Rat) =>
  new Map(
    CATALOGUE.counters.filter((counter) => counter.rat === rat).map((counter) => [counter.name, counter] as const),
  );
const plain = (name: string, rat: Rat) => {
  const sub = subCounterOf(name, counters(rat));
  return sub === null ? null : { ...sub, dimensions: Object.fromEntries(sub.dimensions) };
};

describe('subCounterOf', () => {
  it.each([
    ['ERAB.RelActNbr', 'LTE', 'ERAB.RelActNbr', {}, false],
    ['ERAB.RelActNbr.sum', 'LTE', 'ERAB.RelActNbr', {}, true],
    ['ERAB.RelActNbr.Sum', 'LTE', 'ERAB.RelActNbr', {}, true],
    ['DRB.EstabAtt.sum', 'NR', 'DRB.EstabAtt', {}, true],
    ['ERAB.RelActNbr.9', 'LTE', 'ERAB.RelActNbr', { QCI: '9' }, false],
    ['ERAB.RelActNbr.QCI9', 'LTE', 'ERAB.RelActNbr', { QCI: '9' }, false],
    ['ERAB.RelActNbr.QCI.9', 'LTE', 'ERAB.RelActNbr', { QCI: '9' }, false],
    ['DRB.EstabAtt.5QI83', 'NR', 'DRB.EstabAtt', { '5QI': '83' }, false],
    ['DRB.EstabAtt.01', 'NR', 'DRB.EstabAtt', { SNSSAI: '01' }, false],
    ['DRB.EstabAtt.010003e8', 'NR', 'DRB.EstabAtt', { SNSSAI: '010003e8' }, false],
    ['DRB.EstabAtt.9.010003e8', 'NR', 'DRB.EstabAtt', { '5QI': '9', SNSSAI: '010003e8' }, false],
    ['RRC.ConnMean.45005', 'NR', 'RRC.ConnMean', { PLMN: '45005' }, false],
    ['RRC.ConnEstabAtt.mo-Signalling', 'NR', 'RRC.ConnEstabAtt', { CAUSE: 'mo-Signalling' }, false],
    ['CARR.WBCQIDist.Bin7', 'LTE', 'CARR.WBCQIDist', { CQI: '7' }, false],
    ['CARR.WBCQIDist[7]', 'LTE', 'CARR.WBCQIDist', { CQI: '7' }, false],
    ['CARR.WBCQIDist.Bin7.Bin2.Bin1', 'NR', 'CARR.WBCQIDist', { CQI: '7', RANK: '2', TABLE: '1' }, false],
    ['pmDrbEstabAtt5qi[3]', 'NR', 'pmDrbEstabAtt5qi', { index: '3' }, false],
  ] as const)('reads %s of %s', (name, rat, base, dimensions, total) => {
    expect(plain(name, rat)).toEqual({ base, dimensions, total });
  });

  it.each([
    'Unknown.Counter',
    'RRC.ConnEstab',
    'S1SIG.ConnEstabAtt.9',
    'DRB.IPVolDl.fast',
    '__proto__',
    'x[',
    '[1]',
    '.sum',
    '',
  ])('does not guess at %j', (name) => {
    expect(plain(name, 'LTE')).toBeNull();
  });
});
