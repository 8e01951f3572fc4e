/** Files that were handed in: evidence of successions, identity, changes. */
import { useState, type ReactNode } from "react";
import type { Evidence } from "@yagura/commerce/applications/shapes.ts";
import { api } from "../../api.ts";
import { useFormat, useWords } from "../../language.tsx";
import { Button } from "../../parts/button.tsx";
import { Dialog } from "../../parts/dialog.tsx";
import { Empty } from "../../parts/notice.tsx";
import { DataTable } from "../../parts/table.tsx";
import { useList, useRefresh } from "../../queries.ts";
import { useOrganisation } from "../../session.tsx";
import { actorColumn, textColumn, whenColumn } from "../../parts/columns.tsx";
import { EvidenceField } from "../parts/upload.tsx";
import { letterWords } from "../words/letters.ts";

export function FilesTab(): ReactNode {
  const t = useWords(letterWords);
  const format = useFormat();
  const here = useOrganisation();
  const path = here.api("/evidence");
  const list = useList<Evidence>(path);
  const [adding, setAdding] = useState(false);
  const add = here.can("application.write") ? <Button onClick={() => setAdding(true)}>{t("files.add")}</Button> : null;
  const save = (file: Evidence): void => void api.download(`${path}/${file.id}`, { name: file.name });
  return (
    <>
      <DataTable<Evidence>
        id="evidence"
        label={t("tab.files")}
        urlKey="f"
        rows={list.rows}
        error={list.error}
        retry={list.refetch}
        rowKey={(row) => row.id}
        rowName={(row) => row.name}
        onOpen={save}
        sort="-at"
        tools={add}
        empty={
          <Empty title={t("files.none")} action={add}>
            {t("files.noneText")}
          </Empty>
        }
        columns={[
          textColumn("name", t("files.name"), (row) => row.name, { fill: true }),
          textColumn("size", t("files.size"), (row) => format.bytes(row.size), {
            sort: (row) => row.size,
            align: "end",
          }),
          actorColumn("by", t("history.by"), (row) => row.uploadedBy),
          whenColumn("at", t("history.at"), (row) => row.uploadedAt),
          textColumn("hash", "SHA-256", (row) => row.sha256, { hidden: true }),
        ]}
      />
      {adding ? <AddDialog path={path} close={() => setAdding(false)} /> : null}
    </>
  );
}

function AddDialog({ path, close }: { readonly path: string; readonly close: () => void }): ReactNode {
  const t = useWords(letterWords);
  const refresh = useRefresh();
  const [files, setFiles] = useState<readonly Evidence[]>([]);
  return (
    <Dialog title={t("files.add")} close={close}>
      <EvidenceField
        path={path}
        label={t("files.choose")}
        files={files}
        change={(next) => {
          setFiles(next);
          refresh([path]);
        }}
      />
    </Dialog>
  );
}
