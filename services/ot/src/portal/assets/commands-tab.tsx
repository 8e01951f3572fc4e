/** What is done to a device, and what it does to others. */
import type { ReactNode } from "react";
import { Loaded } from "@yagura/portal/parts/notice.tsx";
import { useGet } from "../queries.ts";
import type { Static } from "typebox";
import type { Commands } from "../../wire/api-assets.ts";
import { CommandTable } from "../command-table.tsx";

export const CommandsTab = ({ path }: { readonly path: string }): ReactNode => (
  <Loaded query={useGet<Static<typeof Commands>>(`${path}/commands`)} rows={8}>
    {({ items }) => <CommandTable id="ot-asset-commands" rows={items} urlKey="commands." />}
  </Loaded>
);
