import type { Beliefs } from '../../src/membership/majority.ts';
import type { NetworkChange, NetworkDocument } from '../../src/network/network-document.ts';
import type { NodeAct } from '../../src/network/node-condition.ts';
import type { Report } from '../../src/wire/link-messages.ts';
import type { Refusal, Settings } from '../../src/wire/signaling-messages.ts';
import type { NodeId, RoomCode } from '../../src/vocabulary.ts';
import { openRecordingStore } from '../platform/recording-store.ts';
import { recordingFileName, saveFile } from '../platform/save-file.ts';
import type { Timers } from '../platform/timers.ts';
import { trueTime } from '../platform/true-time.ts';
import { Attendance } from './attendance.ts';
import { beliefsOf } from './beliefs.ts';
import { byName } from './by-name.ts';
import { Recording } from './recording.ts';
import type { ReportedLink, ObservedNode, WayQueue } from './snapshots.ts';
import { UndoStack } from './undo-stack.ts';
import { Watching } from './watching.ts';

const NOTHING_TO_TAKE_BACK: Refusal = {
  code: 'changed-meanwhile',
  message: 'There is nothing that this page could take back.',
};

export interface ObserverOptions {
  readonly room: RoomCode;
  /** The teacher's; without it the page only looks on, while the teacher allows that. */
  readonly key?: string;
  readonly name: string;
  /** Something that a page shows has changed. */
  readonly changed: () => void;
}

/** A page that sees the whole mesh from outside: linked to every node, part of nothing. */
export class Observer {
  readonly attendance: Attendance;
  /** All that nodes tell of their events. */
  readonly watching = new Watching({
    trueTime,
    linked: () => this.#linkedNodes(),
    ask: (node, watch) => this.attendance.mesh?.link(node)?.manage(watch),
    seen: (event) => this.recording?.event(event),
    accounted: (node, told) => this.recording?.account(node, told),
  });
  /** The teacher's page keeps it; who only looks on does not. */
  readonly recording: Recording | null;
  #reports = new Map<NodeId, Report>();
  #undo = new UndoStack();

  constructor({ room, key, name, changed }: ObserverOptions) {
    this.recording = key === undefined ? null : this.#newRecording(changed);
    this.attendance = new Attendance({
      room,
      ...(key === undefined ? {} : { key }),
      kind: 'observer',
      name: () => name,
      ready: (mesh) => void this.recording?.start(room, mesh.self),
      changed: () => {
        this.watching.review();
        changed();
      },
      telemetry: this.watching,
      reported: (from, report) => {
        this.#reports.set(from, report);
        changed();
      },
    });
  }

  /** What is laid upon the network, as far as this page has heard. */
  get network(): NetworkDocument {
    return this.attendance.document;
  }

  get canUndo(): boolean {
    return this.#undo.next(this.network) !== null;
  }

  /** By name. Whoever left is no longer in it, nor is what it said. */
  nodes(): ObservedNode[] {
    const { mesh } = this.attendance;
    const members = (mesh?.members() ?? []).filter((member) => member.role === 'node');
    const ids = new Set(members.map(({ id }) => id));
    for (const id of this.#reports.keys()) if (!ids.has(id)) this.#reports.delete(id);
    for (const { id, name } of members) this.recording?.name(id, name);
    return members
      .map(({ id, name, incarnation, plugged, present }) => {
        const watched = mesh?.link(id)?.open ?? false;
        const state = watched ? (this.#reports.get(id)?.state ?? null) : null;
        return { id, name, incarnation, plugged, present, watched, state };
      })
      .sort(byName);
  }

  /** One for every pair of nodes in the room, as its ends last reported it. */
  links(nodes: readonly ObservedNode[]): ReportedLink[] {
    const watched = nodes.filter((node) => node.watched).map((node) => node.id);
    const ids = nodes.map((node) => node.id).sort();
    return ids.flatMap((a, index) =>
      ids.slice(index + 1).map((b) => {
        const atA = watched.includes(a) ? this.#end(a, b) : undefined;
        const atB = watched.includes(b) ? this.#end(b, a) : undefined;
        return {
          a,
          b,
          fromA: atA?.link ?? null,
          fromB: atB?.link ?? null,
          path: atA?.path ?? atB?.path ?? null,
          rttMs: atA?.rttMs ?? atB?.rttMs ?? null,
          queuedAtA: atA?.queuedBytes ?? null,
          queuedAtB: atB?.queuedBytes ?? null,
        };
      }),
    );
  }

  beliefs(nodes: readonly ObservedNode[]): Beliefs {
    return beliefsOf(nodes, this.#reports);
  }

  /** Of every way out that its node reports. */
  queues(): WayQueue[] {
    return [...this.#reports].flatMap(([from, { links }]) =>
      links.map(({ id, queuedBytes, overflowed }) => ({
        from,
        to: id,
        bytes: queuedBytes,
        overflowed,
      })),
    );
  }

  async change(settings: Settings): Promise<string | null> {
    const answer = await this.attendance.signaling.settings(settings);
    if (answer.ok) this.attendance.room(answer.room);
    return answer.ok ? null : answer.refusal.message;
  }

  async remove(id: NodeId): Promise<string | null> {
    const answer = await this.attendance.signaling.remove(id);
    return answer.ok ? null : answer.refusal.message;
  }

  async end(): Promise<string | null> {
    const answer = await this.attendance.signaling.end();
    return answer.ok ? null : answer.refusal.message;
  }

  /** Saves the recording as a file. @returns why not, or null */
  async exportRecording(): Promise<string | null> {
    if (!this.recording) return 'Only the teacher’s page records.';
    try {
      const { room, file } = await this.recording.export();
      saveFile(file, recordingFileName(room, new Date(trueTime())));
      return null;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }

  /** @returns why not, or null */
  async changeNetwork(change: NetworkChange): Promise<Refusal | null> {
    // What comes from a console need not be a list; the server says so.
    if (change.do === 'links' && Array.isArray(change.rules) && change.rules.length === 0)
      return null;
    const answer = await this.attendance.signaling.network(change);
    if (!answer.ok) return answer.refusal;
    // Answers come in the order of the changes, so this is what the change was made to.
    const before = this.network;
    this.attendance.network(answer.document);
    this.#undo.made(before, answer.document);
    return null;
  }

  /** Takes back this page's last change. */
  async undo(): Promise<Refusal | null> {
    const change = this.#undo.next(this.network);
    if (!change) return NOTHING_TO_TAKE_BACK;
    const answer = await this.attendance.signaling.network(change);
    if (!answer.ok) return answer.refusal;
    this.#undo.taken(answer.document);
    this.attendance.network(answer.document);
    return null;
  }

  async act(act: NodeAct): Promise<Refusal | null> {
    const answer = await this.attendance.signaling.act(act);
    return answer.ok ? null : answer.refusal;
  }

  #newRecording(changed: () => void): Recording {
    // The attendance has its timers by the time that the recording starts.
    const timers: Timers = {
      now: () => this.attendance.timers.now(),
      after: (delayMs, callback) => this.attendance.timers.after(delayMs, callback),
    };
    return new Recording({ timers, trueTime, openStore: openRecordingStore, changed });
  }

  #linkedNodes(): NodeId[] {
    const { mesh } = this.attendance;
    const members = (mesh?.members() ?? []).filter((member) => member.role === 'node');
    return members.flatMap(({ id }) => (mesh?.link(id)?.open ? [id] : []));
  }

  #end(at: NodeId, other: NodeId): Report['links'][number] | undefined {
    return this.#reports.get(at)?.links.find((link) => link.id === other);
  }
}
