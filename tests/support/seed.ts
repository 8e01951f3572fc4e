/**
 * Randomised tests draw the same cases in every run, so that what passes here passes there. `YAGURA_SEED=random` draws others
 * (a failure prints its seed), `YAGURA_SEED=123` the ones of that seed again.
 */
import { configureGlobal } from "fast-check";

const wanted = process.env["YAGURA_SEED"] ?? "20261120";
if (wanted !== "random") configureGlobal({ seed: Number(wanted) });
