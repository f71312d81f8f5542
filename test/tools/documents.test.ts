import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createDeflate } from 'node:zlib';
import { strToU8, zipSync } from 'fflate';
import { readDocument } from '../../src/node/tools/documents/readDocument.ts';
import { samplePdf } from './samplePdf.ts';
import { type ToolLab, openLab } from './toolLab.ts';

/** An archive of texts */
function archive(parts: Readonly<Record<string, string>>): Uint8Array {
  return zipSync(Object.fromEntries(Object.entries(parts).map(([name, text]) => [name, strToU8(text)])));
}

const word = (body: string): string => `<?xml version="1.0"?><w:document xmlns:w="x"><w:body>${body}</w:body></w:document>`;

describe('parse_document', () => {
  let lab: ToolLab;
  beforeEach(() => {
    lab = openLab();
  });
  afterEach(() => lab.end());

  const documents: readonly (readonly [name: string, bytes: Uint8Array, value: Readonly<Record<string, unknown>>])[] = [
    ['a.pdf', samplePdf(['First page\nsecond line', 'Second (page)']), { format: 'pdf', text: 'First page\nsecond line\n\nSecond (page)', parts: 2 }],
    ['a.docx', archive({ 'word/document.xml': word('<w:p><w:r><w:t>Tom &amp; </w:t></w:r><w:r><w:t>Ann</w:t><w:tab/><w:t>x</w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del></w:p><w:p><w:r><w:t>next</w:t></w:r></w:p>'), 'word/footnotes.xml': word('<w:p><w:r><w:t>note</w:t></w:r></w:p>') }), { format: 'docx', text: 'Tom & Ann\tx\nnext\nnote' }],
    ['a.xlsx', archive({
      'xl/workbook.xml': '<workbook xmlns:r="r"><sheets><sheet name="Sums" sheetId="1" r:id="rId1"/></sheets></workbook>',
      'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>',
      'xl/sharedStrings.xml': '<sst><si><t>Name</t></si><si><r><t>To</t></r><r><t>m</t></r></si></sst>',
      'xl/worksheets/sheet1.xml': '<worksheet><sheetData><row><c t="s"><v>0</v></c><c><v>7</v></c></row><row><c t="s"><v>1</v></c><c t="inlineStr"><is><t>in</t></is></c></row></sheetData></worksheet>',
    }), { format: 'xlsx', text: '--- sheet Sums ---\nName\t7\nTom\tin', parts: 1 }],
    ['a.pptx', archive({ 'ppt/presentation.xml': '<p/>', 'ppt/slides/slide10.xml': '<p><a:p><a:t>ten</a:t></a:p></p>', 'ppt/slides/slide2.xml': '<p><a:p><a:t>two</a:t></a:p></p>' }), { format: 'pptx', text: '--- slide 2 ---\ntwo\n\n--- slide 10 ---\nten', parts: 2 }],
    ['a.odt', archive({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '<office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:h>Title</text:h><text:p>a<text:s text:c="2"/>b<text:tab/>c</text:p></office:text>' }), { format: 'odt', text: 'Title\na  b\tc' }],
    ['a.html', Buffer.from('<!doctype html><head><title>Top</title><script>if (a < b) { x() }</script><style>p{}</style><body><p>One &amp; two<ul><li>three</ul>'), { format: 'html', text: 'Top\n\nOne & two\n\n- three' }],
    ['a.txt', Buffer.from('plain\n'), { format: 'text', text: 'plain\n' }],
  ];
  for (const [name, bytes, expected] of documents) {
    it(`reads ${name}`, async () => {
      writeFileSync(lab.at(name), bytes);
      const { value, untrusted } = await lab.done('parse_document', { path: name });
      assert.deepEqual(value, { path: lab.at(name), truncated: false, ...expected });
      assert.equal(untrusted, lab.at(name));
    });
  }

  it('gives as many characters as wanted, and says that there is more', async () => {
    writeFileSync(lab.at('a.pdf'), samplePdf(Array.from({ length: 50 }, (_, index) => `page ${index}`)));
    const { value } = await lab.done('parse_document', { path: 'a.pdf', maxChars: 13 });
    assert.deepEqual([value['text'], value['truncated']], ['page 0\n\npage ', true]);
  });

  describe('what means harm', () => {
    /** A document whose text part says in the directory that it is as large as `claimed` */
    function claiming(bytes: Uint8Array, claimed: number): Uint8Array {
      const copy = Buffer.from(bytes);
      const entry = copy.indexOf(Buffer.from('PK\x01\x02', 'latin1'));
      copy.writeUInt32LE(claimed, entry + 24);
      return copy;
    }

    const hostile: readonly (readonly [what: string, bytes: () => Uint8Array, says: RegExp])[] = [
      ['a bomb of one part', () => archive({ 'word/document.xml': word(`<w:t>${'a'.repeat(80 * 1024 * 1024)}</w:t>`) }), /unpack to more/],
      ['a bomb of many parts', () => archive(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`ppt/slides/slide${index + 1}.xml`, 'ab'.repeat(1_000_000)]))), /unpack to more/],
      ['a bomb that is small, but not in proportion', () => archive({ 'word/document.xml': 'a'.repeat(8 * 1024 * 1024) }), /unpack to more/],
      ['a part that claims 4 GB', () => claiming(archive({ 'word/document.xml': word('<w:t>a</w:t>') }), 0xffff_ffff), /unpack to more|damaged/],
      ['too many parts', () => archive(Object.fromEntries(Array.from({ length: 10_001 }, (_, index) => [`x${index}`, '']))), /more parts/],
      ['an archive that is no document', () => archive({ 'a.txt': 'x' }), /no office document/],
      ['an archive cut short', () => archive({ 'word/document.xml': word('<w:t>a</w:t>') }).subarray(0, 60), /damaged/],
      ['a PDF that is none', () => Buffer.from('%PDF-1.7\nnothing of it'), /damaged/],
      ['a PDF without text', () => samplePdf(['']), /without any text/],
      ['an old office file', () => Buffer.from('d0cf11e0a1b11ae1000000', 'hex'), /old binary format/],
      ['bytes', () => Buffer.from([0, 1, 2, 255]), /no document that is known/],
    ];
    for (const [what, bytes, says] of hostile) {
      it(`${what} is refused with its reason`, async () => {
        writeFileSync(lab.at('a'), bytes());
        const { code, message } = await lab.fails('parse_document', { path: 'a' }, { largestFile: () => 100 * 1024 * 1024 });
        assert.equal(code, 'unreadable', message);
        assert.match(message, says);
      });
    }

    it('a bomb that lies about its size is unpacked to the size it tells, and no further', async () => {
      writeFileSync(lab.at('a.docx'), claiming(archive({ 'word/document.xml': word(`<w:t>${'a'.repeat(80 * 1024 * 1024)}</w:t>`) }), 1_000));
      const { value } = await lab.done('parse_document', { path: 'a.docx' });
      assert.ok((value['text'] as string).length < 1_000);
    });

    it('entities that a document defines are not replaced', async () => {
      const nested = Array.from({ length: 20 }, (_, index) => `<!ENTITY e${index + 1} "&e${index};&e${index};&e${index};">`).join('');
      writeFileSync(lab.at('a.docx'), archive({ 'word/document.xml': `<?xml version="1.0"?><!DOCTYPE w [<!ENTITY e0 "lol">${nested}<!ENTITY f SYSTEM "file:///etc/passwd">]>${word('<w:p><w:t>&e20;&f;</w:t></w:p>')}` }));
      const { value } = await lab.done('parse_document', { path: 'a.docx' });
      assert.ok(!/lol|root/.test(value['text'] as string), value['text'] as string);
    });

    it('a PDF that unpacks without end is ended before it takes the memory of the editor', async () => {
      const packed = await buffer(Readable.from(Array.from({ length: 512 }, () => Buffer.alloc(1024 * 1024, 'A '))).pipe(createDeflate()));
      const bomb = samplePdf(['']).toString('latin1').replace(/stream\n[^]*?\nendstream/, () => `stream\n${packed.toString('latin1')}\nendstream`).replace(/\/Length \d+/, '');
      await assert.rejects(readDocument({ bytes: Buffer.from(bomb, 'latin1'), kind: 'document', most: 100 }, undefined, 'it', { time: 60_000, growth: 128 * 1024 * 1024 }), { code: 'unreadable', message: /far more than a document/ });
    });

    it('one that takes too long is ended', async () => {
      const deep = Buffer.from(samplePdf(Array.from({ length: 400 }, () => 'x'.repeat(2_000))));
      await assert.rejects(readDocument({ bytes: deep, kind: 'document', most: 1_000_000 }, undefined, 'it', { time: 1, growth: 1024 ** 3 }), { code: 'unreadable', message: /could not be read in/ });
    });

    it('the caller can stop it', async () => {
      const stop = new AbortController();
      const reading = readDocument({ bytes: samplePdf(['x']), kind: 'document', most: 10 }, stop.signal, 'it');
      stop.abort();
      await assert.rejects(reading, { code: 'cancelled' });
    });
  });
});
