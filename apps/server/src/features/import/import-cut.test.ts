import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checksumOf, fillSource, insertNarrow, useImportFixture } from './testing/import-fixture.ts';
import { SourceProxy } from './testing/source-proxy.ts';

const fixture = useImportFixture();
let proxy: SourceProxy;
let from: string;
beforeAll(async () => {
  const { host, port, user } = fixture.source.connection;
  proxy = await SourceProxy.open(`${host}/.s.PGSQL.${port}`);
  from = proxy.url(user, fixture.source.name);
});
afterAll(() => proxy[Symbol.asyncDispose]());

describe('a connection that is cut', () => {
  it('is made again wherever it was cut, and nothing is lost, doubled or counted twice', async () => {
    const rows = await fillSource(fixture.source, 20, 25, 40);
    await fixture.run({ table: 'summary', from });
    const expected = await checksumOf(fixture.target);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 30_000, max: 1_500_000 }), async (bytes) => {
        await fixture.empty();
        proxy.cutAfter(bytes);
        const report = await fixture.run({ table: 'summary', from });
        expect(await checksumOf(fixture.target)).toEqual(expected);
        expect(report).toMatchObject({ completed: true, rows, values: rows, repeated: { count: 0 } });
        return report.reconnects === 1;
      }),
      { numRuns: 5 },
    );
  });

  it('is given up when the server refuses the user, not tried again and again', async () => {
    const notices: string[] = [];
    const onNotice = (text: string) => notices.push(text);
    const wrong = fixture.run({ table: 'summary', from }, { password: 'wrong', onNotice });
    await expect(wrong).rejects.toMatchObject({
      code: 'STORE_UNAVAILABLE',
      message: expect.stringContaining('refused user'),
    });
    expect(notices).toEqual([]);
  });
});

describe('following while the source is down', () => {
  it('waits, tells why, goes on where it was when the source is back, and ends when it is told to', async () => {
    const at = (i: number) => new Date(Date.UTC(2025, 7, 8) + i * 900_000).toISOString();
    const add = (i: number) => insertNarrow(fixture.source, 'summary', [{ at: at(i), value: `${i}` }]);
    await add(0);
    await add(1);
    const notices: string[] = [];
    const report = await fixture.follow(
      { table: 'summary', from },
      async (until) => {
        await until((samples) => samples.length === 2);
        proxy.down();
        await add(2);
        while (notices.length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
        proxy.up();
        await until((samples) => samples.length === 3);
        await add(3);
        await until((samples) => samples.length === 4);
      },
      { onNotice: (text) => notices.push(text) },
    );
    expect(report).toMatchObject({ completed: false, reconnects: 1 });
    expect(notices.slice(0, 3)).toEqual([
      expect.stringMatching(
        /^the source at 127\.0\.0\.1:\d+\/\w+ is not available: the connection was cut\. Trying again in 0\.5 s\.$/,
      ),
      expect.stringMatching(/Trying again in 1 s\.$/),
      expect.stringMatching(/Trying again in 2 s\.$/),
    ]);
  });

  it('ends at once when it is told to while it waits', async () => {
    const notices: string[] = [];
    await insertNarrow(fixture.source, 'summary', [{ at: '2025-08-08T00:00Z', value: '1' }]);
    const report = await fixture.follow(
      { table: 'summary', from, granularityS: 900 },
      async (until) => {
        await until((samples) => samples.length === 1);
        proxy.down();
        while (notices.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
      },
      { onNotice: (text) => notices.push(text) },
    );
    proxy.up();
    expect(report.completed).toBe(false);
  });
});
