import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { PmFileError } from './pm-file-error.ts';
import { file32435, readChunks, readText, rejectionOf } from './testing/read-text.ts';
import { unpackedBytes } from './unpack.ts';

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

describe('recognition', () => {
  it.each([
    ['plain text', 'hello world\n', 'neither XML nor a table'],
    ['markdown', '# Title\n\ntext, more, text\n', 'no PM file format recognised'],
    ['JSON', '{"event": {}}', 'JSON'],
    ['binary', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1, 2]), 'binary'],
    ['other XML', '<?xml version="1.0"?><html/>', '<html>'],
  ])('skips %s with a reason', (_, content, reason) => {
    expect(readText(content).result).toMatchObject({ status: 'skipped', reason: expect.stringContaining(reason) });
  });

  it('rejects zero bytes', async () => {
    expect(rejectionOf(readText('').result).code).toBe('empty');
    expect(rejectionOf((await readChunks(Buffer.alloc(0), [1])).result).code).toBe('empty');
    expect(rejectionOf(readText(gzipSync('')).result).code).toBe('empty');
  });

  it('rejects, not skips, a PM file that is broken at its beginning', () => {
    expect(rejectionOf(readText(`oops${file32435()}`).result)).toMatchObject({
      code: 'not_well_formed',
      line: 1,
      column: 1,
    });
  });

  it('says how a rejected file describes itself', () => {
    const { result } = readText(file32435({ values: '<measValue measObjLdn="A"><r p="1">1</s>' }));
    expect(result).toMatchObject({
      status: 'rejected',
      format: '3gpp-32.435-xml',
      header: { vendor: 'Acme' },
      rejection: { code: 'not_well_formed' },
    });
  });
});

describe('hostile XML', () => {
  const root = (inside: string) => file32435({ measInfos: inside });

  it.each([
    [
      'an entity bomb',
      file32435({ prolog: '<!DOCTYPE measCollecFile [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>' }),
      'entity_declared',
    ],
    [
      'an external entity',
      file32435({ prolog: '<!DOCTYPE measCollecFile [<!ENTITY x SYSTEM "file:///etc/passwd">]>' }),
      'entity_declared',
    ],
    ['a parameter entity', file32435({ prolog: '<!DOCTYPE measCollecFile SYSTEM "x.dtd" [%e;]>' }), 'entity_declared'],
    [
      'an undeclared entity',
      file32435({ values: '<measValue measObjLdn="A"><r p="1">&x;</r></measValue>' }),
      'not_well_formed',
    ],
    ['200 nested elements', root('<a>'.repeat(200) + '</a>'.repeat(200)), 'too_deep'],
    ['an attribute of megabytes', root(`<a b="${'x'.repeat(2_000_000)}"/>`), 'tag_too_long'],
    ['a text of many megabytes', root(`<a>${'x'.repeat(17_000_000)}</a>`), 'text_too_long'],
    ['an attribute without end', `<measCollecFile><a b="${'x'.repeat(2_000_000)}`, 'tag_too_long'],
  ])('refuses %s, whole or in chunks', async (_, xml, code) => {
    const bytes = Buffer.from(xml);
    expect(rejectionOf(readText(bytes).result).code).toBe(code);
    expect(rejectionOf((await readChunks(bytes, [65_536])).result).code).toBe(code);
  });

  it('bounds the number of counters and of objects', () => {
    const types = '<measTypes>x</measTypes>';
    const values = '<measValue measObjLdn="A"><r p="1">1,2,3,4</r></measValue><measValue measObjLdn="B"/>';
    const xml = file32435({ types, values });
    expect(rejectionOf(readText(xml, { limits: { maxCounters: 3 } }).result).code).toBe('too_many_counters');
    expect(rejectionOf(readText(xml, { limits: { maxObjects: 1 } }).result).code).toBe('too_many_objects');
    expect(readText(xml, { limits: { maxCounters: 4, maxObjects: 2 } }).result.status).toBe('ok');
  });

  it('counts a counter once, however many lists it stands in', () => {
    const info = (types: string) =>
      `<measInfo><granPeriod duration="PT900S" endTime="2026-11-20T00:15:00Z"/><measTypes>${types}</measTypes><measValue measObjLdn="A"><r p="1">1</r><r p="2">1</r></measValue></measInfo>`;
    expect(readText(root(info('x y') + info('y x') + info('x z')), { limits: { maxCounters: 3 } }).result.status).toBe(
      'ok',
    );
    expect(readText(root(info('x y') + info('y x') + info('x z')), { limits: { maxCounters: 2 } }).result.status).toBe(
      'rejected',
    );
  });
});

describe('gzip', () => {
  it('unpacks what begins like gzip, also of several members', async () => {
    const xml = file32435();
    const members = Buffer.concat([gzipSync(xml.slice(0, 500)), gzipSync(xml.slice(500))]);
    const plain = readText(xml);
    expect(plain.blocks).toHaveLength(1);
    expect(readText(members)).toEqual(plain);
    for (const size of [1, 7, 100_000]) expect(await readChunks(members, [size])).toEqual(plain);
  });

  it('rejects a gzip file that is cut off or damaged', async () => {
    const packed = gzipSync(file32435());
    for (const length of [2, 10, packed.length >> 1, packed.length - 1]) {
      expect(rejectionOf(readText(packed.subarray(0, length)).result).code).toBe('truncated');
      expect(rejectionOf((await readChunks(packed.subarray(0, length), [64])).result).code).toBe('truncated');
    }
    const damaged = Buffer.from(packed);
    damaged[packed.length >> 1] ^= 0xff;
    expect(rejectionOf(readText(damaged).result).code).toBe('gzip_damaged');
    expect(rejectionOf((await readChunks(damaged, [64])).result).code).toBe('gzip_damaged');
  });

  it('refuses a gzip bomb', async () => {
    const bomb = gzipSync(file32435({ measInfos: ' '.repeat(12_000_000) }));
    expect(rejectionOf(readText(bomb).result).code).toBe('gzip_bomb');
    expect(rejectionOf((await readChunks(bomb, [4096])).result).code).toBe('gzip_bomb');
  });

  it('refuses what is larger than the limit, packed or not', async () => {
    const xml = Buffer.from(file32435());
    const limits = { maxUnpackedBytes: 100 };
    for (const bytes of [xml, gzipSync(xml)]) {
      expect(rejectionOf(readText(bytes, { limits }).result).code).toBe('too_large');
      expect(rejectionOf((await readChunks(bytes, [50], { limits })).result).code).toBe('too_large');
    }
  });

  it('gives the unpacked bytes alone, and throws a refusal that can be shown', async () => {
    const parts: Uint8Array[] = [];
    for await (const part of unpackedBytes(once(gzipSync('abc')))) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe('abc');
    const reading = async () => {
      for await (const _ of unpackedBytes(once(gzipSync('abc').subarray(0, 12)))) parts.push(_);
    };
    await expect(reading()).rejects.toSatisfy(
      (error) => error instanceof PmFileError && error.rejection.code === 'truncated',
    );
  });

  it('passes errors of the source on as they are', async () => {
    async function* failing(start: Uint8Array): AsyncGenerator<Uint8Array> {
      yield start;
      throw new Error('disk gone');
    }
    for (const start of [gzipSync('abc').subarray(0, 12), Buffer.from('<a>')]) {
      const reading = async () => {
        for await (const _ of unpackedBytes(failing(start)));
      };
      await expect(reading()).rejects.toThrow('disk gone');
    }
  });
});

describe('another encoding', () => {
  const declared = '<?xml version="1.0" encoding="EUC-KR"?>';
  const long = `<!--${'x'.repeat(100_000)}-->`;
  /** No EUC-KR: a byte that begins a character, and no second one. */
  const wrong = Buffer.concat([Buffer.from('<!--'), Buffer.from([0xbc, 0x3e]), Buffer.from('-->')]);

  it.each([
    ['in it', [declared, '<OMeS>', wrong, '</OMeS>'], 'encoding_invalid'],
    ['in it, far behind', [declared, '<OMeS>', long, long, wrong, '</OMeS>'], 'encoding_invalid'],
    ['behind another fault', [declared, '<OMeS></x>', long, wrong], 'not_well_formed'],
    ['before another fault', [declared, '<OMeS>', long, wrong, long, '</x>'], 'encoding_invalid'],
    ['at its end', [declared, '<OMeS></OMeS>', long, Buffer.from([0xbc])], 'encoding_invalid'],
  ])('is refused where bytes are wrong %s, however they are cut', async (_where, parts, code) => {
    const bytes = Buffer.concat(parts.map((part) => Buffer.from(part)));
    const whole = readText(bytes);
    expect(rejectionOf(whole.result).code).toBe(code);
    for (const size of [1000, 65_536, 70_001]) expect(await readChunks(bytes, [size])).toEqual(whole);
  });

  it('is read to its end, also where characters are cut', async () => {
    const start = `${declared}<OMeS><PMSetup startTime="2026-11-20T00:00:00Z" interval="15"><PMMOResult><MO><DN>PLMN-PLMN/`;
    const end = '</DN></MO><PMTarget><a>1</a></PMTarget></PMMOResult></PMSetup></OMeS>';
    const korean = Buffer.from([0xbc, 0xad, 0xbf, 0xef]);
    // The first byte of a character is the last of the first 64 KiB.
    const name = `${'x'.repeat(65_535 - start.length)}`;
    const bytes = Buffer.concat([Buffer.from(start + name), korean, Buffer.from(end)]);
    for (const sizes of [[200_000], [65_535, 1], [65_537, 1], [65_600, 3]]) {
      const { blocks } = await readChunks(bytes, sizes);
      expect(blocks).toMatchObject([{ ne: `${name}서울`, values: { a: 1 } }]);
    }
  });
});

describe('truncation', () => {
  const xml = Buffer.from(
    file32435({
      values: '<measValue measObjLdn="A&amp;ä"><r p="1">1</r><r p="2"><![CDATA[2]]></r><!-- c --></measValue>',
    }),
  );

  it('never takes a file that is cut before its root closes, wherever it is cut', () => {
    for (let length = 0; length < xml.length; length += 1) {
      const { result } = readText(xml.subarray(0, length));
      expect(result.status, `cut at ${length}`).not.toBe('ok');
      if (length > 200)
        expect(rejectionOf(result), `cut at ${length}`).toMatchObject({ code: 'truncated', line: expect.any(Number) });
    }
    expect(readText(xml).result.status).toBe('ok');
  });
});
