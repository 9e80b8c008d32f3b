import { DOMParser, onErrorStopParsing, type Document, type Element, type Node } from '@xmldom/xmldom';

export const RDF = 'http://www.w3.org/1999/02/22-rdf-syntax-ns#';

/** Namespaces of the properties that are read and written, by their usual prefix. */
export const NAMESPACES = {
  xmp: 'http://ns.adobe.com/xap/1.0/',
  dc: 'http://purl.org/dc/elements/1.1/',
  exif: 'http://ns.adobe.com/exif/1.0/',
  exifEX: 'http://cipa.jp/exif/1.0/',
  tiff: 'http://ns.adobe.com/tiff/1.0/',
  aux: 'http://ns.adobe.com/exif/1.0/aux/',
  photoshop: 'http://ns.adobe.com/photoshop/1.0/',
  lr: 'http://ns.adobe.com/lightroom/1.0/',
  MicrosoftPhoto: 'http://ns.microsoft.com/photo/1.0/',
  digiKam: 'http://www.digikam.org/ns/1.0/',
} as const;
type Prefix = keyof typeof NAMESPACES;
/** A property as it is usually written, whatever prefix a file has for it. */
export type Property = `${Prefix}:${string}`;

const PREFIXES = new Map<string, string>(Object.entries(NAMESPACES).map(([prefix, uri]) => [uri, prefix]));

/** Properties with their texts; a list that is empty is there, too. */
export type Xmp = ReadonlyMap<string, readonly string[]>;

/** @throws ParseError for what is no well-formed XML */
export const parseXml = (text: string): Document =>
  // The library tells of some faults by continuing: whoever writes the file back must not lose what it skipped.
  new DOMParser({ onError: onErrorStopParsing }).parseFromString(text.replace(/^\uFEFF/u, ''), 'application/xml');

/** The descriptions of a packet that hold its properties; there may be several, one for each namespace. */
export const descriptionsOf = (document: Document): Element[] =>
  [...document.getElementsByTagNameNS(RDF, 'RDF')].slice(0, 1).flatMap((rdf) => elementsOf(rdf, RDF, 'Description'));

/** Elements right below a node: all of them, or those of one name. */
export const elementsOf = (node: Node, namespace?: string, name?: string): Element[] =>
  [...node.childNodes].filter(
    (child): child is Element =>
      child.nodeType === child.ELEMENT_NODE &&
      (namespace === undefined || (child.namespaceURI === namespace && child.localName === name)),
  );

/** Items of a list, the usual language first; null for a property that is no list. */
export const listOf = (property: Element): Element[] | null => {
  const list = elementsOf(property).find(
    ({ namespaceURI, localName }) => namespaceURI === RDF && /^(?:Bag|Seq|Alt)$/u.test(localName ?? ''),
  );
  if (list === undefined) return null;
  const isUsual = (item: Element): boolean => item.getAttribute('xml:lang') === 'x-default';
  const items = elementsOf(list, RDF, 'li');
  return [...items.filter(isUsual), ...items.filter((item) => !isUsual(item))];
};

const textOf = (element: Element): string =>
  (element.getElementsByTagNameNS(RDF, 'value')[0] ?? element).textContent?.trim() ?? '';

/** Reads a packet of XMP; one that is damaged says nothing. */
export const readXmp = (text: string): Xmp => {
  const found = new Map<string, readonly string[]>();
  const add = (namespace: string | null, name: string | null, texts: readonly string[]): void => {
    const prefix = PREFIXES.get(namespace ?? '');
    const property = `${prefix}:${name}`;
    if (prefix !== undefined) found.set(property, [...(found.get(property) ?? []), ...texts.filter(Boolean)]);
  };
  for (const description of lenient(text)) {
    for (const attribute of description.attributes) add(attribute.namespaceURI, attribute.localName, [attribute.value]);
    for (const property of elementsOf(description))
      add(property.namespaceURI, property.localName, (listOf(property) ?? [property]).map(textOf));
  }
  return found;
};

const lenient = (text: string): Element[] => {
  for (const attempt of [text, declared(text)]) {
    try {
      return descriptionsOf(parseXml(attempt));
    } catch {
      // Some programs forget to declare what they use.
    }
  }
  return [];
};

/** With namespaces for the prefixes that have none. */
const declared = (text: string): string => {
  const used = new Set(Array.from(text.matchAll(/[\s</]([A-Za-z][\w-]*):[A-Za-z]/gu), ([, prefix = '']) => prefix));
  const known: Readonly<Record<string, string>> = { ...NAMESPACES, rdf: RDF, x: 'adobe:ns:meta/' };
  const missing = [...used].filter((prefix) => !/^xml(?:ns)?$/u.test(prefix) && !text.includes(`xmlns:${prefix}=`));
  const declarations = missing.map((prefix) => ` xmlns:${prefix}="${known[prefix] ?? 'urn:unknown'}"`).join('');
  return text.replace(/<[A-Za-z][\w:-]*/u, (tag) => tag + declarations);
};
