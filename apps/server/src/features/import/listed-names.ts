const NAMES_SHOWN = 20;

/** Names for a hint: the first of them, and how many more there are. */
export function listedNames(names: readonly string[]): string {
  const shown = names.slice(0, NAMES_SHOWN).join(', ');
  return names.length > NAMES_SHOWN ? `${shown} and ${names.length - NAMES_SHOWN} more` : shown;
}
