/** Line ends and tabs apart, whatever a terminal would act on: control characters, and marks that turn the direction of writing. */
const UNSEEN = /[^\P{Cc}\n\t]|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

/** Text for a terminal: names and values of files cannot move its cursor, colour it or set its title. */
export function visibleText(text: string): string {
  return text.replaceAll(UNSEEN, '�');
}

/** The same within one line. */
export function visibleLine(text: string): string {
  return visibleText(text.replaceAll(/[\t\r\n\u2028\u2029]+/g, ' '));
}
