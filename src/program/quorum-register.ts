import type { RegisterBackend } from '../coordination/registers/backend.ts';
import type { OnEnd } from '../coordination/outcome.ts';
import type { Quorum } from '../coordination/quorum/quorum.ts';
import { compareVersions, type Version } from '../coordination/quorum/version.ts';
import type { RegisterSetting } from '../network/register-setting.ts';
import type { Json } from '../vocabulary.ts';

/** Which write, and of which run: each setting begins with empty registers. */
type Mark = { readonly run: string; readonly version: Version | null };

/**
 * A register on copies.
 *
 * @param usual what this node chooses for all where nobody has chosen
 */
export function quorumRegister(quorum: Quorum, usual: () => RegisterSetting): RegisterBackend {
  const begin = () => {
    if (quorum.setting === null) quorum.use(usual());
  };
  return {
    put: (key, value, onEnd) => {
      begin();
      quorum.put(key, value, marked(quorum, onEnd));
    },
    get: (key, onEnd) => {
      begin();
      quorum.get(key, marked(quorum, onEnd));
    },
    covers: (mark, floor) => isAsNew(mark as Mark, floor as Mark),
    raised: (floor, mark) =>
      floor !== null && (floor as Mark).run === (mark as Mark).run && isAsNew(floor as Mark, mark as Mark) // prettier-ignore
        ? floor
        : mark,
  };
}

/** What another run had says nothing of this one. */
function isAsNew(a: Mark, b: Mark): boolean {
  return a.run !== b.run || compareVersions(a.version, b.version) >= 0;
}

function marked(quorum: Quorum, onEnd: OnEnd): OnEnd {
  return (outcome) => {
    if ('unknown' in outcome || !outcome.ok) return onEnd(outcome);
    const { turn, by } = quorum.setting!;
    const { count, by: writer, life } = (outcome.mark ?? {}) as Partial<Version>;
    const version = count === undefined ? null : { count, by: writer!, life: life! };
    onEnd({ ...outcome, mark: { run: `${turn}.${by.id}.${by.life}`, version } as Json });
  };
}
