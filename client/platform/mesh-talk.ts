import type { LinkRules } from '../../src/network/rules-document.ts';
import type { NodeId } from '../../src/vocabulary.ts';
import type { ByeReason, LinkMessage, Report, Watch } from '../../src/wire/link-messages.ts';
import type { Member, Signal } from '../../src/wire/signaling-messages.ts';
import type { ManagementMessage } from './conversation.ts';
import type { Link } from './link.ts';
import type { Route } from './link-context.ts';
import type { SignalRoutes } from './signal-routes.ts';

/** Events on their way from nodes to those who watch them: each end hears what is meant for it. */
export interface TelemetryListener {
  /** A link has opened, to whomever. */
  linked?(to: NodeId): void;
  /** An observer wants to be told of events. */
  watched?(by: NodeId, watch: Watch): void;
  /** A node tells of its own; `batch` was checked by nobody yet. */
  told?(by: NodeId, batch: Uint8Array): void;
}

/** The mesh, as far as other tabs can change it by what they say. */
export interface Hearer {
  readonly rules: LinkRules;
  readonly routes: SignalRoutes;
  member(id: NodeId): Member | undefined;
  link(id: NodeId): Link | undefined;
  takeMember(member: Member): void;
  takeGone(id: NodeId): void;
  takeSignal(route: Route, from: NodeId, nonce: string, signal: Signal): void;
  /** The other end of a link looks for it, or does so no longer. */
  takeWant(id: NodeId, wanted: boolean): void;
}

export interface TalkOptions {
  /** What a node says of itself to an observer. */
  readonly reported?: (from: NodeId, report: Report) => void;
  readonly telemetry?: TelemetryListener;
}

/** What tabs say to each other on the management lane, and how far it is believed. */
export class MeshTalk {
  readonly #mesh: Hearer;
  readonly #links: ReadonlyMap<NodeId, Link>;
  readonly #options: TalkOptions;

  constructor(mesh: Hearer, links: ReadonlyMap<NodeId, Link>, options: TalkOptions) {
    this.#mesh = mesh;
    this.#links = links;
    this.#options = options;
  }

  /** To everybody of that role who is linked. */
  tell(message: LinkMessage, role: Member['role']): void {
    for (const link of this.#links.values()) {
      if (link.open && this.#mesh.member(link.id)?.role === role) link.manage(message);
    }
  }

  heard(link: Link, message: ManagementMessage): void {
    const { telemetry, reported } = this.#options;
    switch (message.type) {
      case 'bye':
        return this.#heardBye(link, message.reason);
      case 'want':
        return this.#mesh.takeWant(link.id, message.wanted);
      case 'introduce':
        return this.#mesh.routes.passOn(link, message, this.#mesh.rules);
      case 'introduced':
        return this.#mesh.takeSignal(link.id, message.from, message.nonce, message.signal);
      case 'unreachable':
        return this.#mesh.link(message.to)?.unreachable(message.nonce);
      case 'roster':
        for (const member of message.members) this.#heardOf(link.id, member);
        return;
      case 'report':
        return reported?.(link.id, message);
      case 'watch':
        if (this.#roleOf(link) === 'observer') telemetry?.watched?.(link.id, message);
        return;
      case 'events':
        if (this.#roleOf(link) === 'node') telemetry?.told?.(link.id, message.batch);
    }
  }

  #heardBye(link: Link, reason: ByeReason): void {
    const member = this.#mesh.member(link.id);
    if (!member || member.incarnation > link.incarnation) return;
    if (reason === 'unwanted') this.#mesh.takeWant(link.id, false);
    else if (reason === 'unplugged') this.#mesh.takeMember({ ...member, plugged: false });
    else this.#mesh.takeGone(link.id);
  }

  /** A tab may say anything of itself, and of others only that they exist. */
  #heardOf(teller: NodeId, member: Member): void {
    const known = this.#mesh.member(member.id);
    if (member.id === teller && known)
      this.#mesh.takeMember({ ...member, role: known.role, present: known.present });
    else if (!known && !this.#mesh.routes.post.connected)
      this.#mesh.takeMember({ ...member, present: false });
  }

  #roleOf(link: Link): Member['role'] | undefined {
    return this.#mesh.member(link.id)?.role;
  }
}
