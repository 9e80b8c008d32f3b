import type { Exif } from 'sharp';
import { metadataSchema, type Metadata } from '../../app/contract/index.ts';
import { readMetadata, type FileFacts } from '../../app/media/metadata.ts';
import { plain } from './image-files.ts';

/** When every file here was last changed. */
export const MODIFIED = Date.UTC(2020, 1, 2);

/** A JPEG with these tags. */
export const withExif = (exif: Exif): Promise<Buffer> => plain('#888').withExif(exif).jpeg().toBuffer();
/** What is read of a file, held against the contract. */
export const read = (file: Buffer, facts: Partial<FileFacts> = {}): Metadata => {
  const { metadata } = readMetadata(Buffer.from(file), { name: 'a.jpg', modifiedAt: MODIFIED, sidecars: [], ...facts });
  return metadataSchema.parse(metadata);
};

/** A packet of XMP with these properties. */
export const xmp = (properties: string): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:lr="http://ns.adobe.com/lightroom/1.0/" xmlns:mp="http://ns.microsoft.com/photo/1.0/" xmlns:digiKam="http://www.digikam.org/ns/1.0/">${properties}</rdf:Description></rdf:RDF></x:xmpmeta>`;

/** A JPEG with a packet of XMP as other programs write it: behind its first marker, no pixel touched. */
export const withXmp = (jpeg: Buffer, properties: string): Buffer => {
  const content = Buffer.from(`http://ns.adobe.com/xap/1.0/\0${xmp(properties)}`);
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(content.length + 2, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, content, jpeg.subarray(2)]);
};

/** A list of XMP. */
export const list = (...items: readonly string[]): string =>
  `<rdf:Bag>${items.map((item) => `<rdf:li>${item}</rdf:li>`).join('')}</rdf:Bag>`;
/** An XMP file beside `a.jpg`. */
export const beside = (properties: string, name = 'a.xmp'): FileFacts['sidecars'][number] => ({
  name,
  text: xmp(properties),
});
/** Google’s JSON beside `a.jpg`. */
export const takeout = (said: object): FileFacts['sidecars'][number] => ({
  name: 'a.jpg.json',
  text: JSON.stringify(said),
});
