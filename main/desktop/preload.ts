import { contextBridge, ipcRenderer, webUtils } from 'electron';

// The one bridge between the page and the main process: two functions by name, nothing of Electron itself. A message port
// cannot be handed over as a value, so it follows as a message of the window to itself.
ipcRenderer.on('afterimage:port', ({ ports }) => {
  window.postMessage('afterimage:port', window.location.origin, [...ports]);
});

contextBridge.exposeInMainWorld('afterimage', {
  /** Asks for a line to the engine. */
  connect: (): void => {
    ipcRenderer.send('afterimage:connect');
  },
  /**
   * Folders among what was dropped, under tokens. Where a dropped file lies is known to the browser alone: a page cannot
   * make up a place.
   */
  dropped: async (files: readonly File[]): Promise<unknown> =>
    ipcRenderer.invoke(
      'afterimage:dropped',
      files.map((file) => webUtils.getPathForFile(file)),
    ),
});
