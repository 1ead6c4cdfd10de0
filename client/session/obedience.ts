import { burdensOn } from '../../src/network/burdens.ts';
import { UNTOUCHED, type NetworkDocument } from '../../src/network/network-document.ts';
import type { NodeAct, NodeCondition } from '../../src/network/node-condition.ts';
import type { RoomChoices } from '../../src/network/room-choices.ts';
import type { RuledTransport } from '../../src/network/ruled-transport.ts';
import { titleOfAct } from '../../src/network/titles.ts';
import type { Node } from '../../src/runtime/node.ts';
import type { Milliseconds, NodeId } from '../../src/vocabulary.ts';
import type { Mesh } from '../platform/mesh.ts';
import type { Lives } from './lives.ts';

export interface ObedienceOptions {
  readonly transport: RuledTransport;
  readonly mesh: Pick<Mesh, 'obey'>;
  readonly lives: Lives<unknown>;
  /** The teacher's hold on this tab's plug may have changed. */
  readonly plug: () => void;
  /** By which protocols the room works from now on. */
  readonly choose: (choices: RoomChoices) => void;
  /** Does these to the board, and answers when all are acknowledged: null, or the sentence why not. */
  readonly edit: (deeds: readonly unknown[]) => string | Promise<string | null>;
  readonly nameOf: (id: NodeId) => string;
}

const NO_BURDENS = JSON.stringify(burdensOn('' as NodeId, UNTOUCHED));

/**
 * What the teacher lays upon this tab, carried out: rules by the transport and the mesh, conditions by
 * the clocks and the plug, acts at once. Whatever comes is an event of the node.
 */
export class Obedience {
  document: NetworkDocument = UNTOUCHED;
  /** By how much all jumps together moved the wall clock. */
  jumpedMs: Milliseconds = 0;
  /** What froze or ended the present life was the teacher's act. */
  struck = false;

  readonly #options: ObedienceOptions;
  /** What befalls this node, as its present life has written it down. */
  #written = NO_BURDENS;

  constructor(options: ObedienceOptions) {
    this.#options = options;
  }

  get condition(): Omit<NodeCondition, 'id'> {
    const { self } = this.#options.transport;
    return this.document.conditions.find(({ id }) => id === self) ?? {};
  }

  take(document: NetworkDocument): void {
    const { transport, mesh, lives, plug, choose } = this.#options;
    if (!transport.take(document)) return;
    this.document = document;
    const { wallOffsetMs = 0, driftPpm = 0 } = this.condition;
    lives.wall.setOffset(wallOffsetMs);
    if (driftPpm !== lives.wall.driftPpm) lives.drift(driftPpm);
    plug();
    mesh.obey(transport.rules);
    choose(document.choices);
    this.#record(lives.node);
  }

  /** A life begins under what was there before it. */
  begun(node: Node): void {
    this.struck = false;
    this.#written = NO_BURDENS;
    if (this.document.version > 0) this.#record(node);
  }

  /** Answers null when it is done, or the sentence that says why not. */
  act(act: NodeAct): string | null | Promise<string | null> {
    const { lives, nameOf } = this.#options;
    const refusal = whyNot(act, lives.state);
    if (refusal !== null) return refusal;
    const order = { title: titleOfAct(act, nameOf), version: null, under: null };
    const { node } = lives;
    const asksOnly = act.do === 'edit' && act.deeds.length === 0;
    if (!asksOnly) node?.ordered(order);
    switch (act.do) {
      case 'edit':
        return this.#options.edit(act.deeds);
      case 'jump':
        lives.wall.jump(act.byMs);
        this.jumpedMs += act.byMs;
        break;
      case 'pause':
        this.struck = true;
        lives.pause(act.ms);
        break;
      case 'crash':
        this.struck = true;
        lives.crash();
        break;
      case 'restart':
        // A node that was dead is told in its new life.
        void lives.restart(act.keepDisk).then(() => node ?? lives.node?.ordered(order));
    }
    return null;
  }

  #record(node: Node | null): void {
    const { title, version } = this.document;
    const burdens = burdensOn(this.#options.transport.self, this.document);
    const written = JSON.stringify(burdens);
    node?.ordered({ title, version, under: written === this.#written ? null : burdens });
    if (node !== null) this.#written = written;
  }
}

function whyNot(act: NodeAct, state: Lives<unknown>['state']): string | null {
  switch (state) {
    case 'starting':
      return 'This tab is not a node yet.';
    case 'stopped':
      return 'This tab is closing.';
    case 'crashed':
      return act.do === 'jump' || act.do === 'restart' ? null : 'This node has crashed already.';
    case 'paused':
      return act.do === 'edit' ? 'This node is paused.' : null;
    case 'up':
      return null;
  }
}
