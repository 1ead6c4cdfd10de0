import { ENGINES, type MergeEngine, type Operation } from '../../../src/merge/engine.ts';
import { boardSchema, type BoardMessage, type ToldRecord } from '../../../src/merge/messages.ts';
import { repairParts } from '../../../src/merge/repair-parts.ts';
import { testNodeId } from '../../support/node-ids.ts';
import { answer, cpuMs } from './answer.ts';
import { loneNode } from './lone-node.ts';
import { editsOf, engineOf, type MergeLoad } from './merge-loads.ts';
import { KEY, type TracedEdit } from './merge-trace.ts';

/**
 * The receiving side of a board in one engine, without the ledger: operations come in messages of the
 * board's protocol, each made, framed, checked and applied as in a class. What is timed is all of it.
 */

/** One message an edit, as a class that is not split sends it. */
function told(load: MergeLoad): number {
  const messages = editsOf(load).map(({ intent, operation }): BoardMessage => {
    const operations = [{ engine: load.engine, operation }];
    return { type: 'tell', record: recordOf({ intent, operation }), operations };
  });
  return timed(load, messages);
}

/** What somebody lacks who was away, as one who has all sends it when they compare. */
function repaired(load: MergeLoad): number {
  const { engine: name } = load;
  const lacking = engineOf(load).digest();
  const operations = everything(load).missing(lacking)!.map((operation) => ({ engine: name, operation })); // prettier-ignore
  const messages: BoardMessage[] = [];
  for (let sent = 0; sent < operations.length;) {
    const parts = repairParts([], [operations.slice(sent)]);
    messages.push(...parts);
    sent += parts.reduce((sum, part) => sum + part.operations.length, 0);
  }
  return timed(load, messages);
}

const whole = new Map<string, MergeEngine>();

function everything(load: MergeLoad): MergeEngine {
  const key = JSON.stringify(load);
  const engine = whole.get(key) ?? engineOf(load);
  if (!whole.has(key)) for (const { operation } of editsOf(load)) take(engine, operation);
  whole.set(key, engine);
  return engine;
}

/** The engine alone. */
function bare(load: MergeLoad): number {
  const operations = editsOf(load).map(({ operation }) => operation);
  const engine = engineOf(load);
  const startedMs = cpuMs();
  for (const operation of operations) take(engine, operation);
  return finished(load, engine, startedMs);
}

function timed(load: MergeLoad, messages: readonly BoardMessage[]): number {
  const engine = engineOf(load);
  const receiver = loneNode(1, {
    schema: boardSchema,
    arrived: (message) => {
      const { operations } = message as Exclude<BoardMessage, { type: 'digest' }>;
      for (const { operation } of operations) take(engine, operation);
    },
  });
  const send = (bytes: Uint8Array) => receiver.node.receive(testNodeId(0), bytes);
  const sender = loneNode(0, { schema: boardSchema, send });
  const to = testNodeId(1);
  const startedMs = cpuMs();
  for (const message of messages) sender.protocol.host.send(to, message);
  return finished(load, engine, startedMs);
}

function take(engine: MergeEngine, operation: Operation): void {
  if (!engine.receive(operation)) throw new Error('an operation was refused');
}

/** With the text as people would see it. */
function finished(load: MergeLoad, engine: MergeEngine, startedMs: number): number {
  const { length } = engine.value().text.get(KEY)!;
  const tookMs = cpuMs() - startedMs;
  const { pending } = engine.size();
  if (length < load.edits || pending > 0) throw new Error(`${length} letters, ${pending} wait`);
  return tookMs;
}

function recordOf({ intent }: TracedEdit): ToldRecord {
  const { author, number, deed } = intent;
  const made = deed.do === 'type' ? deed.text.length : 0;
  const took = deed.do === 'erase' ? [{ ...author, runs: [number, 0, 0] }] : [];
  const effects = [{ engines: [...ENGINES], made, shown: true, took }];
  return { ...author, number, news: [], wall: 1_700_000_000_000, deed, effects };
}

const ways = { told, repaired, bare };

answer({ run: ({ load, way }: { load: MergeLoad; way: keyof typeof ways }) => ways[way](load) });
