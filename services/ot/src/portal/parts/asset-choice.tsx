/** Chooses devices by search: a factory has more than a list of boxes can hold. */
import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { useWords } from "@yagura/portal/language.tsx";
import { IconButton } from "@yagura/portal/parts/button.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import { fold } from "@yagura/portal/table-state.ts";
import type { AssetRef } from "../../wire/api.ts";
import type { AssetItem } from "../../wire/api-assets.ts";
import { useGet } from "../queries.ts";
import { RoleIcon } from "../role-icon.tsx";
import { useTokens } from "../tokens/key.ts";
import { words } from "../words.ts";
import { assetText } from "./asset-link.tsx";

/** Hits that are offered. */
const MOST = 8;

interface AssetChoiceProps {
  readonly site: string;
  readonly label: string;
  readonly hint?: string;
  readonly chosen: readonly AssetRef[];
  readonly set: (chosen: readonly AssetRef[]) => void;
  /** Devices that cannot be chosen. */
  readonly without?: readonly string[];
  /** One at most: choosing another takes its place. */
  readonly single?: boolean;
  readonly error?: string | undefined;
}
export const refOfItem = (item: AssetItem): AssetRef => ({
  id: item.id,
  name: item.name,
  role: item.role,
  address: item.addresses[0] ?? null,
});

export function AssetChoice(props: AssetChoiceProps): ReactNode {
  const { site, label, hint, chosen, set, without = [], single = false, error } = props;
  const t = useWords(words);
  const here = useOrganisation();
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const q = text.trim();
  // Where names are tokens, the server cannot search them: the browser does.
  const own = useTokens() !== null;
  const found = useGet<{ items: AssetItem[] }>(
    here.api("/ot/assets"),
    own ? { site, limit: 500 } : { site, q, limit: MOST + chosen.length },
    { enabled: q !== "", keep: true },
  );
  const taken = new Set([...chosen.map((one) => one.id), ...without]);
  const fits = ({ id, name, addresses, model }: AssetItem): boolean =>
    !taken.has(id) && (!own || fold([name, model ?? "", ...addresses].join(" ")).includes(fold(q)));
  const hits = q === "" ? [] : (found.data?.items ?? []).filter(fits).slice(0, MOST);
  const choose = (item: AssetItem): void => {
    set(single ? [refOfItem(item)] : [...chosen, refOfItem(item)]);
    setText("");
    setAt(0);
  };
  const keys = (event: KeyboardEvent): void => {
    const hit = hits[at];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      setAt(Math.max(0, Math.min(hits.length - 1, at + (event.key === "ArrowDown" ? 1 : -1))));
    } else if (event.key === "Enter") {
      // Enter in the search chooses; it does not send the form.
      event.preventDefault();
      if (hit !== undefined) choose(hit);
    } else if (event.key === "Escape" && text !== "") {
      event.preventDefault();
      event.stopPropagation();
      setText("");
    }
  };
  return (
    <div className={error === undefined ? "field" : "field field-bad"}>
      <label htmlFor={id}>{label}</label>
      {chosen.length === 0 ? null : (
        <ul className="ot-chips" aria-label={label}>
          {chosen.map((one) => (
            <li key={one.id} className="ot-chip">
              <RoleIcon role={one.role} /> {assetText(one)}
              <IconButton
                icon="close"
                label={t("choice.remove", { name: one.name })}
                onClick={() => set(chosen.filter((each) => each.id !== one.id))}
              />
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        className="input"
        type="search"
        role="combobox"
        autoComplete="off"
        aria-expanded={hits.length > 0}
        aria-controls={`${id}-hits`}
        aria-activedescendant={hits[at] === undefined ? undefined : `${id}-${at}`}
        aria-invalid={error !== undefined}
        aria-describedby={`${id}-hint ${id}-error`}
        placeholder={t("choice.search")}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={keys}
      />
      <div id={`${id}-hits`} role="listbox" aria-label={label} className={hits.length === 0 ? "" : "ot-hits"}>
        {hits.map((hit, i) => (
          <button
            key={hit.id}
            id={`${id}-${i}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={i === at}
            className="ot-hit"
            onClick={() => choose(hit)}
          >
            <RoleIcon role={hit.role} /> {hit.name}{" "}
            <span className="soft small">
              {[hit.addresses[0], hit.vendor, t(`role.${hit.role}`)].filter(Boolean).join(" · ")}
            </span>
          </button>
        ))}
      </div>
      {q !== "" && found.data !== undefined && hits.length === 0 ? (
        <p className="soft small">{t("choice.none")}</p>
      ) : null}
      <div className="field-below">
        <span id={`${id}-hint`} className="field-hint">
          {hint}
        </span>
      </div>
      <p id={`${id}-error`} className="field-error" aria-live="polite">
        {error}
      </p>
    </div>
  );
}
