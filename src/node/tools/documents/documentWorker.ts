/** The thread that reads one document: what is in it can use up this thread, and no more */
import { isUtf8 } from 'node:buffer';
import { parentPort, workerData } from 'node:worker_threads';
import { DocumentError, type DocumentText, type Given, type Read } from './document.ts';
import { htmlText } from './htmlText.ts';
import { officeText } from './officeText.ts';
import { pdfText } from './pdfText.ts';

async function read({ bytes, kind, most }: Given): Promise<DocumentText> {
  const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (kind === 'html') return htmlText(whole.toString('utf8'), most);
  if (whole.subarray(0, 1024).includes('%PDF-')) return pdfText(bytes, most);
  if (whole.subarray(0, 4).equals(Buffer.from('PK\x03\x04', 'latin1'))) return officeText(bytes, most);
  if (whole.subarray(0, 8).toString('hex') === 'd0cf11e0a1b11ae1') throw new DocumentError('It is in the old binary format of Office, or locked with a password; save it in the newer one (docx, xlsx, pptx).');
  if (whole.includes(0) || !isUtf8(whole)) throw new DocumentError('It is no document that is known: PDF, docx, xlsx, pptx, odt, ods, odp, HTML or text.');
  const text = whole.toString('utf8');
  if (/^\s*(?:<!doctype html|<html)/i.test(text)) return htmlText(text, most);
  return { ok: true, format: 'text', text: text.slice(0, most), truncated: text.length > most };
}

function reasonOf(error: unknown): string {
  if (error instanceof DocumentError) return error.message;
  if (error instanceof Error && error.name === 'PasswordException') return 'It is locked with a password.';
  return `It is damaged or not what it looks like (${error instanceof Error ? error.message : String(error)}).`;
}

void read(workerData as Given)
  .catch((error: unknown): Read => ({ ok: false, reason: reasonOf(error) }))
  .then((answer) => parentPort?.postMessage(answer));
