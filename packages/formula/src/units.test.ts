import { describe, expect, it } from 'vitest';
import { conversionFactor } from './units.ts';

describe('conversionFactor', () => {
  it.each([
    ['ms', 's', 0.001],
    ['kbit', 'Mbit', 0.001],
    ['kbyte', 'kbit', 8],
    ['0.1 ms', 'ms', 0.1],
    ['kbit/s', 'Mbit/s', 0.001],
    ['kbit/ms', 'Mbit/s', 1],
    ['Kbps', 'Mbit/s', 0.001],
    ['Kbytes', 'Mbit', 0.008],
    ['1/h', '1/s', 1 / 3600],
    ['ppm', '%', 0.0001],
    ['kWh', 'J', 3_600_000],
    ['furlong', 'furlong', 1],
    ['dBm', 'dBm', 1],
    ['dBm', 'dB', null],
    ['s', 'kbit', null],
    ['s', 'furlong', null],
    ['__proto__', 's', null],
    ['s/constructor', 's', null],
  ])('from %s to %s is %s', (from, to, expected) => {
    const factor = conversionFactor(from, to);
    if (expected === null) expect(factor).toBeNull();
    else expect(factor).toBeCloseTo(expected, 12);
  });
});
