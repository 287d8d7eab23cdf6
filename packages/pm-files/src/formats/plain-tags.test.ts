import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { file32435, type ReadOutcome, readChunks, readText, rejectionOf } from '../testing/read-text.ts';

/** The same content, written so that only the XML reader can take the tags, and no head is like another. */
function unplain(xml: string): string {
  let infos = 0;
  return xml
    .replaceAll(/<(job|measInfo|measValue)(?=[ />])/g, '<$1 ')
    .replaceAll(/<\/(measInfo|measValue)>/g, '</$1 >')
    .replaceAll(/<measInfo [^>]*>/g, (tag) => {
      infos += 1;
      return `${tag}<!-- ${infos} -->`;
    });
}

/** Lines are the same; columns are not. */
function withoutColumns({ result, ...rest }: ReadOutcome) {
  if (result.status !== 'rejected') return { result, ...rest };
  return { result: { ...result, rejection: { ...result.rejection, column: null } }, ...rest };
}

const ldn = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('Cell=1', 'Cell=11', 'Cell=2', 'Node=7,Cell=1', 'Node=7,Cell=12') },
  {
    weight: 6,
    arbitrary: fc
      .tuple(fc.constantFrom(1, 2), fc.constantFrom(1, 2), fc.constantFrom(1, 2))
      .map(([element, part, cell]) => `ManagedElement=${element},Function=${part},Cell=${cell}`),
  },
  fc.constantFrom('', ' ', 'A', "it's", 'a&amp;b', 'x\ty', 'x\ny', '측정', 'a]', 'x'.repeat(1100), '"', '<', '\u0001'),
  fc.string({ unit: 'grapheme-ascii', maxLength: 30 }).map((text) => text.replaceAll(/[<&">]/g, '')),
);
const valueTag = fc.oneof(
  { weight: 30, arbitrary: ldn.map((name) => `<measValue measObjLdn="${name}">`) },
  ldn.map((name) => `<measValue measObjInstId="${name}">`),
  fc.constantFrom(
    '<measValue>',
    "<measValue measObjLdn='A'>",
    '<measValue measObjLdn="A" x="1">',
    '<measValue measObjLdn="A" >',
    '<measValue measObjLdn="A"x="1">',
    '<measValue measObjLdn="A"/>',
    '<measValue measObjLdn="A&>',
    '<p:measValue measObjLdn="A">',
  ),
);
const infoTag = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('<measInfo measInfoId="g">', '<measInfo measInfoId="PM=1,Group=2">') },
  fc.constantFrom(
    '<measInfo>',
    "<measInfo measInfoId='g'>",
    '<measInfo measInfoId="a&amp;b">',
    '<measInfo measInfoId="g" x="1">',
    '<measInfo measInfoId="a&b">',
    '<p:measInfo measInfoId="g">',
  ),
);
const results = fc.constantFrom('', '<r p="1">1</r><r p="2">2,3</r>', '\n<r p="2">5</r>\n', '<suspect>true</suspect>');
const gap = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('', '\n', '\n  ', ' ') },
  fc.constantFrom('<!-- c -->', '<?pi?>', 'loose', '<x/>', '<job jobId="j"/>'),
);
const valueEnd = fc.oneof(
  { weight: 60, arbitrary: fc.constant('</measValue>') },
  fc.constantFrom('</measValue >', '</measInfo>', '</p:measValue>', '</measValu>', ''),
);
const infoEnd = fc.oneof(
  { weight: 60, arbitrary: fc.constant('</measInfo>') },
  fc.constantFrom('</measInfo >', '</measValue>', '</p:measInfo>', ''),
);
/** The end is that of the start mostly. */
const ended = (tag: string, end: string) => (tag.startsWith('<p:') ? end.replace('</m', '</p:m') : end);
const measValue = fc.tuple(gap, valueTag, results, valueEnd).map(([before, tag, content, end]) => {
  return `${before}${tag}${content}${tag.endsWith('/>') ? '' : ended(tag, end)}`;
});
const period = fc.constantFrom(
  '<granPeriod duration="PT900S" endTime="2026-11-20T00:15:00Z"/>',
  '<granPeriod duration="PT900S" endTime="2026-11-20T00:30:00Z"/>',
  '<granPeriod duration="x" endTime="2026-11-20T00:15:00Z"/>',
);
const job = fc.constantFrom(
  '<job jobId="1"/>',
  '<job jobId="2"/>',
  '<job/>',
  "<job jobId='1'/>",
  '<job jobId="&amp;"/>',
);
const headPiece = fc.oneof(
  { weight: 3, arbitrary: job },
  fc.constantFrom('\n', '  ', '<repPeriod duration="PT900S"/>', '<repPeriod duration="PT60S"/>', '<!-- c -->', '<x/>'),
  fc.constantFrom(
    '<job><granPeriod/></job>',
    '<measTypes>a b</measTypes>',
    '<job jobId="1">text</job>',
    '<job jobId="1"',
  ),
);
const head = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.tuple(job, period).map(([one, two]) => `\n${one}\n${two}\n<repPeriod duration="PT900S"/>\n`),
  },
  fc.tuple(fc.array(headPiece, { maxLength: 3 }), period).map(([pieces, last]) => `${pieces.join('')}${last}`),
  fc.array(headPiece, { maxLength: 2 }).map((pieces) => pieces.join('')),
);
const types = fc.constantFrom(
  '<measType p="1">a</measType><measType p="2">b</measType>',
  '\n  <measType p="1">a</measType>\n  <measType p="2">c</measType>',
  '<measTypes>a b</measTypes>',
  '',
);
const measInfos = fc
  .tuple(head, types)
  .chain(([usualHead, usualTypes]) => {
    const start = fc.oneof({ weight: 6, arbitrary: fc.constant(usualHead) }, head);
    const list = fc.oneof({ weight: 6, arbitrary: fc.constant(usualTypes) }, types);
    const measInfo = fc
      .tuple(
        fc.oneof({ weight: 6, arbitrary: fc.constant('') }, gap),
        infoTag,
        start,
        list,
        fc.array(measValue, { maxLength: 4 }),
        infoEnd,
      )
      .map(([before, tag, first, counters, values, end]) => {
        return `${before}${tag}${first}${counters}${values.join('')}\n${ended(tag, end)}`;
      });
    return fc.array(measInfo, { minLength: 1, maxLength: 5 });
  })
  .map((infos) => infos.join(''));

describe('plain tags', () => {
  it('are read as the XML reader reads them', () => {
    fc.assert(
      fc.property(measInfos, (infos) => {
        const xml = file32435({ measInfos: infos });
        expect(withoutColumns(readText(xml))).toEqual(withoutColumns(readText(unplain(xml))));
      }),
    );
  });

  it('are read the same however the bytes are cut', async () => {
    await fc.assert(
      fc.asyncProperty(measInfos, fc.integer({ min: 1, max: 90 }), async (infos, size) => {
        const long = longFile(infos);
        expect(await readChunks(Buffer.from(long), [66_500, size])).toEqual(readText(long));
      }),
    );
  });

  it('are held to the limits', () => {
    const values = `<measValue measObjLdn="Cell=${'1'.repeat(60)}"><r p="1">1</r></measValue>`;
    const xml = file32435({ values: `${values}\n${values}` });
    for (let maxDepth = 1; maxDepth < 8; maxDepth += 1) {
      const read = (text: string) => readText(text, { limits: { maxDepth } });
      expect(withoutColumns(read(xml))).toEqual(withoutColumns(read(unplain(xml))));
      expect(read(xml).result.status).toBe(maxDepth < 5 ? 'rejected' : 'ok');
    }
    const tagBytes = values.indexOf('>') + 1;
    for (const maxTagBytes of [tagBytes - 1, tagBytes]) {
      const { result } = readText(xml.replaceAll(/ xmlns="[^"]*"/g, ''), { limits: { maxTagBytes } });
      expect(result.status).toBe(maxTagBytes < tagBytes ? 'rejected' : 'ok');
    }
  });

  it('must match each other', () => {
    for (const [from, to, message] of [
      ['</measValue>', '</measInfo>', '</measInfo> does not match <measValue>'],
      ['</measInfo>', '</measValue>', '</measValue> does not match <measInfo>'],
      ['<measInfo measInfoId="g1">', '<p:measInfo measInfoId="g1">', '</measInfo> does not match <p:measInfo>'],
      ['<measValue measObjLdn="Cell=1">', '<p:measValue>', '</measValue> does not match <p:measValue>'],
    ]) {
      const good = file32435();
      const info = good.slice(good.indexOf('<measInfo '), good.indexOf('</measInfo>') + '</measInfo>'.length);
      const xml = good.replace(info, `${info}\n${info.replace(from, to)}`);
      expect(rejectionOf(readText(xml).result)).toMatchObject({
        code: 'not_well_formed',
        message: expect.stringContaining(message),
      });
    }
  });

  const period15 = '<granPeriod duration="PT900S" endTime="2026-11-20T00:15:00Z"/>';
  const info = (start: string) =>
    `<measInfo measInfoId="g"><job jobId="1"/>${start}<measType p="1">a</measType>` +
    '<measValue measObjLdn="Cell=1"><r p="1">1</r></measValue></measInfo>\n';

  it('give each measInfo the period that it says', () => {
    const period30 = '<granPeriod duration="PT900S" endTime="2026-11-20T00:30:00Z"/>';
    const short = '<granPeriod duration="PT300S" endTime="2026-11-20T00:30:00Z"/>';
    const infos = [period15, period15, period30, short, period15].map(info);
    const { blocks } = readText(file32435({ measInfos: infos.join('') }));
    expect(blocks.map(({ begin, granularityS }) => `${begin.slice(11, 16)} ${granularityS}`)).toEqual([
      '00:00 900',
      '00:00 900',
      '00:15 900',
      '00:25 300',
      '00:00 900',
    ]);
  });

  it('warn as often as something odd stands in a measInfo', () => {
    const odd = info(`<job jobId="1"><granPeriod duration="PT1S"/></job>${period15}`);
    expect(readText(file32435({ measInfos: odd.repeat(4) })).result).toMatchObject({
      status: 'ok',
      warnings: [{ code: 'element_ignored', count: 4 }],
    });
  });

  it('never give a measInfo the period of another one, wherever the bytes are cut', async () => {
    const start = '<measInfo measInfoId="g"><job jobId="';
    // With the "\n  " before it a head begins at the index at which its end is in the window after a cut.
    const job = '1'.repeat(period15.length - start.length - 6);
    const counter = '<measType p="1">a</measType><measValue measObjLdn="A"><r p="1">1</r></measValue></measInfo>';
    const head = `${start}${job}"/>`;
    const long = longFile(`${head}<repPeriod/>${period15}<repPeriod/>${counter}${head}<repPeriod/>${counter}`);
    const first = long.indexOf(head);
    for (let size = 1; size < head.length + period15.length; size += 1) {
      const { result } = await readChunks(Buffer.from(long), [first, size, long.length]);
      expect(rejectionOf(result).code).toBe('period_missing');
    }
  });

  it('are not looked for behind the end of a chunk', async () => {
    const objects = (...names: readonly string[]) =>
      names.map((name) => `<measValue measObjLdn="${name}"><r p="1">1</r></measValue>`).join('');
    const types = '<measType p="1">a</measType>';
    const first = 'A'.repeat(20);
    const one = `<measInfo>${period15}${types}${objects(first, 'B'.repeat(120))}</measInfo>`;
    const other = `<measInfo>${period15}${types}${objects(first, 'C')}</measInfo>`;
    const long = longFile(`${one}${one}${other}`);
    const cut = long.indexOf('C"><r') + 'C"><r p="1">'.length;
    const { blocks } = await readChunks(Buffer.from(long), [cut, long.length]);
    expect(blocks.map(({ ldn }) => ldn[0]).join('')).toBe('ABABAC');
  });
});

/** A file with these `measInfo`, of which the first 64 KiB, which are gathered before reading, are a comment. */
function longFile(measInfos: string): string {
  return file32435({ measInfos }).replace('<measData>', `<!--${'-x'.repeat(33_000)}--><measData>`);
}
