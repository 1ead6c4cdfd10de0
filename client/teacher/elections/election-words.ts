import type { AlgorithmName, Choice } from '../../../src/network/election-choice.ts';
import { isNewer, turnOf } from '../../../src/network/runs.ts';
import type { NodeId } from '../../../src/vocabulary.ts';
import type { Scene, SceneNode, SceneStanding } from '../../session/scene.ts';
import { ALGORITHM_WORDS } from '../../views/marks/role-look.ts';

/** What a teacher is told of who leads, and the choice that a switch makes. */

type Standing = SceneNode & { readonly standing: SceneStanding };

function standingNodes(nodes: Scene['nodes']): readonly Standing[] {
  return nodes.filter((node): node is Standing => node.standing !== null);
}

/** By what the mesh elects and who leads, in a line; several leaders are told apart from this. */
export function electionSummary(nodes: Scene['nodes'], choice: Choice | null): string {
  const standing = standingNodes(nodes);
  const algorithm = algorithmNow(nodes, choice);
  if (algorithm === null) return 'Nobody is elected yet.';
  const { name } = ALGORITHM_WORDS[algorithm];
  const leaders = standing.filter((node) => node.standing.role === 'leader');
  if (leaders.length === 0) return `${name} · nobody leads`;
  if (leaders.length > 1) return `${name} · ${leaders.length} lead`;
  const [leader] = leaders;
  const followers = standing.filter((node) => node.standing.leader === leader!.id).length - 1;
  return `${name} · ${leader!.name} leads term ${leader!.standing.term}, ${followers} of ${nodes.length - 1} follow`;
}

/** That of the newest choice: the room's, or one that somebody made on a tab's console since. */
export function algorithmNow(nodes: Scene['nodes'], choice: Choice | null): AlgorithmName | null {
  let [turn, algorithm] = [choice?.turn ?? 0, choice?.algorithm ?? null];
  for (const { standing } of standingNodes(nodes))
    if (turnOf(standing.group) > turn)
      [turn, algorithm] = [turnOf(standing.group), standing.algorithm];
  return algorithm;
}

/**
 * The choice of a switch that counts for all who are here: newer than whatever anybody holds. The
 * first of the voters founds, or of the living.
 */
export function switchTo(
  algorithm: AlgorithmName,
  nodes: Scene['nodes'],
  before: Choice | null,
  voters: readonly NodeId[] | null,
): Choice | null {
  const living = nodes.filter(({ present, state }) => present && state === 'joined');
  const founder = living.find(({ id }) => voters?.includes(id) ?? true) ?? living[0] ?? nodes[0];
  return founder === undefined ? null : choiceBy(founder, algorithm, nodes, before);
}

/** A switch that this node begins; by Raft it founds the group, with what it has of the one before. */
export function choiceBy(
  { id, incarnation: life }: Pick<SceneNode, 'id' | 'incarnation'>,
  algorithm: AlgorithmName,
  nodes: Scene['nodes'],
  before: Choice | null,
): Choice | null {
  const turns = standingNodes(nodes).map(({ standing }) => turnOf(standing.group));
  const turn = Math.max(before?.turn ?? 0, ...turns) + 1;
  const choice: Choice = { algorithm, turn, by: { id, life } };
  return isNewer(choice, before) ? choice : null;
}
