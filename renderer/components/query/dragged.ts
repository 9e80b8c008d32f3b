/** What a photo of the library is called while it is dragged: the browser lets nobody else read its id. */
const DRAGGED_PHOTO = 'application/x-afterimage-photo';

/**
 * The photo of the library that is being dragged.
 *
 * @param dropped only a drop may read which one it is; before that, an empty string stands for it
 * @returns null when something else is dragged
 */
export const draggedPhoto = ({ dataTransfer }: DragEvent, dropped = false): string | null => {
  if (dataTransfer?.types.includes(DRAGGED_PHOTO) !== true) return null;
  return dropped ? dataTransfer.getData(DRAGGED_PHOTO) : '';
};

/** Lets the photo that a drag begins on be dropped within the page; its picture goes with the pointer. */
export const dragPhoto = ({ dataTransfer, currentTarget, offsetX, offsetY }: DragEvent, id: string): void => {
  if (dataTransfer === null || !(currentTarget instanceof HTMLElement)) return;
  dataTransfer.setData(DRAGGED_PHOTO, id);
  dataTransfer.effectAllowed = 'copy';
  const image = currentTarget.querySelector('img');
  if (image !== null) dataTransfer.setDragImage(image, offsetX, offsetY);
};
