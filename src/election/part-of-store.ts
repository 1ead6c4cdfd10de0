import type { Store } from '../runtime/host.ts';

/** The keys of a store that begin with `prefix`, as a store of its own. */
export function partOfStore(store: Store, prefix: string): Store {
  const path = (key: string) => `${prefix}${key}`;
  return {
    get: (key) => store.get(path(key)),
    put: (key, value) => store.put(path(key), value),
    delete: (key) => store.delete(path(key)),
    keys: () =>
      store
        .keys()
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length)),
    whenDurable: (callback) => store.whenDurable(callback),
  };
}
