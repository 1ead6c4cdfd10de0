import * as Y from 'yjs';
import { channels } from '../../src/channels/channels.ts';
import type { Cancel } from '../../src/runtime/host.ts';
import type { Node } from '../../src/runtime/node.ts';
import { AppChannels } from './app-channels.ts';
import { NetsplitNetworkAdapter } from './network-adapter.ts';
import { NetsplitProvider, type NetsplitProviderOptions } from './yjs-provider.ts';

type OwnOptions = Omit<NetsplitProviderOptions, 'channels'>;

/** The tab that it all runs in. */
interface Tab {
  /** In its present life; null between two. */
  readonly node: Node | null;
  /** `listener` is called whenever the node may be another. */
  subscribe(listener: () => void): Cancel;
}

const known = new WeakMap<Tab, OfferedApps>();

/** Other people's software in this tab, over the mesh: its channels follow the lives of the tab's node. */
export function appsOf(tab: Tab): OfferedApps {
  const offered = known.get(tab) ?? appsOver(channelsOf(tab));
  known.set(tab, offered);
  return offered;
}

function channelsOf(tab: Tab): AppChannels {
  const held = new AppChannels();
  let node: Node | null = null;
  const follow = () => {
    if (tab.node === node) return;
    node = tab.node;
    if (node) held.begin(node.add(channels));
    else held.end();
  };
  tab.subscribe(follow);
  follow();
  return held;
}

/** What `netsplit.apps()` gives. */
export type OfferedApps = ReturnType<typeof appsOver>;

function appsOver(channels: AppChannels) {
  return {
    /** The copy that a provider uses unless it is given another. */
    Y,
    NetsplitProvider: class extends NetsplitProvider {
      constructor(name: string, doc: Y.Doc, options: OwnOptions = {}) {
        super(name, doc, { ...options, channels });
      }
    },
    NetsplitNetworkAdapter: class extends NetsplitNetworkAdapter {
      constructor(name = 'repo') {
        super(name, channels);
      }
    },
  };
}
