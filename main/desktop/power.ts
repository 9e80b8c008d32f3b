import type { PowerMonitor } from 'electron';
import { Serial } from '../../app/base/serial.ts';
import type { Client, MethodName, Progress, Rest } from '../../app/contract/index.ts';

export interface Supply {
  readonly onBattery: boolean;
  /** As macOS says it; `unknown` elsewhere. */
  readonly thermal: 'unknown' | 'nominal' | 'fair' | 'serious' | 'critical';
  /** Per cent of the processor's full speed that the system allows now. */
  readonly speedLimit: number;
}

/** Nothing is indexed while that would empty a battery or overheat; by turns while the system is already slowing down. */
export const restOf = ({ onBattery, thermal, speedLimit }: Supply, pauseOnBattery: boolean): Rest | null => {
  if (onBattery && pauseOnBattery) return 'battery';
  if (thermal === 'serious' || thermal === 'critical') return 'heat';
  return thermal === 'fair' || speedLimit < 100 ? 'turns' : null;
};

const TURN_MS = 5000;

type Monitor = Pick<PowerMonitor, 'on' | 'isOnBatteryPower' | 'getCurrentThermalState'>;

/** Slows the engine down with the machine. What the person paused, or went on with, stays so. */
export class PowerKeeper {
  readonly #engine: Pick<Client, 'call'>;
  readonly #pauseOnBattery: () => boolean;
  readonly #onRest: (rest: Rest | null) => void;
  #supply: Supply;
  /** How the machine would have it. */
  #wanted: Rest | null = null;
  /** Because of whom indexing stands. */
  #pausedBy: 'us' | 'person' | null = null;
  #isWorking = false;
  #said: Rest | null = null;
  readonly #decisions = new Serial();
  #turns: NodeJS.Timeout | undefined;

  /** @param onRest hears when `rest` has changed */
  constructor(
    engine: Pick<Client, 'call'>,
    monitor: Monitor,
    pauseOnBattery: () => boolean,
    onRest: (rest: Rest | null) => void,
  ) {
    this.#engine = engine;
    this.#pauseOnBattery = pauseOnBattery;
    this.#onRest = onRest;
    this.#supply = {
      onBattery: monitor.isOnBatteryPower(),
      thermal: monitor.getCurrentThermalState(),
      speedLimit: 100,
    };
    monitor.on('on-battery', () => this.#take({ onBattery: true }));
    monitor.on('on-ac', () => this.#take({ onBattery: false }));
    monitor.on('thermal-state-change', ({ state }) => this.#take({ thermal: state }));
    monitor.on('speed-limit-change', ({ limit }) => this.#take({ speedLimit: limit }));
  }

  /** Why work stands or goes on by turns; null where the person has it so. */
  get rest(): Rest | null {
    if (!this.#isWorking || this.#pausedBy === 'person') return null;
    return this.#wanted === 'turns' || this.#pausedBy === 'us' ? this.#wanted : null;
  }

  /** Looks again at what is allowed: a setting changed, or work has begun. */
  look(): void {
    this.#wanted = restOf(this.#supply, this.#pauseOnBattery());
    clearInterval(this.#turns);
    this.#turns =
      this.#wanted === 'turns' ? setInterval(() => this.#rest(this.#pausedBy !== 'us'), TURN_MS) : undefined;
    this.#turns?.unref();
    this.#rest(this.#wanted === 'battery' || this.#wanted === 'heat');
    this.#say();
  }

  /** Hears how work goes: what begins on battery is paused as well. */
  heed({ phase, paused }: Progress): void {
    const isWorking = phase !== 'idle';
    if (!isWorking || !paused) this.#pausedBy = null;
    const begins = isWorking && !this.#isWorking;
    this.#isWorking = isWorking;
    if (begins) this.look();
    this.#say();
  }

  /** Hears what was done for the person: what they paused while it rested stands because of them. */
  heedPerson(method: MethodName): void {
    if (method === 'index.pause') this.#pausedBy = 'person';
    if (method === 'index.resume') this.#pausedBy = null;
    this.#say();
  }

  /** Forgets the work of an engine that is gone: the next one was not told to rest. */
  forget(): void {
    this.#isWorking = false;
    this.#pausedBy = null;
    this.#say();
  }

  stop(): void {
    clearInterval(this.#turns);
  }

  #take(change: Partial<Supply>): void {
    this.#supply = { ...this.#supply, ...change };
    this.look();
  }

  #rest(resting: boolean): void {
    void this.#decisions.run(() => this.#tell(resting));
  }

  async #tell(resting: boolean): Promise<void> {
    if (resting === (this.#pausedBy === 'us')) return;
    try {
      const { progress } = await this.#engine.call('status', {});
      if (resting && progress.phase === 'idle') return;
      if (!resting || !progress.paused) await this.#engine.call(resting ? 'index.pause' : 'index.resume', {});
      // Set when it is done: progress told before it says otherwise. What the person has paused is theirs.
      if (resting) this.#pausedBy ??= progress.paused ? 'person' : 'us';
      else this.#pausedBy = null;
    } catch {
      // Without an engine there is nothing to slow down; the next one is looked at when it begins to work.
      this.#pausedBy = null;
    }
    this.#say();
  }

  #say(): void {
    const { rest } = this;
    if (rest === this.#said) return;
    this.#said = rest;
    this.#onRest(rest);
  }
}
