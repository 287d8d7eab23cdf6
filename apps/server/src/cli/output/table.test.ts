import { describe, expect, it } from 'vitest';
import { byteText, counted, shownText } from './count.ts';
import { type Column, textTable } from './table.ts';
import { visibleLine, visibleText } from './visible-text.ts';

const COLUMNS: readonly Column[] = [
  { title: 'PEG', maxWidth: 20, minWidth: 8 },
  { title: 'N', align: 'right' },
  { title: 'weight', align: 'right', optional: true },
  { title: 'remarks', optional: true },
];
const ROWS = [
  ['RRC.ConnEstabFailCause.NoReply', '1.5', '6', 'suspect samples'],
  ['서울', '12', '10', ''],
];

describe('textTable', () => {
  it('aligns by terminal columns and cuts long texts', () => {
    expect(textTable(COLUMNS, ROWS).split('\n')).toEqual([
      'PEG                     N  weight  remarks',
      '────────────────────  ───  ──────  ───────────────',
      'RRC.ConnEstabFailCa…  1.5       6  suspect samples',
      '서울                   12      10',
      '',
    ]);
  });

  it('leaves out optional columns from the right on a narrow terminal', () => {
    expect(textTable(COLUMNS, ROWS, 35).split('\n')[0]).toBe('PEG                     N  weight');
    expect(textTable(COLUMNS, ROWS, 30).split('\n')[0]).toBe('PEG                     N');
  });

  it('then narrows texts, but not beyond reading', () => {
    expect(textTable(COLUMNS, ROWS, 17).split('\n')[2]).toBe('RRC.ConnEst…  1.5');
    expect(textTable(COLUMNS, ROWS, 5).split('\n')[2]).toBe('RRC.Con…  1.5');
  });
});

describe('text for a terminal', () => {
  it('has no control characters and no marks that turn the direction', () => {
    expect(visibleText('a\u001b[2J\u009bb\u007f\u202ec\r\n\td')).toBe('a�[2J�b��c�\n\td');
    expect(visibleLine('a\r\n\tb\u2028c\u0000')).toBe('a b c�');
    expect(visibleText('서울 — 한국어 é')).toBe('서울 — 한국어 é');
  });

  it('counts', () => {
    expect([counted(1, 'file'), counted(0, 'file'), counted(2340, 'row')]).toEqual(['1 file', '0 files', '2,340 rows']);
    expect([shownText(3, 3), shownText(40, 2178)]).toEqual(['3 rows', '40 of 2,178 rows shown']);
    expect([byteText(999), byteText(283_485), byteText(5_400_000), byteText(2e9)]).toEqual([
      '999 B',
      '283 kB',
      '5.4 MB',
      '2.0 GB',
    ]);
  });
});
