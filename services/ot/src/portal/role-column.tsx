/** A column of roles: icon and word. */
import type { Column } from "@yagura/portal/parts/table.tsx";
import type { Role } from "../analysis/model.ts";
import { RoleIcon } from "./role-icon.tsx";

export const roleColumn = <Row,>(
  id: string,
  head: string,
  of: (row: Row) => Role,
  say: (role: Role) => string,
): Column<Row> => ({
  id,
  head,
  text: (row) => say(of(row)),
  cell: (row) => (
    <span className="ot-role">
      <RoleIcon role={of(row)} /> {say(of(row))}
    </span>
  ),
});
