import type { TeacherActions } from '../session/snapshots.ts';

/** What the instruments need of all that the teacher can do. */
export type NetworkActions = Pick<
  TeacherActions,
  'links' | 'partition' | 'heal' | 'condition' | 'act' | 'undo'
>;
