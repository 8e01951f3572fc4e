/** Who acts, as rows of history name them: `user:Aoi Tanaka`. */
import type { Actor } from "@yagura/server/route.ts";

export const actorName = ({ actor }: { readonly actor: Actor }): string =>
  actor.kind === "nobody" ? "nobody" : `${actor.kind}:${actor.name}`;
