import { describe, expect, it } from 'vitest';
import { formatFormula } from './format-formula.ts';
import { formulaNames, selectDimension } from './formula-names.ts';
import { parseFormula } from './parse-formula.ts';

function parsed(text: string) {
  const result = parseFormula(text);
  if (result.status === 'error') throw new Error(`${text}: ${result.errors[0].message}`);
  return result.formula;
}

function fault(text: string) {
  const result = parseFormula(text);
  if (result.status === 'ok') throw new Error(`${text} was taken`);
  return result.errors[0];
}

describe('parseFormula', () => {
  it.each([
    ['1+2*3^4', '1 + 2 * 3^4'],
    ['-2^2', '-2^2'],
    ['-(2^2)', '-(2^2)'],
    ['2^3^2', '2^3^2'],
    ['(2^3)^2', '(2^3)^2'],
    ['2^-1', '2^-1'],
    ['a-(b-c)', 'a - (b - c)'],
    ['(a-b)-c', '(a - b) - c'],
    ['a/(b*c)', 'a / (b * c)'],
    ['(a<b)+1', '(a < b) + 1'],
    ['if(a>=0,max(a,b,1e3),.5)', 'if(a >= 0, max(a, b, 1000), 0.5)'],
    [' 100\n* RRC.ConnEstabSucc.sum /RRC.ConnEstabAtt.sum ', '100 * RRC.ConnEstabSucc.sum / RRC.ConnEstabAtt.sum'],
    ["'AirMacDLThruAvg(Kbps)'/1e3", "'AirMacDLThruAvg(Kbps)' / 1000"],
    ["'O''Neil' - 'A'", "'O''Neil' - A"],
    ["'NRCellCU/RRC.ConnEstabAtt'", "'NRCellCU/RRC.ConnEstabAtt'"],
    ["PdcpVol{ QCI = 9 , PLMN='450 05',S=* }", "PdcpVol{QCI=9, PLMN='450 05', S=*}"],
    ["Vol{SNSSAI=010003e8, X='*'}", "Vol{SNSSAI=010003e8, X='*'}"],
    ['CARR.WBCQIDist[7]+1', 'CARR.WBCQIDist[7] + 1'],
    ['seconds(A)-A', 'seconds(A) - A'],
    ['min + if', "'min' + 'if'"],
    ['전송량.합계 / 2', '전송량.합계 / 2'],
  ])('reads %j as %j', (text, written) => {
    expect(formatFormula(parsed(text).root)).toBe(written);
  });

  it('keeps a minus out of names', () => {
    expect(formulaNames(parsed("a-b - 'a-b' + a"))).toEqual(['a', 'b', 'a-b']);
  });

  it.each([
    ['', 'empty', 0],
    ['  \n ', 'empty', 4],
    ['1 +', 'unexpected_token', 3],
    ['1 2', 'unexpected_token', 2],
    ['(1', 'unexpected_token', 0],
    ['1)', 'unexpected_token', 1],
    ['a < b < c', 'chained_comparison', 6],
    ['a = b', 'unexpected_character', 2],
    ['"a"', 'unexpected_character', 0],
    ["1 + 'abc", 'unclosed_quote', 4],
    ["1 + ''", 'unexpected_token', 4],
    ['1e999', 'bad_number', 0],
    ['2 * 5QI1.Flows', 'bad_number', 4],
    ['1..2', 'bad_number', 0],
    ['+1', 'unexpected_token', 0],
    ['sqrt()', 'argument_count', 0],
    ['min()', 'argument_count', 0],
    ['if(a,b)', 'argument_count', 0],
    ['abs(1,2)', 'argument_count', 0],
    ['seconds(1)', 'unexpected_token', 8],
    ['seconds(a+b)', 'unexpected_token', 9],
    ['a{QCI}', 'bad_selector', 5],
    ['a{}', 'bad_selector', 2],
    ['a{QCI=}', 'bad_selector', 6],
    ['a{QCI=9', 'bad_selector', 7],
    ['a{QCI=9,QCI=8}', 'bad_selector', 8],
    ['(a+b){QCI=9}', 'unexpected_token', 5],
    ['a{QCI=9}{QCI=8}', 'unexpected_token', 8],
    ["'min'(1,2)", 'unexpected_token', 5],
    ['\u0000', 'unexpected_character', 0],
    ['a.constructor(1)', 'unknown_function', 0],
    ['constructor(1)', 'unknown_function', 0],
  ])('refuses %j with %s at %i', (text, code, offset) => {
    const error = fault(text);
    expect([error.code, error.offset]).toEqual([code, offset]);
    expect(error.message.length).toBeGreaterThan(10);
  });

  it('says line and column', () => {
    expect(fault('1 +\n  2 *\n  $')).toMatchObject({ line: 3, column: 3, offset: 12, length: 1 });
  });

  it('knows a name with parentheses that lacks its quotes', () => {
    const error = fault('AirMacDLThruAvg(Kbps) / 2');
    expect(error.message).toContain("'AirMacDLThruAvg(…)'");
    expect(fault('Maxx(1)').suggestions).toEqual(['max']);
  });

  it('bounds length and depth, and reads long sums', () => {
    expect(fault('1'.repeat(10_001))).toMatchObject({ code: 'too_long', offset: 10_000 });
    expect(fault(`${'('.repeat(1000)}1${')'.repeat(1000)}`)).toMatchObject({ code: 'too_deep', offset: 201 });
    expect(fault(`${'-'.repeat(1000)}1`).code).toBe('too_deep');
    expect(fault(`${'2^'.repeat(1000)}1`).code).toBe('too_deep');
    expect(fault(`${'abs('.repeat(1000)}1${')'.repeat(1000)}`).code).toBe('too_deep');
    expect(formulaNames(parsed(`${'('.repeat(200)}a${')'.repeat(200)}`))).toEqual(['a']);
    const sum = Array.from({ length: 1500 }, (_, i) => `a${i}`).join('+');
    expect(formulaNames(parsed(sum))).toHaveLength(1500);
  });

  it('selects one value of a dimension that was summed over', () => {
    const formula = parsed('3600*Rel{QCI=*,P=1}/Time{QCI=*} + x{QCI=1}');
    expect(formatFormula(selectDimension(formula, 'QCI', '9').root)).toBe(
      '3600 * Rel{QCI=9, P=1} / Time{QCI=9} + x{QCI=1}',
    );
  });
});
