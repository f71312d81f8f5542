/** Slack reads these three as the beginnings of links and mentions; everything else is text in a plain-text block */
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** One character of a text as Slack shows it unchanged */
export function escapeSlack(character: string): string {
  return entities[character] ?? character;
}

/** What stands in angle brackets: a mention, a channel, a link, each perhaps with a label */
const token = /<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>/g;
const characters: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' };

/**
 * What a person wrote, of what Slack made of it.
 *
 * - `<https://x|label>` is `label (https://x)`, or the address alone where both are the same
 * - `<@U1|ada>` is `@ada`, `<#C1|general>` is `#general`, `<!here>` is `@here`; without a label the id stands for the name
 * - a mention of `self` in front is how people address the bot, and left out
 */
export function readSlackText(text: string, self: string): string {
  const mention = /^\s*<@([A-Z0-9]+)(?:\|[^>]*)?>\s*/.exec(text);
  const rest = mention?.[1] === self ? text.slice(mention[0].length) : text;
  const plain = rest.replace(token, (_, sign: string, name: string, label: string | undefined) => {
    if (sign === '#') return `#${label ?? name}`;
    if (sign !== '') return `@${(label ?? name).replace(/^@/, '')}`;
    return label === undefined || label === '' || name.endsWith(`//${label}`) || name === label || name === `mailto:${label}` ? (label || name) : `${label} (${name})`;
  });
  return plain.replace(/&(?:amp|lt|gt);/g, (entity) => characters[entity] ?? entity).toWellFormed();
}
