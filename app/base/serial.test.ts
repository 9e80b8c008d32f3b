import { describe, expect, it } from 'vitest';
import { Serial } from './serial.ts';

describe('Serial', () => {
  it('runs one piece of work at a time, in order', async () => {
    const serial = new Serial();
    const events: string[] = [];
    const work = (name: string, ms: number) => async (): Promise<string> => {
      events.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, ms));
      events.push(`${name} ends`);
      return name;
    };
    const results = await Promise.all([serial.run(work('slow', 20)), serial.run(work('quick', 0))]);
    expect(results).toEqual(['slow', 'quick']);
    expect(events).toEqual(['slow begins', 'slow ends', 'quick begins', 'quick ends']);
  });

  it('goes on after a failure, which only its caller sees', async () => {
    const serial = new Serial();
    const failing = serial.run(() => Promise.reject(new Error('no')));
    const throwing = serial.run(() => {
      throw new Error('not even a promise');
    });
    const next = serial.run(() => 1);
    await expect(failing).rejects.toThrow('no');
    await expect(throwing).rejects.toThrow('not even a promise');
    expect(await next).toBe(1);
  });

  it('is settled when all that was asked for has ended, failures included', async () => {
    const serial = new Serial();
    let ended = 0;
    serial
      .run(async () => {
        await Promise.resolve();
        ended++;
        throw new Error('no');
      })
      .catch(() => undefined);
    void serial.run(() => ended++);
    await serial.settled();
    expect(ended).toBe(2);
  });
});
