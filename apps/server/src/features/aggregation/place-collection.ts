import type { CollectContext } from './collect-context.ts';
import type { CollectedMeasure, UnitSamples } from './collect-request.ts';
import type { Measure } from './measure.ts';
import { MeasureCollection } from './measure-collection.ts';
import { type Entity, type Place, shouldHave } from './places.ts';
import { PeriodTimeline } from './timeline.ts';

/** What comes together at one place, measure by measure. */
export class PlaceCollection {
  readonly place: Place;
  readonly #context: CollectContext;
  readonly #measures = new Map<number, MeasureCollection>();
  /** Entities of the place, by the classes of their objects. */
  readonly #entities = new Map<string, { readonly entity: Entity; count: number }>();
  readonly #timelines = new Map<string, PeriodTimeline>();

  constructor(place: Place, context: CollectContext) {
    this.place = place;
    this.#context = context;
  }

  /** An entity belongs to the place, whether it has samples or not. */
  expect(entity: Entity): void {
    const key = entity.map(({ objectClass }) => objectClass).join('\0');
    const same = this.#entities.get(key);
    if (same) same.count++;
    else this.#entities.set(key, { entity, count: 1 });
  }

  add({ measure: index, unit, found }: UnitSamples): void {
    let collection = this.#measures.get(index);
    if (!collection) {
      const measure = this.#context.request.measures[index];
      collection = new MeasureCollection(measure, this.#context, (interval, granularityS) =>
        this.#timeline(interval, granularityS),
      );
      this.#measures.set(index, collection);
    }
    collection.add(unit, found);
  }

  *finish(): Generator<CollectedMeasure> {
    for (const [index, collection] of [...this.#measures].sort(([a], [b]) => a - b)) {
      const should = this.#unitsThatShouldHave(this.#context.request.measures[index]);
      const { place } = this;
      yield { measure: index, place, series: collection.series(should), entities: collection.entities() };
    }
  }

  /** One for all measures of the place: their samples have the same periods. */
  #timeline(interval: number, granularityS: number): PeriodTimeline {
    const key = `${interval} ${granularityS}`;
    let timeline = this.#timelines.get(key);
    if (!timeline) {
      timeline = new PeriodTimeline();
      this.#timelines.set(key, timeline);
    }
    return timeline;
  }

  #unitsThatShouldHave(measure: Measure): number {
    let units = 0;
    for (const { entity, count } of this.#entities.values()) {
      const own = measure.entity === 'cell' ? [entity] : entity.map((object) => [object]);
      units += count * own.filter((unit) => shouldHave(measure, unit)).length;
    }
    return units;
  }
}
