import { writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { device, folder, linkTo, pipe, sparse, type Replace } from '../entries.ts';
import { bomb, type Bomb } from './bomb.ts';

const RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"';
const DC = 'xmlns:dc="http://purl.org/dc/elements/1.1/"';
/** An XMP file with this in its description. */
export const xmp = (content: string, attributes = ''): string =>
  `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF ${RDF}><rdf:Description ${DC}${attributes}>${content}</rdf:Description></rdf:RDF></x:xmpmeta>`;

const entities = (levels: number): string =>
  `<!DOCTYPE x [<!ENTITY e0 "ha">${Array.from({ length: levels }, (_, level) => `<!ENTITY e${level + 1} "${`&e${level};`.repeat(10)}">`).join('')}]>${xmp(`<dc:title>&e${levels};</dc:title>`)}`;

/** Texts of XMP that take long, or hold more than anybody writes. */
const xmpTexts: Readonly<Record<string, () => string>> = {
  properties: () => xmp('<dc:a/>'.repeat(270_000)),
  'properties with text': () => xmp('<dc:subject>a</dc:subject>'.repeat(140_000)),
  attributes: () => xmp('', Array.from({ length: 200_000 }, (_, index) => ` dc:a${index}=""`).join('')),
  'nested namespaces': () => Array.from({ length: 20_000 }, (_, level) => `<a xmlns:n${level}="u">`).join(''),
  'nested namespaces, closed': () =>
    `${Array.from({ length: 12_000 }, (_, level) => `<a xmlns:n${level}="u">`).join('')}${'</a>'.repeat(12_000)}`,
  'nested elements': () => xmp('<dc:a>'.repeat(400_000)),
  'nested lists': () =>
    xmp(`${'<dc:subject><rdf:Bag><rdf:li>'.repeat(20_000)}x${'</rdf:li></rdf:Bag></dc:subject>'.repeat(20_000)}`),
  entities: () => entities(9),
  'entities, deep': () => entities(10_000),
  items: () => xmp(`<dc:subject><rdf:Bag>${'<rdf:li>a</rdf:li>'.repeat(190_000)}</rdf:Bag></dc:subject>`),
  'a long title': () => xmp(`<dc:title>${'long '.repeat(750_000)}</dc:title>`),
  prefixes: () => Array.from({ length: 180_000 }, (_, index) => `<p${index}:a/>`).join(''),
  descriptions: () => `<rdf:RDF ${RDF}>${'<rdf:Description/>'.repeat(200_000)}</rdf:RDF>`,
  comments: () => xmp('<!---->'.repeat(400_000)),
  'open angle brackets': () => '<'.repeat(3_900_000),
  'more than is read': () => xmp('<dc:a/>'.repeat(2_000_000)),
};

/** Texts of Google's JSON. */
const jsonTexts: Readonly<Record<string, () => string>> = {
  deep: () => '['.repeat(3_000_000),
  'deep and closed': () => `{"people":${'['.repeat(3000)}${']'.repeat(3000)}}`,
  people: () =>
    JSON.stringify({ people: Array.from({ length: 150_000 }, (_, index) => ({ name: `person ${index}` })) }),
  'a long description': () => JSON.stringify({ description: 'long '.repeat(750_000) }),
  numbers: () => `{"geoData":{"latitude":1e999,"longitude":-1e999},"photoTakenTime":{"timestamp":"-99999999999"}}`,
  digits: () => `{"geoData":{"latitude":${'9'.repeat(3_000_000)}}}`,
  keys: () => `{${Array.from({ length: 300_000 }, (_, index) => `"k${index}":0`).join(',')}}`,
};

/** In the place of a sidecar. */
const places: Readonly<Record<string, Replace>> = {
  pipe,
  device,
  folder,
  'three gigabytes': sparse(3 * 2 ** 30),
  'link to nothing': linkTo('nothing-there'),
  'link to itself': linkTo('place link to itself.jpg.xmp'),
};

const photoOf = (name: string): Promise<Buffer> =>
  // Of a colour that follows from its name: no two are one photo.
  sharp({
    create: {
      width: 320,
      height: 240,
      channels: 3,
      background: { r: name.length * 5, g: name.charCodeAt(0), b: name.charCodeAt(name.length - 1) },
    },
  })
    .jpeg()
    .toBuffer();

const beside = (name: string, sidecar: string, write: (path: string) => Promise<unknown>): readonly Bomb[] => [
  bomb(`${name}.jpg`, () => photoOf(name)),
  { name: `${name}.jpg${sidecar}`, fate: 'hidden', write },
];

export const sidecarBombs: readonly Bomb[] = [
  ...Object.entries(xmpTexts).flatMap(([name, text]) =>
    beside(`xmp ${name}`, '.xmp', (path) => writeFile(path, text())),
  ),
  ...Object.entries(jsonTexts).flatMap(([name, text]) =>
    beside(`json ${name}`, '.json', (path) => writeFile(path, text())),
  ),
  ...Object.entries(places).flatMap(([name, replace]) => beside(`place ${name}`, '.xmp', replace)),
];
