import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Announcer } from '../../../client/ui/announcer.svelte.ts';

describe('the announcer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('says the first event at once and gathers what follows into one sentence', () => {
    const announcer = new Announcer();
    announcer.note('Otter', 'joined');
    vi.advanceTimersByTime(0);
    expect(announcer.sentence).toBe('Otter joined.');

    announcer.note('Ibex', 'joined');
    announcer.note('Tern', 'joined');
    announcer.note('Lynx', 'left');
    vi.advanceTimersByTime(3999);
    expect(announcer.sentence).toBe('Otter joined.');
    vi.advanceTimersByTime(1);
    expect(announcer.sentence).toBe('Ibex and Tern joined. Lynx left.');
  });

  it('counts instead of naming when many come at once', () => {
    const announcer = new Announcer();
    for (const name of ['Otter', 'Ibex', 'Tern', 'Lynx']) announcer.note(name, 'joined');
    vi.advanceTimersByTime(0);
    expect(announcer.sentence).toBe('4 nodes joined.');
  });

  it('is silent after it was stopped', () => {
    const announcer = new Announcer();
    announcer.note('Otter', 'joined');
    announcer.stop();
    vi.runAllTimers();
    expect(announcer.sentence).toBe('');
  });
});
