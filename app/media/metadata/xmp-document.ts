import { DOMParser, onErrorStopParsing, type Document, type Element, type Node } from '@xmldom/xmldom';
import { checkXmp, RDF } from './xmp.ts';

/**
 * A packet of XMP as a tree, to be edited.
 *
 * @throws XmpTooLarge, or another Error for what is no well-formed XML
 */
export const parseXml = (text: string): Document => {
  checkXmp(text);
  // The library tells of some faults by continuing: whoever writes the file back must not lose what it skipped.
  return new DOMParser({ onError: onErrorStopParsing }).parseFromString(
    text.replace(/^\uFEFF/u, ''),
    'application/xml',
  );
};

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

/** Items of a list; none for a property that is no list. */
export const itemsOf = (property: Element): Element[] => {
  const list = elementsOf(property).find(
    ({ namespaceURI, localName }) => namespaceURI === RDF && /^(?:Bag|Seq|Alt)$/u.test(localName ?? ''),
  );
  return list === undefined ? [] : elementsOf(list, RDF, 'li');
};
