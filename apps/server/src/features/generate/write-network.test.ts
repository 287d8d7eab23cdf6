import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseChange } from './changes.ts';
import { smallNetwork } from './testing/read-network.ts';
import { writeNetwork } from './write-network.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'pegboard-generate-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

const change = parseChange('peg=DRB.RelActNbr,cells=gnb-001/1,percent=50');

describe('writeNetwork', () => {
  it('writes files, catalogue and README, and reports what it wrote', async () => {
    const out = join(dir, 'deep/network');
    const report = await writeNetwork(out, smallNetwork({ nes: 2, days: 2, changes: [change] }));
    expect(report).toMatchObject({ files: 384, cells: 4, series: 80, values: 15_360 });
    expect((await readdir(out)).sort()).toEqual(['2025-11-08', '2025-11-09', 'README.txt', 'pegboard-catalogue.json']);
    expect(await readdir(join(out, '2025-11-09'))).toHaveLength(192);
    const readme = await readFile(join(out, 'README.txt'), 'utf8');
    expect(readme).toMatch(/GENERATED DATA/);
    expect(readme).toMatch(/Seed {10}7/);
    expect(readme).toMatch(/peg=DRB\.RelActNbr,cells=gnb-001\/1,percent=\+50/);
    const catalogue = JSON.parse(await readFile(join(out, 'pegboard-catalogue.json'), 'utf8'));
    expect(catalogue).toMatchObject({ pegboard_catalogue: 1, generated: true });
    expect(catalogue.pegs).toHaveLength(2 * 20 + 2 * 3);
    expect(catalogue.pegs[6]).toEqual({
      family: 'NRCellCU',
      name: 'DRB.RelActNbr',
      unit: '1',
      kind: 'cumulative',
      polarity: 'lower_better',
      weight: 9,
      description: 'Released active DRBs, i.e. drops (5.1.1.10.3)',
    });
  });

  it('repeats the same network in place, and replaces another one only by force', async () => {
    const options = smallNetwork({ nes: 1, days: 2 });
    const first = await writeNetwork(dir, options);
    expect(await writeNetwork(dir, options)).toEqual(first);
    const other = { ...options, days: 1, seed: 8 };
    await expect(writeNetwork(dir, other)).rejects.toMatchObject({ code: 'folder_in_use', hint: /force/ });
    await writeNetwork(dir, other, { force: true });
    expect((await readdir(dir)).sort()).toEqual(['2025-11-08', 'README.txt', 'pegboard-catalogue.json']);
  });

  it('refuses a folder with anything else in it, even by force, and leaves it alone', async () => {
    const options = smallNetwork({ nes: 1 });
    await writeNetwork(dir, options);
    await writeFile(join(dir, '2025-11-08', 'notes.txt'), 'mine');
    await expect(writeNetwork(dir, { ...options, seed: 9 }, { force: true })).rejects.toMatchObject({
      code: 'folder_in_use',
      message: expect.stringContaining('2025-11-08/notes.txt'),
    });
    const foreign = join(dir, 'foreign');
    await mkdir(join(foreign, '2025-11-08'), { recursive: true });
    await expect(writeNetwork(foreign, options, { force: true })).rejects.toMatchObject({ code: 'folder_in_use' });
    expect(await readdir(foreign)).toEqual(['2025-11-08']);
  });

  it('says which file could not be written and why', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(writeNetwork(join(dir, 'file'), smallNetwork({}))).rejects.toMatchObject({
      code: 'write_failed',
      message: expect.stringMatching(/cannot write .*file: a file is in the place of the folder/),
    });
  });

  it('stops when told to, with whole files only, and can be repeated', async () => {
    const options = smallNetwork({ nes: 1, days: 2 });
    const controller = new AbortController();
    const onProgress = ({ files }: { files: number }): void => {
      if (files === 20) controller.abort();
    };
    await expect(writeNetwork(dir, options, { signal: controller.signal, onProgress })).rejects.toMatchObject({
      code: 'aborted',
    });
    const names = await readdir(join(dir, '2025-11-08'));
    expect(names.length).toBeGreaterThanOrEqual(20);
    expect(names.length).toBeLessThan(40);
    for (const name of names) {
      expect(await readFile(join(dir, '2025-11-08', name), 'utf8')).toMatch(/<\/measCollecFile>\n$/);
    }
    expect(await writeNetwork(dir, options)).toMatchObject({ files: 192 });
  });
});
