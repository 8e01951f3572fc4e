/** An incident of the service in clear, as far as the key reaches. Pure but for the cipher. */
import type { Incident, IncidentDetail } from "@yagura/alerts/shapes.ts";
import type { Language } from "@yagura/portal/words.ts";
import type { Site } from "../../wire/api.ts";
import type { Tokens } from "../../wire/tokens.ts";
import { sentencesOf } from "../findings/sentences.ts";
import { openAll } from "../tokens/open.ts";
import { reachOf } from "../tokens/sites.ts";

/** The site whose devices an incident is about: its group begins with it. */
export const siteOf = ({ group }: Pick<Incident, "group">): string => group.split("|")[0] ?? "";

interface Reading {
  readonly tokens: Tokens;
  readonly sites: readonly Site[];
  readonly language: Language;
}
/** Sentences are made anew of parameters in clear: an address within a sentence cannot be told from a version. */
export async function readIncident<T extends Incident | IncidentDetail>(incident: T, reading: Reading): Promise<T> {
  const { tokens, sites, language } = reading;
  const reach = reachOf(sites, siteOf(incident), tokens);
  const said = async <F extends Pick<Incident, "kind" | "parameters">>(finding: F): Promise<F> => {
    const parameters = await openAll(finding.parameters, tokens, reach);
    return { ...finding, parameters, ...sentencesOf({ kind: finding.kind, parameters }, language) };
  };
  const texts = await openAll(incident, tokens, "texts");
  const { title, parameters } = await said(incident);
  const head = { ...texts, title, parameters };
  if (!("worst" in incident)) return head;
  const worst = await Promise.all(
    incident.worst.map(async (finding) => ({
      ...(await said(finding)),
      evidence: await openAll(finding.evidence, tokens, reach),
    })),
  );
  return { ...head, worst };
}
