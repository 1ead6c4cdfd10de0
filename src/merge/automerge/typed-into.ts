import type { Atom } from '../engine.ts';
import { idOf, type Intent } from '../intent.ts';

/** Half of a character: where one stands, Automerge may cut elsewhere than it was told. */
const SURROGATE = /[\ud800-\udfff]/;

/**
 * Whose each character of a text is after its author's own edit, from whose they were before: a long
 * text takes Automerge a while to say. Null where it has to be asked.
 */
export function typedInto(
  before: { readonly text: unknown; readonly atoms: readonly Atom[] | undefined },
  intent: Intent,
): readonly Atom[] | null {
  const { text, atoms } = before;
  const { deed } = intent;
  if (typeof text !== 'string' || atoms?.length !== text.length || SURROGATE.test(text))
    return null;
  if (deed.do === 'erase')
    return [...atoms.slice(0, deed.position), ...atoms.slice(deed.position + deed.count)];
  if (deed.do !== 'type' || SURROGATE.test(deed.text)) return null;
  const own = idOf(intent);
  const typed = Array.from({ length: deed.text.length }, (_, index) => ({ intent: own, index }));
  const at = Math.min(deed.position, text.length);
  return [...atoms.slice(0, at), ...typed, ...atoms.slice(at)];
}
