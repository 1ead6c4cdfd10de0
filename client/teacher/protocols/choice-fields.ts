import {
  MAX_ACTIVE_VIEW,
  MAX_CALLS_PER_SECOND,
  MAX_FANOUT,
  MAX_ROUNDS,
  MAX_SLOWNESS,
  type RoomChoices,
} from '../../../src/network/room-choices.ts';
import { MAX_CAPACITY } from '../../../src/wire/signaling-limits.ts';
import type { Field } from '../rule-fields.ts';

type Figure = {
  [Name in keyof RoomChoices]: RoomChoices[Name] extends number ? Name : never;
}[keyof RoomChoices];
export type ChoiceField = Field<Figure>;

const whole = { scale: 1, unsaid: '', unit: '' } as const;
const upTo = (max: number, min = 1): number[] =>
  Array.from({ length: max - min + 1 }, (_, i) => min + i);

/** Fine where a class is, coarse beyond. */
const ROOMS = [...upTo(16, 0), 20, 24, 30, 40, 50, MAX_CAPACITY];
const RATES = [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 30, MAX_CALLS_PER_SECOND];

export const FULL_MESH: ChoiceField = {
  ...whole,
  name: 'fullMeshUpTo',
  label: 'Full mesh up to',
  unit: 'nodes',
  stops: ROOMS,
  min: 0,
  max: MAX_CAPACITY,
};

export const NEIGHBOURS: ChoiceField = {
  ...whole,
  name: 'activeView',
  label: 'Else neighbours',
  unit: 'each',
  stops: upTo(MAX_ACTIVE_VIEW),
  min: 1,
  max: MAX_ACTIVE_VIEW,
};

export const RUMOUR_FIELDS: readonly ChoiceField[] = [
  {
    ...whole,
    name: 'rumourFanout',
    label: 'Each tells',
    unit: 'nodes',
    stops: upTo(MAX_FANOUT),
    min: 1,
    max: MAX_FANOUT,
  },
  {
    ...whole,
    name: 'rumourRounds',
    label: 'Worth telling',
    unit: 'rounds',
    stops: upTo(MAX_ROUNDS),
    min: 1,
    max: MAX_ROUNDS,
  },
];

export const SLOWNESS: ChoiceField = {
  ...whole,
  name: 'electionSlowness',
  label: 'Slowed down',
  unit: '×',
  stops: [1, 2, 3, 4, 5, 7, 10, 15, MAX_SLOWNESS],
  min: 1,
  max: MAX_SLOWNESS,
};

export const CALLS: ChoiceField = {
  ...whole,
  name: 'callsPerSecond',
  label: 'Each calls',
  unit: '/ s',
  stops: RATES,
  min: 1,
  max: MAX_CALLS_PER_SECOND,
};
