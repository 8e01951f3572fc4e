/** Commands and conversations of a site, by class, protocol and time. */
import type { ReactNode } from "react";
import type { Static } from "typebox";
import { useFormat, useWords } from "@yagura/portal/language.tsx";
import { Loaded } from "@yagura/portal/parts/notice.tsx";
import { Tabs } from "@yagura/portal/parts/tabs.tsx";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useUrlState } from "@yagura/portal/url-state.ts";
import type { Conversations, SiteCommands } from "../../wire/api-traffic.ts";
import { commandClasses, protocols, type CommandClass, type ProtocolName } from "../../wire/vocabulary.ts";
import { CommandTable } from "../command-table.tsx";
import { Choice, useSpan } from "../parts/choice.tsx";
import { useProtocolChoice, useProtocolTitle } from "../parts/protocol.ts";
import { Sited } from "../parts/sited.tsx";
import { useGet } from "../queries.ts";
import { words } from "../words.ts";
import { ConversationTable } from "./conversation-table.tsx";
import { trafficWords } from "./words.ts";
import "../ot.css";

const LIMIT = 2_000;

export function Page(): ReactNode {
  const t = useWords(trafficWords);
  const w = useWords(words);
  return (
    <Sited title={w("nav.traffic")} lead={t("lead")}>
      {({ id }) => (
        <Tabs
          label={t("tabs")}
          tabs={[
            { id: "commands", label: t("tab.commands"), content: <SiteCommandList site={id} /> },
            { id: "conversations", label: t("tab.conversations"), content: <SiteTalk site={id} /> },
          ]}
        />
      )}
    </Sited>
  );
}

const isProtocol = (text: string): text is ProtocolName => text in protocols;
const isClass = (text: string): text is CommandClass => (commandClasses as readonly string[]).includes(text);

function useProtocol(): { readonly protocol: ProtocolName | null; readonly picker: ReactNode } {
  const t = useWords(trafficWords);
  const title = useProtocolTitle();
  const names = useProtocolChoice();
  const [chosen, choose] = useUrlState("protocol", "any");
  return {
    protocol: isProtocol(chosen) ? chosen : null,
    picker: (
      <Choice
        label={t("protocol")}
        value={chosen}
        set={choose}
        options={["any", ...names]}
        say={(one) => (isProtocol(one) ? title(one) : t("anyProtocol"))}
      />
    ),
  };
}

function SiteCommandList({ site }: { readonly site: string }): ReactNode {
  const t = useWords(trafficWords);
  const w = useWords(words);
  const here = useOrganisation();
  const { from, control } = useSpan();
  const { protocol, picker } = useProtocol();
  const [kind, setKind] = useUrlState("class", "any");
  const [critical, setCritical] = useUrlState("critical");
  const path = here.api("/ot/commands");
  useLive(["ot.assets"], { refresh: [path], gather: 15_000 });
  const query = useGet<Static<typeof SiteCommands>>(
    path,
    {
      site,
      from,
      limit: LIMIT,
      protocol,
      class: isClass(kind) ? kind : null,
      critical: critical === "yes" ? true : null,
    },
    { keep: true },
  );
  return (
    <>
      <div className="ot-tools">
        {control}
        {picker}
        <Choice
          label={t("class")}
          value={kind}
          set={setKind}
          options={["any", ...commandClasses]}
          say={(one) => (isClass(one) ? w(`class.${one}`) : t("anyClass"))}
        />
        <label className="ot-choice">
          <input
            type="checkbox"
            checked={critical === "yes"}
            onChange={(event) => setCritical(event.target.checked ? "yes" : "")}
          />
          {t("critical")}
        </label>
      </div>
      <Loaded query={query} rows={10}>
        {({ items, total }) => (
          <>
            <CommandTable id="ot-commands" rows={items} urlKey="commands." />
            <More shown={items.length} total={total} />
          </>
        )}
      </Loaded>
    </>
  );
}

function SiteTalk({ site }: { readonly site: string }): ReactNode {
  const here = useOrganisation();
  const { from, control } = useSpan();
  const { protocol, picker } = useProtocol();
  const path = here.api("/ot/conversations");
  useLive(["ot.assets"], { refresh: [path], gather: 15_000 });
  const query = useGet<Static<typeof Conversations>>(path, { site, from, limit: LIMIT, protocol }, { keep: true });
  return (
    <>
      <div className="ot-tools">
        {control}
        {picker}
      </div>
      <Loaded query={query} rows={10}>
        {({ items, total }) => (
          <>
            <ConversationTable rows={items} />
            <More shown={items.length} total={total} />
          </>
        )}
      </Loaded>
    </>
  );
}

function More({ shown, total }: { readonly shown: number; readonly total: number }): ReactNode {
  const t = useWords(trafficWords);
  const format = useFormat();
  return total > shown ? (
    <p className="soft small">{t("more", { n: format.number(total), shown: format.number(shown) })}</p>
  ) : null;
}
