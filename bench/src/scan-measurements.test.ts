import { readPmBuffer } from '@pegboard/pm-files';
import { describe, expect, it } from 'vitest';
import { sampleShapedFile } from './sample-shaped-file.ts';
import { scanMeasurements } from './scan-measurements.ts';

const BEGIN_MS = Date.UTC(2026, 0, 1);

/** Object, begin, granularity and counter → number. */
function parsed(content: Buffer): Record<string, number> {
  const numbers: Record<string, number> = {};
  const options = { nowMs: BEGIN_MS + 86_400_000 };
  const result = readPmBuffer(
    content,
    ({ ldn, beginMs, granularityS, layout, values }) => {
      for (const [i, name] of layout.names.entries()) {
        if (!Number.isNaN(values[i])) numbers[`${ldn} ${beginMs} ${granularityS} ${name}`] = values[i];
      }
    },
    options,
  );
  expect(result.status).toBe('ok');
  return numbers;
}

function scanned(content: Buffer): Record<string, number> {
  const found: Record<string, number> = {};
  scanMeasurements(content, ({ ldn, beginMs, granularityS, results, counters, ends, numbers }) => {
    for (let i = 0, at = 0; i < results; i++) {
      const first = at;
      const isVector = ends[i] - first > 1;
      for (; at < ends[i]; at++) {
        const name = isVector ? `${counters[i]}[${at - first}]` : counters[i];
        if (!Number.isNaN(numbers[at])) found[`${ldn} ${beginMs} ${granularityS} ${name}`] = numbers[at];
      }
    }
  });
  return found;
}

describe('scanMeasurements', () => {
  it('finds in good files what the parser finds, so that they do the same work', () => {
    for (let number = 0; number < 3; number++) {
      const file = sampleShapedFile(number % 2, BEGIN_MS + number * 900_000, number);
      const numbers = scanned(file);
      expect(Object.keys(numbers).length).toBeGreaterThan(11_000);
      expect(numbers).toEqual(parsed(file));
    }
    const texts = ['-1', '2.50', '-0.125', ' ', '', ' ,3, ,4.5', '0.000000'];
    let next = 0;
    const odd = sampleShapedFile(1, BEGIN_MS, 4)
      .toString()
      .replaceAll(/>\d[^<]*<\/r>/g, () => `>${texts[next++ % texts.length]}</r>`);
    expect(scanned(Buffer.from(odd))).toEqual(parsed(Buffer.from(odd)));
  });
});
