import sax from 'sax';

/** What a walk over a document's elements is told; names are lower case with their prefix, like `w:t` */
export interface XmlVisitor {
  open?(name: string, attribute: (name: string) => string | undefined): void;
  close?(name: string): void;
  text?(text: string): void;
  /** Asked now and then; the walk ends where it is true */
  done?(): boolean;
}

/** Taken in at once, in characters */
const portion = 64 * 1024;

/**
 * Walks over XML or HTML as it comes, without building a tree. Not strict: a fault is passed over, and only the entities that
 * HTML knows are replaced; a document defines none.
 */
export function walkXml(text: string, visitor: XmlVisitor): void {
  const parser = sax.parser(false, { lowercase: true, trim: false, normalize: false });
  const onText = (part: string): void => visitor.text?.(part);
  Object.assign(parser, {
    onopentag: ({ name, attributes }: sax.Tag) => visitor.open?.(name, (each) => attributes[each]),
    onclosetag: (name: string) => visitor.close?.(name),
    ontext: onText,
    oncdata: onText,
    onerror: () => parser.resume(),
  });
  // A page need not have one element around all others
  parser.write('<walk>');
  for (let at = 0; at < text.length && visitor.done?.() !== true; at += portion) parser.write(text.slice(at, at + portion));
  if (visitor.done?.() !== true) parser.close();
}
