import type { Hosted } from './hosted.ts';
import type { Store } from './host.ts';
import type { Outbox } from './outbox.ts';
import type { Steps } from './steps.ts';

/** One protocol's part of a node's stable storage: its keys stand behind its name. */
export function storeOf(
  steps: Steps,
  outbox: Outbox,
  hosted: () => Hosted,
  alive: () => boolean,
): Store {
  const path = (key: string) => `${hosted().name}/${key}`;
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
      let waits = false;
      if (alive()) steps.run(() => (waits = outbox.answer(hosted(), callback)));
      return waits;
    },
  };
}
