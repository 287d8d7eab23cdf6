import type {
  Counter,
  CounterBlock,
  CounterModel,
  CounterTable,
  LevelModel,
  ProcedureModel,
  Rat,
} from './counter-model.ts';

type Described = readonly [name: string, description: string];

interface ProcedureInput {
  readonly attempts: Described;
  readonly successes?: Described;
  readonly failures?: Described;
  readonly causes?: readonly (readonly [name: string, share: number])[];
  readonly perLoad: number;
  readonly failureRate: number;
  /** Weight of the successes or failures; attempts and causes weigh less. */
  readonly weight: number;
}

interface LevelInput {
  readonly driver: LevelModel['driver'];
  readonly base: number;
  readonly slope?: number;
  readonly noise: number;
  readonly cellSpread?: number;
  readonly decimals?: number;
  readonly max?: number;
}

/** Relative spread of a level from day to day, apart from the load's own. */
const LEVEL_DAY_NOISE = 0.01;
const LEVEL_DAY_NOISE_DB = 0.15;

/** Collects a RAT's counters block by block, the most important first. `family` is the object class that reports them. */
export class CounterTableBuilder {
  private readonly rat: Rat;
  private readonly blocks: CounterBlock[] = [];
  private readonly models: CounterModel[] = [];

  constructor(rat: Rat) {
    this.rat = rat;
  }

  build(): CounterTable {
    return { rat: this.rat, blocks: this.blocks, models: this.models };
  }

  /** Attempts with their successes or failures; reported together. Causes are reported where `causes` is called. */
  procedure(family: string, input: ProcedureInput): this {
    const counters: Counter[] = [
      count(family, input.attempts, 'neutral', Math.min(4, input.weight)),
      ...(input.successes ? [count(family, input.successes, 'neutral', input.weight)] : []),
      ...(input.failures ? [count(family, input.failures, 'lower_better', input.weight)] : []),
    ];
    this.blocks.push(counters);
    const model: ProcedureModel = {
      type: 'procedure',
      perLoad: input.perLoad,
      failureRate: input.failureRate,
      attempts: input.attempts[0],
      successes: input.successes?.[0] ?? null,
      failures: input.failures?.[0] ?? null,
      causes: (input.causes ?? []).map(([name, share]) => ({ name, share })),
    };
    this.models.push(model);
    return this;
  }

  /** Reports the failures by cause of a procedure that was added before, all of them together. */
  causes(family: string, weight: number, described: readonly Described[]): this {
    this.blocks.push(described.map((entry) => count(family, entry, 'lower_better', weight)));
    return this;
  }

  /** Outcomes of a procedure that are counted beside its successes and are no failures. */
  outcomes(family: string, weight: number, described: readonly Described[]): this {
    this.blocks.push(described.map((entry) => count(family, entry, 'neutral', weight)));
    return this;
  }

  count(family: string, counter: Described, polarity: Counter['polarity'], weight: number, perLoad: number): this {
    this.blocks.push([count(family, counter, polarity, weight)]);
    this.models.push({ type: 'count', name: counter[0], perLoad });
    return this;
  }

  /** One counter a bin; bins are Poisson in proportion to `shares`. */
  histogram(family: string, baseName: string, description: string, perLoad: number, shares: readonly number[]): this {
    const total = shares.reduce((sum, share) => sum + share, 0);
    const counters: Counter[] = shares.map((_, bin) => ({
      ...count(family, [`${baseName}.Bin${bin}`, `${description}, bin ${bin}`], 'neutral', 1),
      kind: 'distribution',
    }));
    this.blocks.push(...counters.map((counter) => [counter]));
    shares.forEach((share, bin) => {
      this.models.push({ type: 'count', name: `${baseName}.Bin${bin}`, perLoad: (perLoad * share) / total });
    });
    return this;
  }

  /** An integer amount in proportion to load; neutral, since more traffic is neither better nor worse. */
  amount(family: string, counter: Described, unit: string, perLoad: number, noise: number): this {
    this.blocks.push([{ ...count(family, counter, 'neutral', 3), unit }]);
    this.models.push({ type: 'amount', name: counter[0], perLoad, noise });
    return this;
  }

  activeTime(family: string, counter: Described, volume: string, throughput: string): this {
    this.blocks.push([{ ...count(family, counter, 'neutral', 2), unit: 'ms' }]);
    this.models.push({ type: 'active_time', name: counter[0], volume, throughput });
    return this;
  }

  prb(family: string, counter: Described, demand: number): this {
    this.blocks.push([gauge(family, counter, '%', 'neutral', 4)]);
    this.models.push({ type: 'prb', name: counter[0], demand });
    return this;
  }

  level(
    family: string,
    counter: Described,
    unit: string,
    polarity: Counter['polarity'],
    weight: number,
    input: LevelInput,
  ): this {
    this.blocks.push([gauge(family, counter, unit, polarity, weight)]);
    this.models.push({
      type: 'level',
      name: counter[0],
      driver: input.driver,
      base: input.base,
      slope: input.slope ?? 0,
      noise: input.noise,
      dayNoise: input.driver === 'db' ? LEVEL_DAY_NOISE_DB : LEVEL_DAY_NOISE,
      cellSpread: input.cellSpread ?? 0.1,
      decimals: input.decimals ?? 2,
      min: input.driver === 'db' ? Number.NEGATIVE_INFINITY : 0,
      max: input.max ?? Number.POSITIVE_INFINITY,
    });
    return this;
  }

  /** A ratio that the node has computed itself (packets lost per million and the like): an integer, lower is better. */
  rate(family: string, counter: Described, weight: number, base: number): this {
    this.level(family, counter, '1e-6', 'lower_better', weight, {
      driver: 'prb',
      base,
      slope: 0.3,
      noise: 0.08,
      cellSpread: 0.25,
      decimals: 0,
      max: 1_000_000,
    });
    return this.asDerived(counter[0]);
  }

  /** Marks a counter that was added before as derived: it is re-weighted, never summed. */
  asDerived(name: string): this {
    const index = this.blocks.findIndex((block) => block.some((counter) => counter.name === name));
    const block = this.blocks[index];
    if (!block) throw new Error(`no counter ${name} in the table`);
    this.blocks[index] = block.map((counter) => (counter.name === name ? { ...counter, kind: 'derived' } : counter));
    return this;
  }

  peak(family: string, counter: Described, of: string): this {
    this.blocks.push([gauge(family, counter, '1', 'neutral', 2)]);
    this.models.push({ type: 'peak', name: counter[0], of });
    return this;
  }
}

function count(family: string, [name, description]: Described, polarity: Counter['polarity'], weight: number): Counter {
  return { family, name, unit: '1', kind: 'cumulative', polarity, weight, description };
}

function gauge(
  family: string,
  [name, description]: Described,
  unit: string,
  polarity: Counter['polarity'],
  weight: number,
): Counter {
  return { family, name, unit, kind: 'gauge', polarity, weight, description };
}
