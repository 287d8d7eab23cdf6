import { describe, expect, it } from 'vitest';
import { readText } from '../testing/read-text.ts';

const values = [
  ['1', '2.5', ''],
  ['3', '4', '5'],
] as const;
const NAMES = ['a.Att', 'b_Succ', 'c'];

const event = (cell: number, measResults: readonly object[]) => ({
  commonEventHeader: { domain: 'perf3gpp', startEpochMicrosec: Date.UTC(2026, 10, 20) * 1000 },
  perf3gppFields: {
    measDataCollection: {
      granularityPeriod: 900,
      measuredEntityDn: 'n',
      measInfoList: [
        { measTypes: { sMeasTypesList: NAMES }, measValuesList: [{ measObjInstId: `${cell}`, measResults }] },
      ],
    },
  },
});

const FILES: Readonly<Record<string, string>> = {
  '3gpp-32.401-mdc-xml': `<mdc><mfh><sn>n</sn></mfh><md><neid><nedn>n</nedn></neid><mi><mts>20261120001500Z</mts><gp>900</gp>${NAMES.map((name) => `<mt>${name}</mt>`).join('')}${values.map((each, i) => `\n<mv><moid>Cell=${i}</moid>${each.map((value) => `<r>${value}</r>`).join('')}</mv>`).join('')}</mi></md><mff/></mdc>`,
  'nokia-omes-xml': `<OMeS>${values.map((each, i) => `<PMSetup startTime="2026-11-20T00:00:00Z" interval="15"><PMMOResult><MO><DN>n/Cell-${i}</DN></MO><PMTarget>${each.map((value, k) => `<${NAMES[k]}>${value}</${NAMES[k]}>`).join('')}</PMTarget></PMMOResult></PMSetup>`).join('\n')}</OMeS>`,
  'ves-perf3gpp-json': values
    .map((each, i) =>
      JSON.stringify(
        event(
          i,
          each.map((sValue, k) => ({ p: k + 1, sValue })),
        ),
      ),
    )
    .join('\n'),
  'csv-long': `peg,value,time,ne,cell,granularity\n${values.flatMap((each, i) => each.map((value, k) => `${NAMES[k]},${value},2026-11-20T00:00:00Z,n,${i},900\n`)).join('')}`,
  'csv-wide': `time;ne;cell;granularity;${NAMES.join(';')}\n${values.map((each, i) => `2026-11-20T00:00:00Z;n;${i};900;${each.join(';')}\n`).join('')}`,
  'csv-slots': `NE,Cell,Peg,2026-11-20 00:00,2026-11-20 00:15\n${values.flatMap((each, i) => each.map((value, k) => `n,${i},${NAMES[k]},${value},${value}\n`)).join('')}`,
};

describe.each(Object.entries(FILES))('a file of %s', (format, text) => {
  it('says that it is cut off, wherever it is, except at the end of a line of a table or of an event', () => {
    const bytes = Buffer.from(text);
    expect(readText(bytes).result).toMatchObject({ status: 'ok', format, counts: { numbers: expect.any(Number) } });
    for (let end = 1; end < bytes.length - 1; end += 1) {
      const { result } = readText(bytes.subarray(0, end));
      if (result.status !== 'ok') continue;
      const isWholeDocument = bytes[end - 1] === 0x0a || (format === 'ves-perf3gpp-json' && bytes[end] === 0x0a);
      if (!isWholeDocument) expect(result.warnings.map(({ code }) => code)).toContain('last_line_unterminated');
    }
  });
});
