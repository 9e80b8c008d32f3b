import { createHash } from 'node:crypto';

const STYLE = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { display: grid; place-items: center; min-height: 100vh; margin: 0; background: #f6f6f7; color: #1b1b1d; }
  main { box-sizing: border-box; width: min(34rem, 100%); padding: 2rem; }
  h1 { margin: 0 0 1rem; font-size: 1.375rem; font-weight: 600; }
  p { margin: 0 0 .75rem; color: #55555b; }
  code { padding: .1em .35em; border-radius: .3em; background: #e6e6e9; color: #1b1b1d; font-size: .9em; }
  @media (prefers-color-scheme: dark) {
    body { background: #17171a; color: #f1f1f3; }
    p { color: #acacb4; }
    code { background: #2b2b30; color: #f1f1f3; }
  }
`;

/** The page may draw itself, and nothing else. */
export const SIGNPOST_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * What is answered at the addresses of this machine that other programs share: how to go on, and nothing that would help
 * whoever else reads it. A worker that a former holder of the port left in the browser does.
 */
export const SIGNPOST = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Afterimage has an address of its own</title>
<style>${STYLE}</style>
<main>
  <h1>Afterimage has an address of its own</h1>
  <p>Other programs of this computer share this address. To keep your photos from them, Afterimage makes itself a new
    one each time it starts.</p>
  <p>Open the address that it printed in the terminal: it contains <code>.localhost</code> and ends with a secret token.</p>
  <p>Your browser does not find that address? End Afterimage with <code>Ctrl+C</code> and start it again with
    <code>--plain-address</code>.</p>
</main>
</html>
`;
