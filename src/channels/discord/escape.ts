/** What Discord reads as markup, a mention, an emoji, a time, a list, or (the colon of `https:`) a link */
const live: ReadonlySet<string> = new Set('\\*_~`|>#<@:[]()-+.');

/** One character of a text as Discord shows it unchanged */
export function escapeDiscord(character: string): string {
  return live.has(character) ? `\\${character}` : character;
}
