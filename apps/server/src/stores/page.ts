/** A part of a list; `nextCursor` asks for the next one, null on the last. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}
