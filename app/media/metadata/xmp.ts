import { SaxesParser, type SaxesTagNS } from 'saxes';

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
/** What stands for prefixes that a packet uses without saying what they mean. */
const USUAL: Readonly<Record<string, string>> = { ...NAMESPACES, rdf: RDF };

/** Properties with their texts; a list that is empty is there, too. */
export type Xmp = ReadonlyMap<string, readonly string[]>;

/** A packet is larger or deeper than is read. `message` is the end of a sentence about it. */
export class XmpTooLarge extends Error {
  override readonly name = 'XmpTooLarge';
}

interface Limits {
  /** Elements and attributes. */
  readonly nodes: number;
  /** Of namespaces: each costs time for every element below it. */
  readonly declarations: number;
}

/** Far more than any program writes; the largest are long histories of edits, and depth maps as text. */
const MOST_CHARACTERS = 6_000_000;
const MOST_LEVELS = 100;
const MOST_ITEMS = 10_000;
const READABLE: Limits = { nodes: 200_000, declarations: 200_000 };
/** As a tree, a packet takes ten times as long. */
const EDITABLE: Limits = { nodes: 50_000, declarations: 500 };

/** Reads a packet of XMP; one that is damaged says nothing. @throws XmpTooLarge */
export const readXmp = (text: string): Xmp => {
  try {
    return new PacketReader(READABLE, true).read(text);
  } catch (error) {
    if (error instanceof XmpTooLarge) throw error;
    return new Map();
  }
};

/** Looks whether a packet can be held as a tree. @throws XmpTooLarge, or another Error for what is no well-formed XML */
export const checkXmp = (text: string): void => {
  new PacketReader(EDITABLE, false).read(text);
};

const tooMany = (limit: number, what: string): XmpTooLarge =>
  new XmpTooLarge(`it has more than ${limit.toLocaleString('en')} ${what}`);

/** The text of an element, or that of the first `rdf:value` in it. */
class ElementText {
  readonly #level: number;
  #whole = '';
  #value: string | null = null;
  #valueLevel: number | null = null;

  constructor(level: number) {
    this.#level = level;
  }

  open({ uri, local }: SaxesTagNS, level: number): void {
    if (this.#value !== null || uri !== RDF || local !== 'value' || level <= this.#level) return;
    this.#value = '';
    this.#valueLevel = level;
  }

  add(text: string): void {
    this.#whole += text;
    if (this.#valueLevel !== null) this.#value = `${this.#value ?? ''}${text}`;
  }

  close(level: number): void {
    if (level === this.#valueLevel) this.#valueLevel = null;
  }

  get text(): string {
    return (this.#value ?? this.#whole).trim();
  }
}

/** The property that is being read. */
interface Open {
  readonly name: string;
  readonly text: ElementText;
  /** Whether it is a list: the first that it holds counts. */
  list: 'none' | 'open' | 'closed';
  item: { readonly text: ElementText; readonly isUsual: boolean } | null;
  /** Items of the list, those in the usual language first. */
  readonly usual: string[];
  readonly others: string[];
}

/**
 * Reads the properties of a packet in one pass, in time and memory that grow with its length: those of the descriptions in its
 * first `rdf:RDF`. No entity but the five of XML is resolved.
 */
class PacketReader {
  readonly #found = new Map<string, string[]>();
  readonly #parser;
  readonly #limits: Limits;
  #nodes = 0;
  #declarations = 0;
  /** Of the element that is being read; the root's is 1. */
  #level = 0;
  /** Of the first `rdf:RDF`; null before it, and 0 behind it. */
  #rdf: number | null = null;
  #isInDescription = false;
  #open: Open | null = null;

  /** @param isLenient prefixes that are not declared have their usual meaning: some programs forget it */
  constructor(limits: Limits, isLenient: boolean) {
    this.#limits = limits;
    const parser = new SaxesParser({
      xmlns: true,
      position: false,
      ...(isLenient ? { resolvePrefix: (prefix: string) => USUAL[prefix] ?? 'urn:unknown' } : {}),
    });
    parser.on('error', (error) => {
      throw error;
    });
    parser.on('attribute', ({ prefix }) => this.#count(prefix === 'xmlns'));
    parser.on('opentag', (tag) => this.#enter(tag));
    parser.on('closetag', () => this.#leave());
    parser.on('text', (text) => this.#add(text));
    parser.on('cdata', (text) => this.#add(text));
    this.#parser = parser;
  }

  read(text: string): Xmp {
    if (text.length > MOST_CHARACTERS)
      throw new XmpTooLarge(`it is longer than ${MOST_CHARACTERS.toLocaleString('en')} characters`);
    this.#parser.write(text.replace(/^\uFEFF/u, '')).close();
    return this.#found;
  }

  #count(isDeclaration = false): void {
    const { nodes, declarations } = this.#limits;
    if (++this.#nodes > nodes) throw tooMany(nodes, 'properties');
    if (isDeclaration && ++this.#declarations > declarations) throw tooMany(declarations, 'namespaces');
  }

  #enter(tag: SaxesTagNS): void {
    this.#count();
    const level = ++this.#level;
    if (level > MOST_LEVELS) throw new XmpTooLarge(`its properties lie in each other more than ${MOST_LEVELS} times`);
    const { uri, local } = tag;
    if (this.#rdf === null) {
      if (uri === RDF && local === 'RDF') this.#rdf = level;
      return;
    }
    if (this.#open !== null) this.#enterBelow(this.#open, tag, level - this.#rdf);
    else if (level === this.#rdf + 1) {
      this.#isInDescription = uri === RDF && local === 'Description';
      if (this.#isInDescription)
        for (const attribute of Object.values(tag.attributes)) {
          const name = nameOf(attribute);
          if (name !== null) this.#keep(name, [attribute.value]);
        }
    } else if (level === this.#rdf + 2 && this.#isInDescription) {
      const name = nameOf(tag);
      if (name !== null)
        this.#open = { name, text: new ElementText(level), list: 'none', item: null, usual: [], others: [] };
    }
  }

  /** @param depth below `rdf:RDF`: 3 for what a property holds, 4 for the items of its list */
  #enterBelow(open: Open, tag: SaxesTagNS, depth: number): void {
    const { uri, local, attributes } = tag;
    open.text.open(tag, this.#level);
    open.item?.text.open(tag, this.#level);
    if (uri !== RDF) return;
    if (depth === 3 && open.list === 'none' && /^(?:Bag|Seq|Alt)$/u.test(local)) open.list = 'open';
    else if (depth === 4 && open.list === 'open' && local === 'li')
      open.item = { text: new ElementText(this.#level), isUsual: attributes['xml:lang']?.value === 'x-default' };
  }

  #add(text: string): void {
    this.#open?.text.add(text);
    this.#open?.item?.text.add(text);
  }

  #leave(): void {
    const level = this.#level--;
    if (level === this.#rdf) this.#rdf = 0;
    const open = this.#open;
    if (open === null || this.#rdf === null) return;
    open.text.close(level);
    open.item?.text.close(level);
    const depth = level - this.#rdf;
    if (depth === 4 && open.item !== null) {
      (open.item.isUsual ? open.usual : open.others).push(open.item.text.text);
      open.item = null;
    } else if (depth === 3 && open.list === 'open') open.list = 'closed';
    else if (depth === 2) {
      this.#keep(open.name, open.list === 'none' ? [open.text.text] : [...open.usual, ...open.others]);
      this.#open = null;
    }
  }

  #keep(name: string, texts: readonly string[]): void {
    const kept = this.#found.get(name) ?? [];
    this.#found.set(name, kept);
    for (const text of texts) if (text !== '' && kept.length < MOST_ITEMS) kept.push(text);
  }
}

/** @returns null for properties that nobody here asks for */
const nameOf = ({ uri, local }: { readonly uri: string; readonly local: string }): Property | null => {
  const prefix = PREFIXES.get(uri);
  // The map holds the prefixes of `NAMESPACES` alone.
  return prefix === undefined ? null : (`${prefix}:${local}` as Property);
};
