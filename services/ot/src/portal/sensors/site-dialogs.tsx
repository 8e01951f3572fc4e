/** Sites of the organisation: one space of addresses each. Made, renamed, removed here. */
import { useState, type ReactNode } from "react";
import { api } from "@yagura/portal/api.ts";
import { useWords } from "@yagura/portal/language.tsx";
import { Button } from "@yagura/portal/parts/button.tsx";
import { agoColumn, countColumn, textColumn } from "@yagura/portal/parts/columns.tsx";
import { ConfirmDialog, Dialog } from "@yagura/portal/parts/dialog.tsx";
import { Form, TextField, useForm } from "@yagura/portal/parts/form.tsx";
import { Empty } from "@yagura/portal/parts/notice.tsx";
import { Section } from "@yagura/portal/parts/page.tsx";
import { DataTable } from "@yagura/portal/parts/table.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { Site } from "../../wire/api.ts";
import { useList, useRefresh } from "../queries.ts";
import { words } from "../words.ts";
import { sensorWords } from "./words.ts";

type Open = { readonly kind: "edit"; readonly site: Site | null } | { readonly kind: "remove"; readonly site: Site };

export function Sites(): ReactNode {
  const t = useWords(sensorWords);
  const here = useOrganisation();
  const list = useList<Site>(here.api("/ot/sites"));
  const [open, setOpen] = useState<Open | null>(null);
  const close = (): void => setOpen(null);
  const may = here.can("ot.write");
  const add = may ? <Button onClick={() => setOpen({ kind: "edit", site: null })}>{t("site.add")}</Button> : null;
  return (
    <Section title={t("sites")} lead={t("sites.lead")} actions={add}>
      <DataTable<Site>
        id="ot-sites"
        label={t("sites")}
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        plain
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        rowHref={(row) => here.path(`ot?site=${row.id}`)}
        sort="name"
        urlKey="sites."
        empty={<Empty title={t("sites.none")}>{t("noneText")}</Empty>}
        rowActions={(site) =>
          may
            ? [
                { label: t("site.edit"), run: () => setOpen({ kind: "edit", site }) },
                ...(site.sensors === 0
                  ? [{ label: t("site.remove"), run: () => setOpen({ kind: "remove", site }), danger: true }]
                  : []),
              ]
            : []
        }
        columns={[
          textColumn("name", t("site.name"), (row) => row.name, { fill: true }),
          countColumn("sensors", t("site.sensors"), (row) => row.sensors),
          countColumn("assets", t("site.assets"), (row) => row.assets),
          textColumn("tokens", t("tokens"), (row) =>
            row.tokens === null ? t("tokens.plain") : t("tokens.key", { check: row.tokens }),
          ),
          agoColumn("last", t("lastUpload"), (row) => row.lastUploadAt),
        ]}
      />
      {open?.kind === "edit" ? <SiteDialog site={open.site} close={close} /> : null}
      {open?.kind === "remove" ? <RemoveSite site={open.site} close={close} /> : null}
    </Section>
  );
}

function useDone(close: () => void): () => void {
  const here = useOrganisation();
  const refresh = useRefresh();
  return () => {
    refresh([here.api("/ot/sites"), here.api("/ot/sensors"), here.api("/ot/overview")]);
    close();
  };
}

interface SiteDialogProps {
  /** Null: a new one. */
  readonly site: Site | null;
  readonly close: () => void;
}
function SiteDialog({ site, close }: SiteDialogProps): ReactNode {
  const t = useWords(sensorWords);
  const w = useWords(words);
  const here = useOrganisation();
  const path = here.api("/ot/sites");
  const form = useForm({
    initial: { name: site?.name ?? "", note: site?.note ?? "" },
    rules: { name: { maxLength: 120 }, note: { maxLength: 2_000, optional: true } },
    submit: ({ name, note }) => {
      const fields = { name: name.trim(), note: note.trim() };
      return site === null ? api.post(path, fields) : api.patch(`${path}/${site.id}`, fields);
    },
    done: useDone(close),
  });
  return (
    <Dialog title={site === null ? t("site.add") : `${w("site")}: ${site.name}`} close={close}>
      <Form form={form} action={t("save")} cancel={close}>
        <TextField form={form} name="name" label={t("site.name")} hint={t("site.nameHint")} />
        <TextField form={form} name="note" label={t("note")} multiline />
      </Form>
    </Dialog>
  );
}

function RemoveSite({ site, close }: { readonly site: Site; readonly close: () => void }): ReactNode {
  const t = useWords(sensorWords);
  const here = useOrganisation();
  const done = useDone(close);
  return (
    <ConfirmDialog
      title={t("site.remove")}
      consequences={[t("site.removeText", { name: site.name })]}
      action={t("site.remove")}
      close={close}
      run={async () => {
        await api.delete(here.api(`/ot/sites/${site.id}`));
        done();
      }}
    />
  );
}
