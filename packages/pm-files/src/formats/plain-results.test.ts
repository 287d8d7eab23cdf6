import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { file32435, readChunks, readText, rejectionOf } from '../testing/read-text.ts';

/** The same content, written so that only the XML reader can take the results. */
function unplain(xml: string): string {
  return xml.replaceAll('<r p=', '<r  p=');
}

const number = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('0', '1', '7') },
  { weight: 4, arbitrary: fc.nat().map(String) },
  { weight: 2, arbitrary: fc.stringMatching(/^[0-9]{1,17}$/) },
  { weight: 2, arbitrary: fc.stringMatching(/^[0-9]{1,9}\.[0-9]{0,9}$/) },
  fc.constantFrom('-3', '-0.5', '.5', '', ' ', 'NIL', ' 4', '5 ', '1.2.3', '1e3', '0.000000', '9007199254740993'),
);
const vector = (width: number) => fc.array(number, { minLength: width, maxLength: width }).map(String);
/** What a counter mostly has: a scalar, or a vector of so many numbers. */
const width = fc.constantFrom(1, 1, 1, 2, 3, 9);
const odd = fc.oneof(
  number,
  vector(2),
  vector(4),
  fc.constantFrom('<x/>', '1<!-- , -->2', '&#49;', '1,<x>5</x>', '3,4]'),
);

const space = fc.constantFrom(
  '',
  ' ',
  '\n',
  '\r\n',
  '\n        ',
  '\n\t\t',
  ' '.repeat(18),
  ' '.repeat(19),
  ' '.repeat(30),
);
const infos = fc
  .record({
    firstP: fc.constantFrom(1, 8, 98, 998, 99_998),
    widths: fc.array(width, { minLength: 1, maxLength: 6 }),
    gap: space,
    objects: fc.integer({ min: 1, max: 5 }),
  })
  .chain(({ firstP, widths, gap, objects }) => {
    const results = widths.map((usual, i) => {
      const text = fc.oneof({ weight: 12, arbitrary: vector(usual) }, odd);
      const often = fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 2);
      const tag = fc.constantFrom(
        ...new Array(30).fill(`<r p="${firstP + i}">`),
        `<r p="0${firstP + i}">`,
        '<r p="1">',
      );
      return fc
        .tuple(often, tag, text, space)
        .map(([times, start, content, other]) => `${times === 2 ? other : gap}${start}${content}</r>`.repeat(times));
    });
    const object = fc.tuple(...results).map((texts) => `<measValue measObjLdn="A">${texts.join('')}\n</measValue>\n`);
    const names = widths.map((_, i) => `<measType p="${firstP + i}">run.${firstP}.${i}</measType>`);
    return fc.array(object, { minLength: objects, maxLength: objects }).map((values) => {
      return `<measInfo><granPeriod duration="PT900S" endTime="2026-11-20T00:15:00Z"/>${names.join('')}
${values.join('')}</measInfo>`;
    });
  });
const file = fc.array(infos, { minLength: 1, maxLength: 3 }).map((parts) => file32435({ measInfos: parts.join('') }));

describe('runs of results', () => {
  it('are read as the XML reader reads them, the first time and again', () => {
    fc.assert(
      fc.property(file, (xml) => {
        const expected = readText(unplain(xml));
        expect(readText(xml).blocks).toEqual(expected.blocks);
        const again = readText(xml);
        expect(again.blocks).toEqual(expected.blocks);
        expect(again.layouts).toEqual(expected.layouts);
        expect(again.result).toEqual(expected.result);
      }),
    );
  });

  it('are read the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(file, fc.integer({ min: 1, max: 200 }), async (xml, size) => {
        // Cutting begins behind the head of the file, which is gathered first.
        const long = xml.replace('<measData>', `<!--${'-x'.repeat(33_000)}--><measData>`);
        expect(await readChunks(Buffer.from(long), [66_500, size])).toEqual(readText(long));
      }),
    );
  });

  const types = ['a', 'v', 'b'].map((name, i) => `<measType p="${i + 100}">single.${name}</measType>`).join('');
  const object = (...results: readonly string[]) =>
    `<measValue measObjLdn="A">\n  ${results.map((text, i) => `<r p="${i + 100}">${text}</r>`).join('\n  ')}</measValue>`;
  /** The values of each object, read twice, since what the first time taught must not matter. */
  const valuesOf = (...objects: readonly string[]) => {
    const xml = file32435({ types, values: objects.join('\n') });
    const first = readText(xml).blocks.map(({ values }) => values);
    expect(readText(xml).blocks.map(({ values }) => values)).toEqual(first);
    return first;
  };

  it('tell a vector of one number from a scalar, and a longer vector from what follows', () => {
    const usual = object('1', '2,3', '4');
    const expected = { 'single.a': 1, 'single.v[0]': 2, 'single.v[1]': 3, 'single.b': 4 };
    expect(valuesOf(usual, object('5', '6', '7'), object('8', '9,10,11', '12'), usual)).toEqual([
      expected,
      { 'single.a': 5, 'single.v': 6, 'single.b': 7 },
      { 'single.a': 8, 'single.v[0]': 9, 'single.v[1]': 10, 'single.v[2]': 11, 'single.b': 12 },
      expected,
    ]);
    expect(valuesOf(object('1,2', ' , ,3', '4'), object('1,2,5', ' , ,6', '7'))).toEqual([
      { 'single.a[0]': 1, 'single.a[1]': 2, 'single.v[2]': 3, 'single.b': 4 },
      { 'single.a[0]': 1, 'single.a[1]': 2, 'single.a[2]': 5, 'single.v[2]': 6, 'single.b': 7 },
    ]);
  });

  it('have the double nearest to what is written, however long it is', () => {
    const texts = [
      '123456789012345678901234',
      '79079276260366777',
      '0.12345678901234567',
      '123456789012345.6',
      '999999999999999',
    ];
    for (const text of texts) {
      const usual = object('1', '1,1', '1');
      const value = Number(text);
      const [, second, third] = valuesOf(usual, object(text, '1,1', '1'), object('1', `0,${text}`, text));
      expect(second).toEqual({ 'single.a': value, 'single.v[0]': 1, 'single.v[1]': 1, 'single.b': 1 });
      expect(third).toEqual({ 'single.a': 1, 'single.v[0]': 0, 'single.v[1]': value, 'single.b': value });
    }
  });

  it('warn of a second value for a counter, even where it stands in its usual place', () => {
    const usual = object('1', '2,2', '3');
    const values = `${usual}\n${usual.replace('</measValue>', '')}\n  <r p="102">4</r></measValue>`;
    const ahead = usual
      .replace('<r p="101">', '<r  p="102">3</r>\n  <r p="101">')
      .replace('>3</r></measV', '>4</r></measV');
    for (const text of [values, `${usual}\n${ahead}`]) {
      const { result, blocks } = readText(file32435({ types, values: text }));
      expect(blocks[1].values).toEqual({ 'single.a': 1, 'single.v[0]': 2, 'single.v[1]': 2, 'single.b': 4 });
      expect(result).toMatchObject({ status: 'ok', warnings: [{ code: 'value_repeated', count: 1 }] });
    }
  });

  it('are refused where one byte is wrong, although the rest is as usual', () => {
    const usual = object('1', '2,2', '3');
    const places = [...usual.matchAll(/<r p="|"(?=>\d)|>(?=\d)|<\/r>/g)].flatMap(({ index, 0: token }) =>
      Array.from(token, (_, k) => index + k),
    );
    for (const at of places.slice(1)) {
      for (const wrong of ['_', '0', '\u0000', '<']) {
        const values = `${usual}\n${usual.slice(0, at)}${wrong}${usual.slice(at + 1)}`;
        const { result } = readText(file32435({ types, values }));
        if (result.status === 'rejected') expect(rejectionOf(result).code).toBe('not_well_formed');
        else expect(readText(file32435({ types, values: unplain(values) })).result).toEqual(result);
      }
    }
  });
});
