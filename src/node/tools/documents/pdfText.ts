import { getDocumentProxy } from 'unpdf';
import { DocumentError, type DocumentText, TextSoFar } from './document.ts';

/** The text of a PDF, page by page. One that needs a password, or is only pictures, says so */
export async function pdfText(bytes: Uint8Array, most: number): Promise<DocumentText> {
  // Quiet, and nothing of it is run: fonts and scripts stay data
  const pdf = await getDocumentProxy(bytes, { isEvalSupported: false, disableFontFace: true, verbosity: 0 });
  const so = new TextSoFar(most);
  for (let number = 1; number <= pdf.numPages && !so.full; number += 1) {
    const page = await pdf.getPage(number);
    const { items } = await page.getTextContent();
    so.add(number === 1 ? '' : '\n\n');
    for (const item of items) if ('str' in item) so.add(`${item.str}${item.hasEOL ? '\n' : ''}`);
    page.cleanup();
  }
  const { text, truncated } = so.end();
  if (text === '') throw new DocumentError(`It has ${pdf.numPages} pages without any text; they may be pictures.`);
  return { ok: true, format: 'pdf', text, truncated, parts: pdf.numPages };
}
