import type { IpcMainEvent, IpcMainInvokeEvent, WebContents } from 'electron';
import { isOurs } from '../origin.ts';

/** Whether a message comes from the page of this window itself: no frame in it, no other window, no page from elsewhere. */
export const isFromPage = (
  { sender, senderFrame }: Pick<IpcMainEvent | IpcMainInvokeEvent, 'sender' | 'senderFrame'>,
  contents: WebContents | undefined,
): boolean =>
  contents !== undefined &&
  sender === contents &&
  senderFrame !== null &&
  senderFrame.parent === null &&
  isOurs(senderFrame.url);
