import { ipcRenderer } from 'electron';

/** Hands the page its end of the channel to the engine; the page sees a message port and nothing of Electron. */
ipcRenderer.on('afterimage:port', ({ ports }) => {
  window.postMessage('afterimage:port', window.location.origin, [...ports]);
});
window.addEventListener('message', ({ data, source }) => {
  if (source === window && data === 'afterimage:connect') ipcRenderer.send('afterimage:connect');
});
