import { describe, expect, it } from 'vitest';
import { file32435, readText, warningCodes } from '../testing/read-text.ts';

const CLASSES = 24;
const OBJECTS_A_CLASS = 4;
const COUNTERS = 810;
const PERIOD = '<granPeriod duration="PT900S" endTime="2026-11-20T00:15:00Z"/>';

const classOf = (i: number) => ['EUtranCellFDD', 'NRCellDU', 'SctpAssociation', 'FanUnit'][i] ?? `Class${i}`;
/** Counters of a class: each belongs to one, so that there are as many as the real file has. */
const countersOf = (i: number) => Array.from({ length: COUNTERS }, (_, k) => k).filter((k) => k % CLASSES === i);

function measInfo(i: number): string {
  const counters = countersOf(i);
  const types = counters.map((k, at) => `<measType p="${at + 1}">Family${i}.counter${k}</measType>`).join('');
  const objects = Array.from({ length: OBJECTS_A_CLASS }, (_, object) => {
    const results = counters.map((k, at) => `<r p="${at + 1}">${k % 6 === 0 ? `${k},${object},0` : k}</r>`).join('');
    return `<measValue measObjLdn="ManagedElement=1,${classOf(i)}=${object}">${results}</measValue>`;
  });
  return `<measInfo>${PERIOD}${types}${objects.join('')}</measInfo>`;
}

describe('a file of many classes of objects', () => {
  const measInfos = Array.from({ length: CLASSES }, (_, i) => measInfo(i)).join('\n');
  const { result, blocks } = readText(file32435({ measInfos }));

  it('keeps all of them, cells or not, each with the counters of its class', () => {
    expect(result).toMatchObject({
      status: 'ok',
      counts: { objects: 96, blocks: 96, values: COUNTERS * OBJECTS_A_CLASS, missing: 0, notNumbers: 0 },
      warnings: [],
    });
    const classes = new Set(blocks.map(({ ldn }) => /,(\w+)=\d$/.exec(ldn)?.[1]));
    expect([classes.size, classes.has('FanUnit')]).toEqual([24, true]);
    const counters = new Set(
      blocks.flatMap(({ values }) => Object.keys(values).map((name) => name.replace(/\[\d\]$/, ''))),
    );
    expect(counters.size).toBe(COUNTERS);
  });

  it('gives every value to its own counter', () => {
    const ofFan = blocks.find(({ ldn }) => ldn.endsWith('FanUnit=2'));
    expect(ofFan?.values).toEqual(
      Object.fromEntries(
        countersOf(3).flatMap((k): [string, number][] =>
          k % 6 === 0
            ? [k, 2, 0].map((value, element) => [`Family3.counter${k}[${element}]`, value])
            : [[`Family3.counter${k}`, k]],
        ),
      ),
    );
  });
});

describe('a file that leaves out what is optional', () => {
  const bare = `<measCollecFile><fileHeader><fileSender/><measCollec beginTime="2026-11-20T00:00:00Z"/></fileHeader><measData><measInfo>${PERIOD}<measType p="1">a</measType><measValue measObjLdn="Cell=1"><r p="1">1</r></measValue></measInfo></measData><fileFooter><measCollec endTime="2026-11-20T00:15:00Z"/></fileFooter></measCollecFile>`;

  it('needs no fileFormatVersion, measInfoId, job or managedElement, but a name for the network element', () => {
    const { result, blocks } = readText(bare, { defaults: { ne: 'given' } });
    expect(blocks).toMatchObject([{ ne: 'given', ldn: 'Cell=1', values: { a: 1 } }]);
    expect(result).toMatchObject({ header: { formatVersion: null, vendor: null, sender: null, swVersion: null } });
    expect(warningCodes(result)).toEqual(['namespace_unexpected', 'managed_element_missing']);
    expect(readText(bare).result).toMatchObject({ status: 'rejected', rejection: { code: 'managed_element_unknown' } });
  });
});
