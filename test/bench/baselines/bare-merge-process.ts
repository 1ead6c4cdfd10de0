import * as automerge from '@automerge/automerge';
import * as Y from 'yjs';
import { birthOf } from '../../../src/merge/automerge/births.ts';
import { fieldName } from '../../../src/merge/automerge/field-name.ts';
import { answer, cpuMs } from '../processes/answer.ts';
import { changeIn, editsOf, updateIn, type MergeLoad } from '../processes/merge-loads.ts';
import { KEY } from '../processes/merge-trace.ts';

/** The library alone: the same updates, one after the other, or Yjs's one of all, and then the text. */
function run({ load, beside }: { load: MergeLoad; beside: 'one by one' | 'at once' }): number {
  if (load.engine === 'automerge') return runAutomerge(load);
  const updates = editsOf({ ...load, engine: 'yjs' }).map(({ operation }) => updateIn(operation));
  return runYjs(load, beside === 'at once' ? [Y.mergeUpdates(updates)] : updates);
}

function runYjs(load: MergeLoad, updates: readonly Uint8Array[]): number {
  const doc = new Y.Doc();
  const startedMs = cpuMs();
  for (const update of updates) Y.applyUpdate(doc, update);
  return finished(load, doc.getText(`text:${KEY}`).toString(), startedMs);
}

function runAutomerge(load: MergeLoad): number {
  const changes = editsOf(load).map(({ operation }) => changeIn(operation));
  const field = fieldName('text', KEY);
  const birth = birthOf(automerge, 'text', field);
  let doc = automerge.init<{ [name: string]: unknown }>();
  const startedMs = cpuMs();
  [doc] = automerge.applyChanges(doc, [birth]);
  for (const change of changes) [doc] = automerge.applyChanges(doc, [change]);
  return finished(load, String(doc[field]), startedMs);
}

function finished(load: MergeLoad, text: string, startedMs: number): number {
  const tookMs = cpuMs() - startedMs;
  if (text.length < load.edits) throw new Error(`${text.length} letters`);
  return tookMs;
}

answer({ run });
