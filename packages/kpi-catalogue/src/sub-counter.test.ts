import { describe, expect, it } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import type { Rat } from './catalogue-types.ts';
import { labelledSubCounter, subCounterOf } from './sub-counter.ts';

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
    ['DRB.PdcpSduVolumeDL_5QI9', 'NR', 'DRB.PdcpSduVolumeDL', { '5QI': '9' }, false],
    ['DRB.PdcpSduVolumeDL_45005.9.01', 'NR', 'DRB.PdcpSduVolumeDL', { PLMN: '45005', '5QI': '9', SNSSAI: '01' }, false],
    ['DRB.EstabAtt.5QI.sum', 'NR', 'DRB.EstabAtt', {}, true],
    ['QF.RelActNbr.QoS9', 'NR', 'QF.RelActNbr', { '5QI': '9' }, false],
    ['RRC.ConnEstabAtt.Cause.mo-Data', 'NR', 'RRC.ConnEstabAtt', { CAUSE: 'mo-Data' }, false],
    ['HO.InterEnbOutAtt.1.10', 'LTE', 'HO.InterEnbOutAtt', { CAUSE: '1.10' }, false],
    ['HO.InterEnbOutAtt.Sum', 'LTE', 'HO.InterEnbOutAtt', {}, true],
    ['pmDrbEstabAtt5qi[3]', 'NR', 'pmDrbEstabAtt5qi', { index: '3' }, false],
    ['ERAB.RelActNbr{QCI=9}', 'LTE', 'ERAB.RelActNbr', { QCI: '9' }, false],
    ['ERAB.RelActNbr.sum{qci=9}', 'LTE', 'ERAB.RelActNbr', { QCI: '9' }, false],
    ['RRC.ConnEstabAtt{Cause=mo-Data}', 'LTE', 'RRC.ConnEstabAtt', { CAUSE: 'mo-Data' }, false],
  ] as const)('reads %s of %s', (name, rat, base, dimensions, total) => {
    expect(plain(name, rat)).toEqual({ base, dimensions, total });
  });

  it.each([
    'Unknown.Counter',
    'RRC.ConnEstab',
    'S1SIG.ConnEstabAtt.9',
    'DRB.IPVolDl.fast',
    'Unknown.Counter{QCI=9}',
    'ERAB.RelActNbr{QCI}',
    '__proto__',
    'x[',
    '[1]',
    '.sum',
    '',
  ])('does not guess at %j', (name) => {
    expect(plain(name, 'LTE')).toBeNull();
  });
});

describe('labelledSubCounter', () => {
  const plainOf = (name: string) => {
    const sub = labelledSubCounter(name);
    return sub === null ? null : { ...sub, dimensions: Object.fromEntries(sub.dimensions) };
  };

  it.each([
    ['Vendor.Drops.QCI9', 'Vendor.Drops', { QCI: '9' }, false],
    ['Vendor.Drops.QCI.9', 'Vendor.Drops', { QCI: '9' }, false],
    ['Vendor_Volume_5QI9', 'Vendor_Volume', { '5QI': '9' }, false],
    ['Vendor.Volume.PLMN45005.5QI9', 'Vendor.Volume', { PLMN: '45005', '5QI': '9' }, false],
    ['Vendor.Volume.SNSSAI010003e8', 'Vendor.Volume', { SNSSAI: '010003e8' }, false],
    ['RACH.PreambleDed.SSB3', 'RACH.PreambleDed', { BEAM: '3' }, false],
    ['Vendor.Power.Beam12', 'Vendor.Power', { BEAM: '12' }, false],
    ['Vendor.Fail.Cause.timeout', 'Vendor.Fail', { CAUSE: 'timeout' }, false],
    ['L1M.SS-RSRP.Bin101', 'L1M.SS-RSRP', { Bin: '101' }, false],
    ['Vendor.Drops.sum', 'Vendor.Drops', {}, true],
    ['Vendor.Drops[3]', 'Vendor.Drops', { index: '3' }, false],
    ["Vendor.Drops{slice=1,plmn_id='450,05'}", 'Vendor.Drops', { SNSSAI: '1', PLMN: '450,05' }, false],
    ["Air(Kbps){Path='it''s', Beam = 3}", 'Air(Kbps)', { Path: "it's", BEAM: '3' }, false],
    ['Vendor.Drops.5QI.sum', 'Vendor.Drops', {}, true],
  ] as const)('reads %s', (name, base, dimensions, total) => {
    expect(plainOf(name)).toEqual({ base, dimensions, total });
  });

  it.each([
    'Vendor.Drops',
    'Vendor.QCI',
    'QCI9',
    'Vendor.QCI0',
    'Vendor.Binary',
    'Vendor.Causes',
    'Vendor{QCI}',
    'Vendor{QCI=9,qci=8}',
    'Vendor{QCI=9',
    'Vendor{QCI=9,}',
    'Vendor{QCI=}',
    '{QCI=9}',
    '',
    '.',
    '_',
    'sum',
    '__proto__',
  ])('says nothing of %j', (name) => {
    expect(labelledSubCounter(name)).toBeNull();
  });
});
