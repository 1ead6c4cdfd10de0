import { automergeWasmBase64 } from '@automerge/automerge/automerge.wasm.base64';
import { initializeBase64Wasm, Repo, type AutomergeUrl, type DocHandle } from '@automerge/automerge-repo/slim'; // prettier-ignore

/** A plain app on automerge-repo, which knows of the mesh no more than a network adapter. */

interface Todo {
  items: string[];
}

declare global {
  interface Window {
    repoApp?: {
      create(): string;
      open(url: string): Promise<void>;
      add(item: string): void;
      /** In an order that is the same everywhere. */
      items(): string[];
      peers(): number;
    };
  }
}

await initializeBase64Wasm(automergeWasmBase64);
const { NetsplitNetworkAdapter } = await window.netsplit!.apps();
const repo = new Repo({ network: [new NetsplitNetworkAdapter()] });
let handle: DocHandle<Todo> | undefined;

window.repoApp = {
  create() {
    handle = repo.create<Todo>({ items: [] });
    return handle.url;
  },
  async open(url) {
    handle = await repo.find<Todo>(url as AutomergeUrl);
  },
  add: (item) => handle!.change(({ items }) => void items.push(item)),
  items: () => [...handle!.doc().items].sort(),
  peers: () => repo.peers.length,
};
