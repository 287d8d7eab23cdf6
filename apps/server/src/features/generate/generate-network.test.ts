import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';
import { parseChange } from './changes.ts';
import { generateNetwork, networkSize } from './generate-network.ts';
import { planNetwork } from './network-plan.ts';
import { checkConsistency } from './testing/check-consistency.ts';
import { contentOf, type Reading, readings, seriesOf, smallNetwork } from './testing/read-network.ts';

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('generateNetwork', () => {
  it('gives the same bytes for the same options and others for another seed', () => {
    const options = smallNetwork({ nes: 2, days: 1 });
    expect(contentOf(options)).toEqual(contentOf(options));
    expect(contentOf({ ...options, seed: 8 })).not.toEqual(contentOf(options));
  });

  it('gives the same values where a longer, larger or later network overlaps a shorter one', () => {
    const short = smallNetwork({ nes: 2, cells: 2, pegs: 60, days: 1, startMs: Date.UTC(2025, 10, 10) });
    const large = smallNetwork({ nes: 3, cells: 3, pegs: 90, days: 3, startMs: Date.UTC(2025, 10, 9, 12) });
    const known = new Map(readings(large).map((reading) => [keyOf(reading), reading.value]));
    const own = readings(short).filter((reading) => reading.cell !== null); // an NE's own object depends on all its cells
    expect(own.length).toBeGreaterThan(20_000);
    for (const reading of own) expect(known.get(keyOf(reading))).toBe(reading.value);
  });

  it('gives the number of files and values that networkSize announces, when nothing is missing', () => {
    const options = smallNetwork({ nes: 3, cells: 2, pegs: 47, days: 1, missingFraction: 0 });
    const size = networkSize(options);
    expect(size).toMatchObject({ files: 288, cells: 6, series: 282, periods: 96, values: 27_072, nodeValues: 864 });
    expect([...generateNetwork(options)]).toHaveLength(288);
    const all = readings(options);
    expect(all.filter((reading) => reading.cell !== null)).toHaveLength(27_072);
    expect(all.filter((reading) => reading.cell === null)).toHaveLength(864);
  });

  it('writes well-formed 32.435 with periods, counters and footer in the order of the schema', () => {
    const [file] = [...generateNetwork(smallNetwork({ nes: 1, days: 1 }))];
    const text = [...file!.chunks].join('');
    const path: string[] = [];
    const order: string[] = [];
    const parser = new SaxesParser({ xmlns: true });
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('opentag', (tag) => {
      path.push(tag.local);
      if (path.length <= 3) order.push(path.join('/'));
    });
    parser.on('closetag', () => path.pop());
    parser.write(text).close();
    expect(file!.path).toBe('2025-11-08/A20251108.0000+0000-0015+0000_gnb-001.xml');
    expect([...new Set(order)]).toEqual([
      'measCollecFile',
      'measCollecFile/fileHeader',
      'measCollecFile/fileHeader/fileSender',
      'measCollecFile/fileHeader/measCollec',
      'measCollecFile/measData',
      'measCollecFile/measData/managedElement',
      'measCollecFile/measData/measInfo',
      'measCollecFile/fileFooter',
      'measCollecFile/fileFooter/measCollec',
    ]);
    expect(text).toContain('<granPeriod duration="PT900S" endTime="2025-11-08T00:15:00Z"/>');
  });

  it('writes CSV with the values of the XML', () => {
    const options = smallNetwork({ nes: 2, cells: 1, pegs: 20, days: 2 });
    const files = [...generateNetwork({ ...options, format: 'csv' })];
    expect(files.map((file) => file.path)).toEqual([
      '20251108_gnb-001.csv',
      '20251108_enb-002.csv',
      '20251109_gnb-001.csv',
      '20251109_enb-002.csv',
    ]);
    const rows = files.flatMap((file) => {
      const lines = [...file.chunks].join('').trimEnd().split('\n');
      expect(lines[0]).toBe('timestamp,ne,cell,family,peg,granularity,value');
      return lines.slice(1);
    });
    const expected = readings(options)
      .filter((reading) => reading.cell !== null)
      .map(
        (r) =>
          `${new Date(r.beginMs).toISOString().slice(0, 19)}Z,${r.ne},${r.cell},${r.family},${r.peg},900,${r.value}`,
      );
    expect([...rows].sort()).toEqual(expected.sort());
  });

  it('leaves out and marks suspect the asked share of object periods', () => {
    const options = smallNetwork({ nes: 2, cells: 4, pegs: 3, days: 7, missingFraction: 0.1, suspectFraction: 0.2 });
    const cells = readings(options).filter((reading) => reading.peg.startsWith('RRC.ConnEstabAtt'));
    expect(cells.length / (8 * 672)).toBeCloseTo(0.9, 1);
    expect(cells.filter((reading) => reading.suspect).length / cells.length).toBeCloseTo(0.2, 1);
  });

  it('keeps counts whole, successes within attempts, causes within failures, at any size and seed', () => {
    const size = fc.record({
      pegs: fc.integer({ min: 1, max: 400 }),
      seed: fc.integer({ min: 0, max: 0xffff_ffff }),
      granularityS: fc.constantFrom(300, 900, 3600),
      percent: fc.integer({ min: -100, max: 2000 }),
    });
    fc.assert(
      fc.property(size, ({ pegs, seed, granularityS, percent }) => {
        const changes = percent === 0 ? [] : [parseChange(`peg=*,percent=${percent}`)];
        checkConsistency(readings(smallNetwork({ nes: 2, cells: 1, pegs, seed, granularityS, days: 1, changes })));
      }),
      { numRuns: 12 },
    );
  });

  it('splits failures by cause without a rest where the causes are complete', () => {
    const all = readings(smallNetwork({ nes: 1, cells: 2, pegs: 60, days: 2 }));
    const sum = (prefix: string): number =>
      all.filter((reading) => reading.peg.startsWith(prefix)).reduce((total, reading) => total + reading.value, 0);
    const failures = sum('RRC.ConnEstabAtt') - sum('RRC.ConnEstabSucc');
    expect(failures).toBeGreaterThan(100);
    expect(sum('RRC.ConnEstabFailCause.')).toBe(failures);
  });

  it('has a daily cycle in every cell and a weekly one in business cells', () => {
    const options = smallNetwork({ nes: 4, cells: 6, pegs: 40, days: 14, missingFraction: 0 });
    const kinds = new Set<string>();
    for (const cell of planNetwork(options).nes.flatMap((ne) => ne.cells)) kinds.add(cell.traffic.kind);
    expect([...kinds].sort()).toEqual(['business', 'mixed', 'residential']);
    const businessCells = planNetwork(options)
      .nes.flatMap((ne) => ne.cells)
      .filter((cell) => cell.traffic.kind === 'business');
    const attempts = seriesOf(readings(options).filter((reading) => reading.peg.startsWith('RRC.ConnEstabAtt')));
    for (const series of attempts.values()) {
      const at = (from: number, to: number): number =>
        mean(series.filter(({ beginMs }) => inHours(beginMs, from, to)).map(({ value }) => value));
      expect(at(3, 5)).toBeLessThan(0.4 * Math.max(at(10, 12), at(19, 21)));
    }
    for (const cell of businessCells) {
      const series = [...attempts].find(([key]) => key.startsWith(`${cell.ne}/${cell.cellId} `))![1];
      const weekend = series.filter(({ beginMs }) => [0, 6].includes(new Date(beginMs).getUTCDay()));
      const weekdays = series.filter(({ beginMs }) => ![0, 6].includes(new Date(beginMs).getUTCDay()));
      expect(mean(weekend.map(({ value }) => value))).toBeLessThan(0.7 * mean(weekdays.map(({ value }) => value)));
    }
  });

  it('moves throughput against PRB use', () => {
    const options = smallNetwork({ nes: 1, cells: 1, pegs: 60, days: 7, missingFraction: 0 });
    const series = seriesOf(readings(options));
    const prb = series.get('gnb-001/1 RRU.PrbTotDl')!.map(({ value }) => value);
    const throughput = series.get('gnb-001/1 DRB.UEThpDl')!.map(({ value }) => value);
    const busy = throughput.filter((_, index) => prb[index]! > 40);
    const idle = throughput.filter((_, index) => prb[index]! < 12);
    expect(Math.max(...prb)).toBeLessThanOrEqual(100);
    expect(mean(busy)).toBeLessThan(0.97 * mean(idle));
  });
});

function keyOf(reading: Reading): string {
  return `${reading.beginMs} ${reading.ne} ${reading.object} ${reading.peg}`;
}

function inHours(beginMs: number, from: number, to: number): boolean {
  const hour = new Date(beginMs).getUTCHours();
  return hour >= from && hour < to;
}
