// @ts-check
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { root } from './tools.mjs';

/** Shares of a tile's side: its margin, its corners, and the margin of the logo on it. */
const [margin, corner, inset] = [0.08, 0.2, 0.2];
const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** Names of Apple's icon entries that hold PNG, by side. @see https://en.wikipedia.org/wiki/Apple_Icon_Image_format */
const appleTypes = { ic11: 32, ic12: 64, ic07: 128, ic13: 256, ic08: 256, ic14: 512, ic09: 512, ic10: 1024 };
const windowsSizes = [16, 24, 32, 48, 64, 128, 256];

/**
 * Makes the icons of all systems from the logo of the interface: `icons/N×N.png`, `icon.ico` and `icon.icns`.
 *
 * @param {string} folder made when missing
 */
export async function makeIcons(folder) {
  const logo = readFileSync(join(root, 'renderer/public/icon.svg'), 'utf8').replace(/^<svg[^>]*>|<\/svg>\s*$/gu, '');
  /** @type {Map<number, Buffer>} */
  const pictures = new Map();
  for (const size of sizes)
    pictures.set(
      size,
      await sharp(Buffer.from(tile(logo, size)))
        .png()
        .toBuffer(),
    );
  const of = (/** @type {number} */ size) => pictures.get(size) ?? Buffer.alloc(0);

  mkdirSync(join(folder, 'icons'), { recursive: true });
  for (const [size, png] of pictures) writeFileSync(join(folder, 'icons', `${size}x${size}.png`), png);
  writeFileSync(join(folder, 'icon.ico'), ico(windowsSizes.map((size) => [size, of(size)])));
  writeFileSync(join(folder, 'icon.icns'), icns(Object.entries(appleTypes).map(([type, size]) => [type, of(size)])));
}

/** The logo, which is drawn in 32 × 32, on a light tile. @param {string} logo @param {number} size in pixels */
function tile(logo, size) {
  const [edge, side] = [margin * 32, (1 - 2 * margin) * 32];
  const [shift, scale] = [inset * 32, 1 - 2 * inset];
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32" width="${size}" height="${size}">` +
    `<rect x="${edge}" y="${edge}" width="${side}" height="${side}" rx="${corner * side}" fill="#faf7f2"/>` +
    `<g transform="translate(${shift} ${shift}) scale(${scale})">${logo}</g></svg>`
  );
}

/** @param {readonly (readonly [number, Buffer])[]} pictures PNG by side @see https://learn.microsoft.com/previous-versions/ms997538(v=msdn.10) */
function ico(pictures) {
  const head = Buffer.alloc(6 + 16 * pictures.length);
  head.writeUInt16LE(1, 2);
  head.writeUInt16LE(pictures.length, 4);
  let offset = head.length;
  for (const [index, [size, png]] of pictures.entries()) {
    const at = 6 + 16 * index;
    head.writeUInt8(size % 256, at); // 256 is written as 0
    head.writeUInt8(size % 256, at + 1);
    head.writeUInt16LE(1, at + 4);
    head.writeUInt16LE(32, at + 6);
    head.writeUInt32LE(png.length, at + 8);
    head.writeUInt32LE(offset, at + 12);
    offset += png.length;
  }
  return Buffer.concat([head, ...pictures.map(([, png]) => png)]);
}

/** @param {readonly (readonly [string, Buffer])[]} entries PNG by type */
function icns(entries) {
  const parts = entries.map(([type, png]) => Buffer.concat([head(type, png.length + 8), png]));
  return Buffer.concat([
    head(
      'icns',
      parts.reduce((sum, part) => sum + part.length, 8),
    ),
    ...parts,
  ]);
}

/** @param {string} type @param {number} length with these eight bytes */
function head(type, length) {
  const bytes = Buffer.alloc(8);
  bytes.write(type, 'latin1');
  bytes.writeUInt32BE(length, 4);
  return bytes;
}
