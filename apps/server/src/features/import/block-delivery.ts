import { createHash, randomUUID } from 'node:crypto';
import type { MeasurementBlock } from '@pegboard/pm-files';
import { PegboardError } from '../../platform/errors.ts';
import type { KpiStore, SampleWriter } from '../../stores/kpi/kpi-store.ts';
import type { BlockCollector } from './block-collector.ts';
import { BlockMemory } from './block-memory.ts';

/** Numbers in one commit; layouts count in full, also where a block has few of their counters. */
const COMMIT_NUMBERS = 2 << 20;

/** Brings collected blocks into the store, one commit after another, while the next are being read. */
export class BlockDelivery {
  readonly #writer: SampleWriter;
  readonly #name: string;
  readonly #format: string;
  readonly #run = randomUUID();
  #deliveries = 0;
  #writing: Promise<void> = Promise.resolve();
  /** Null: all blocks are delivered, known or not. */
  #memory: BlockMemory | null = null;
  insertedBlocks = 0;
  mergedBlocks = 0;
  /** Of the blocks delivered, ms; null without any. */
  period: { beginMs: number; endMs: number } | null = null;

  constructor(store: Pick<KpiStore, 'openWriter'>, name: string, format: string) {
    this.#writer = store.openWriter();
    this.#name = name;
    this.#format = format;
  }

  /** From now on a block that was delivered as it is already is passed over. */
  skipUnchanged(): void {
    this.#memory ??= new BlockMemory();
  }

  /** Forgets what begins before a time: it will not be read again. */
  forgetBefore(timeMs: number): void {
    this.#memory?.forgetBefore(timeMs);
  }

  /** Takes what was collected: all, or what is settled. Resolves when more may be collected; `settled` when it is durable. */
  async take(collector: BlockCollector, which: 'all' | 'settled'): Promise<void> {
    let part = this.#open();
    for (const block of collector.take(which)) {
      if (this.#memory?.isKnown(block)) continue;
      this.#writer.add(block);
      part.add(block);
      if (this.#writer.pendingNumbers < COMMIT_NUMBERS) continue;
      await this.#end(part);
      await this.#writing;
      part = this.#open();
    }
    await this.#end(part);
  }

  /** Runs `work` when all that was taken is durable, before anything that is taken later becomes so. */
  afterwards(work: () => Promise<void>): void {
    this.#writing = this.#writing.then(work);
    // A failure is met by whoever awaits next; this only keeps it from being unhandled until then.
    this.#writing.catch(() => undefined);
  }

  /** Resolves when all that was taken is durable. */
  settled(): Promise<void> {
    return this.#writing;
  }

  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#writer.close();
  }

  #open(): Part {
    this.#writer.beginFile();
    return new Part();
  }

  async #end(part: Part): Promise<void> {
    if (part.blocks === 0) {
      await this.#writer.dropFile();
      return;
    }
    const { beginMs, endMs, numbers } = part;
    this.period = {
      beginMs: Math.min(beginMs, this.period?.beginMs ?? beginMs),
      endMs: Math.max(endMs, this.period?.endMs ?? endMs),
    };
    this.#deliveries++;
    this.#writer.endFile({
      // Each delivery is taken, whether or not the same rows came before: a source may return to an earlier value.
      sha256: createHash('sha256').update(`${this.#run} ${this.#deliveries}`).digest('hex'),
      name: this.#name,
      format: this.#format,
      sender: null,
      swVersion: null,
      periodBeginMs: beginMs,
      periodEndMs: endMs,
      values: numbers,
      numbers,
      warnings: [],
      settles: [],
    });
    await this.#writing;
    this.#commit();
  }

  #commit(): void {
    const written = this.#writer.commit();
    this.#writing = written.then(({ insertedBlocks, mergedBlocks, refused }) => {
      const [refusal] = refused;
      if (refusal) throw new PegboardError('UNPROCESSABLE', `the store refused samples: ${refusal.message}`);
      this.insertedBlocks += insertedBlocks;
      this.mergedBlocks += mergedBlocks;
    });
    this.#writing.catch(() => undefined);
  }
}

/** What one commit holds. */
class Part {
  blocks = 0;
  numbers = 0;
  beginMs = Number.POSITIVE_INFINITY;
  endMs = Number.NEGATIVE_INFINITY;

  add({ beginMs, granularityS, layout, values }: MeasurementBlock): void {
    this.blocks++;
    for (let i = 0; i < layout.names.length; i++) if (!Number.isNaN(values[i])) this.numbers++;
    this.beginMs = Math.min(this.beginMs, beginMs);
    this.endMs = Math.max(this.endMs, beginMs + granularityS * 1000);
  }
}
