import { AfterimageError, toAfterimageError, type Client, type UpgradeReport } from '../../app/contract/index.ts';
import { print, printJson } from '../terminal.ts';
import { bridgeLine } from './models-output.ts';
import { modelNamed } from './models.ts';
import { printReport, upgradeLine } from './output.ts';
import { withEngine, type Common } from './session.ts';
import { interruptible, liveLine, runIndex } from './working.ts';

interface UpgradeOptions extends Common {
  readonly anchors?: number;
  readonly bridgeOnly?: boolean;
}

/** Fits the map. Ctrl+C leaves everything as it was. */
const bridge = async (client: Client, id: string, { anchors, json }: UpgradeOptions): Promise<UpgradeReport> => {
  const line = liveLine(json);
  const end = client.on('upgrade', ({ upgrade }) => {
    if (upgrade !== null) line.show(upgradeLine(upgrade));
  });
  const controller = new AbortController();
  const stop = (): void => {
    controller.abort();
  };
  try {
    return await interruptible(stop, () =>
      client.call('models.upgrade', { id, ...(anchors === undefined ? {} : { anchors }) }, controller.signal),
    );
  } catch (error) {
    if (toAfterimageError(error).kind !== 'cancelled') throw error;
    throw new AfterimageError(
      'cancelled',
      'Stopped before the map was fitted: the model in use stays. Upgrade again to go on.',
      { cause: error },
    );
  } finally {
    end();
    line.clear();
  }
};

/**
 * Changes to another model through a map, then lets it see all photos. What was stopped on the way is gone on with by a
 * second call; its `upgrade` is null where there was nothing left to be fitted.
 */
export const upgradeModel = (model: string, options: UpgradeOptions): Promise<void> =>
  withEngine(options.library, async (client) => {
    const { json, bridgeOnly } = options;
    const { id, name } = await modelNamed(client, model);
    const { upgrade: begun } = await client.call('status', {});
    const goesOn = bridgeOnly !== true && begun?.to.id === id && begun.phase === 'mapped';
    const upgrade = goesOn ? null : await bridge(client, id, options);
    if (json !== true && upgrade !== null) print(bridgeLine(upgrade, name));
    const again = `“afterimage models upgrade ${model}”`;
    if (bridgeOnly === true && upgrade !== null) {
      const { anchors, retention, seconds, dimOld, dimNew, outcome } = upgrade;
      if (json === true) printJson({ anchors, retention, seconds, dimOld, dimNew });
      else if (outcome === 'mapped' || outcome === 'below-floor') print(`${again} goes on: it embeds all photos anew.`);
      return;
    }
    const index = await runIndex(client, json);
    if (json === true) {
      printJson({ upgrade, index });
      return;
    }
    printReport(index);
    if (index.cancelled) print(`Search works all the same. ${again} goes on, and so does indexing the folders.`);
    else print('“afterimage models rollback” goes back to the old model.');
  });
