import type { KpiStore } from '../../stores/kpi/kpi-store.ts';
import { CollectContext } from './collect-context.ts';
import type { CollectedMeasure, CollectRequest, UnitSamples } from './collect-request.ts';
import { samplesOf } from './entity-samples.ts';
import { type EntityView, entityView } from './entity-view.ts';
import type { Measure } from './measure.ts';
import { MeasuresByPeg } from './measures-by-peg.ts';
import { PlaceCollection } from './place-collection.ts';
import { type Entity, entitiesOf, placeOf } from './places.ts';
import { readParts } from './read-parts.ts';
import { unitSeries } from './unit-series.ts';

/**
 * The series of measures at places (cells, network elements, the network), as they are complete. Each is valid until the next is
 * asked for.
 *
 * The one way in which counters become values: samples are put together by cell, combined over cells and time by the kind
 * of each counter, and then the formula is applied. Reads the store once, in parts that fit into memory; the result does not
 * depend on the order in which samples were delivered.
 */
export async function* collectSeries(
  store: Pick<KpiStore, 'scan' | 'extent'>,
  request: CollectRequest,
): AsyncGenerator<CollectedMeasure> {
  const { measures, level } = request;
  if (measures.length === 0) return;
  const context = new CollectContext(request);
  const byPeg = new MeasuresByPeg(measures);
  const entities = entitiesOf(request.objects);
  let open: PlaceCollection | null = null;
  for await (const { entities: part, tables } of readParts(store, { ...request, entities })) {
    for (const entity of part) {
      const samples = samplesOfEntity(measures, byPeg, entity, (objectIds) =>
        tables.map((table) => entityView(objectIds.flatMap((id) => table.of(id)))),
      );
      if (level === 'cell') {
        for (const found of samples) yield unitSeries(context, found);
        continue;
      }
      const place = placeOf(level, entity);
      if (open && open.place.id !== place.id) {
        yield* open.finish();
        open = null;
      }
      open ??= new PlaceCollection(place, context);
      open.expect(entity);
      for (const found of samples) open.add(found);
    }
  }
  if (open) yield* open.finish();
}

function* samplesOfEntity(
  measures: readonly Measure[],
  byPeg: MeasuresByPeg,
  entity: Entity,
  viewsOf: (objectIds: readonly number[]) => readonly EntityView[],
): Generator<UnitSamples> {
  const whole = viewsOf(entity.map(({ id }) => id));
  const single = entity.map((object) => (entity.length === 1 ? whole : viewsOf([object.id])));
  for (const index of byPeg.of(whole)) {
    const measure = measures[index];
    const units = measure.entity === 'cell' ? [entity] : entity.map((object) => [object]);
    for (const [at, unit] of units.entries()) {
      const own = measure.entity === 'cell' ? whole : single[at];
      const found = own.map((view, interval) => samplesOf(measure, view, whole[interval]));
      if (found.some((each) => each.length > 0)) yield { measure: index, unit, found };
    }
  }
}
