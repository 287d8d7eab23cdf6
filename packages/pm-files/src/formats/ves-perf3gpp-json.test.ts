import { describe, expect, it } from 'vitest';
import { readChunks, readText, rejectionOf, warningCodes } from '../testing/read-text.ts';

const BEGIN = Date.UTC(2026, 10, 20) * 1000;

interface EventParts {
  readonly header?: object;
  readonly data?: object;
  readonly info?: object;
  readonly value?: object;
}

/** A small, right event, with some parts replaced. */
function event({ header = {}, data = {}, info = {}, value = {} }: EventParts = {}): object {
  return {
    commonEventHeader: {
      domain: 'perf3gpp',
      sourceName: 'O-DU-1',
      nfVendorName: 'Acme',
      startEpochMicrosec: BEGIN,
      lastEpochMicrosec: BEGIN + 900_000_000,
      ...header,
    },
    perf3gppFields: {
      perf3gppFieldsVersion: '1.0',
      measDataCollection: {
        granularityPeriod: 900,
        measuredEntityDn: 'ManagedElement=gnb1',
        measuredEntityUserName: 'gNB 1',
        measuredEntitySoftwareVersion: 'R1',
        measInfoList: [
          {
            measInfoId: { sMeasInfoId: 'a' },
            measTypes: { sMeasTypesList: ['Att', 'Succ', 'Hist'] },
            measValuesList: [
              {
                measObjInstId: 'NRCellDU=20',
                suspectFlag: 'false',
                measResults: [
                  { p: 3, sValue: '1,,3' },
                  { p: 1, sValue: '10' },
                ],
                ...value,
              },
            ],
            ...info,
          },
        ],
        ...data,
      },
    },
  };
}

const read = (value: unknown) => readText(JSON.stringify(value, null, 2));
const one = (parts?: EventParts) => read({ event: event(parts) });
const results = (measResults: unknown) => one({ value: { measResults } });

describe('VES perf3gpp', () => {
  it('reads an event: time, granularity, network element, object, values by their p', () => {
    const { result, blocks } = one();
    expect(blocks).toEqual([
      {
        ne: 'ManagedElement=gnb1',
        ldn: 'NRCellDU=20',
        begin: '2026-11-20T00:00:00.000Z',
        granularityS: 900,
        suspect: false,
        family: null,
        values: { Att: 10, 'Hist[0]': 1, 'Hist[2]': 3 },
      },
    ]);
    expect(result).toEqual({
      status: 'ok',
      format: 'ves-perf3gpp-json',
      header: { sender: 'O-DU-1', vendor: 'Acme', swVersion: 'R1', formatVersion: '1.0' },
      counts: { values: 2, numbers: 3, missing: 1, notNumbers: 0, objects: 1, blocks: 1 },
      period: { beginMs: BEGIN / 1000, endMs: BEGIN / 1000 + 900_000 },
      warnings: [],
    });
  });

  it('takes an event list, bare events, and events one after another', () => {
    const later = event({ header: { startEpochMicrosec: BEGIN + 9e8, lastEpochMicrosec: BEGIN + 18e8 } });
    const expected = ['00:00:00', '00:15:00'];
    const line = (value: object) => `${JSON.stringify(value)}\n`;
    for (const content of [
      JSON.stringify({ eventList: [event(), later] }),
      JSON.stringify([{ event: event() }, later]),
      line({ event: event() }) + line(later),
      `${JSON.stringify(event(), null, 1)} ${JSON.stringify(later)}`,
      `\ufeff${JSON.stringify({ eventList: [event(), later] })}`,
    ]) {
      expect(readText(content).blocks.map(({ begin }) => begin.slice(11, 19))).toEqual(expected);
    }
    expect(readText(Buffer.from(`\ufeff${line(event())}`, 'utf16le')).blocks).toHaveLength(1);
  });

  it('takes numbers, nulls, counters with numbers for names, and values without p by their order', () => {
    const info = { measTypes: { iMeasTypesList: [7, 8, 9] } };
    const value = {
      measResults: [{ iValue: 3 }, { rValue: -1.5 }, { isNull: 'true', sValue: '4' }],
      suspectFlag: true,
    };
    expect(one({ info, value }).blocks).toMatchObject([{ values: { 7: 3, 8: -1.5 }, suspect: true }]);
    const missing = results([{ p: '1' }, { p: 2, sValue: 'NIL' }, { p: 3, sValue: 'x' }]);
    expect(missing.result).toMatchObject({ counts: { values: 3, numbers: 0, missing: 2, notNumbers: 1 } });
    expect(warningCodes(missing.result)).toEqual(['value_not_number']);
    expect(results(undefined).blocks).toMatchObject([{ values: {} }]);
  });

  it('leaves out values that belong to no counter, and says so', () => {
    const { result, blocks } = results([
      { p: 4, sValue: '1' },
      { p: 0, sValue: '1' },
      { p: 1.5, iValue: 1 },
      { p: 2, iValue: 2 },
    ]);
    expect(blocks[0].values).toEqual({ Succ: 2 });
    expect(result).toMatchObject({ warnings: [{ code: 'value_without_counter', count: 3 }] });
    const twice = results([
      { p: 1, iValue: 1 },
      { p: 1, iValue: 2 },
    ]);
    expect(twice.blocks[0].values).toEqual({ Att: 2 });
    expect(warningCodes(twice.result)).toEqual(['value_repeated']);
  });

  it('refuses an epoch in a wrong unit and says which it would be', () => {
    const wrong = (startEpochMicrosec: number) =>
      rejectionOf(one({ header: { startEpochMicrosec, lastEpochMicrosec: undefined } }).result);
    expect(wrong(BEGIN / 1000)).toMatchObject({
      code: 'period_out_of_range',
      message: 'startEpochMicrosec 1795132800000 µs (1970-01-21T18:38:52.800Z) lies before 1990',
      hint: expect.stringContaining('Taken as milliseconds, 1795132800000 would be 2026-11-20T00:00:00Z'),
    });
    expect(wrong(BEGIN / 1e6).hint).toContain('Taken as seconds, 1795132800 would be 2026-11-20T00:00:00Z');
    expect(wrong(BEGIN * 1000).hint).toContain('Taken as nanoseconds');
    expect(wrong(-5).hint).toContain('microseconds since 1970');
  });

  it('takes the network element from DN, user name, source or option', () => {
    const ne = (data: object, header: object = {}, given?: string) =>
      readText(JSON.stringify(event({ data, header })), given === undefined ? {} : { defaults: { ne: given } });
    expect(ne({ measuredEntityDn: '' }).blocks[0].ne).toBe('gNB 1');
    const source = ne({ measuredEntityDn: '', measuredEntityUserName: null });
    expect(source.blocks[0].ne).toBe('O-DU-1');
    expect(warningCodes(source.result)).toEqual(['managed_element_missing']);
    const nameless = [{ measuredEntityDn: '', measuredEntityUserName: '' }, { sourceName: '' }] as const;
    expect(ne(...nameless, 'x').blocks[0].ne).toBe('x');
    expect(rejectionOf(ne(...nameless).result)).toMatchObject({ code: 'managed_element_unknown', line: 1 });
  });

  it('takes the event for its period where it says no other, and says where the two differ', () => {
    expect(one({ data: { granularityPeriod: undefined } }).blocks[0].granularityS).toBe(900);
    const differing = one({ data: { granularityPeriod: 60 } });
    expect(differing.blocks[0]).toMatchObject({ granularityS: 60, begin: '2026-11-20T00:00:00.000Z' });
    expect(warningCodes(differing.result)).toEqual(['period_mismatch']);
    const nearly = one({
      header: { startEpochMicrosec: BEGIN + 0.4, lastEpochMicrosec: BEGIN + 899_999_700 },
      data: { granularityPeriod: undefined },
    });
    expect(nearly.blocks[0]).toMatchObject({ granularityS: 900, begin: '2026-11-20T00:00:00.000Z' });
    expect(warningCodes(nearly.result)).toEqual(['period_mismatch']);
    expect(rejectionOf(one({ data: { granularityPeriod: 0.5 } }).result)).toMatchObject({ code: 'period_invalid' });
  });

  it('leaves events of other domains out', () => {
    const { result, blocks } = read({ eventList: [{ commonEventHeader: { domain: 'fault' } }, event()] });
    expect(blocks).toHaveLength(1);
    expect(warningCodes(result)).toEqual(['event_ignored']);
    expect(readText('{"commonEventHeader":{"domain":"fault"}}').result).toEqual({
      status: 'skipped',
      reason: 'no PM file format recognised; it is JSON, but no VES event of the domain perf3gpp',
    });
  });

  it.each<[string, unknown]>([
    ['period_missing', { event: event({ header: { startEpochMicrosec: 'now' } }) }],
    ['period_invalid', { event: event({ header: { lastEpochMicrosec: BEGIN - 1 } }) }],
    ['period_invalid', { event: event({ data: { granularityPeriod: 0 } }) }],
    ['field_invalid', { event: { ...event(), perf3gppFields: 'measDataCollection' } }],
    ['field_invalid', { event: event({ data: { measInfoList: {} } }) }],
    ['field_invalid', { event: event({ data: { measInfoList: [null] } }) }],
    ['field_invalid', { event: event({ info: { measTypes: undefined } }) }],
    ['field_invalid', { event: event({ info: { measValuesList: 5 } }) }],
    ['counter_name_missing', { event: event({ info: { measTypes: { sMeasTypesList: ['a', ''] } } }) }],
    ['value_count_mismatch', { event: event({ value: { measResults: [{ iValue: 1 }] } }) }],
    ['field_invalid', ['perf3gppFields', '"perf3gppFields"', { perf3gppFields: {} }]],
  ])('refuses %s', (code, value) => {
    expect(rejectionOf(read(value).result)).toMatchObject({ code });
  });

  it('says on which line an event is wrong, or where in it', () => {
    const line = (parts?: EventParts) => `${JSON.stringify(event(parts))}\n`;
    const bad = { info: { measTypes: {} } };
    expect(rejectionOf(readText(line() + line(bad)).result)).toMatchObject({ code: 'field_invalid', line: 2 });
    const rejection = rejectionOf(one(bad).result);
    expect(rejection.message).toContain('measDataCollection.measInfoList[0].measTypes.sMeasTypesList');
  });

  it.each([
    ['json_malformed', '{"perf3gppFields":\n 1,}', 2],
    ['json_malformed', '{"domain":"fault","x":"measDataCollection"}\n]', 2],
    ['json_malformed', '{"perf3gppFields":{"a":1]}', 1],
    ['truncated', '{"perf3gppFields":\n{"a":"', 2],
    ['too_deep', `{"perf3gppFields":${'['.repeat(100_000)}`, 1],
    ['document_too_large', `{"perf3gppFields":[${'[],'.repeat(3_000_001)}`, 1],
  ])('refuses JSON that is damaged or hostile: %s', (code, text, line) => {
    expect(rejectionOf(readText(text).result)).toMatchObject({ code, line });
  });

  it('refuses what is not UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from('{"perf3gppFields":"'), Buffer.from([0xbc, 0xad]), Buffer.from('"}')]);
    expect(rejectionOf(readText(bytes).result)).toMatchObject({ code: 'encoding_invalid' });
  });

  it('refuses a document that would not fit into memory before it is complete', async () => {
    async function* endless(): AsyncGenerator<Uint8Array> {
      yield Buffer.from('{"perf3gppFields":"');
      for (;;) yield Buffer.alloc(1 << 20, 0x61);
    }
    const { readPmFile } = await import('../read-pm-file.ts');
    const result = await readPmFile(endless(), () => undefined, { nowMs: BEGIN / 1000 });
    expect(rejectionOf(result)).toMatchObject({ code: 'document_too_large', hint: expect.stringContaining('NDJSON') });
  });

  it('reads the same however the bytes are cut, and no part of it alone', async () => {
    const bytes = Buffer.from(JSON.stringify({ event: event({ data: { measuredEntityDn: '서울\\"}' } }) }));
    const whole = readText(bytes);
    expect(whole.blocks[0].ne).toBe('서울\\"}');
    for (const size of [1, 3, 50]) expect(await readChunks(bytes, [size])).toEqual(whole);
    for (let end = 0; end < bytes.length; end += 1) {
      expect(readText(bytes.subarray(0, end)).result.status).not.toBe('ok');
    }
  });
});
