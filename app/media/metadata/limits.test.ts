import { describe, expect, it } from 'vitest';
import { beside, list, read, takeout, withExif, withXmp, xmp } from '../../../test/support/described.ts';
import { plain } from '../../../test/support/image-files.ts';
import { readMetadata } from '../metadata.ts';
import { SourceReader } from './source-reader.ts';
import { checkXmp, readXmp, XmpTooLarge } from './xmp.ts';

/** Milliseconds of a core. */
const workOf = (task: () => unknown): number => {
  const before = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};
/** The best of three: what else the process does counts, too. */
const workAtBest = (task: () => unknown): number => Math.min(...[1, 2, 3].map(() => workOf(task)));

const times = (count: number, piece: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => piece(index)).join('');

describe('XMP', () => {
  it.each([
    ['190,000 empty properties', xmp(times(190_000, () => '<a/>'))],
    ['as many properties of one name', xmp(times(190_000, () => '<dc:a/>'))],
    [
      'a list of 190,000 items',
      xmp(`<dc:subject><rdf:Bag>${times(190_000, () => '<rdf:li>a</rdf:li>')}</rdf:Bag></dc:subject>`),
    ],
    [
      '100,000 attributes',
      xmp('').replace('<rdf:Description', `<rdf:Description ${times(100_000, (i) => ` a${i}=""`)}`),
    ],
    ['namespaces in each other', xmp(times(17_000, (i) => `<a xmlns:b${i}="u">`) + times(17_000, () => '</a>'))],
    ['40,000 namespaces side by side', xmp(`<a ${times(40_000, (i) => ` xmlns:b${i}="u"`)}/>`)],
    ['a title of 5 MB', xmp(`<dc:title>${'word '.repeat(1_000_000)}</dc:title>`)],
    ['brackets without end', '<'.repeat(5_000_000)],
  ])('with %s is read, or refused, in no time', (_, text) => {
    const task = (): void => {
      try {
        readXmp(text);
      } catch (error) {
        expect(error).toBeInstanceOf(XmpTooLarge);
      }
    };
    expect(workAtBest(task)).toBeLessThan(1000);
  });

  it('resolves no entity but those of XML', () => {
    const doctype = '<!DOCTYPE a [<!ENTITY a "boom"><!ENTITY f SYSTEM "file:///etc/passwd">]>';
    for (const entity of ['a', 'f'])
      expect(readXmp(doctype + xmp(`<dc:title>&${entity};</dc:title>`))).toEqual(new Map());
    expect(readXmp(xmp('<dc:title>a &amp; b</dc:title>')).get('dc:title')).toEqual(['a & b']);
  });

  it('reads the first of several values, whatever lies around it', () => {
    const text = xmp(
      `<dc:title> <rdf:Alt><rdf:li xml:lang="de">Meer</rdf:li><rdf:li xml:lang="x-default">Sea</rdf:li></rdf:Alt> <rdf:Bag><rdf:li>no</rdf:li></rdf:Bag></dc:title>` +
        '<xmp:Rating rdf:parseType="Resource"><rdf:value>4</rdf:value><a>9</a></xmp:Rating><dc:subject><rdf:Bag/></dc:subject><dc:rights><![CDATA[<free>]]></dc:rights>',
    );
    expect(Object.fromEntries(readXmp(text))).toEqual({
      'dc:title': ['Sea', 'Meer'],
      'xmp:Rating': ['4'],
      'dc:subject': [],
      'dc:rights': ['<free>'],
    });
  });

  it('is held to less where it is to be edited', () => {
    expect(() => checkXmp(xmp(times(60_000, () => '<a/>')))).toThrow('more than 50,000 properties');
    expect(() => checkXmp(xmp(`<a ${times(600, (i) => ` xmlns:b${i}="u"`)}/>`))).toThrow('more than 500 namespaces');
    expect(() => checkXmp(xmp('<q:r/>'))).toThrow();
    checkXmp(xmp('<dc:a/>'));
  });
});

describe('a source that passes the limits', () => {
  const large = times(210_000, () => '<dc:a/>');
  const facts = { name: 'a.jpg', modifiedAt: 0 };

  it('is left out and named; all others are read', async () => {
    const photo = Buffer.from(await withExif({ IFD0: { Model: 'Lumen' } }));
    const { metadata, leftOut } = readMetadata(photo, {
      ...facts,
      sidecars: [
        beside(large, 'a.jpg.xmp'),
        { name: 'a.xmp', text: null, refused: 'it is larger than 4 MB' },
        takeout({ description: 'a dog' }),
      ],
    });
    expect(metadata).toMatchObject({ camera: 'Lumen', description: 'a dog' });
    expect(leftOut).toMatch(/^Indexed without .*a\.jpg\.xmp \(it has more than 200,000 properties\).*Save it anew/u);
    expect(leftOut).toContain('a.xmp (it is larger than 4 MB)');
  });

  it('may be the file itself, whose sidecars are read then', async () => {
    const photo = withXmp(await plain('#888').jpeg().toBuffer(), '<a>'.repeat(200) + '</a>'.repeat(200));
    const { metadata, leftOut } = readMetadata(Buffer.from(photo), {
      ...facts,
      sidecars: [beside('<xmp:Rating>4</xmp:Rating>')],
    });
    expect(metadata.rating).toBe(4);
    expect(leftOut).toContain('the metadata in the file');
  });

  it('is said of nothing that is merely broken', async () => {
    const photo = await plain('#888').jpeg().toBuffer();
    const { leftOut } = readMetadata(Buffer.from(photo), { ...facts, sidecars: [{ name: 'a.xmp', text: '<broken' }] });
    expect(leftOut).toBeNull();
  });

  it('may also be one that takes too long, however that comes', () => {
    const reader = new SourceReader(50);
    const endless = { name: 'a.xmp', length: 1e6, read: () => /^(a+)+$/u.test(`${'a'.repeat(64)}b`) };
    const fine = { name: 'b.xmp', length: 1, read: () => true };
    expect(reader.readAll([endless, fine])).toEqual([undefined, true]);
    expect(reader.leftOut).toMatch(/^Indexed without a\.xmp \(reading it takes longer than 0\.05 s\)\./u);
  });
});

describe('tags of a file', () => {
  /** A TIFF with so many descriptions of a megabyte and a half, all at one place. */
  const overlapping = (tags: number): Buffer => {
    const length = 1_500_000;
    const tiff = Buffer.alloc(8 + 2 + 12 * tags + 4 + length, 'a');
    tiff.write('II*\0\x08\0\0\0', 'latin1');
    tiff.writeUInt16LE(tags, 8);
    for (let index = 0; index < tags; index++) {
      const at = 10 + 12 * index;
      tiff.writeUInt16LE(270, at);
      tiff.writeUInt16LE(2, at + 2);
      tiff.writeUInt32LE(length, at + 4);
      tiff.writeUInt32LE(tiff.length - length, at + 8);
    }
    return tiff;
  };

  it('are read only so often', () => {
    const tiff = Buffer.from(overlapping(60));
    const task = (): void => {
      const { leftOut } = readMetadata(tiff, { name: 'a.tif', modifiedAt: 0, sidecars: [] });
      expect(leftOut).toContain('the metadata in the file');
    };
    expect(workAtBest(task)).toBeLessThan(2000);
  });

  it('are kept in lengths that people write', async () => {
    const long = `${'w'.repeat(999)}🌅${'w'.repeat(24_000)}`;
    const metadata = read(await plain('#888').jpeg().toBuffer(), {
      sidecars: [
        beside(
          `<dc:title>${long}</dc:title><dc:description>${long}</dc:description><dc:subject>${list(...Array.from({ length: 3000 }, (_, i) => `${i} ${long.slice(0, 300)}`))}</dc:subject>`,
        ),
      ],
    });
    expect(metadata.title).toBe('w'.repeat(999));
    expect(metadata.description).toHaveLength(10_000);
    expect(metadata.keywords).toHaveLength(1000);
    expect(metadata.keywords[7]).toHaveLength(200);
  });
});
