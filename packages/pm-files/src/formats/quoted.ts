/** A text of a file as it appears in messages: in quotes, control characters escaped, cut to 100 characters. */
export function quoted(text: string | null): string {
  return text === null ? '(none)' : JSON.stringify(text.slice(0, 100));
}
