/**
 * How often one person or program may ask what costs much: computing bills, printing, keeping files, making work for the staff.
 * Far above what a page or a nightly program needs, far below what would hold up others (one process computes for all).
 */
import type { Route } from "@yagura/server/route.ts";

const own = "/api/v1/organisations/:organisation";
/** Requests a minute. */
const rates: Readonly<Record<string, number>> = {
  [`GET ${own}/next-bill`]: 60,
  [`GET ${own}/contracts/:contract/forecast`]: 120,
  [`GET ${own}/contracts/:contract/timeline`]: 120,
  [`GET ${own}/contracts/:contract/simulate/cancellation`]: 120,
  [`POST ${own}/contracts/:contract/simulate/change`]: 120,
  [`POST ${own}/quotes`]: 60,
  [`POST ${own}/applications`]: 120,
  [`POST ${own}/evidence`]: 60,
  [`POST ${own}/cases`]: 60,
  [`POST ${own}/contracts/:contract/reports`]: 60,
  [`POST ${own}/contracts/:contract/change-orders`]: 120,
  [`POST ${own}/contracts/:contract/transfers`]: 60,
  [`GET ${own}/statement`]: 120,
  [`GET ${own}/interest`]: 120,
};
/** Whatever is no JSON is a whole file: paper, table, evidence. */
const FILE = 120;

/** The routes with their rates; one that names its own keeps it. Throws for a rate of no route. */
export function paced(routes: readonly Route[]): Route[] {
  const names = new Set(routes.map(({ method, path }) => `${method} ${path}`));
  const nobody = Object.keys(rates).find((name) => !names.has(name));
  if (nobody !== undefined) throw new Error(`a rate is set for ${nobody}, which is no route`);
  return routes.map((route) => {
    const rate = route.rate ?? rates[`${route.method} ${route.path}`] ?? (route.raw === undefined ? undefined : FILE);
    return rate === undefined ? route : { ...route, rate };
  });
}
