import type { NodeId } from '../../src/vocabulary.ts';
import { linkKey } from '../views/mesh/drawn.ts';
import type { Way } from './network-steps.ts';

export type Selected =
  | { readonly kind: 'nothing' }
  /** The first is the one that stands for the others. */
  | { readonly kind: 'nodes'; readonly ids: readonly NodeId[] }
  /** A link, seen in the direction that is being changed. */
  | { readonly kind: 'link'; readonly way: Way }
  /** Many directions at once: a row or a column of the matrix. */
  | { readonly kind: 'ways'; readonly title: string; readonly ways: readonly Way[] };

const NOTHING: Selected = { kind: 'nothing' };

/** What the teacher has selected; the picture, the matrix, the roster and the panels all show it. */
export class Selection {
  now = $state.raw<Selected>(NOTHING);

  readonly nodes = $derived(this.now.kind === 'nodes' ? this.now.ids : []);
  readonly way = $derived(this.now.kind === 'link' ? this.now.way : null);
  readonly ways = $derived<readonly Way[]>(
    this.now.kind === 'ways' ? this.now.ways : this.now.kind === 'link' ? [this.now.way] : [],
  );
  readonly linkKeys = $derived(
    new Set(this.ways.map(({ from, to }) => (from < to ? linkKey(from, to) : linkKey(to, from)))),
  );

  clear(): void {
    this.now = NOTHING;
  }

  /** Pressing what is selected lets it go. @param more add to what is selected, or take from it */
  node(id: NodeId, more = false): void {
    const was = this.nodes;
    const rest = was.filter((other) => other !== id);
    if (more) this.#nodes(rest.length < was.length ? rest : [...was, id]);
    else this.#nodes(was.length === 1 && rest.length === 0 ? [] : [id]);
  }

  link(way: Way): void {
    this.now = { kind: 'link', way };
  }

  many(title: string, ways: readonly Way[]): void {
    this.now = { kind: 'ways', title, ways };
  }

  /** What has left the room is no longer selected. */
  keep(present: ReadonlySet<string>): void {
    const { now } = this;
    const gone = (id: string): boolean => !present.has(id);
    if (now.kind === 'nodes' && now.ids.some(gone)) this.#nodes(now.ids.filter((id) => !gone(id)));
    else if (this.ways.some(({ from, to }) => gone(from) || gone(to))) this.clear();
  }

  #nodes(ids: readonly NodeId[]): void {
    this.now = ids.length === 0 ? NOTHING : { kind: 'nodes', ids };
  }
}
