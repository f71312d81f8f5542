import { type DocumentText, TextSoFar } from './document.ts';
import { walkXml } from './xmlWalk.ts';

const skipped: ReadonlySet<string> = new Set(['script', 'style', 'noscript', 'template', 'svg', 'head']);
const blocks: ReadonlySet<string> = new Set(['address', 'article', 'aside', 'blockquote', 'br', 'dd', 'div', 'dl', 'dt', 'fieldset', 'figure', 'footer', 'form', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'header', 'hr', 'li', 'main', 'nav', 'ol', 'p', 'pre', 'section', 'table', 'tr', 'ul']);

/** The text of a web page as a reader sees it, roughly: no scripts and styles, a line for each block */
export function htmlText(text: string, most: number): DocumentText {
  const so = new TextSoFar(most);
  let hidden = 0;
  let keepsBlanks = 0;
  let inTitle = false;
  walkXml(text, {
    done: () => so.full,
    open(name) {
      // A head need not be closed
      if (name === 'body') hidden = 0;
      if (skipped.has(name)) hidden += 1;
      if (name === 'title') inTitle = true;
      if (name === 'pre') keepsBlanks += 1;
      if (blocks.has(name)) so.add('\n');
      if (name === 'li') so.add('- ');
      if (name === 'td' || name === 'th') so.add('\t');
    },
    close(name) {
      if (skipped.has(name) && hidden > 0) hidden -= 1;
      if (name === 'title') {
        inTitle = false;
        so.add('\n\n');
      }
      if (name === 'pre') keepsBlanks = Math.max(0, keepsBlanks - 1);
      if (blocks.has(name)) so.add('\n');
    },
    text(part) {
      if (hidden > 0 && !inTitle) return;
      so.add(keepsBlanks > 0 ? part : part.replace(/\s+/g, ' '));
    },
  });
  return { ok: true, format: 'html', ...so.end() };
}
