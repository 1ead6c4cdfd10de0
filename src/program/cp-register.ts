import type { RegisterBackend } from '../coordination/registers/backend.ts';
import { BUSY, NO_ANSWER } from '../coordination/registers/refusals.ts';
import type { Elections } from '../election/elections.ts';
import type { Kv } from '../election/kv/kv.ts';

/** Beside whatever else a class keeps in the store. */
const PREFIX = 'register/';

export interface LogStore {
  readonly elections: Pick<Elections, 'choice' | 'switchTo' | 'whenKnown'>;
  readonly kv: Pick<Kv, 'get' | 'put'>;
}

/**
 * A register on Raft's log: one for all, and only where a majority is. A mesh that elects nobody begins
 * to. It needs no floor: whoever answers has asked the majority.
 */
export function cpRegister({ elections, kv }: LogStore): RegisterBackend {
  const withGroup = (act: () => void): boolean =>
    elections.whenKnown(() => {
      if (elections.choice === null) elections.switchTo('raft');
      act();
    });
  return {
    put: (key, value, onEnd) => {
      if (!withGroup(() => kv.put(PREFIX + key, value, onEnd))) onEnd(BUSY);
    },
    get: (key, onEnd) => {
      const ask = () =>
        kv.get(PREFIX + key, (outcome) => onEnd('unknown' in outcome ? NO_ANSWER : outcome));
      if (!withGroup(ask)) onEnd(BUSY);
    },
    covers: () => true,
    raised: () => null,
  };
}
