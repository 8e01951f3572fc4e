/** How many cases randomised tests draw. */

/** Most cases of one property in `npm run check`, which developers wait for; every other run draws them all. */
const QUICK = 250;

/** For `fc.assert`: so many cases, fewer where `YAGURA_CASES` is `quick`. */
export const cases = (count: number): { readonly numRuns: number } => ({
  numRuns: process.env["YAGURA_CASES"] === "quick" ? Math.min(count, QUICK) : count,
});
