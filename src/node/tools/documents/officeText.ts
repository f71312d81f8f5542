import { DocumentError, type DocumentText, TextSoFar } from './document.ts';
import { type XmlVisitor, walkXml } from './xmlWalk.ts';
import { zipParts } from './zipParts.ts';

/** The parts of all kinds that hold text, or tell what kind it is */
const parts = /^(?:word\/(?:document|footnotes|endnotes|comments|header\d*|footer\d*)\.xml|xl\/(?:workbook|sharedStrings|worksheets\/sheet\d+)\.xml|xl\/_rels\/workbook\.xml\.rels|ppt\/(?:slides\/slide|notesSlides\/notesSlide)\d+\.xml|content\.xml|mimetype)$/;

const openFormats = { 'application/vnd.oasis.opendocument.text': 'odt', 'application/vnd.oasis.opendocument.spreadsheet': 'ods', 'application/vnd.oasis.opendocument.presentation': 'odp' } as const;

/** The text of an office document: Office Open XML (ECMA-376) or OpenDocument (ISO 26300) */
export function officeText(bytes: Uint8Array, most: number): DocumentText {
  const found = zipParts(bytes, (name) => parts.test(name));
  const so = new TextSoFar(most);
  const done = (format: DocumentText['format'], count?: number): DocumentText => ({ ok: true, format, ...so.end(), ...(count === undefined ? {} : { parts: count }) });
  if (found.has('word/document.xml')) {
    // The document first, then notes and comments
    const names = ['word/document.xml', ...[...found.keys()].filter((name) => name.startsWith('word/') && name !== 'word/document.xml').toSorted()];
    for (const name of names) walkXml(found.get(name) ?? '', wordText(so));
    return done('docx');
  }
  const slides = numbered(found, 'ppt/slides/slide');
  if (slides.length > 0) {
    for (const { number, text } of slides) {
      so.add(`\n\n--- slide ${number} ---\n`);
      walkXml(text, slideText(so));
      walkXml(found.get(`ppt/notesSlides/notesSlide${number}.xml`) ?? '', slideText(so));
    }
    return done('pptx', slides.length);
  }
  if (found.has('xl/workbook.xml')) return done('xlsx', workbookText(found, so));
  const mime = found.get('mimetype')?.trim() ?? '';
  const open = openFormats[mime as keyof typeof openFormats] as 'odt' | 'ods' | 'odp' | undefined;
  const content = found.get('content.xml');
  if (open === undefined || content === undefined) throw new DocumentError('It is a packed archive, and no office document that is known.');
  walkXml(content, openText(so));
  return done(open);
}

function numbered(found: ReadonlyMap<string, string>, start: string): readonly { readonly number: number; readonly text: string }[] {
  return [...found].flatMap(([name, text]) => (name.startsWith(start) ? [{ number: Number.parseInt(name.slice(start.length), 10), text }] : [])).toSorted((a, b) => a.number - b.number);
}

/** Text stands in `w:t` only; deleted text, in `w:delText`, is left out */
function wordText(so: TextSoFar): XmlVisitor {
  let inText = false;
  return {
    done: () => so.full,
    open(name) {
      inText = name === 'w:t';
      if (name === 'w:tab') so.add('\t');
      if (name === 'w:br' || name === 'w:cr') so.add('\n');
    },
    close(name) {
      inText = false;
      if (name === 'w:p') so.add('\n');
      if (name === 'w:tc') so.add('\t');
    },
    text: (text) => inText && so.add(text),
  };
}

function slideText(so: TextSoFar): XmlVisitor {
  let inText = false;
  return {
    done: () => so.full,
    open(name) {
      inText = name === 'a:t';
      if (name === 'a:br') so.add('\n');
    },
    close(name) {
      inText = false;
      if (name === 'a:p') so.add('\n');
    },
    text: (text) => inText && so.add(text),
  };
}

/** Sheets in the order of the workbook, cells of a row apart by tabs; gives their number */
function workbookText(found: ReadonlyMap<string, string>, so: TextSoFar): number {
  const targets = new Map<string, string>();
  walkXml(found.get('xl/_rels/workbook.xml.rels') ?? '', { open: (name, attribute) => void (name === 'relationship' && targets.set(attribute('id') ?? '', (attribute('target') ?? '').replace(/^\/?(?:xl\/)?/, 'xl/'))) });
  const sheets: { readonly title: string; readonly file: string }[] = [];
  walkXml(found.get('xl/workbook.xml') ?? '', { open: (name, attribute) => void (name === 'sheet' && sheets.push({ title: attribute('name') ?? '', file: targets.get(attribute('r:id') ?? '') ?? '' })) });
  const shared = sharedStrings(found.get('xl/sharedStrings.xml') ?? '');
  for (const { title, file } of sheets) {
    so.add(`\n\n--- sheet ${title} ---\n`);
    walkXml(found.get(file) ?? '', cellText(so, shared));
  }
  return sheets.length;
}

function sharedStrings(text: string): readonly string[] {
  const strings: string[] = [];
  let current = '';
  let inText = false;
  let phonetic = false;
  walkXml(text, {
    open(name) {
      if (name === 'si') current = '';
      if (name === 'rph') phonetic = true;
      inText = name === 't' && !phonetic;
    },
    close(name) {
      inText = false;
      if (name === 'rph') phonetic = false;
      if (name === 'si') strings.push(current);
    },
    text(part) {
      if (inText) current += part;
    },
  });
  return strings;
}

function cellText(so: TextSoFar, shared: readonly string[]): XmlVisitor {
  let type: string | undefined;
  let value = '';
  let inValue = false;
  return {
    done: () => so.full,
    open(name, attribute) {
      if (name === 'c') [type, value] = [attribute('t'), ''];
      inValue = name === 'v' || name === 't';
    },
    close(name) {
      inValue = false;
      if (name === 'c') so.add(`${type === 's' ? (shared[Number(value)] ?? '') : value}\t`);
      if (name === 'row') so.add('\n');
    },
    text(part) {
      if (inValue) value += part;
    },
  };
}

const openBreaks: ReadonlySet<string> = new Set(['text:p', 'text:h', 'table:table-row', 'draw:page']);
/** Text that was deleted and is kept for review */
const openHidden = 'text:tracked-changes';

function openText(so: TextSoFar): XmlVisitor {
  let depth = 0;
  let hidden = false;
  return {
    done: () => so.full,
    open(name, attribute) {
      if (name === openHidden) hidden = true;
      if (name === 'text:p' || name === 'text:h') depth += 1;
      if (name === 'text:tab') so.add('\t');
      if (name === 'text:line-break') so.add('\n');
      if (name === 'text:s') so.add(' '.repeat(Math.min(100, Number(attribute('text:c') ?? 1) || 1)));
    },
    close(name) {
      if (name === openHidden) hidden = false;
      if (name === 'text:p' || name === 'text:h') depth -= 1;
      if (name === 'table:table-cell') so.add('\t');
      if (openBreaks.has(name)) so.add('\n');
    },
    text: (text) => depth > 0 && !hidden && so.add(text),
  };
}
