import { describe, expect, it } from 'vitest';
import { pegDefaults } from './catalogue-defaults.ts';

describe('pegDefaults', () => {
  it.each([
    ['LTE', 'ERAB.RelActNbr.QCI9', { base: 'ERAB.RelActNbr', dimensions: { QCI: '9' }, kind: 'cumulative' }],
    ['LTE', 'ERAB.RelActNbr.sum', { base: 'ERAB.RelActNbr', dimensions: {}, isTotal: true }],
    ['NR', 'DRB.EstabAtt.9.010003e8', { base: 'DRB.EstabAtt', dimensions: { '5QI': '9', SNSSAI: '010003e8' } }],
    ['NR', 'CARR.WBCQIDist[7]', { base: 'CARR.WBCQIDist', dimensions: { CQI: '7' } }],
    ['NR', 'Any[7]', { base: 'Any', dimensions: { index: '7' }, kind: null }],
    [null, 'PdcpVol{QCI=9,PLMN=45005}', { base: 'PdcpVol', dimensions: { QCI: '9', PLMN: '45005' }, kind: null }],
    ['LTE', 'ERAB.RelActNbr{QCI=9}', { base: 'ERAB.RelActNbr', dimensions: { QCI: '9' }, kind: 'cumulative' }],
    ['NR', 'AirMacDLThruAvg(Kbps)', { kind: 'derived', unit: 'Kbps', weightedBy: 'DRB.PdcpSduVolumeDL' }],
    ['NR', 'pmRrcConnEstabAttReatt', { kind: 'cumulative', unit: null }],
    ['NR', 'DRB.UEThpDl', { polarity: 'higher_better', thresholds: { relative: 5 }, category: 'integrity' }],
    ['LTE', 'RRU.PrbTotDl', { kind: 'gauge', unit: '%', polarity: 'neutral', thresholds: { points: 1 } }],
    [null, 'Vendor.Drops.QCI9', { base: 'Vendor.Drops', dimensions: { QCI: '9' }, kind: null }],
    ['LTE', 'Vendor.Drops.QoS9', { base: 'Vendor.Drops', dimensions: { QCI: '9' }, isTotal: false }],
    ['NR', 'Vendor.Drops.QoS9', { base: 'Vendor.Drops', dimensions: { '5QI': '9' } }],
    ['NR', 'Vendor.Drops.sum', { base: 'Vendor.Drops', dimensions: {}, isTotal: true }],
    ['NR', 'Vendor.Power{Beam=3}', { base: 'Vendor.Power', dimensions: { BEAM: '3' } }],
    ['LTE', 'RRC.ConnEstabAtt{Cause=mo-Data}', { base: 'RRC.ConnEstabAtt', dimensions: { CAUSE: 'mo-Data' } }],
    [null, "Vol(Kbytes){PLMN='450,05'}", { base: 'Vol(Kbytes)', dimensions: { PLMN: '450,05' }, unit: 'Kbytes' }],
    ['NR', 'DRB.PdcpSduVolumeDL_5QI9', { base: 'DRB.PdcpSduVolumeDL', dimensions: { '5QI': '9' }, unit: 'Mbit' }],
    [null, 'RRC.ConnEstabAtt.sum', { base: 'RRC.ConnEstabAtt', kind: 'cumulative', unit: '1' }],
    ['LTE', 'Nobody.Knows', { base: 'Nobody.Knows', dimensions: {}, kind: null, unit: null, polarity: null }],
  ] as const)('knows of %s %s', (rat, name, expected) => {
    expect(pegDefaults(rat, name)).toMatchObject(expected);
  });
});
