import { describe, expect, it } from 'vitest';
import { checkFormula } from './check-formula.ts';
import { parseFormula } from './parse-formula.ts';
import { createScope } from './scope.ts';

const scope = createScope([
  { name: 'RRC.ConnEstabAtt.sum', family: 'NRCellCU', unit: '', kind: 'cumulative', dimensions: ['Cause'] },
  { name: 'Vol', family: 'NRCellDU', unit: 'kbit', kind: 'cumulative', dimensions: ['QCI', 'PLMN'] },
  { name: 'VolM', family: 'NRCellDU', unit: 'Mbit', kind: 'cumulative', dimensions: [] },
  { name: 'Time', family: 'NRCellDU', unit: 's', kind: 'cumulative' },
  { name: 'TimeMs', family: 'NRCellDU', unit: 'ms', kind: 'cumulative' },
  { name: 'Lat', family: 'NRCellDU', unit: 'ms', kind: 'derived', dimensions: ['QCI'] },
  { name: 'Level', family: 'NRCellDU', unit: 'dBm', kind: 'gauge' },
  { name: 'Strange', family: 'NRCellDU', unit: 'furlong' },
  { name: 'Thru', family: 'PCell', unit: 'kbit/s' },
  { name: 'Thru', family: 'SCell', unit: 'kbit/s' },
  { name: 'a/b', family: 'odd/family', unit: '' },
]);

function check(text: string) {
  const parsed = parseFormula(text);
  if (parsed.status === 'error') throw new Error(parsed.errors[0].message);
  return checkFormula(parsed.formula, scope);
}

function faults(text: string) {
  const checked = check(text);
  return checked.status === 'ok' ? [] : checked.errors;
}

describe('checkFormula', () => {
  it('suggests what an unknown name may have meant', () => {
    expect(faults('RRC.ConnEstabAt.sum + rrc.connestabatt.SUM')).toMatchObject([
      { code: 'unknown_name', offset: 0, suggestions: ['RRC.ConnEstabAtt.sum'] },
      { code: 'unknown_name', offset: 22, suggestions: ['RRC.ConnEstabAtt.sum'] },
    ]);
    expect(faults('Nothing.like.it')).toMatchObject([{ code: 'unknown_name', suggestions: [] }]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '__proto__.polluted'])('knows no %s', (name) => {
    expect(faults(name)).toMatchObject([{ code: 'unknown_name', length: name.length }]);
    expect(faults(`'${name}/Vol'`)).toMatchObject([{ code: 'unknown_name' }]);
    expect(faults(`Vol{${name}=1}`)).toMatchObject([{ code: 'unknown_dimension' }]);
  });

  it('asks for the family where a name is in several', () => {
    expect(faults('Thru * 2')).toMatchObject([
      { code: 'ambiguous_name', names: ['PCell', 'SCell'], suggestions: ["'PCell/Thru'", "'SCell/Thru'"] },
    ]);
    expect(faults("'PCell/Thru' + 'SCell/Thru' + 'odd/family/a/b' * 'PCell/Thru'")).toEqual([]);
    expect(faults("'TCell/Thru'")).toMatchObject([{ code: 'unknown_name', suggestions: ['Thru'] }]);
  });

  it('knows a family that was divided by its counter', () => {
    expect(faults('NRCellDU / Vol')).toMatchObject([{ code: 'unknown_name', suggestions: ["'NRCellDU/Vol'"] }]);
  });

  it('checks dimensions', () => {
    expect(faults('Vol{QCI=9, PLMN=*} + Time{Whatever=1} * Vol / Time')).toEqual([]);
    expect(faults('Vol{5QI=9}')).toMatchObject([{ code: 'unknown_dimension', suggestions: ['QCI', 'PLMN'] }]);
    expect(faults('VolM{QCI=9}')).toMatchObject([{ code: 'unknown_dimension', suggestions: [] }]);
    expect(faults('Lat{QCI=9}')).toEqual([]);
    expect(faults('Lat{QCI=*}')).toMatchObject([{ code: 'not_summable', suggestions: ['Lat'] }]);
  });

  it.each([
    'Vol + Time',
    'Time - TimeMs',
    'Vol + VolM',
    'max(Vol, Time)',
    'if(Vol > Time, 1, 0)',
    'if(Time > 0, Vol, Time)',
    'Vol / Time + Vol',
    'Level + Time',
    'RRC.ConnEstabAtt.sum + Time',
    '1000 * VolM + Time',
    'sqrt(Time * Time) + Vol',
    'Vol + 0 * Time',
    'seconds(Vol) - Vol',
  ])('refuses the units of %s', (text) => {
    expect(faults(text)).toMatchObject([{ code: 'unit_mismatch' }]);
  });

  it.each([
    'Vol + 1000 * VolM',
    'Time + TimeMs / 1000',
    '100 - Vol / VolM',
    'seconds(Vol) - Time',
    'if(Time > 80, Vol, 0)',
    'Strange + Time + Vol * Strange',
    'Level - 3',
    'sqrt(Time ^ 2) + Time',
    'Time ^ (1/2) + Vol',
    '10 ^ 3 * VolM + Vol',
    '(2 + 3) * VolM + Vol',
    'exp(Level) + Time',
  ])('takes the units of %s', (text) => {
    expect(faults(text)).toEqual([]);
  });

  it('reports every fault, with a bound', () => {
    expect(faults('x1 + x2 * Lat{QCI=*}')).toHaveLength(3);
    expect(faults(Array.from({ length: 100 }, (_, i) => `x${i}`).join('+'))).toHaveLength(20);
  });
});
