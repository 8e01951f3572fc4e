/** Servers that are meant to be there. */
import { useId, type ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { serverKinds, type ServerKind } from "./draft.ts";
import type { PartProps } from "./part.ts";
import { settingWords } from "./words.ts";

export function Servers({ draft, set, may }: PartProps): ReactNode {
  const t = useWords(settingWords);
  const id = useId();
  const put = (kind: ServerKind, text: string): void => set({ ...draft, servers: { ...draft.servers, [kind]: text } });
  return (
    <>
      <p className="soft">{t("serversLead")}</p>
      <div className="ot-thresholds">
        {serverKinds.map((kind) => (
          <div key={kind} className="field">
            <label htmlFor={`${id}${kind}`}>{t(`servers.${kind}`)}</label>
            <textarea
              id={`${id}${kind}`}
              className="input mono"
              rows={5}
              spellCheck={false}
              disabled={!may}
              value={draft.servers[kind]}
              onChange={(event) => put(kind, event.target.value)}
            />
          </div>
        ))}
      </div>
    </>
  );
}
