/** Arrays of numbers that are used again: large ones cost more to make and to give back than to fill. */
export class NumberPool {
  readonly #free = new Map<number, Float64Array[]>();

  /** Holds whatever was left in it. */
  take(length: number): Float64Array {
    return this.#free.get(length)?.pop() ?? new Float64Array(length);
  }

  give(numbers: Float64Array): void {
    const same = this.#free.get(numbers.length);
    if (same) same.push(numbers);
    else this.#free.set(numbers.length, [numbers]);
  }
}
