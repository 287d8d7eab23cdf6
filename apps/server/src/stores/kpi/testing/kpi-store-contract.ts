import { describe } from 'vitest';
import { describeMasterData } from './master-contract.ts';
import { describeMerging } from './merge-contract.ts';
import { describeModel } from './model-contract.ts';
import { describeNames } from './names-contract.ts';
import { describeQuarantine } from './quarantine-contract.ts';
import { describeScanning } from './scan-contract.ts';
import type { OpenStore } from './store-fixture.ts';
import { describeWriting } from './writer-contract.ts';

/**
 * What every `KpiStore` must do. Run it in the test file of an adapter.
 * @param open gives an empty store with `QUARANTINE_LIMITS`; called many times, also while others are open
 */
export function describeKpiStore(name: string, open: OpenStore): void {
  describe(`KpiStore: ${name}`, () => {
    describeMerging(open);
    describeWriting(open);
    describeScanning(open);
    describeMasterData(open);
    describeNames(open);
    describeQuarantine(open);
    describeModel(open);
  });
}
