import type { Random } from './scenes/random.ts';

/** Ways in which files are damaged. */
export const MUTATIONS = ['flips', 'cut', 'lie', 'hole'] as const;
type Mutation = (typeof MUTATIONS)[number];

/** Most formats say how large the picture and its parts are within so many bytes. */
const HEADER = 512;
/** What a field may claim that the file does not keep. */
const CLAIMS = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0xffff_ffff];

/** A copy of a file with bits that flipped, without its end, with a header that lies, or with a piece that was never written. */
export const mutate = (file: Buffer, mutation: Mutation, random: Random): Buffer<ArrayBuffer> => {
  const bytes = Buffer.from(file);
  switch (mutation) {
    case 'flips':
      for (let flip = random.whole(1, 24); flip > 0; flip--) {
        const at = random.whole(0, bytes.length - 1);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random.whole(0, 7));
      }
      return bytes;
    case 'cut':
      return bytes.subarray(0, random.whole(0, bytes.length - 1));
    case 'lie':
      for (let lie = random.whole(1, 3); lie > 0; lie--) {
        const width = random.pick([1, 2, 4]);
        const at = random.whole(2, Math.min(HEADER, bytes.length) - width);
        const claim = random.pick(CLAIMS) % 256 ** width;
        if (random.chance(0.5)) bytes.writeUIntBE(claim, at, width);
        else bytes.writeUIntLE(claim, at, width);
      }
      return bytes;
    case 'hole': {
      const start = random.whole(0, bytes.length - 1);
      return bytes.fill(0, start, Math.min(bytes.length, start + random.whole(1, 4096)));
    }
  }
};
