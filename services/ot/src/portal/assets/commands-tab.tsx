/** What is done to a device, and what it does to others. */
import type { ReactNode } from "react";
import { Loaded } from "@yagura/portal/parts/notice.tsx";
import { useParams } from "@yagura/portal/url-state.ts";
import { useGet } from "../queries.ts";
import type { Static } from "typebox";
import type { Commands } from "../../wire/api-assets.ts";
import { CommandTable } from "../command-table.tsx";
import { useCommandNorms } from "../norms/asset-norms.ts";
import { Orders } from "./orders.tsx";

export function CommandsTab({ path }: { readonly path: string }): ReactNode {
  const { asset = "" } = useParams();
  const norms = useCommandNorms(path, asset);
  return (
    <Loaded query={useGet<Static<typeof Commands>>(`${path}/commands`)} rows={8}>
      {({ items }) => (
        <>
          <CommandTable id="ot-asset-commands" rows={items} urlKey="commands." others={norms?.of ?? null} />
          {norms === null ? null : <p className="soft small">{norms.note}</p>}
          <Orders path={path} />
        </>
      )}
    </Loaded>
  );
}
