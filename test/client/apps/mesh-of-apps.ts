import { AppChannels } from '../../../client/apps/app-channels.ts';
import { channels } from '../../../src/channels/channels.ts';
import type { LinkRule } from '../../../src/network/link-rule.ts';
import { Cluster } from '../../../src/simulator/cluster.ts';
import type { Milliseconds } from '../../../src/vocabulary.ts';

/** Nodes in memory, each with the channels of its apps. Time passes when it is told to. */
export function meshOfApps(nodes: number, seed: string | number = 1) {
  const apps = Array.from({ length: nodes }, () => new AppChannels());
  const cluster = new Cluster({
    ...{ nodes, seed },
    protocols: (node, _life, index) => apps[index]!.begin(node.add(channels)),
  });
  const pass = (ms: Milliseconds = 200) => cluster.time.runFor(ms);

  function crash(node: number): void {
    cluster.members[node]!.crash();
    apps[node]!.end();
  }

  /** Replaces all rules by a wall between these groups, which cuts or swallows. */
  function split(groups: readonly (readonly number[])[], fault: 'cut' | 'blackhole'): void {
    const rules = groups.flatMap((group) =>
      groups
        .filter((other) => other !== group)
        .flat()
        .flatMap((to) => group.map((from): LinkRule => ({ ...ends(from, to), [fault]: true }))),
    );
    cluster.setRules(rules);
  }

  function ends(from: number, to: number) {
    return { from: cluster.members[from]!.id, to: cluster.members[to]!.id };
  }

  /** The same for all links. */
  function everywhere(faults: Omit<LinkRule, 'from' | 'to'>): void {
    const all = cluster.members.map((_, node) => node);
    cluster.setRules(
      all.flatMap((a) => all.filter((b) => b !== a).map((b) => ({ ...ends(a, b), ...faults }))),
    );
  }

  return { cluster, apps, pass, crash, split, everywhere };
}

/** Lets time pass by itself, faster than it really does. Returns what stops it. */
export function running({ pass }: Pick<ReturnType<typeof meshOfApps>, 'pass'>): () => void {
  const timer = setInterval(() => pass(5), 1);
  return () => clearInterval(timer);
}
