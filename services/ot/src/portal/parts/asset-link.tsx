/** A device as other pages name it: its icon, its name as a link, its address. */
import type { ReactNode } from "react";
import { Link } from "@yagura/portal/parts/link.tsx";
import type { Column } from "@yagura/portal/parts/table.tsx";
import { useOrganisation } from "@yagura/portal/session.tsx";
import type { AssetRef } from "../../wire/api.ts";
import { RoleIcon } from "../role-icon.tsx";

export function AssetLink({ asset }: { readonly asset: AssetRef | null }): ReactNode {
  const here = useOrganisation();
  if (asset === null) return <span className="soft">–</span>;
  return (
    <span className="ot-role">
      <RoleIcon role={asset.role} /> <Link href={here.path(`ot/assets/${asset.id}`)}>{asset.name}</Link>
    </span>
  );
}

export const assetText = (asset: AssetRef | null): string | null =>
  asset === null
    ? null
    : asset.address === null || asset.address === asset.name
      ? asset.name
      : `${asset.name} (${asset.address})`;

export const assetColumn = <Row,>(
  id: string,
  head: string,
  of: (row: Row) => AssetRef | null,
  more: Partial<Column<Row>> = {},
): Column<Row> => ({
  id,
  head,
  text: (row) => of(row)?.name ?? null,
  cell: (row) => <AssetLink asset={of(row)} />,
  ...more,
});

export const AssetList = ({ assets }: { readonly assets: readonly AssetRef[] }): ReactNode => (
  <ul className="plain-list">
    {assets.map((asset) => (
      <li key={asset.id}>
        <AssetLink asset={asset} />
      </li>
    ))}
  </ul>
);
