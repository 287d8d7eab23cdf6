import { describe, expect, it } from 'vitest';
import { CATALOGUE } from './catalogue.ts';
import { coverage } from './coverage.ts';

const kpi = (id: string) => CATALOGUE.kpis.find((each) => each.id === id)!;
const judge = (id: string, names: readonly string[], vendors = CATALOGUE.vendors) =>
  coverage([kpi(id)], names, vendors)[0];
const formulaOf = (id: string, names: readonly string[]) => {
  const result = judge(id, names);
  return result.status === 'computable' ? result.formula : result.reason;
};

describe('coverage', () => {
  it('keeps the counters that are delivered as they are', () => {
    expect(judge('L01', ['RRC.ConnEstabAtt.sum', 'RRC.ConnEstabSucc.sum'])).toEqual({
      id: 'L01',
      status: 'computable',
      formula: '100 * RRC.ConnEstabSucc.sum / RRC.ConnEstabAtt.sum',
      replaced: [],
    });
  });

  it('names the missing counter, and the vendor counters that would do', () => {
    expect(judge('L01', ['RRC.ConnEstabSucc.sum'])).toEqual({
      id: 'L01',
      status: 'not_computable',
      reason: 'not computable: counter RRC.ConnEstabAtt.sum missing',
      missing: [
        {
          counter: 'RRC.ConnEstabAtt.sum',
          notSplitBy: [],
          wouldDo: [
            { vendor: 'Ericsson', formula: 'pmRrcConnEstabAtt - pmRrcConnEstabAttReatt' },
            { vendor: 'Samsung', formula: 'ConnEstabAtt' },
          ],
        },
      ],
    });
  });

  it('takes a total for the counter, the counter for its total, and else sums one dimension', () => {
    expect(formulaOf('L01', ['RRC.ConnEstabAtt', 'RRC.ConnEstabSucc.Sum'])).toBe(
      '100 * RRC.ConnEstabSucc.Sum / RRC.ConnEstabAtt',
    );
    expect(formulaOf('N01', ['RRC.ConnEstabAtt.sum', 'RRC.ConnEstabAtt.mo-Data', 'RRC.ConnEstabSucc.mo-Data'])).toBe(
      '100 * RRC.ConnEstabSucc{CAUSE=*} / RRC.ConnEstabAtt.sum',
    );
    const flows = ['QF.EstabAttNbr.9', 'QF.EstabAttNbr.01', 'QF.EstabSuccNbr.01', 'QF.EstabSuccNbr.010003e8'];
    expect(formulaOf('N06', flows)).toBe('100 * QF.EstabSuccNbr{SNSSAI=*} / QF.EstabAttNbr{5QI=*}');
    expect(formulaOf('L11', ['DRB.IPVolDl.QCI1', 'DRB.IPVolDl.QCI9', 'DRB.IPTimeDl.sum'])).toBe(
      'DRB.IPVolDl{QCI=*} / DRB.IPTimeDl.sum',
    );
  });

  it('leaves a derived counter to its weights', () => {
    expect(formulaOf('L13', ['DRB.IPLatDl.QCI1', 'DRB.IPLatDl.QCI9'])).toBe('DRB.IPLatDl');
  });

  it('wants sub-counters where the KPI selects a dimension', () => {
    const bins = Array.from({ length: 16 }, (_, bin) => `CARR.WBCQIDist.Bin${bin}`);
    expect(judge('L16', bins).status).toBe('computable');
    expect(
      judge(
        'L16',
        bins.map((_, bin) => `CARR.WBCQIDist[${bin}]`),
      ).status,
    ).toBe('computable');
    expect(judge('L16', ['CARR.WBCQIDist'])).toMatchObject({ status: 'not_computable' });
    expect(formulaOf('L07', ['ERAB.RelActNbr.9', 'ERAB.SessionTimeQCI.QCI.9'])).toBe(
      '3600 * ERAB.RelActNbr{QCI=*} / ERAB.SessionTimeQCI{QCI=*}',
    );
    expect(formulaOf('L07', ['ERAB.RelActNbr{QCI=9}', 'ERAB.SessionTimeQCI{qci=9}'])).toBe(
      '3600 * ERAB.RelActNbr{QCI=*} / ERAB.SessionTimeQCI{QCI=*}',
    );
    expect(judge('L07', ['ERAB.RelActNbr.sum', 'ERAB.SessionTimeQCI.QCI.9'])).toMatchObject({
      reason: 'not computable: counter ERAB.RelActNbr is not split by QCI',
      missing: [{ counter: 'ERAB.RelActNbr', notSplitBy: ['QCI'] }],
    });
  });

  it('puts in vendor counters, with the time and the dimensions that belong to them', () => {
    expect(formulaOf('L14', ['pmCellDowntimeAuto', 'pmCellDowntimeMan'])).toBe(
      '100 * (seconds(pmCellDowntimeAuto) - (pmCellDowntimeAuto + pmCellDowntimeMan)) / seconds(pmCellDowntimeAuto)',
    );
    expect(formulaOf('N04', ['pmDrbEstabAtt5qi[0]', 'pmDrbEstabAtt5qi[1]', 'pmDrbEstabSucc5qi[0]'])).toBe(
      '100 * pmDrbEstabSucc5qi{index=*} / pmDrbEstabAtt5qi{index=*}',
    );
    expect(formulaOf('N17.share7', ['pmRadioUeRepCqi64QamRank1Distr[0]'])).toMatch(
      /^100 \* \(pmRadioUeRepCqi64QamRank1Distr\{index=7\} \+ .* \/ pmRadioUeRepCqi64QamRank1Distr\{index=\*\}$/,
    );
    expect(judge('N13.dl', ['AirMacDLThruAvg(Kbps)'])).toMatchObject({
      status: 'computable',
      formula: "'AirMacDLThruAvg(Kbps)'",
      replaced: [{ counter: 'DRB.UEThpDl', vendor: 'Samsung' }],
    });
  });

  it('does not mix in a vendor counter of which a part is missing, nor any where none is wanted', () => {
    const names = ['pmRrcConnEstabAtt', 'pmRrcConnEstabSucc'];
    expect(formulaOf('N01', names)).toBe('not computable: counter RRC.ConnEstabAtt missing');
    expect(judge('N01', [...names, 'pmRrcConnEstabAttReatt'], []).status).toBe('not_computable');
  });

  it('asks of a KPI on KPIs all that these need, each once', () => {
    const names = ['RRC.ConnEstabAtt.sum', 'RRC.ConnEstabSucc.sum', 'S1SIG.ConnEstabAtt', 'S1SIG.ConnEstabSucc'];
    expect(judge('L04', names)).toMatchObject({
      status: 'not_computable',
      missing: [{ counter: 'ERAB.EstabInitSuccNbr.sum' }, { counter: 'ERAB.EstabInitAttNbr.sum' }],
    });
    expect(formulaOf('L04', [...names, 'ERAB.EstabInitSuccNbr.sum', 'ERAB.EstabInitAttNbr.sum'])).toBe(
      'L01 * L02 * L03 / 10000',
    );
  });

  it('says why a KPI without a formula has none', () => {
    const without = { ...kpi('N24'), formula: null, notComputable: 'no counter is known' };
    expect(coverage([without], [])).toEqual([
      { id: 'N24', status: 'not_computable', reason: 'no counter is known', missing: [] },
    ]);
  });

  it('knows nothing by the names that every object has', () => {
    expect(judge('L01', ['__proto__', 'constructor', 'toString']).status).toBe('not_computable');
  });
});
