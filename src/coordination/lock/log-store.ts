import type { Json } from '../../vocabulary.ts';
import type { OnEnd } from '../outcome.ts';

/** What a lock asks of the log: a store that a whole class agrees on. Each call ends once. */
export interface LogStore {
  /** What is there by now: null where nothing is. */
  get(key: string, onEnd: OnEnd): void;
  /** Puts `to` if the key holds `from`; refused as 'no-match' if it does not. */
  cas(key: string, from: Json, to: Json, onEnd: OnEnd): void;
}
