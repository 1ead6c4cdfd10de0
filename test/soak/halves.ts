import { MortalClass } from '../support/mortal-class.ts';
import type { SoakOptions } from './soak.ts';

export const CLASS = 8;

const HALVES = [
  [0, 1, 2, 3],
  [4, 5, 6, 7],
];

/** A class, whole or in two halves, and who can hear whom in it. */
export async function openHalves({
  split,
}: SoakOptions): Promise<{ room: MortalClass; matesOf(place: number): number[] }> {
  const room = await MortalClass.open(CLASS);
  if (split !== null) await room.split(HALVES, split);
  const groups = split === null ? [room.places()] : HALVES;
  return {
    room,
    matesOf: (place) =>
      groups.find((group) => group.includes(place))!.filter((other) => other !== place),
  };
}
