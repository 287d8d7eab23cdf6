import fc from 'fast-check';
import { describe } from 'vitest';
import { type GeneratedFile, itReadsAnyFile } from '../testing/format-properties.ts';
import { documents, type GeneratedGroup, granularities, timeStyle } from '../testing/generated-document.ts';
import { counterName, oddName } from '../testing/generated-names.ts';
import { valuesWithVectors } from '../testing/generated-values.ts';
import { escapedXml, XML_SNIPPETS, XML_UNITS, xmlFiller, xmlGap, xmlText } from '../testing/written-xml.ts';

const DIALECTS = [
  {
    name: '3gpp-32.435-xml',
    root: 'measCollecFile',
    namespace: 'http://www.3gpp.org/ftp/specs/archive/32_series/32.435#measCollec',
    element: 'managedElement',
    object: 'measObjLdn',
  },
  {
    name: '3gpp-28.532-xml',
    root: 'measDataFile',
    namespace: 'http://www.3gpp.org/ftp/specs/archive/28_series/28.532#measData',
    element: 'measEntity',
    object: 'measObjInstId',
  },
] as const;
type Dialect = (typeof DIALECTS)[number];

/** How a measInfo is written. */
interface Style {
  /** Values by their p, which are these in the order of the counters; or lists. */
  readonly positions: readonly number[] | 'lists';
  /** Changes the order of the elements that have a p. */
  readonly turn: number;
  readonly time: (utcMs: number) => string;
  readonly text: (text: string) => string;
  readonly gap: string;
  readonly isSuspectFirst: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  positions: fc.oneof(
    fc.constant([1, 2, 3, 4, 5, 6]),
    fc.uniqueArray(fc.nat(1_000_000_000), { minLength: 6, maxLength: 6 }),
    fc.constant('lists' as const),
  ),
  turn: fc.nat(5),
  time: timeStyle,
  text: xmlText,
  gap: xmlGap,
  isSuspectFirst: fc.boolean(),
});

const MISSING = ['', ' ', 'NIL', 'NaN', 'nil', 'null'];
/** In a list a value must not be empty, and a name has no white space. */
const isListable = ({ counters, objects }: GeneratedGroup) =>
  !counters.some((name) => /[ \t\r\n]/.test(name)) &&
  objects.every(({ values }) => values.every(({ text }) => text.trim() !== ''));

function written(
  dialect: Dialect,
  groups: readonly GeneratedGroup[],
  styles: readonly Style[],
  prolog: string,
): string {
  const data = groups.map((group, i) => measData(dialect, group, styles[i % styles.length]));
  return `${prolog}<${dialect.root} xmlns="${dialect.namespace}"><fileHeader/>${data.join('\n')}<fileFooter><measCollec endTime="2026-11-22T00:00:00Z"/></fileFooter></${dialect.root}>`;
}

function measData(dialect: Dialect, group: GeneratedGroup, chosen: Style): string {
  const { gap, time } = chosen;
  const end = time(group.beginMs + group.granularityS * 1000);
  const isList = chosen.positions === 'lists' && isListable(group);
  const positions = chosen.positions === 'lists' ? [1, 2, 3, 4, 5, 6] : chosen.positions;
  const types = group.counters.map((name, i) => `<measType p="${positions[i]}">${chosen.text(name)}</measType>`);
  const head = isList
    ? `<measTypes>${group.counters.map(escapedXml).join(chosen.turn % 2 === 0 ? ' ' : '\n  ')}</measTypes>`
    : joined(types, chosen);
  const objects = group.objects.map(({ ldn, suspect, values }) => {
    const results = values.map(({ text }, i) => `<r p="${positions[i]}">${text === '' ? '' : chosen.text(text)}</r>`);
    const list = `<measResults>${values.map(({ text }) => text).join('\n')}</measResults>`;
    const parts = [isList ? list : joined(results, chosen), `<suspect>${suspect}</suspect>`];
    if (chosen.isSuspectFirst) parts.reverse();
    return `<measValue ${dialect.object}='${escapedXml(ldn)}'>${parts.join(gap)}</measValue>`;
  });
  return `<measData><${dialect.element} localDn="${escapedXml(group.ne)}"/><measInfo><granPeriod duration="PT${group.granularityS}S" endTime="${end}"/>${head}${gap}${objects.join(gap)}</measInfo></measData>`;
}

function joined(elements: readonly string[], { turn, gap }: Style): string {
  return [...elements.slice(turn), ...elements.slice(0, turn)].join(gap);
}

const prolog = fc.constantFrom('', '<?xml version="1.0" encoding="UTF-8"?>\n', '<!-- c -->\n', '\ufeff');

function files(dialect: Dialect): fc.Arbitrary<GeneratedFile> {
  const groups = documents({
    ne: oddName,
    ldn: fc.oneof(oddName, fc.constantFrom('', 'Cell=1', ' Cell=2 ')),
    counter: counterName,
    value: valuesWithVectors(MISSING),
    suspect: fc.boolean(),
    granularityS: granularities,
  });
  return fc
    .tuple(groups, fc.array(style, { minLength: 1, maxLength: 3 }), prolog)
    .map(([all, styles, start]) => ({ text: written(dialect, all, styles, start), groups: all }));
}

describe.each(DIALECTS)('any file of $name', (dialect) => {
  itReadsAnyFile({
    name: dialect.name,
    files: files(dialect),
    units: XML_UNITS,
    snippets: [
      ...XML_SNIPPETS,
      ...[
        '<r p="1">',
        '</r>',
        '<r p="1">5</r>',
        '<measType p="1">a</measType>',
        '<measTypes>a b</measTypes>',
        '<suspect>true',
      ],
      ...[
        '<measResults>1 2</measResults>',
        `<measValue ${dialect.object}="x">`,
        '</measValue>',
        '<measInfo>',
        '</measData>',
      ],
      ...['<granPeriod duration="PT1S" endTime="2026-11-20T00:00:00Z"/>', 'PT0S', '-PT1S', '1970-01-01T00:00:00Z'],
    ],
    filler: { behind: '<fileHeader/>', text: xmlFiller },
  });
});
