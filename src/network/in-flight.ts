import { MAX_FRAME_BYTES } from '../wire/lane.ts';

/** What may be on its way in one direction of a link: four frames of the largest size. */
export const MAX_IN_FLIGHT_BYTES = 4 * MAX_FRAME_BYTES;
