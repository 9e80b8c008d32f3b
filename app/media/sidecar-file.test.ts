import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { list, read, xmp } from '../../test/support/described.ts';
import { plain } from '../../test/support/image-files.ts';
import { sidecarText, writeSidecar, type Words } from './sidecar-file.ts';

let photo = Buffer.alloc(0);
let folder = '';
beforeAll(async () => {
  photo = await plain('#888').png().toBuffer();
  folder = await mkdtemp(join(tmpdir(), 'afterimage-sidecars-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What is read of a photo with this XMP beside it. */
const told = (text: string): Words => {
  const { rating, keywords } = read(photo, { sidecars: [{ name: 'a.xmp', text }] });
  return { rating, keywords };
};

/** As darktable and Lightroom write them: several descriptions, attributes, other prefixes, comments, instructions. */
const existing = [
  null,
  xmp(`<xmp:Rating>2</xmp:Rating><dc:subject>${list('old', 'older')}</dc:subject>`),
  xmp(`<lr:hierarchicalSubject>${list('Animals|Dog')}</lr:hierarchicalSubject><mp:Rating>25</mp:Rating>`),
  `\uFEFF<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<!-- made by hand -->
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Someone &amp; Co"><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <r:Description r:about="" xmlns:xap="http://ns.adobe.com/xap/1.0/" xap:Rating="-1" xmlns:dt="http://darktable.sf.net/" dt:history_end="3">
    <dt:history><r:Seq><r:li dt:num="0" dt:params="00 &lt;x&gt;"/></r:Seq></dt:history>
  </r:Description>
  <r:Description r:about="" xmlns:d="http://purl.org/dc/elements/1.1/"><d:creator>Ada</d:creator><d:subject><r:Seq><r:li xml:lang="en">a</r:li></r:Seq></d:subject></r:Description>
  <r:Description xmlns:d="http://purl.org/dc/elements/1.1/"><d:subject><r:Bag><r:li>b</r:li></r:Bag></d:subject></r:Description>
</r:RDF></x:xmpmeta>
<?xpacket end="w"?>`,
];

describe('sidecarText', () => {
  it('is read back as it was written, over whatever was there', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...existing),
        fc.record({
          rating: fc.integer({ min: 0, max: 5 }),
          keywords: fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 })),
        }),
        (before, words) => {
          const text = sidecarText(before, words);
          const plainly = words.keywords
            .map((word) => word.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim())
            .filter(Boolean);
          expect(told(text)).toEqual({ rating: words.rating, keywords: [...new Set(plainly)] });
          expect(sidecarText(text, words)).toBe(text);
        },
      ),
    );
  });

  it('keeps all that it is not about', () => {
    const text = sidecarText(existing[3] ?? null, { rating: 4, keywords: ['c', 'd & <e>'] });
    expect(told(text)).toEqual({ rating: 4, keywords: ['c', 'd & <e>'] });
    for (const kept of [
      '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
      '<!-- made by hand -->',
      'x:xmptk="Someone &amp; Co"',
      'dt:history_end="3"',
      '<r:li dt:num="0" dt:params="00 &lt;x&gt;"/>',
      '<d:creator>Ada</d:creator>',
      'xap:Rating="4"',
      '<?xpacket end="w"?>',
    ])
      expect(text).toContain(kept);
  });

  it('leaves stars that it is not told, and agrees with those of Windows', () => {
    expect(told(sidecarText(existing[1] ?? null, { rating: null, keywords: [] }))).toEqual({ rating: 2, keywords: [] });
    expect(sidecarText(existing[2] ?? null, { rating: 4, keywords: [] })).toContain('<mp:Rating>75</mp:Rating>');
  });

  it('keeps a hierarchy that the keywords still say, and no other', () => {
    expect(sidecarText(existing[2] ?? null, { rating: null, keywords: ['Dog', 'Animals'] })).toContain('Animals|Dog');
    expect(sidecarText(existing[2] ?? null, { rating: null, keywords: ['Dog'] })).not.toContain('Animals');
  });

  it('is short and plain when it is new', () => {
    expect(sidecarText(null, { rating: 3, keywords: ['dog'] }))
      .toBe(`<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">
   <xmp:Rating>3</xmp:Rating>
   <dc:subject>
    <rdf:Bag>
     <rdf:li>dog</rdf:li>
    </rdf:Bag>
   </dc:subject>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>`);
  });

  it.each(['', 'words', '<x/>', '<a><b></a>', xmp('').slice(0, -5), xmp('<q:r/>'), xmp('&nbsp;')])(
    'refuses to edit %j',
    (damaged) => {
      expect(() => sidecarText(damaged, { rating: 3, keywords: [] })).toThrow('left as it is');
    },
  );
});

describe('writeSidecar', () => {
  it('writes a new file, edits one that is there, and leaves nothing else', async () => {
    const path = join(folder, 'a.jpg.xmp');
    await writeSidecar(path, { rating: 2, keywords: ['dog'] });
    await writeSidecar(path, { rating: 5, keywords: ['dog', 'sea'] });
    expect(told(await readFile(path, 'utf8'))).toEqual({ rating: 5, keywords: ['dog', 'sea'] });
    expect(await readdir(folder)).toEqual(['a.jpg.xmp']);
  });

  it('leaves a damaged file as it is', async () => {
    const path = join(folder, 'damaged.xmp');
    await writeFile(path, '<broken');
    await expect(writeSidecar(path, { rating: 2, keywords: [] })).rejects.toMatchObject({ kind: 'unreadable' });
    expect(await readFile(path, 'utf8')).toBe('<broken');
    expect(await readdir(folder)).not.toContainEqual(expect.stringContaining('.new'));
  });

  it.skipIf(process.platform === 'win32')('leaves a link, and what it points at, as they are', async () => {
    const victim = join(folder, 'victim');
    await writeFile(victim, 'letter');
    const path = join(folder, 'link.xmp');
    for (const target of [victim, join(folder, 'nowhere')]) {
      await symlink(target, path);
      await expect(writeSidecar(path, { rating: 2, keywords: [] })).rejects.toMatchObject({
        kind: 'unreadable',
        message: expect.stringMatching(/The XMP file was left as it is: .*link\.xmp is a link/u),
      });
      await rm(path);
    }
    expect(await readFile(victim, 'utf8')).toBe('letter');
  });

  it.skipIf(process.platform === 'win32')('keeps who may read a file', async () => {
    const path = join(folder, 'shared.xmp');
    await writeSidecar(path, { rating: 2, keywords: [] });
    // As wide as this person lets new files be.
    const other = join(folder, 'other.txt');
    await writeFile(other, '', { mode: 0o664 });
    await chmod(path, 0o664);
    await writeSidecar(path, { rating: 3, keywords: [] });
    expect((await stat(path)).mode).toBe((await stat(other)).mode);
  });

  it('says where it cannot write', async () => {
    await expect(writeSidecar(join(folder, 'none', 'a.xmp'), { rating: 2, keywords: [] })).rejects.toMatchObject({
      kind: 'unreadable',
      message: expect.stringContaining('a.xmp cannot be written (ENOENT)'),
    });
    await mkdir(join(folder, 'b.xmp'));
    await expect(writeSidecar(join(folder, 'b.xmp'), { rating: 2, keywords: [] })).rejects.toMatchObject({
      kind: 'unreadable',
    });
  });
});
