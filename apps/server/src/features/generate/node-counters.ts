import { CounterTableBuilder } from './counter-builders.ts';
import type { CounterTable, Rat } from './counter-model.ts';

/** Counters of an NE's own object (no cell); their load is the mean load of its cells. */
export const NODE_COUNTERS: Readonly<Record<Rat, CounterTable>> = {
  NR: nodeTable('NR', 'GNBDUFunction', 'VR.VCpuUsageMean', 'Mean virtual CPU use (28.552 5.7)'),
  LTE: nodeTable('LTE', 'ENodeBFunction', 'EQPT.MeanProcessorUsage', 'Mean processor use (32.425 4.8.1)'),
};

function nodeTable(rat: Rat, family: string, processor: string, description: string): CounterTable {
  return new CounterTableBuilder(rat)
    .level(family, [processor, description], '%', 'neutral', 3, {
      driver: 'prb',
      base: 31,
      slope: 0.8,
      noise: 0.03,
      max: 100,
    })
    .level(family, ['PEE.AvgPower', 'Mean power (28.552 5.1.1.19)'], 'W', 'lower_better', 3, {
      driver: 'prb',
      base: 1_450,
      slope: 0.5,
      noise: 0.01,
      decimals: 1,
    })
    .level(family, ['PEE.AvgTemperature', 'Mean temperature (28.552 5.1.1.19)'], 'Cel', 'neutral', 1, {
      driver: 'prb',
      base: 38,
      slope: 0.15,
      noise: 0.01,
      decimals: 1,
    })
    .build();
}
