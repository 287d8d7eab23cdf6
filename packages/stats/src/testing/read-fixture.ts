import { readFileSync } from 'node:fs';

/** The reference cases of `fixtures/<name>.json`, made by `fixtures/references/<name>.py`. */
export function readFixture<Case>(name: string): Case[] {
  return JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8'));
}
