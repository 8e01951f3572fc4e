/** How sensitive the detections of a site are: changed as a draft, tried on stored data, then saved (OT-27, OT-N3). */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Loaded } from "@yagura/portal/parts/notice.tsx";
import { Tabs } from "@yagura/portal/parts/tabs.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import type { SettingChange, Settings, WhatIf } from "../../wire/api-rules.ts";
import type { Tokens } from "../../wire/tokens.ts";
import { Membership } from "../norms/membership.tsx";
import { Sited } from "../parts/sited.tsx";
import { useChange, useGet } from "../queries.ts";
import { useTokens } from "../tokens/key.ts";
import { words } from "../words.ts";
import { DraftBar } from "./draft-bar.tsx";
import { adopt, changeOf, differences, draftOf, type Draft } from "./draft.ts";
import { Kinds } from "./kinds.tsx";
import { Servers } from "./servers.tsx";
import { Signatures } from "./signatures.tsx";
import { Thresholds } from "./thresholds.tsx";
import { whatIfId, WhatIfs } from "./what-if.tsx";
import { settingWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const t = useWords(settingWords);
  const w = useWords(words);
  return (
    <Sited title={w("nav.settings")} lead={t("lead")}>
      {({ id }) => <OfSite key={id} site={id} />}
    </Sited>
  );
}

function OfSite({ site }: { readonly site: string }): ReactNode {
  const here = useOrganisation();
  const path = here.api("/ot/settings");
  useLive(["ot.what-if"], { refresh: [here.api("/ot/what-if")] });
  useLive(["ot.settings"], { refresh: [path] });
  return (
    <Loaded query={useGet<Settings>(path, { site })} rows={12}>
      {(settings) => <Editor settings={settings} path={path} />}
    </Loaded>
  );
}

/** Addresses that were written in clear are tokens on the server. */
async function closeServers(change: SettingChange, tokens: Tokens | null): Promise<SettingChange> {
  if (tokens === null || change.servers === undefined) return change;
  const close = (list: readonly string[] = []): Promise<string[]> =>
    Promise.all(list.map((one) => tokens.address(one)));
  const { dhcp, dns, gateway } = change.servers;
  return { ...change, servers: { dhcp: await close(dhcp), dns: await close(dns), gateway: await close(gateway) } };
}

interface EditorProps {
  readonly settings: Settings;
  readonly path: string;
}
function useEditor({ settings, path }: EditorProps) {
  const here = useOrganisation();
  const tokens = useTokens();
  const [draft, setDraft] = useState<Draft | null>(null);
  const shown = draft ?? draftOf(settings);
  const change = changeOf(shown, settings);
  const whatIfs = here.api("/ot/what-if");
  const save = useChange(
    async (wanted: SettingChange) =>
      api.put<Settings>(path, { siteId: settings.siteId, change: await closeServers(wanted, tokens) }),
    { refresh: [path], done: () => setDraft(null) },
  );
  const attempt = useChange(
    async ({ wanted, days }: { wanted: SettingChange; days: number }) =>
      api.post<WhatIf>(whatIfs, { siteId: settings.siteId, days, change: await closeServers(wanted, tokens) }),
    {
      refresh: [whatIfs],
      // It is far below the fields: who asked must see that something happens.
      done: () => document.getElementById(whatIfId)?.scrollIntoView({ block: "start" }),
    },
  );
  return { shown, setDraft, change, save, attempt };
}

function Editor({ settings, path }: EditorProps): ReactNode {
  const t = useWords(settingWords);
  const format = useFormat();
  const here = useOrganisation();
  const { shown, setDraft, change, save, attempt } = useEditor({ settings, path });
  const may = here.can("ot.write");
  const count = differences(shown, settings);
  // Signatures, and taking part in norms, are saved by themselves.
  const [tab] = useUrlState("tab");
  const alone = tab === "signatures" || tab === "norms";
  const part = { settings, draft: shown, set: setDraft, may };
  return (
    <>
      <p className="soft small">
        {settings.changedAt === null
          ? t("neverChanged")
          : t("changed", {
              at: format.instant(settings.changedAt),
              by: (settings.changedBy ?? "").replace(/^user:/, ""),
            })}
      </p>
      <Tabs
        label={t("tabs")}
        tabs={[
          { id: "thresholds", label: t("tab.thresholds"), content: <Thresholds {...part} /> },
          { id: "kinds", label: t("tab.kinds"), content: <Kinds {...part} /> },
          { id: "servers", label: t("tab.servers"), content: <Servers {...part} /> },
          { id: "signatures", label: t("tab.signatures"), content: <Signatures site={settings.siteId} /> },
          { id: "norms", label: t("tab.norms"), content: <Membership /> },
        ]}
      />
      {may && (!alone || count > 0) ? (
        <DraftBar
          count={count}
          valid={change !== null}
          error={save.error ?? attempt.error}
          busy={save.isPending ? "save" : attempt.isPending ? "try" : null}
          save={() => {
            if (change !== null) save.mutate(change);
          }}
          attempt={(days) => {
            if (change !== null) attempt.mutate({ wanted: change, days });
          }}
          discard={() => setDraft(null)}
        />
      ) : null}
      {tab === "norms" ? null : (
        <WhatIfs site={settings.siteId} adopt={may ? (tried) => setDraft(adopt(settings, tried)) : null} />
      )}
    </>
  );
}
