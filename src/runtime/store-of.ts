import type { Store } from './host.ts';
import type { Steps } from './steps.ts';

/** One protocol's part of a node's stable storage: its keys stand behind its name. */
export function storeOf(steps: Steps, name: () => string, alive: () => boolean): Store {
  const path = (key: string) => `${name()}/${key}`;
  return {
    get: (key) => steps.store.get(path(key)),
    put: (key, value) => {
      if (alive()) steps.run(() => steps.store.put(path(key), value));
    },
    delete: (key) => {
      if (alive()) steps.run(() => steps.store.delete(path(key)));
    },
    keys: () => steps.store.keys(path('')).map((key) => key.slice(path('').length)),
    whenDurable: (callback) => {
      if (alive()) steps.run(() => void steps.output(0, () => steps.run(callback)));
    },
  };
}
