/** Some 30 MB of thumbnails. */
const MOST = 1000;

/** By address, the one that left the screen last at the end. */
const pictures = new Map<string, HTMLImageElement>();

/**
 * Keeps what an element showed that leaves the screen; a picture that has not come yet is not waited for. The browser stores no
 * photos, but as long as an element shows one, the page can draw it again without asking for it: a grid is scrolled back at once.
 *
 * @see https://html.spec.whatwg.org/multipage/images.html#list-of-available-images
 */
export const keepPicture = (image: HTMLImageElement): void => {
  if (!image.complete || image.naturalWidth === 0) {
    image.removeAttribute('src');
    return;
  }
  // A copy, which nothing of the component hangs on that made the element.
  const copy = new Image();
  copy.src = image.src;
  pictures.delete(image.src);
  pictures.set(image.src, copy);
  const [first] = pictures.keys();
  if (first !== undefined && pictures.size > MOST) pictures.delete(first);
};
