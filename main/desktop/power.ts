import type { PowerMonitor } from 'electron';
import type { Client, Progress } from '../../app/contract/index.ts';

/** How hard the machine may be worked. */
export type Pace = 'full' | 'half' | 'rest';

export interface Supply {
  readonly onBattery: boolean;
  /** As macOS says it; `unknown` elsewhere. */
  readonly thermal: 'unknown' | 'nominal' | 'fair' | 'serious' | 'critical';
  /** Per cent of the processor's full speed that the system allows now. */
  readonly speedLimit: number;
}

/** Nothing is indexed while that would empty a battery or overheat; little while the system is already slowing down. */
export const paceOf = ({ onBattery, thermal, speedLimit }: Supply, pauseOnBattery: boolean): Pace => {
  if ((onBattery && pauseOnBattery) || thermal === 'serious' || thermal === 'critical') return 'rest';
  return thermal === 'fair' || speedLimit < 100 ? 'half' : 'full';
};

/** At half pace it works and rests by turns of this length. */
const TURN_MS = 5000;

type Monitor = Pick<PowerMonitor, 'on' | 'isOnBatteryPower' | 'getCurrentThermalState'>;

/** Slows the engine down with the machine. What the person paused, or went on with, stays so. */
export class PowerKeeper {
  readonly #engine: Pick<Client, 'call'>;
  readonly #pauseOnBattery: () => boolean;
  #supply: Supply;
  #pace: Pace = 'full';
  /** Whether indexing stands because of us. */
  #resting = false;
  #isWorking = false;
  /** What was decided last; each waits for what was decided before it. */
  #decided: Promise<void> = Promise.resolve();
  #turns: NodeJS.Timeout | undefined;

  constructor(engine: Pick<Client, 'call'>, monitor: Monitor, pauseOnBattery: () => boolean) {
    this.#engine = engine;
    this.#pauseOnBattery = pauseOnBattery;
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

  get pace(): Pace {
    return this.#pace;
  }

  /** Looks again at what is allowed: a setting changed, or work has begun. */
  look(): void {
    this.#pace = paceOf(this.#supply, this.#pauseOnBattery());
    clearInterval(this.#turns);
    this.#turns = this.#pace === 'half' ? setInterval(() => this.#rest(!this.#resting), TURN_MS) : undefined;
    this.#turns?.unref();
    this.#rest(this.#pace === 'rest');
  }

  /** Hears how work goes: what begins on battery is paused as well. */
  heed({ phase }: Progress): void {
    const isWorking = phase !== 'idle';
    if (!isWorking) this.#resting = false;
    const begins = isWorking && !this.#isWorking;
    this.#isWorking = isWorking;
    if (begins) this.look();
  }

  stop(): void {
    clearInterval(this.#turns);
  }

  #take(change: Partial<Supply>): void {
    this.#supply = { ...this.#supply, ...change };
    this.look();
  }

  #rest(resting: boolean): void {
    this.#decided = this.#decided.then(() => this.#tell(resting));
  }

  async #tell(resting: boolean): Promise<void> {
    if (resting === this.#resting) return;
    try {
      const { progress } = await this.#engine.call('status', {});
      // Paused by the person, or nothing to pause.
      if (resting && (progress.paused || progress.phase === 'idle')) return;
      this.#resting = resting;
      await this.#engine.call(resting ? 'index.pause' : 'index.resume', {});
    } catch {
      // Without an engine there is nothing to slow down; the next one is looked at when it begins to work.
      this.#resting = false;
    }
  }
}
