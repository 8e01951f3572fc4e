/** One protocol that the site declares: its description, a test with a capture, and whether the sensors use it. */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { ConfirmDialog } from "@yagura/portal/parts/dialog.tsx";
import { Banner, Empty, ErrorBox, Loaded } from "@yagura/portal/parts/notice.tsx";
import { Page as Frame, Section } from "@yagura/portal/parts/page.tsx";
import { StateMark } from "@yagura/portal/parts/state-mark.tsx";
// Plain: descriptions are written in clear, and nothing in it is opened by the customer's key.
import { useChange, useGet, useRefresh } from "@yagura/portal/queries.ts";
import { useLive, useOrganisation } from "@yagura/portal/session.tsx";
import { useGo, useParams } from "@yagura/portal/url-state.ts";
import type { DeclaredParser } from "../../wire/api-declared.ts";
import { Sited } from "../parts/sited.tsx";
import { useSite } from "../site.tsx";
import { words } from "../words.ts";
import { Editor } from "./editor.tsx";
import { believedAnywhere, parserMarks, placesOf, stateOf } from "./places.ts";
import { Tests } from "./tests.tsx";
import { parserWords } from "./words.ts";
import "../ot.css";

export function Page(): ReactNode {
  const { parser = "" } = useParams();
  return parser === "new" ? <New /> : <One key={parser} id={parser} />;
}

function New(): ReactNode {
  const t = useWords(parserWords);
  const w = useWords(words);
  const here = useOrganisation();
  const go = useGo();
  return (
    <Sited title={t("newTitle")} lead={t("lead")} up={{ label: w("nav.parsers"), href: here.path("ot/parsers") }}>
      {({ id: site }) => (
        <Editor
          site={site}
          parser={null}
          path={here.api("/ot/parsers")}
          done={({ id }) => go(here.path(`ot/parsers/${id}?site=${site}`))}
        />
      )}
    </Sited>
  );
}

function One({ id }: { readonly id: string }): ReactNode {
  const here = useOrganisation();
  const { site } = useSite();
  const path = here.api("/ot/parsers");
  useLive(["ot.parser"], { refresh: [path] });
  const list = useGet<DeclaredParser[]>(path, { site: site?.id }, { enabled: site !== null });
  return (
    <Loaded query={list} rows={12}>
      {(parsers) => {
        const parser = parsers.find((one) => one.id === id);
        return parser === undefined ? <Gone /> : <Shown parser={parser} path={path} />;
      }}
    </Loaded>
  );
}

function Gone(): ReactNode {
  const t = useWords(parserWords);
  const w = useWords(words);
  const here = useOrganisation();
  return (
    <Frame title={w("title.parser")} up={{ label: w("nav.parsers"), href: here.path("ot/parsers") }}>
      <Empty title={t("gone")}>{t("goneText")}</Empty>
    </Frame>
  );
}

interface ShownProps {
  readonly parser: DeclaredParser;
  readonly path: string;
}
function Shown({ parser, path }: ShownProps): ReactNode {
  const t = useWords(parserWords);
  const w = useWords(words);
  const here = useOrganisation();
  const [dirty, setDirty] = useState(false);
  const state = stateOf(parser);
  const { bits, description, siteId } = parser;
  return (
    <Frame
      title={description.name}
      lead={t("ports", { places: placesOf(description) })}
      up={{ label: w("nav.parsers"), href: here.path("ot/parsers") }}
      mark={<StateMark state={parserMarks[state].state} label={t(`state.${state}`)} />}
      actions={state === "ended" || !here.can("ot.write") ? null : <Acts parser={parser} path={path} />}
    >
      {state === "ended" ? (
        <Banner state="unknown" title={t("state.ended")}>
          {t("ended")}
        </Banner>
      ) : null}
      <p className="soft">{t(believedAnywhere(parser) ? "anywhere" : "portOnly", { bits: String(bits) })}</p>
      <Editor site={siteId} parser={parser} path={path} dirty={setDirty} />
      {state === "ended" ? null : (
        <Section title={t("test")} lead={t("testLead")}>
          {dirty ? <p className="field-error">{t("testUnsaved")}</p> : null}
          <Tests parser={parser.id} path={path} />
        </Section>
      )}
    </Frame>
  );
}

function Acts({ parser, path }: ShownProps): ReactNode {
  const t = useWords(parserWords);
  const here = useOrganisation();
  const go = useGo();
  const refresh = useRefresh();
  const [removing, setRemoving] = useState(false);
  const use = useChange((enabled: boolean) => api.put(`${path}/${parser.id}`, { enabled }), { refresh: [path] });
  return (
    <>
      <Button
        kind={parser.enabled ? "plain" : "primary"}
        busy={use.isPending}
        onClick={() => use.mutate(!parser.enabled)}
      >
        {t(parser.enabled ? "unuse" : "use")}
      </Button>
      <Button onClick={() => setRemoving(true)}>{t("remove")}</Button>
      {use.error === null ? null : <ErrorBox error={use.error} />}
      {removing ? (
        <ConfirmDialog
          title={`${t("remove")}: ${parser.description.name}`}
          consequences={[t("remove.sensors"), t("remove.history")]}
          action={t("remove")}
          danger
          close={() => setRemoving(false)}
          run={async () => {
            await api.delete(`${path}/${parser.id}`);
            refresh([path]);
            go(here.path("ot/parsers"));
          }}
        />
      ) : null}
    </>
  );
}
