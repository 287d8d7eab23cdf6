import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { file32435, type ReadOutcome, readChunks, readText, rejectionOf, warningCodes } from '../testing/read-text.ts';

/** The same content, written so that only the XML reader can take it: no element has the one plain form. */
function unplain(xml: string): string {
  return xml.replaceAll('<r p=', '<r  p=').replaceAll('<measType p=', '<measType  p=');
}

/** Lines are the same; columns are not. */
function withoutColumns({ result, ...rest }: ReadOutcome) {
  if (result.status !== 'rejected') return { result, ...rest };
  return { result: { ...result, rejection: { ...result.rejection, column: null } }, ...rest };
}

const number = fc.oneof(
  fc.constantFrom('0', '7', '12', '-3', '1.5', '-0.25', '.5', '5.', '007', '-0', '123456789012345'),
  fc.constantFrom('1234567890123456789', '1e3', '+4', '0.1234567890123456', '-', '.', '1.2.3', '--1', 'NIL', 'x'),
  fc.integer().map(String),
);
const padded = fc
  .tuple(fc.constantFrom('', ' ', '\n', '\t '), number, fc.constantFrom('', ' ', '\r\n'))
  .map((parts) => parts.join(''));
const text = fc.oneof(
  { weight: 4, arbitrary: number },
  { weight: 4, arbitrary: fc.array(fc.oneof(number, fc.constantFrom('', ' ')), { maxLength: 6 }).map(String) },
  fc.array(padded, { maxLength: 3 }).map(String),
  fc.constantFrom('&#49;', '<![CDATA[2]]>', '1<!-- , -->2', '1,2<!-- -->3', '<x>1</x>', '1<x/>,2', '4]', '1>2', '값'),
);
const tag = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('<r p="1">', '<r p="2">', '<r p="3">', '<r p="4">') },
  fc.constantFrom('<r p="02">', "<r p='3'>", '<r p="9">', '<r p="1234567890">', '<r>', '<r p="">', '<r p="1" >'),
);
const result = fc.tuple(tag, text, fc.constantFrom('</r>', '</r>', '</r>', '</r >')).map((parts) => parts.join(''));
const between = fc.constantFrom('', '\n', '\r\n  ', ' ', '<!-- c -->', '<suspect>true</suspect>', 'loose', '<?pi?>');
const measValue = fc
  .tuple(fc.constantFrom('A', 'B'), fc.array(fc.tuple(result, between), { maxLength: 8 }))
  .map(([ldn, parts]) => `<measValue measObjLdn="${ldn}">${parts.flat().join('')}</measValue>`);
const name = fc.constantFrom('a', 'b', 'c.d', 'v', 'v[1]', 'x y', 'q&amp;r', '측', 'g>h');
const types = fc
  .uniqueArray(name, { minLength: 1, maxLength: 4 })
  .chain((names) => fc.tuple(fc.constant(names), fc.constantFrom('', '\n  ', '<!-- t -->', '<job/>')))
  .map(([names, gap]) => names.map((label, i) => `<measType p="${i + 1}">${label}</measType>`).join(gap));
const period = '<granPeriod duration="PT900S" endTime="2026-11-20T00:15:00Z"/>';
const measInfo = fc
  .tuple(types, fc.array(measValue, { maxLength: 4 }))
  .map(([list, values]) => `<measInfo>${period}\n${list}\n${values.join('\n')}</measInfo>`);
const file = fc
  .array(measInfo, { minLength: 1, maxLength: 3 })
  .map((infos) => file32435({ measInfos: infos.join('') }));

describe('plain elements', () => {
  it('are read as the XML reader reads them', () => {
    fc.assert(
      fc.property(file, (xml) => {
        expect(withoutColumns(readText(xml))).toEqual(withoutColumns(readText(unplain(xml))));
      }),
    );
  });

  it('are read the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 90 }), async (xml, size) => {
        // Cutting begins behind the head of the file, which is gathered first.
        const long = xml.replace('<measData>', `<!--${'-x'.repeat(33_000)}--><measData>`);
        expect(await readChunks(Buffer.from(long), [66_500, size])).toEqual(readText(long));
      }),
    );
  });

  it('are refused where a byte of them is changed so that they are not well-formed', () => {
    const values = '<measValue measObjLdn="A">\n<r p="1">10</r>\n<r p="2">1,2</r>\n</measValue>';
    for (const [from, to] of [
      ['</r>\n<r p="2">', '</s>\n<r p="2">'],
      ['<r p="2">', '<r p=2">'],
      ['<r p="2">', '<r p="2>'],
      ['<r p="2">', '<rp="2">'],
      ['1,2</r>', '1,2</r'],
      ['1,2</r>', '1,2<r>'],
      ['1,2</r>', '1,\u00002</r>'],
      ['1,2</r>', '1,2]]></r>'],
      ['<r p="2">', '</r><r p="2">'],
    ]) {
      const { result } = readText(file32435({ values: values.replace(from, to) }));
      expect(rejectionOf(result), to).toMatchObject({ code: 'not_well_formed', line: expect.any(Number) });
    }
    for (const [from, to] of [
      ['</measType>', '</measTyp>'],
      ['a.Att', 'a.\u0001'],
      ['a.Att', 'a]]>'],
      ['a.Att', 'a&b'],
      ['p="1"', 'p="1'],
    ]) {
      const { result } = readText(file32435().replace(from, to));
      expect(rejectionOf(result), to).toMatchObject({ code: 'not_well_formed' });
    }
  });

  it('are held to the limits', () => {
    const values = (content: string) => file32435({ values: `<measValue measObjLdn="A">${content}</measValue>` });
    const limits = { maxTextBytes: 2000, maxTagBytes: 200 };
    const long = `<r p="1">${'1,'.repeat(1200)}1</r>`;
    expect(rejectionOf(readText(values(long), { limits }).result).code).toBe('text_too_long');
    expect(rejectionOf(readText(values(`${' '.repeat(2001)}<r p="1">1</r>`), { limits }).result).code).toBe(
      'text_too_long',
    );
    expect(rejectionOf(readText(values('<r p="1">1</r>'), { limits: { maxDepth: 4 } }).result).code).toBe('too_deep');
    expect(rejectionOf(readText(values('<r p="1">1,2,3,4</r>'), { limits: { maxCounters: 3 } }).result).code).toBe(
      'too_many_counters',
    );
    expect(readText(values('<r p="1">1,2,3</r>'), { limits: { maxCounters: 3 } }).result.status).toBe('ok');
    const blank = readText(values('<r p="1">1,,,</r>'), { limits: { maxCounters: 3 } });
    expect(rejectionOf(blank.result)).toMatchObject({
      code: 'too_many_counters',
      message: expect.stringContaining('vector'),
    });
    const unused = readText(values(''), { limits: { maxCounters: 1 } });
    expect(rejectionOf(unused.result).code).toBe('too_many_counters');
  });

  it('count where those behind them have no p', () => {
    const results = '<r p="1">5</r><r>6</r><r p="3">7</r>';
    const xml = file32435({
      types: '<measTypes>x y z</measTypes>',
      values: `<measValue measObjLdn="A">${results}</measValue>`,
    });
    expect(readText(xml).blocks[0].values).toEqual({ x: 5, y: 6, z: 7 });
  });

  it('are known again by their bytes only as a whole list', () => {
    const info = (...names: readonly string[]) =>
      file32435({
        types: names.map((label, i) => `<measType p="${i + 1}">${label}</measType>`).join(' '),
        values: `<measValue measObjLdn="A">${names.map((_, i) => `<r p="${i + 1}">${i}</r>`).join('')}</measValue>`,
      });
    const expected = { 'again.a': 0, 'again.b': 1 };
    for (let i = 0; i < 3; i += 1) expect(readText(info('again.a', 'again.b')).blocks[0].values).toEqual(expected);
    const longer = readText(info('again.a', 'again.b', 'again.c'));
    expect(longer.blocks[0].values).toEqual({ ...expected, 'again.c': 2 });
    expect(readText(info('again.a', 'again.b')).blocks[0].values).toEqual(expected);
    expect(readText(info('again.a', 'again.x')).blocks[0].values).toEqual({ 'again.a': 0, 'again.x': 1 });
    expect(rejectionOf(readText(info('again.a', 'again.x'), { limits: { maxCounters: 1 } }).result).code).toBe(
      'too_many_counters',
    );
  });

  it('warn with the line of the value', () => {
    const values = '<measValue measObjLdn="A">\n<r p="1">1</r>\n<r p="1">2</r>\n<r p="2">x</r></measValue>';
    const { result } = readText(file32435({ values }));
    expect(result).toMatchObject({
      warnings: [
        { code: 'value_repeated', line: 10 },
        { code: 'value_not_number', line: 11 },
      ],
      counts: { values: 3, numbers: 2, notNumbers: 1 },
    });
    expect(warningCodes(result)).toHaveLength(2);
  });
});

describe('sparse blocks', () => {
  const sparseFile = (counters: number, filled: (block: number) => readonly number[], blocks: number) =>
    file32435({
      types: `<measTypes>${Array.from({ length: counters }, (_, i) => `sparse.${i}`).join(' ')}</measTypes>`,
      values: Array.from({ length: blocks }, (_, block) => {
        const results = filled(block).map((p) => `<r p="${p}">${p}</r>`);
        return `<measValue measObjLdn="${block}">${results.join('')}</measValue>`;
      }).join('\n'),
    });
  const slots = ({ layouts }: ReadOutcome) => layouts.reduce((sum, names) => sum + names.length, 0);

  it('have layouts in proportion to their values, however many counters the file has', () => {
    const outcome = readText(sparseFile(20_000, (block) => [block + 1], 20_000));
    expect(outcome.result).toMatchObject({ status: 'ok', counts: { numbers: 20_000, blocks: 20_000 } });
    expect(outcome.blocks.every(({ values }, block) => values[`sparse.${block}`] === block + 1)).toBe(true);
    expect(slots(outcome)).toBeLessThan(20_000 * 65);
  });

  it('keep two layouts where full and sparse blocks take turns', () => {
    const every = Array.from({ length: 200 }, (_, i) => i + 1);
    const xml = sparseFile(200, (block) => (block % 2 === 0 ? every : [7, 9]), 40);
    const layouts = new Set<readonly string[]>();
    for (let i = 0; i < 3; i += 1) {
      const outcome = readText(xml);
      expect(outcome.blocks.map(({ values }) => Object.keys(values).length)).toEqual(
        Array.from({ length: 40 }, (_, block) => (block % 2 === 0 ? 200 : 2)),
      );
      expect(outcome.blocks[39].values).toEqual({ 'sparse.6': 7, 'sparse.8': 9 });
      if (i > 0) for (const names of outcome.layouts.slice(2)) layouts.add(names);
    }
    expect(layouts.size).toBe(2);
  });

  it('count each counter once towards the limit', () => {
    const xml = sparseFile(300, (block) => (block % 2 === 0 ? Array.from({ length: 300 }, (_, i) => i + 1) : [1]), 20);
    expect(readText(xml, { limits: { maxCounters: 300 } }).result.status).toBe('ok');
    const vectors = xml.replaceAll('<r p="1">1</r></measValue>', '<r p="1">1,2,3</r></measValue>');
    expect(rejectionOf(readText(vectors, { limits: { maxCounters: 302 } }).result).code).toBe('too_many_counters');
    expect(readText(vectors, { limits: { maxCounters: 303 } }).result.status).toBe('ok');
  });
});
