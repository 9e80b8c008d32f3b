import { XMLSerializer, type Attr, type Document, type Element, type Text } from '@xmldom/xmldom';
import { NAMESPACES, RDF, type Property } from './xmp.ts';
import { descriptionsOf, elementsOf, itemsOf, parseXml } from './xmp-document.ts';

/** A packet of XMP that is being edited: what nobody names stays as it is. */
export class XmpPacket {
  readonly #document: Document;
  readonly #descriptions: readonly [Element, ...Element[]];

  /** @throws Error for what is too large, or no well-formed XMP with a description in it */
  constructor(text: string) {
    this.#document = parseXml(text);
    const [first, ...others] = descriptionsOf(this.#document);
    if (first === undefined) throw new Error('It describes nothing.');
    this.#descriptions = [first, ...others];
  }

  has(property: Property): boolean {
    return this.#attributes(property).length > 0 || this.#elements(property).length > 0;
  }

  setText(property: Property, text: string): void {
    const [attribute] = this.#attributes(property);
    if (attribute !== undefined && this.#elements(property).length === 0) attribute.value = text;
    else this.#only(property).textContent = text;
  }

  /** Makes it a list without an order. */
  setList(property: Property, items: readonly string[]): void {
    const bag = this.#create('rdf:Bag');
    for (const item of items) {
      const entry = this.#create('rdf:li');
      entry.textContent = item;
      addBelow(this.#document, bag, entry, 5);
    }
    const element = this.#only(property);
    for (const attribute of [...element.attributes])
      if (attribute.namespaceURI === RDF) element.removeAttributeNode(attribute);
    element.textContent = '';
    addBelow(this.#document, element, bag, 4);
  }

  /** Leaves out the items of a list that are not to be kept. */
  keepItems(property: Property, isKept: (text: string) => boolean): void {
    for (const item of this.#elements(property).flatMap(itemsOf))
      if (!isKept(item.textContent ?? '')) item.parentNode?.removeChild(item);
  }

  get text(): string {
    return new XMLSerializer().serializeToString(this.#document);
  }

  #attributes(property: Property): Attr[] {
    const [namespace, name] = namesOf(property);
    return this.#descriptions.flatMap((description) => description.getAttributeNodeNS(namespace, name) ?? []);
  }

  #elements(property: Property): Element[] {
    return this.#descriptions.flatMap((description) => elementsOf(description, ...namesOf(property)));
  }

  /** The one element of a property: the first that there is, or a new one. */
  #only(property: Property): Element {
    for (const attribute of this.#attributes(property)) attribute.ownerElement?.removeAttributeNode(attribute);
    const [first, ...others] = this.#elements(property);
    for (const other of others) other.parentNode?.removeChild(other);
    if (first !== undefined) return first;
    const element = this.#create(property);
    addBelow(this.#document, this.#descriptions[0], element, 3);
    return element;
  }

  #create(name: Property | 'rdf:Bag' | 'rdf:li'): Element {
    return this.#document.createElementNS(namesOf(name)[0], name);
  }
}

const namesOf = (name: string): readonly [namespace: string, localName: string] => {
  const [prefix = '', localName = ''] = name.split(':');
  const known: Readonly<Record<string, string>> = { ...NAMESPACES, rdf: RDF };
  return [known[prefix] ?? '', localName];
};

/** On a line of its own, as people and other programs like it. */
const addBelow = (document: Document, parent: Element, child: Element, depth: number): void => {
  const space = (spaces: number): Text => document.createTextNode(`\n${' '.repeat(spaces)}`);
  const last = parent.lastChild;
  const end = last?.nodeType === last?.TEXT_NODE && last?.nodeValue?.trim() === '' ? last : null;
  parent.insertBefore(space(depth), end);
  parent.insertBefore(child, end);
  if (end === null) parent.appendChild(space(depth - 1));
};
