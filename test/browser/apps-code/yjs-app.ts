import * as Y from 'yjs';

/** A plain Yjs app with its own copy of Yjs, which knows of the mesh no more than a provider. */

declare global {
  interface Window {
    yjsApp?: {
      write(text: string): void;
      read(): string;
      stand(at: number): void;
      /** Where the others stand. */
      others(): number[];
      peers(): number;
    };
  }
}

const { NetsplitProvider } = await window.netsplit!.apps();
const doc = new Y.Doc();
const provider = new NetsplitProvider('notes', doc, { Y });
const text = doc.getText('text');
const { awareness } = provider;

window.yjsApp = {
  write: (written) => text.insert(text.length, written),
  read: () => text.toString(),
  stand: (at) => awareness.setLocalStateField('at', at),
  others: () =>
    [...awareness.getStates()].flatMap(([client, state]) =>
      client !== doc.clientID && 'at' in state ? [Number(state['at'])] : [],
    ),
  peers: () => provider.peers.length,
};
