import type { WebContents } from 'electron';

/**
 * Keeps a window where it is: it opens no other, goes nowhere else and holds no guest pages. A link to the web is handed to
 * `openExternal`.
 */
export const guardNavigation = (
  contents: Pick<WebContents, 'setWindowOpenHandler' | 'setWebRTCIPHandlingPolicy' | 'on'>,
  isOurs: (address: string) => boolean,
  openExternal: (address: string) => void,
): void => {
  contents.setWindowOpenHandler(({ url }) => {
    if (!isOurs(url)) openExternal(url);
    return { action: 'deny' };
  });
  contents.on('will-frame-navigate', (event) => {
    if (!event.isMainFrame || !isOurs(event.url)) event.preventDefault();
  });
  contents.on('will-redirect', (event) => {
    if (!isOurs(event.url)) event.preventDefault();
  });
  // WebRTC makes no requests of a session, that could be denied there: what it can be denied is UDP.
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
  contents.on('will-attach-webview', (event) => {
    event.preventDefault();
  });
};
