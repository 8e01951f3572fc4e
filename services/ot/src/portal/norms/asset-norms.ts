/** What is usual for a device, for the table of its commands (OT-N9). */
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { NORM_K } from "../../analysis/norms/sums.ts";
import type { CommandView } from "../../wire/api-assets.ts";
import type { AssetNorms } from "../../wire/api-norms.ts";
import { useGet } from "../queries.ts";
import { useSubject } from "./say.ts";
import { normWords } from "./words.ts";

export interface CommandNorms {
  /** Null: the command is not one that the device receives. */
  readonly of: (row: CommandView) => string | null;
  readonly note: string;
}
/** Null where nothing can be said. `path`: of the device in the API. */
export function useCommandNorms(path: string, asset: string): CommandNorms | null {
  const t = useWords(normWords);
  const format = useFormat();
  const say = useSubject();
  const { data } = useGet<AssetNorms>(`${path}/norms`);
  if (data?.state !== "told" || data.subject === null || data.sums === null) return null;
  const { subject } = data;
  const seen = new Map(data.functions.map((one) => [`${one.protocol} ${one.code}`, one.seen.sites]));
  return {
    of: ({ server, protocol, code }) => {
      if (server?.id !== asset) return null;
      const sites = seen.get(`${protocol} ${code}`);
      return sites === undefined
        ? t("column.few")
        : t("column.seen", { seen: format.number(sites), sites: format.number(subject.of.sites) });
    },
    note: t("columnNote", { subject: say(subject), at: format.day(data.sums.at), k: format.number(NORM_K) }),
  };
}
