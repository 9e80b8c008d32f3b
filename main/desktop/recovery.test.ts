import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../../test/support/command-line.ts';
import { Recovery } from './recovery.ts';

let home = '';
let remove: () => Promise<void>;
beforeAll(async () => {
  [home, remove] = await temporaryFolder();
});
afterAll(() => remove());

/** Somebody who answers with a button's words, one after the other. */
const asked = (logs: string, ...answers: readonly string[]) => {
  const left = [...answers];
  const offered: (readonly string[])[] = [];
  const parts = { quit: vi.fn(), openPath: vi.fn(() => Promise.resolve('')), tryAgain: vi.fn() };
  const recovery = new Recovery({
    app: parts,
    dialog: {
      // Of its two forms, the one without a window.
      showMessageBox: (({ buttons }: { buttons: readonly string[] }) => {
        offered.push(buttons);
        return Promise.resolve({ response: buttons.indexOf(left.shift() ?? ''), checkboxChecked: false });
      }) as never,
    },
    shell: parts,
    logs,
    log: { info: vi.fn() },
  });
  recovery.note('engine', 'SIGKILL, while it was working');
  return { ...parts, offered, ask: () => recovery.ask('engine', parts.tryAgain) };
};

describe('Recovery', () => {
  it('shows its report as often as the person wants, then tries again', async () => {
    const logs = join(home, 'logs');
    await mkdir(logs);
    const { ask, openPath, tryAgain } = asked(logs, 'Show the Report', 'Show the Report', 'Try Again');
    await ask();
    const report = join(logs, 'report.txt');
    expect(openPath.mock.calls).toEqual([[report], [report]]);
    expect(tryAgain).toHaveBeenCalledTimes(1);
    expect(await readFile(report, 'utf8')).toContain('The engine ended: SIGKILL, while it was working');
  });

  it.each(['Try Again', 'Quit Afterimage'])('asks as well where no report can be written: %s', async (answer) => {
    const { ask, offered, quit, openPath, tryAgain } = asked(join(home, 'missing'), answer);
    await ask();
    expect(offered).toEqual([['Try Again', 'Quit Afterimage']]);
    expect([tryAgain, quit].map(({ mock }) => mock.calls.length)).toEqual(answer === 'Try Again' ? [1, 0] : [0, 1]);
    expect(openPath).not.toHaveBeenCalled();
  });
});
