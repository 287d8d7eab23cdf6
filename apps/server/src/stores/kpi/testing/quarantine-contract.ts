import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ContentToKeep, QuarantineLimits } from '../quarantine-log.ts';
import { deliver, type OpenedStore, type OpenStore, refusal, sha256Of } from './store-fixture.ts';

/** Of the stores under test: three parts a file, and a little more than two files. */
export const QUARANTINE_LIMITS: QuarantineLimits = { maxFileBytes: 3 * 2 ** 20, maxTotalBytes: 7 * 2 ** 20 };

/** Refused files. */
export function describeQuarantine(open: OpenStore): void {
  describe('quarantine', () => {
    let opened: OpenedStore;
    beforeEach(async () => {
      opened = await open();
    });
    afterEach(() => opened.close());

    const entries = async () => (await opened.store.quarantine.list({ limit: 100 })).items;

    it('keeps all that is known of a refusal', async () => {
      const refused = refusal({
        name: 'net/a 🙂\u001b[31m.zip/b.xml',
        error: { message: 'odd \0 thing \ud83d', hint: 'mend it', line: 7, column: 3 },
        source: { kind: 'path', path: '/net/a 🙂.zip', entry: 'b.xml' },
        options: { ne: 'NE1', cell: '20', timeZone: 'Asia/Seoul' },
      });
      await opened.store.quarantine.record(refused, null);
      const [entry, ...others] = await entries();
      expect(others).toEqual([]);
      expect(entry).toEqual({
        ...refused,
        error: { ...refused.error, message: 'odd \ufffd thing \ufffd' },
        id: expect.any(Number),
        content: { state: 'in_place' },
        firstSeenMs: entry.lastSeenMs,
        lastSeenMs: expect.any(Number),
        times: 1,
      });
      expect(Math.abs(entry.lastSeenMs - Date.now())).toBeLessThan(60_000);
      expect(await opened.store.quarantine.find([entry.id, 987_654])).toEqual([entry]);
      expect(await opened.store.quarantine.count()).toBe(1);
    });

    it('is one entry for each origin, with the last reason and how often, also when told at the same time', async () => {
      const { quarantine } = opened.store;
      const first = refusal({ content: 'same', sha256: null });
      const second = refusal({ ...first, sha256: sha256Of('b'), error: { code: 'truncated', message: 'second' } });
      const elsewhere = refusal({ content: 'other', sha256: sha256Of('b') });
      await quarantine.record(first, null);
      const [{ id, firstSeenMs }] = await entries();
      await Promise.all(Array.from({ length: 8 }, () => quarantine.record(second, null)));
      await quarantine.record(elsewhere, null);
      const [other, same] = await entries();
      expect(same).toMatchObject({ ...second, id, firstSeenMs, times: 9 });
      expect(same.lastSeenMs).toBeGreaterThanOrEqual(firstSeenMs);
      expect(other).toMatchObject({ ...elsewhere, times: 1 });
    });

    it('gives the newest first, by pages', async () => {
      const { quarantine } = opened.store;
      for (let i = 0; i < 5; i++) await quarantine.record(refusal({ content: `${i}` }), null);
      await quarantine.record(refusal({ content: '1' }), null);
      const seen: string[] = [];
      let cursor: string | null = null;
      do {
        const page = await quarantine.list({ limit: 2, ...(cursor !== null && { cursor }) });
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map(({ name }) => name));
        cursor = page.nextCursor;
      } while (cursor !== null);
      expect(seen).toEqual(['4', '3', '2', '1', '0'].map((content) => `pm/${content}.xml`));
      await expect(quarantine.list({ limit: 1, cursor: '1 OR true' })).rejects.toMatchObject({
        code: 'DATA_VALIDATION_ERROR',
      });
    });

    it('finds entries by the beginning of their content, by name, and by path', async () => {
      const { quarantine } = opened.store;
      for (const content of ['a', 'b']) await quarantine.record(refusal({ content }), null);
      const names = async (text: string, path = '/nothing') =>
        (await quarantine.search({ text, path }, 10)).map(({ name }) => name);
      expect(await names(sha256Of('a').slice(0, 4).toUpperCase())).toEqual(['pm/a.xml']);
      expect(await names(sha256Of('a').slice(0, 3))).toEqual([]);
      expect(await names('pm/b.xml')).toEqual(['pm/b.xml']);
      expect(await names('b.xml')).toEqual(['pm/b.xml']);
      expect(await names('m/b.xml')).toEqual([]);
      expect(await names('x', '/pm/a.xml')).toEqual(['pm/a.xml']);
      for (const text of ['%', '', '\0', '\ud83d', "' OR true --"]) expect(await names(text)).toEqual([]);
      expect(await quarantine.search({ text: 'a.xml', path: '/pm/b.xml' }, 1)).toHaveLength(1);
    });

    it('loses entries when their content, or a file from their origin, is taken or settled', async () => {
      const { store } = opened;
      const refused = ['content', 'mended', 'settled', 'stays'].map((content) => refusal({ content }));
      for (const one of refused) await store.quarantine.record(one, null);
      await store.quarantine.record(refusal({ content: 'copy', sha256: sha256Of('content') }), null);
      const blocks = [{ values: { a: 1 } }];
      await deliver(store, { content: 'content', blocks }, { blocks, settles: [refused[1].origin] });
      await store.quarantine.settle([refused[2].origin, sha256Of('unknown')]);
      await store.quarantine.settle([]);
      expect((await entries()).map(({ name }) => name)).toEqual(['pm/stays.xml']);
      expect((await store.listFiles({ limit: 10 })).items.map(({ status }) => status)).toEqual([
        'ok',
        'ok',
        'quarantined',
      ]);
    });

    it('keeps an entry whose mended file is refused by the store', async () => {
      const refused = refusal();
      await opened.store.quarantine.record(refused, null);
      const blocks = Array.from({ length: 401 }, (_, day) => ({ beginMs: day * 86_400_000, values: { a: 1 } }));
      expect((await deliver(opened.store, { blocks, settles: [refused.origin] })).refused).toHaveLength(1);
      expect(await entries()).toMatchObject([{ origin: refused.origin }]);
    });

    it('refuses an entry anew, and does not bring back one that is gone', async () => {
      const { quarantine } = opened.store;
      const refused = refusal({ content: 'x' });
      await quarantine.record(refused, null);
      const [{ id }] = await entries();
      const error = { code: 'truncated', message: 'again', hint: 'h', line: 2, column: null };
      expect(await quarantine.refuseAgain(id, { format: 'csv-long', error })).toBe(true);
      expect(await entries()).toMatchObject([{ ...refused, format: 'csv-long', error, times: 2 }]);
      expect(await quarantine.refuseAgain(id, { format: null, error, sha256: sha256Of('y') })).toBe(true);
      expect(await entries()).toMatchObject([{ id, origin: refused.origin, sha256: sha256Of('y'), times: 3 }]);
      expect(await quarantine.discard([id, 987_654])).toEqual([id]);
      expect(await quarantine.refuseAgain(id, { format: null, error })).toBe(false);
      expect(await entries()).toEqual([]);
    });

    describe('kept content', () => {
      /** Does not pack. */
      const noise = (bytes: number) => randomBytes(bytes);
      const whole = (bytes: Uint8Array): ContentToKeep => ({
        read: async function* () {
          for (let at = 0; at < bytes.length; at += 100_000) yield bytes.subarray(at, at + 100_000);
        },
      });
      const upload = (name: string) =>
        refusal({ content: name, name, source: { kind: 'upload', entry: null }, origin: sha256Of(`upload ${name}`) });
      const read = async (id: number) => {
        const parts: Uint8Array[] = [];
        for await (const part of opened.store.quarantine.content(id)) parts.push(part);
        return Buffer.concat(parts);
      };

      it.each([0, 1, 2 ** 20, 2.5 * 2 ** 20])('reads back %d bytes', async (bytes) => {
        const content = noise(bytes);
        await opened.store.quarantine.record(upload('a'), whole(content));
        const [{ id, content: kept }] = await entries();
        expect(kept).toEqual({ state: 'kept', packedBytes: expect.any(Number) });
        expect((await read(id)).equals(content)).toBe(true);
      });

      it('is packed, and stays when the same is refused once more, also at the same time', async () => {
        const content = Buffer.alloc(20 * 2 ** 20, 'pm file ');
        const { quarantine } = opened.store;
        await Promise.all([1, 2, 3].map(() => quarantine.record(upload('a'), whole(content))));
        await quarantine.record(upload('a'), { note: 'not this time' });
        const [{ id, content: kept, times }] = await entries();
        expect(times).toBe(4);
        expect(kept).toEqual({ state: 'kept', packedBytes: expect.any(Number) });
        expect(kept.state === 'kept' && kept.packedBytes).toBeLessThan(100_000);
        expect((await read(id)).equals(content)).toBe(true);
      });

      it('is bounded a file and in total; the entry says where there was no room', async () => {
        const { quarantine } = opened.store;
        await quarantine.record(upload('large'), whole(noise(3 * 2 ** 20)));
        for (const name of ['a', 'b', 'c']) await quarantine.record(upload(name), whole(noise(2.9 * 2 ** 20)));
        const states = async () =>
          Object.fromEntries((await entries()).map(({ name, content }) => [name, content])) as Record<string, object>;
        expect(await states()).toEqual({
          large: {
            state: 'not_kept',
            note: expect.stringContaining('3145728 bytes (PEGBOARD_QUARANTINE_MAX_FILE_BYTES'),
          },
          a: { state: 'kept', packedBytes: expect.any(Number) },
          b: { state: 'kept', packedBytes: expect.any(Number) },
          c: { state: 'not_kept', note: expect.stringMatching(/7340032 bytes.*PEGBOARD_QUARANTINE_MAX_TOTAL_BYTES/) },
        });
        // What leaves makes room.
        await quarantine.discard((await entries()).filter(({ name }) => name === 'a').map(({ id }) => id));
        await quarantine.record(upload('c'), whole(noise(2.9 * 2 ** 20)));
        expect((await states())['c']).toEqual({ state: 'kept', packedBytes: expect.any(Number) });
      });

      it('stays within the total when many are kept at the same time', async () => {
        const { quarantine } = opened.store;
        const names = Array.from({ length: 8 }, (_, i) => `f${i}`);
        await Promise.all(names.map((name) => quarantine.record(upload(name), whole(noise(2 ** 20)))));
        const kept = (await entries()).flatMap(({ content }) =>
          content.state === 'kept' ? [content.packedBytes] : [],
        );
        expect(kept).toHaveLength(6);
        expect(kept.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(QUARANTINE_LIMITS.maxTotalBytes);
      });

      it('says why where it cannot be read, or is not handed over', async () => {
        const { quarantine } = opened.store;
        async function* breaking() {
          yield noise(2 ** 20);
          throw new Error('the disk is on fire');
        }
        await quarantine.record(upload('a'), { read: breaking });
        await quarantine.record(upload('b'), { note: 'nobody has it' });
        expect((await entries()).map(({ content }) => content)).toEqual([
          { state: 'not_kept', note: 'nobody has it' },
          { state: 'not_kept', note: 'it could not be read: the disk is on fire' },
        ]);
        for (const { id } of await entries()) await expect(read(id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
      });

      it('goes with its entry, also while it is read', async () => {
        const { quarantine } = opened.store;
        await quarantine.record(upload('a'), whole(noise(2.5 * 2 ** 20)));
        const [{ id, sha256 }] = await entries();
        const reading = quarantine.content(id)[Symbol.asyncIterator]();
        await reading.next();
        await deliver(opened.store, { content: 'a', blocks: [{ values: { a: 1 } }] });
        expect(sha256).toBe(sha256Of('a'));
        const rest = async () => {
          while (!(await reading.next()).done);
        };
        await expect(rest()).rejects.toMatchObject({ code: 'NOT_FOUND' });
        await quarantine.record(upload('b'), whole(noise(2.9 * 2 ** 20)));
        await quarantine.record(upload('c'), whole(noise(2.9 * 2 ** 20)));
        expect((await entries()).map(({ content }) => content.state)).toEqual(['kept', 'kept']);
      });
    });
  });
}
