import fc from 'fast-check';
import { describe } from 'vitest';
import { type GeneratedFile, itReadsAnyFile } from '../testing/format-properties.ts';
import { documents, type GeneratedGroup, granularities, timeStyle } from '../testing/generated-document.ts';
import { counterName, oddName } from '../testing/generated-names.ts';
import { valuesWithVectors } from '../testing/generated-values.ts';
import { escapedXml, XML_SNIPPETS, XML_UNITS, xmlFiller, xmlGap, xmlText } from '../testing/written-xml.ts';

/** How an mi is written. */
interface Style {
  /** Values by their p, which are these in the order of the counters; null: by their order. */
  readonly positions: readonly number[] | null;
  readonly turn: number;
  readonly time: (utcMs: number) => string;
  readonly text: (text: string) => string;
  readonly gap: string;
  readonly isUserName: boolean;
}

const style: fc.Arbitrary<Style> = fc.record({
  positions: fc.option(fc.uniqueArray(fc.nat(1_000_000_000), { minLength: 6, maxLength: 6 })),
  turn: fc.nat(5),
  time: timeStyle,
  text: xmlText,
  gap: xmlGap,
  isUserName: fc.boolean(),
});

function written(groups: readonly GeneratedGroup[], styles: readonly Style[], prolog: string): string {
  const data = groups.map((group, i) => md(group, styles[i % styles.length]));
  return `${prolog}<mdc><mfh><sn>sender</sn></mfh>${data.join('\n')}<mff><ts>20261122000000Z</ts></mff></mdc>`;
}

function md(group: GeneratedGroup, { positions, turn, time, text, gap, isUserName }: Style): string {
  const placed = (tag: string, i: number) => (positions === null ? tag : `${tag} p="${positions[i]}"`);
  const turned = (elements: readonly string[]) =>
    (positions === null ? elements : [...elements.slice(turn), ...elements.slice(0, turn)]).join(gap);
  const types = group.counters.map((name, i) => `<${placed('mt', i)}>${text(name)}</mt>`);
  const objects = group.objects.map(({ ldn, suspect, values }) => {
    const results = values.map((value, i) => `<${placed('r', i)}>${value.text === '' ? '' : text(value.text)}</r>`);
    return `<mv><moid>${escapedXml(ldn)}</moid>${turned(results)}${gap}<sf>${String(suspect).toUpperCase()}</sf></mv>`;
  });
  const element = isUserName ? 'neun' : 'nedn';
  return `<md><neid><${element}>${escapedXml(group.ne)}</${element}></neid><mi><mts>${time(group.beginMs + group.granularityS * 1000)}</mts><gp>${group.granularityS}</gp>${turned(types)}${gap}${objects.join(gap)}</mi></md>`;
}

const groups = documents({
  ne: oddName,
  ldn: fc.oneof(oddName, fc.constantFrom('', 'ENodeBFunction=1,EUtranCellFDD=7')),
  counter: counterName,
  value: valuesWithVectors(['', ' ', 'NIL', 'NaN', 'nil', 'null']),
  suspect: fc.boolean(),
  granularityS: granularities,
});
const prologs = fc.constantFrom(
  '',
  '<?xml version="1.0"?>\n',
  '<!DOCTYPE mdc SYSTEM "MeasDataCollection.dtd">',
  '\ufeff',
);
const files = fc
  .tuple(groups, fc.array(style, { minLength: 1, maxLength: 3 }), prologs)
  .map(([all, styles, prolog]): GeneratedFile => ({ text: written(all, styles, prolog), groups: all }));

describe('any file of 3gpp-32.401-mdc-xml', () => {
  itReadsAnyFile({
    name: '3gpp-32.401-mdc-xml',
    files,
    units: XML_UNITS,
    snippets: [
      ...XML_SNIPPETS,
      ...[
        '<r>',
        '</r>',
        '<r>5</r>',
        '<r p="1">5</r>',
        '<mt>a</mt>',
        '<moid>x</moid>',
        '<sf>TRUE</sf>',
        '<mv>',
        '</mv>',
      ],
      ...['<mi>', '</md>', '<gp>0</gp>', '<gp>-900</gp>', '<mts>19700101000000Z</mts>', '<neid>', '<mff/>'],
    ],
    filler: { behind: '<mdc>', text: xmlFiller },
  });
});
