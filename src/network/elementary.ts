/**
 * Logarithm, exponential and cosine from additions, multiplications and divisions alone. IEEE 754 says
 * what these give to the last bit; of `Math.log` and its like it says nothing, and engines differ: then
 * the same seed would not give the same run in a browser as at a desk.
 *
 * Good to 1e-14 in the ranges that are named, which is all that draws need.
 */

const LN2 = 0.6931471805599453;

/** Enough for 1e-17 at the end of each series' range. */
const LOG_TERMS = 12;
const EXP_TERMS = 16;
const COS_TERMS = 12;

/** @param x above 0, and not so far from 1 that halving takes long: 2^-64 to 2^64 */
export function naturalLog(x: number): number {
  let mantissa = x;
  let doublings = 0;
  for (; mantissa > Math.SQRT2; doublings++) mantissa /= 2;
  for (; mantissa < Math.SQRT1_2; doublings--) mantissa *= 2;
  // ln m = 2 artanh s = 2 (s + s³/3 + s⁵/5 + …), with s below 0.172
  const s = (mantissa - 1) / (mantissa + 1);
  let sum = 0;
  for (let i = LOG_TERMS; i >= 0; i--) sum = sum * s * s + 1 / (2 * i + 1);
  return doublings * LN2 + 2 * s * sum;
}

/** @param x -40 to 40 */
export function exponential(x: number): number {
  const doublings = Math.round(x / LN2);
  const rest = x - doublings * LN2;
  let power = 1;
  for (let i = EXP_TERMS; i > 0; i--) power = 1 + (rest / i) * power;
  for (let i = 0; i < Math.abs(doublings); i++) power = doublings > 0 ? power * 2 : power / 2;
  return power;
}

/** The cosine of a whole turn's `share`. @param share 0 to 1 */
export function cosineOfTurn(share: number): number {
  const fromHalf = Math.abs(share - 0.5);
  const negative = fromHalf < 0.25;
  const angle = 2 * Math.PI * (negative ? fromHalf : 0.5 - fromHalf);
  let sum = 1;
  for (let i = COS_TERMS; i > 0; i--) sum = 1 - ((angle * angle) / (2 * i * (2 * i - 1))) * sum;
  return negative ? -sum : sum;
}
